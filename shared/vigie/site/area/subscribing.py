"""Pages of the subscription: the plan, what of it is used, another one, invoices, a pause, the way out.

Stripe's pages take the money: what is chosen here leads there by a form's redirect, which the page's policy allows.
"""

from vigie import observe, wiring
from vigie.adapters.stripe.wire import PAGES
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.reply import Reply, leading_to, see_other
from vigie.adapters.web.view_subscription import cancel_page, subscription_page
from vigie.domain.refusals import told
from vigie.errors import Conflict, Permanent, Transient
from vigie.site.area.routing import AreaCall, AreaPages

HERE = "abonnement"

logger = observe.make_logger("site")
pages = AreaPages()


@pages.get(HERE, "manage")
def show_subscription(call: AreaCall) -> Reply:
    """Show how the subscription stands; who comes back from paying sees it paid."""
    if session_id := call.asked.query.get("paid", ""):
        try:
            wiring.subscription_desk().paid(call.client, session_id)
        except Transient:
            return _shown(call, "plan_not_now", 503)
        return call.see(HERE)
    return _shown(call)


@pages.post(f"{HERE}/formule", "manage")
def choose_plan(call: AreaCall) -> Reply:
    """Go and pay for a plan, or change to it."""
    try:
        url = wiring.subscription_desk().choose(
            call.client,
            call.asked.sent("plan"),
            email=call.email,
            locale=call.locale,
            page_url=_page_url(),
        )
    except Conflict as refusal:
        return _shown(call, told(refusal, call.locale), refusal.status)
    except (Transient, Permanent):
        logger.exception("Stripe refused, or is not there", asked=call.asked.route)
        return _shown(call, "plan_not_now", 503)
    return see_other(url)


@pages.post(f"{HERE}/paiement", "manage")
def change_card(call: AreaCall) -> Reply:
    """Go to where a card is changed."""
    try:
        return see_other(
            wiring.subscription_desk().manage(call.client, locale=call.locale, page_url=_page_url())
        )
    except (Transient, Permanent):
        logger.exception("Stripe refused, or is not there", asked=call.asked.route)
        return _shown(call, "plan_not_now", 503)


@pages.get(f"{HERE}/resilier", "manage")
def ask_to_cancel(call: AreaCall) -> Reply:
    """Say what cancelling comes to, and ask."""
    standing = wiring.subscription_desk().show(call.client).subscription
    if not standing.is_paying:
        return call.see(HERE)
    shown = cancel_page(call.client, standing, call.locale, back=call.to(HERE))
    return call.shown("cancel", page=shown)


@pages.post(f"{HERE}/resilier", "manage")
def cancel(call: AreaCall) -> Reply:
    """Cancel at the end of what is paid."""
    return _done(call, "cancel")


@pages.post(f"{HERE}/garder", "manage")
def keep(call: AreaCall) -> Reply:
    """Take a cancellation back."""
    return _done(call, "keep")


@pages.post(f"{HERE}/pause", "manage")
def pause(call: AreaCall) -> Reply:
    """Stop mails and payments for a while."""
    return _done(call, "pause")


@pages.post(f"{HERE}/reprendre", "manage")
def resume(call: AreaCall) -> Reply:
    """Take a pause back."""
    return _done(call, "resume")


def _done(call: AreaCall, deed: str) -> Reply:
    desk = wiring.subscription_desk()
    deeds = {"cancel": desk.cancel, "keep": desk.keep, "pause": desk.pause, "resume": desk.resume}
    try:
        deeds[deed](call.client)
    except Conflict as refusal:
        return _shown(call, told(refusal, call.locale), refusal.status)
    except (Transient, Permanent):
        logger.exception("Stripe refused, or is not there", asked=call.asked.route)
        return _shown(call, "plan_not_now", 503)
    return call.see(HERE)


def _shown(call: AreaCall, problem: str = "", status: int = 200) -> Reply:
    standing = wiring.subscription_desk().show(call.client)
    shown = subscription_page(call.client, standing, call.locale, leave=call.to(f"{HERE}/resilier"))
    catalogue = site_catalogue(call.locale)
    sentence = catalogue.say(problem) if problem in catalogue else problem
    reply = call.shown("subscription", status, page=shown, problem=sentence, here=call.to(HERE))
    local = wiring.settings().local_stripe
    return leading_to(reply, *PAGES, *([local] if local else []))


def _page_url() -> str:
    return f"{wiring.settings().need('site_url')}/espace/{HERE}"
