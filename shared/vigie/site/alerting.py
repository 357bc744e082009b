"""An alert's page: read it, take it in charge, close it, say that it was for nothing."""

from dataclasses import replace

from vigie import wiring
from vigie.adapters.web.pages import write_page
from vigie.adapters.web.reply import Reply, page, see_other
from vigie.adapters.web.view_alert import alert_page
from vigie.errors import BadField, Conflict
from vigie.site.routing import Call, Pages

REASON_CHARACTERS = 500

pages = Pages()


@pages.get("/alert/{token}", "acknowledge")
def show_alert(call: Call) -> Reply:
    """Show the alert and what may be done about it."""
    return _shown(call)


@pages.post("/alert/{token}", "acknowledge")
def act_on_alert(call: Call) -> Reply:
    """Do what the button says, in the name of whom the link was sent to; then show how the alert stands."""
    visit, desk = call.visit, wiring.alert_desk()
    alert_id, by = visit.link.subject, desk.name_of(visit.client, visit.link.recipient)
    try:
        match call.asked.sent("act"):
            case "acknowledge":
                desk.acknowledge(visit.client, alert_id, by)
            case "resolve":
                desk.resolve(visit.client, alert_id, by)
            case "false_alarm":
                reason = call.asked.sent("reason").strip()[:REASON_CHARACTERS]
                desk.false_alarm(visit.client, alert_id, by, reason)
            case other:
                raise BadField("act", f"{other!r:.40} is no action", "Use a button of the page.")
    except Conflict as late:
        return _shown(call, problem="alert_over", status=late.status)
    return see_other(call.asked.token)


def _shown(call: Call, problem: str = "", status: int = 200) -> Reply:
    reader = replace(call.visit.client, locale=call.locale)
    alert = wiring.alert_desk().alert(reader, call.visit.link.subject)
    shown = alert_page(reader, alert, wiring.now(), problem=problem)
    return page(write_page("alert", call.locale, call.asked.root, page=shown), status)
