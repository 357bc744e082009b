"""Alerts: seen, taken in charge, closed; and whom they wake."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.conditions import unless_changed
from vigie.api.routing import Call, Routes
from vigie.domain.alerts.settings import AlertSettings
from vigie.requests import AlertSettingsRequest, UndoRequest

routes = Routes("alerts")

_ALERT = "/clients/{client_id}/alerts/{alert_id}"
_SETTINGS = "/clients/{client_id}/alert-settings"


@routes.get("/clients/{client_id}/alerts", scope="read", answers=shapes.Alerts)
def list_alerts(call: Call) -> Any:
    """List the client's alerts, newest first, a hundred at most."""
    return {"alerts": [views.of_alert(alert) for alert in wiring.alert_desk().listed(call.client)]}


@routes.get(_ALERT, scope="read", answers=shapes.Alert)
def show_alert(call: Call) -> Any:
    """Show an alert: what, since when, how big, who carries it, and everything that happened to it, in order."""
    return views.of_alert(wiring.alert_desk().alert(call.client, call.path["alert_id"]))


@routes.post(
    _ALERT + "/acknowledge", scope="feedback", takes=UndoRequest, answers=shapes.Alert, refuses=(409,)
)
def acknowledge_alert(call: Call) -> Any:
    """Take an alert in charge: nobody else is woken. The first to do so stands."""
    by = call.takes(UndoRequest).by or call.caller.client_id
    return views.of_alert(wiring.alert_desk().acknowledge(call.client, call.path["alert_id"], by))


@routes.post(_ALERT + "/resolve", scope="feedback", takes=UndoRequest, answers=shapes.Alert, refuses=(409,))
def resolve_alert(call: Call) -> Any:
    """Close an alert by hand; it comes back when it grows again within two days."""
    by = call.takes(UndoRequest).by or call.caller.client_id
    return views.of_alert(wiring.alert_desk().resolve(call.client, call.path["alert_id"], by))


@routes.post(
    _ALERT + "/false-alarm", scope="feedback", takes=UndoRequest, answers=shapes.Alert, refuses=(409,)
)
def call_alert_false(call: Call) -> Any:
    """Say that an alert was for nothing: it is closed, and the next is a little less easily raised."""
    request = call.takes(UndoRequest)
    by = request.by or call.caller.client_id
    desk = wiring.alert_desk()
    return views.of_alert(desk.false_alarm(call.client, call.path["alert_id"], by, request.reason))


@routes.get(_SETTINGS, scope="read", answers=shapes.AlertSettings)
def show_alert_settings(call: Call) -> Any:
    """Show whom alerts wake, in which order, when not, and about what besides bursts."""
    return views.of_alert_settings(wiring.alert_desk().settings(call.client))


@routes.put(_SETTINGS, scope="write", takes=AlertSettingsRequest, answers=shapes.AlertSettings)
def change_alert_settings(call: Call) -> Any:
    """Replace whom alerts wake. Without people, the digest's recipients are told."""
    request, check = call.takes(AlertSettingsRequest), unless_changed(call, views.of_alert_settings)

    def change(standing: AlertSettings) -> AlertSettings:
        check(standing)
        return request.to_settings(standing)

    return views.of_alert_settings(wiring.alert_desk().change_settings(call.client, change))
