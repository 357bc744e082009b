"""Clients."""

from typing import Any

from vigie import views, wiring
from vigie.api.answers import as_json
from vigie.api.routing import Call, Routes
from vigie.requests import ClientRequest

routes = Routes("clients")


@routes.get("/clients", scope="read", ops=True)
def list_clients(_call: Call) -> Any:
    """List every client (ops)."""
    return {"clients": [views.of_client(client) for client in wiring.accounts().clients()]}


@routes.post("/clients", scope="write", ops=True, takes=ClientRequest, status=201, refuses=(409,))
def create_client(call: Call) -> Any:
    """Add a client and return its first key, shown this once (ops)."""
    client, key = wiring.desk().create_client(call.takes(ClientRequest))
    return as_json({**views.of_client(client), "api_key": key}, 201)


@routes.get("/clients/{client_id}", scope="read")
def show_client(call: Call) -> Any:
    """Show a client."""
    return views.of_client(call.client)


@routes.put("/clients/{client_id}", scope="write", takes=ClientRequest)
def change_client(call: Call) -> Any:
    """Replace what a client may change of itself."""
    return views.of_client(wiring.desk().change_client(call.client, call.takes(ClientRequest)))
