"""Pages of alerts: listed, read, taken in charge, closed, called false."""

from dataclasses import replace
from urllib.parse import quote

from vigie import wiring
from vigie.adapters.web.reply import Reply
from vigie.adapters.web.view_alert import alert_lines, alert_page
from vigie.errors import BadField, Conflict
from vigie.site.alerting import REASON_CHARACTERS
from vigie.site.area.routing import AreaCall, AreaPages

pages = AreaPages()


@pages.get("alertes", "read")
def list_alerts(call: AreaCall) -> Reply:
    """List the client's alerts, newest first."""
    reader = replace(call.client, locale=call.locale)
    lines = alert_lines(reader, wiring.alert_desk().listed(call.client), wiring.now(), call.to("alertes"))
    return call.shown("area_alerts", lines=lines)


@pages.get("alertes/{alert_id}", "read")
def show_alert(call: AreaCall) -> Reply:
    """Show an alert and what may be done about it."""
    return _shown(call)


@pages.post("alertes/{alert_id}", "read")
def act_on_alert(call: AreaCall) -> Reply:
    """Do what the button says, in the name of who is signed in."""
    desk, client, alert_id = wiring.alert_desk(), call.client, call.ids["alert_id"]
    by = desk.name_of(client, call.email)
    try:
        match call.asked.sent("act"):
            case "acknowledge":
                desk.acknowledge(client, alert_id, by)
            case "resolve":
                desk.resolve(client, alert_id, by)
            case "false_alarm":
                desk.false_alarm(client, alert_id, by, call.asked.sent("reason").strip()[:REASON_CHARACTERS])
            case other:
                raise BadField("act", f"{other!r:.40} is no action", "Use a button of the page.")
    except Conflict as late:
        return _shown(call, problem="alert_over", status=late.status)
    return call.see(f"alertes/{quote(alert_id)}")


def _shown(call: AreaCall, problem: str = "", status: int = 200) -> Reply:
    reader = replace(call.client, locale=call.locale)
    alert = wiring.alert_desk().alert(reader, call.ids["alert_id"])
    return call.shown("alert", status, page=alert_page(reader, alert, wiring.now(), problem=problem))
