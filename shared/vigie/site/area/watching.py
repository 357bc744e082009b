"""Pages of watches: three boxes, the boolean editor where the plan has it, and what a query would have brought."""

from urllib.parse import quote

from vigie import wiring
from vigie.adapters.web.form_watch import WatchForm, form_of, read_form
from vigie.adapters.web.reply import Reply
from vigie.adapters.web.view_watch import backtest_page, watch_lines, watch_page
from vigie.domain.clients import Watch
from vigie.domain.plans import plan_named
from vigie.domain.refusals import told
from vigie.errors import BadField, Conflict, NotAllowed
from vigie.site.area.routing import AreaCall, AreaPages
from vigie.steps.desk import check_query

TEST_DAYS = 30

pages = AreaPages()


@pages.get("veilles", "read")
def list_watches(call: AreaCall) -> Reply:
    """List what is watched."""
    lines = watch_lines(wiring.accounts().watches(call.client.client_id), call.locale, call.to("veilles"))
    add = call.to("veilles/nouvelle") if call.may_manage else ""
    return call.shown("area_watches", lines=lines, add=add, saved="ok" in call.asked.query)


@pages.get("veilles/nouvelle", "manage")
def new_watch(call: AreaCall) -> Reply:
    """Show the form of a watch to be."""
    return _form(call, None, WatchForm(is_query=_wants_editor(call)))


@pages.post("veilles/nouvelle", "manage")
def add_watch(call: AreaCall) -> Reply:
    """Add a watch, or try its query first."""
    return _sent(call, None)


@pages.get("veilles/{watch_id}", "read")
def show_watch(call: AreaCall) -> Reply:
    """Show a watch: to change for who may, else to read."""
    watch = wiring.desk().watch(call.client, call.ids["watch_id"])
    form = form_of(watch)
    if _wants_editor(call) and not form.is_query:
        form = form.as_query(watch.query)
    return _form(call, watch, form)


@pages.post("veilles/{watch_id}", "manage")
def change_watch(call: AreaCall) -> Reply:
    """Change a watch, or try its query first."""
    return _sent(call, wiring.desk().watch(call.client, call.ids["watch_id"]))


@pages.post("veilles/{watch_id}/supprimer", "manage")
def remove_watch(call: AreaCall) -> Reply:
    """Stop a watch; its mentions stay."""
    wiring.desk().remove_watch(call.client, call.ids["watch_id"])
    return call.see("veilles?ok=1")


@pages.get("essais/{job_id}", "read")
def show_test(call: AreaCall) -> Reply:
    """Show what a query would have brought, or how far the answer is."""
    job = wiring.jobs().show(call.client, call.ids["job_id"])
    shown = backtest_page(job, call.client, call.locale)
    return call.shown(
        "area_test", page=shown, back=call.to("veilles"), here=call.to(f"essais/{quote(job.job_id)}")
    )


def _sent(call: AreaCall, watch: Watch | None) -> Reply:
    """Do what the form's button says."""
    form = read_form(call.asked.form, watch)
    if form.is_query and not _has_editor(call):
        raise NotAllowed("Your plan has no boolean editor; write your words in the three boxes.")
    try:
        request = form.request()
        if call.asked.sent("do") == "try":
            query = request.to_query()
            check_query(query)
            job = wiring.jobs().ask(call.client, query, TEST_DAYS, call.client.monthly_mentions)
            return call.see(f"essais/{job.job_id}")
        if watch is None:
            wiring.desk().create_watch(call.client, request)
        else:
            wiring.desk().change_watch(call.client, watch.watch_id, request)
    except (BadField, Conflict) as wrong:
        return _form(call, watch, form, problem=told(wrong, call.locale), status=wrong.status, wrong=wrong)
    return call.see("veilles?ok=1")


def _form(
    call: AreaCall,
    watch: Watch | None,
    form: WatchForm,
    *,
    problem: str = "",
    status: int = 200,
    wrong: BadField | Conflict | None = None,
) -> Reply:
    here = call.to(f"veilles/{quote(watch.watch_id)}" if watch else "veilles/nouvelle")
    shown = watch_page(
        watch,
        form,
        call.locale,
        has_editor=_has_editor(call),
        here=here,
        field=wrong.field if isinstance(wrong, BadField) else "",
        problem=problem,
    )
    return call.shown(
        "area_watch", status, page=shown, back=call.to("veilles"), here=here, may_manage=call.may_manage
    )


def _wants_editor(call: AreaCall) -> bool:
    return "requete" in call.asked.query and _has_editor(call)


def _has_editor(call: AreaCall) -> bool:
    """Whether queries may be written by hand: by every client of an agency, and where a plan includes it."""
    subscription = wiring.billing_store().subscription(call.client.client_id)
    return subscription is None or plan_named(subscription.plan_id).boolean_editor
