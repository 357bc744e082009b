"""Pages to change when the mails come, and to leave them."""

from vigie import wiring
from vigie.adapters.web.form_preferences import read_preferences
from vigie.adapters.web.pages import write_page
from vigie.adapters.web.reply import Reply, page, said, see_other
from vigie.adapters.web.view_leaving import leaving_page, preferences_page
from vigie.errors import BadField
from vigie.site.routing import Call, Pages

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mailbox posts when its user pressed the mailbox's own button (RFC 8058 §3.1)."""

pages = Pages()


@pages.get("/unsubscribe/{token}", "unsubscribe")
def ask_to_leave(call: Call) -> Reply:
    """Ask whether to leave, or show that it is done. A scanner that opens this leaves nobody."""
    visit = call.visit
    shown = leaving_page(
        visit.client,
        visit.link.recipient,
        visit.locale,
        is_left=visit.recipient is None,
        less=call.links.to("preferences"),
    )
    return page(write_page("leaving", call.locale, call.asked.root, page=shown))


@pages.post("/unsubscribe/{token}", "unsubscribe")
def leave(call: Call) -> Reply:
    """Leave at once. A mailbox gets its answer here, without a redirect; a person goes back to the page."""
    wiring.unsubscribe().run(call.visit.client.client_id, call.visit.link.recipient)
    name, value = ONE_CLICK
    return said("unsubscribed") if call.asked.sent(name) == value else see_other(call.asked.token)


@pages.get("/preferences/{token}", "preferences")
def show_preferences(call: Call) -> Reply:
    """Show when the mails come."""
    return _preferences(call)


@pages.post("/preferences/{token}", "preferences")
def choose(call: Call) -> Reply:
    """Change when the mails come, or let them come as the team's do."""
    standing = wiring.choosing().stands(call.visit)
    if call.asked.sent("reset"):
        wiring.choosing().follow_the_team(call.visit)
        return see_other(f"{call.asked.token}?saved=1")
    try:
        schedule, zone = read_preferences(call.asked.form, standing.schedule)
        wiring.choosing().choose(call.visit, schedule, zone)
    except BadField as wrong:
        return _preferences(call, problem="preferences_refused", status=wrong.status)
    return see_other(f"{call.asked.token}?saved=1")


def _preferences(call: Call, problem: str = "", status: int = 200) -> Reply:
    stands = wiring.choosing().stands(call.visit)
    shown = preferences_page(
        call.visit.client,
        call.visit.link.recipient,
        call.locale,
        stands.schedule,
        stands.zone,
        is_own=stands.is_own,
        is_saved="saved" in call.asked.query,
        problem=problem,
        now=wiring.now(),
        leave=call.links.to("unsubscribe"),
    )
    return page(write_page("preferences", call.locale, call.asked.root, page=shown), status)
