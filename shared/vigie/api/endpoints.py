"""Webhooks: the addresses of a client's own systems, and what they were told."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.answers import as_json, nothing
from vigie.api.conditions import unless_changed
from vigie.api.routing import Call, Routes
from vigie.requests import EndpointRequest

routes = Routes("webhooks")

_ALL = "/clients/{client_id}/webhooks"
_ONE = _ALL + "/{endpoint_id}"


@routes.get(_ALL, scope="read", answers=shapes.Endpoints)
def list_endpoints(call: Call) -> Any:
    """List the addresses that are told what happens, and how that goes: `active`, `failing` or `disabled`."""
    found = wiring.endpoints().listed(call.client)
    return {"webhooks": [views.of_endpoint(endpoint) for endpoint in found]}


@routes.post(
    _ALL, scope="write", takes=EndpointRequest, status=201, answers=shapes.NewEndpoint, refuses=(409,)
)
def create_endpoint(call: Call) -> Any:
    """Register an https address and return the secret that what is posted there is signed with, shown this once.

    Signatures are those of Standard Webhooks: `webhook-id` (the same each time an event is told: leave what you
    have), `webhook-timestamp`, `webhook-signature`. Order is not promised. A 2xx within ten seconds is a yes, 410
    ends it; all else is tried again, at last every quarter of an hour, for a day.
    """
    asked = call.takes(EndpointRequest)
    endpoint, secret = wiring.endpoints().create(call.client, asked.url, asked.events)
    return as_json({**views.of_endpoint(endpoint), "secret": secret}, 201)


@routes.get(_ONE, scope="read", answers=shapes.Endpoint)
def show_endpoint(call: Call) -> Any:
    """Show an address and how it does."""
    return views.of_endpoint(wiring.endpoints().show(call.client, call.path["endpoint_id"]))


@routes.put(_ONE, scope="write", takes=EndpointRequest, answers=shapes.Endpoint)
def change_endpoint(call: Call) -> Any:
    """Replace an address or what it is told; it is tried afresh, also when it was disabled."""
    asked = call.takes(EndpointRequest)
    check = unless_changed(call, views.of_endpoint)
    changed = wiring.endpoints().change(call.client, call.path["endpoint_id"], asked.url, asked.events, check)
    return views.of_endpoint(changed)


@routes.delete(_ONE, scope="write")
def remove_endpoint(call: Call) -> Any:
    """Forget an address; what is on its way to it is dropped."""
    wiring.endpoints().remove(call.client, call.path["endpoint_id"])
    return nothing()


@routes.post(_ONE + "/rotate", scope="write", answers=shapes.NewEndpoint)
def rotate_endpoint(call: Call) -> Any:
    """Give an address a new secret, shown this once; for a day the one before signs as well."""
    endpoint, secret = wiring.endpoints().rotate(call.client, call.path["endpoint_id"])
    return {**views.of_endpoint(endpoint), "secret": secret}


@routes.post(_ONE + "/ping", scope="write", status=202, answers=shapes.Pinged, refuses=(409,))
def ping_endpoint(call: Call) -> Any:
    """Have an address told an event that says nothing; `deliveries` will say what it answered."""
    return {"event_id": wiring.endpoints().ping(call.client, call.path["endpoint_id"])}


@routes.get(_ONE + "/deliveries", scope="read", answers=shapes.Attempts)
def list_deliveries(call: Call) -> Any:
    """List what became of the week's latest events at an address, the latest first."""
    found = wiring.endpoints().attempts(call.client, call.path["endpoint_id"])
    return {"deliveries": [views.plain(attempt) for attempt in found]}
