"""Pages of who receives the digest, and when."""

from vigie import wiring
from vigie.adapters.web.form_preferences import read_preferences
from vigie.adapters.web.reply import Reply
from vigie.adapters.web.view_leaving import preferences_page
from vigie.adapters.web.view_recipients import recipient_id, recipient_lines
from vigie.domain.links import Link
from vigie.domain.refusals import told
from vigie.errors import BadField, Conflict, NotFound
from vigie.requests import RecipientRequest
from vigie.site.area.routing import AreaCall, AreaPages
from vigie.steps.site.visits import Visit

pages = AreaPages()


@pages.get("destinataires", "read")
def list_recipients(call: AreaCall) -> Reply:
    """Show who receives the digest and when; the forms to change it for who may."""
    return _shown(call)


@pages.post("destinataires", "manage")
def add_recipient(call: AreaCall) -> Reply:
    """Add a recipient: the next digest goes there too."""
    sent = call.asked.sent
    request = RecipientRequest(
        email=sent("email").strip(), name=sent("name").strip()[:120], manager=sent("manager") == "1"
    )
    try:
        wiring.desk().add_recipient(call.client, request)
    except (BadField, Conflict) as wrong:
        return _shown(call, problem=told(wrong, call.locale), status=wrong.status)
    return call.see("destinataires?ok=1")


@pages.post("destinataires/{recipient}/retirer", "manage")
def remove_recipient(call: AreaCall) -> Reply:
    """Send no more digests to somebody, other than oneself: who may manage must not shut themselves out."""
    found = next(
        (each for each in call.client.recipients if recipient_id(each) == call.ids["recipient"]), None
    )
    if found is None:
        raise NotFound("There is no such recipient.")
    if found.email.casefold() == call.email.casefold():
        own = Conflict(
            "This is you: have somebody else remove you, or leave the mails by the link each holds."
        )
        return _shown(call, problem=told(own, call.locale), status=own.status)
    wiring.desk().remove_recipient(call.client, found.email)
    return call.see("destinataires?ok=1")


def _shown(call: AreaCall, *, problem: str = "", status: int = 200) -> Reply:
    lines = recipient_lines(call.client, call.locale, call.email, call.to("destinataires"))
    return call.shown(
        "area_recipients",
        status,
        lines=lines,
        problem=problem,
        saved="ok" in call.asked.query,
        may_manage=call.may_manage,
        action=call.to("destinataires"),
        team=call.to("horaires/equipe"),
        own=call.to("horaires") if _visit(call).recipient else "",
    )


@pages.get("horaires", "read")
def show_own_hours(call: AreaCall) -> Reply:
    """Show when one's own mails come."""
    return _own_hours(call)


@pages.post("horaires", "read")
def choose_own_hours(call: AreaCall) -> Reply:
    """Change when one's own mails come, or let them come as the team's do."""
    visit, choosing = _visit(call), wiring.choosing()
    if call.asked.sent("reset"):
        choosing.follow_the_team(visit)
        return call.see("horaires?ok=1")
    try:
        schedule, zone = read_preferences(call.asked.form, choosing.stands(visit).schedule)
        choosing.choose(visit, schedule, zone)
    except BadField as wrong:
        return _own_hours(call, problem="preferences_refused", status=wrong.status)
    return call.see("horaires?ok=1")


def _own_hours(call: AreaCall, problem: str = "", status: int = 200) -> Reply:
    stands = wiring.choosing().stands(_visit(call))
    shown = preferences_page(
        call.client,
        call.email,
        call.locale,
        stands.schedule,
        stands.zone,
        is_own=stands.is_own,
        is_saved="ok" in call.asked.query,
        problem=problem,
        now=wiring.now(),
        leave="",
    )
    return call.shown("preferences", status, page=shown)


@pages.get("horaires/equipe", "manage")
def show_team_hours(call: AreaCall) -> Reply:
    """Show when the client's digest leaves."""
    return _team_hours(call)


@pages.post("horaires/equipe", "manage")
def choose_team_hours(call: AreaCall) -> Reply:
    """Change when the client's digest leaves, for all who chose no hours of their own."""
    try:
        schedule, zone = read_preferences(call.asked.form, call.client.schedule)
        wiring.desk().change_hours(call.client, schedule, zone)
    except BadField as wrong:
        return _team_hours(call, problem="preferences_refused", status=wrong.status)
    return call.see("horaires/equipe?ok=1")


def _team_hours(call: AreaCall, problem: str = "", status: int = 200) -> Reply:
    client = call.client
    shown = preferences_page(
        client,
        "",
        call.locale,
        client.schedule,
        client.zone,
        is_own=False,
        is_saved="ok" in call.asked.query,
        problem=problem,
        now=wiring.now(),
        leave="",
    )
    return call.shown("preferences", status, page=shown)


def _visit(call: AreaCall) -> Visit:
    """Return what the step behind the mails' own link asks for, of somebody signed in."""
    link = Link(
        purpose="preferences",
        client_id=call.client.client_id,
        subject="",
        recipient=call.email,
        expires_at=wiring.now(),
    )
    return Visit(link, call.client)
