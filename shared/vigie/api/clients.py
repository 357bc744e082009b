"""Clients."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.answers import as_json
from vigie.api.conditions import demand_unchanged
from vigie.api.routing import Call, Routes
from vigie.requests import ClientRequest

routes = Routes("clients")


@routes.get("/clients", scope="read", ops=True, answers=shapes.Clients)
def list_clients(_call: Call) -> Any:
    """List every client (ops)."""
    return {"clients": [views.of_client(client) for client in wiring.accounts().clients()]}


@routes.post(
    "/clients",
    scope="write",
    ops=True,
    takes=ClientRequest,
    status=201,
    refuses=(409,),
    answers=shapes.NewClient,
)
def create_client(call: Call) -> Any:
    """Add a client and return its first key, shown this once (ops)."""
    client, key = wiring.desk().create_client(call.takes(ClientRequest))
    return as_json({**views.of_client(client), "api_key": key}, 201, cache_control="no-store")


@routes.get("/clients/{client_id}", scope="read", answers=shapes.Client)
def show_client(call: Call) -> Any:
    """Show a client."""
    return views.of_client(call.client)


@routes.put("/clients/{client_id}", scope="write", takes=ClientRequest, answers=shapes.Client)
def change_client(call: Call) -> Any:
    """Replace what a client may change of itself."""
    request = call.takes(ClientRequest)
    demand_unchanged(call, views.of_client(call.client))
    return views.of_client(wiring.desk().change_client(call.client, request))
