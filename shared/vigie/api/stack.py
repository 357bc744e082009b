"""The stack: its sources, its platforms, what was parked."""

from typing import Any
from zoneinfo import ZoneInfo

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.answers import nothing
from vigie.api.routing import Call, Routes
from vigie.domain.keys import OPS
from vigie.views import sources as views_sources

routes = Routes("stack")


@routes.get("/sources", scope="read", answers=shapes.Sources)
def list_sources(call: Call) -> Any:
    """List the stack's sources and how they do; any key may, a client sees no searches but its own."""
    caller = call.caller
    return {"sources": wiring.source_views(None if caller.client_id == OPS else caller.client_id)}


@routes.get("/connectors", scope="read", ops=True, answers=shapes.Connectors)
def list_connectors(call: Call) -> Any:
    """List the platforms, how they stand for all clients, and what each needs (ops)."""
    standings = wiring.connectors().of_stack()
    return {
        "connectors": [
            views_sources.of_standing(standing, call.locale, ZoneInfo("UTC")) for standing in standings
        ]
    }


@routes.get("/clients/{client_id}/connectors", scope="read", answers=shapes.Connectors)
def list_client_connectors(call: Call) -> Any:
    """List the platforms and how they stand for a client: active, or what it would take."""
    standings = wiring.connectors().of_client(call.client.client_id)
    return {
        "connectors": [
            views_sources.of_standing(standing, call.locale, call.client.tz) for standing in standings
        ]
    }


@routes.get("/parked", scope="read", ops=True, answers=shapes.Parked)
def list_parked(_call: Call) -> Any:
    """List what was parked, newest first (ops)."""
    return {"parked": [views.of_parked(parked) for parked in wiring.ledger().parked()]}


@routes.get("/suppressions", scope="read", ops=True, answers=shapes.Suppressions)
def list_suppressions(_call: Call) -> Any:
    """List the addresses that no client's digest is sent to: who bounced, who complained (ops)."""
    return {"suppressions": [views.of_address(address) for address in wiring.address_desk().suppressed()]}


@routes.delete("/suppressions/{email}", scope="write", ops=True)
def lift_suppression(call: Call) -> Any:
    """Write to an address again; what happened before counts no more (ops)."""
    wiring.address_desk().lift(call.path["email"])
    return nothing()
