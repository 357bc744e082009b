"""Clients, who receives their digests, and what they use."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.answers import as_json, nothing
from vigie.api.conditions import unless_changed
from vigie.api.routing import Call, Routes
from vigie.domain.clients import Client
from vigie.requests import ClientRequest, PlanRequest, RecipientRequest

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
    check = unless_changed(call, views.of_client)
    return views.of_client(wiring.desk().change_client(call.client, request, check))


@routes.get("/clients/{client_id}/plan", scope="read", answers=shapes.Plan)
def show_plan(call: Call) -> Any:
    """Show what a client's plan includes a month."""
    return _plan(call.client)


@routes.put("/clients/{client_id}/plan", scope="write", ops=True, takes=PlanRequest, answers=shapes.Plan)
def change_plan(call: Call) -> Any:
    """Say what a client's plan includes a month (ops)."""
    request = call.takes(PlanRequest)
    check = unless_changed(call, _plan)
    return _plan(wiring.desk().change_plan(call.client, request.monthly_mentions, check))


def _plan(client: Client) -> dict[str, Any]:
    return {"monthly_mentions": client.monthly_mentions}


@routes.get("/clients/{client_id}/usage", scope="read", answers=shapes.Usage)
def show_usage(call: Call) -> Any:
    """Show what a client used this month (UTC): documents that matched, mentions kept, mails; against its plan."""
    return views.plain(wiring.usage_desk().of(call.client))


_RECIPIENTS, _RECIPIENT = "/clients/{client_id}/recipients", "/clients/{client_id}/recipients/{email}"


@routes.get(_RECIPIENTS, scope="read", answers=shapes.Recipients)
def list_recipients(call: Call) -> Any:
    """List who receives a client's digests."""
    return {"recipients": views.of_client(call.client)["recipients"]}


@routes.post(
    _RECIPIENTS,
    scope="write",
    takes=RecipientRequest,
    status=201,
    answers=shapes.Recipient,
    refuses=(409,),
)
def add_recipient(call: Call) -> Any:
    """Add a recipient: the next digest goes there too."""
    return views.of_recipient(wiring.desk().add_recipient(call.client, call.takes(RecipientRequest)))


@routes.get(_RECIPIENT, scope="read", answers=shapes.Recipient)
def show_recipient(call: Call) -> Any:
    """Show a recipient."""
    return views.of_recipient(wiring.desk().recipient(call.client, call.path["email"]))


@routes.put(_RECIPIENT, scope="write", takes=RecipientRequest, answers=shapes.Recipient, refuses=(409,))
def change_recipient(call: Call) -> Any:
    """Replace a recipient, its address included."""
    desk, email, request = wiring.desk(), call.path["email"], call.takes(RecipientRequest)
    check = unless_changed(call, views.of_recipient)
    return views.of_recipient(desk.change_recipient(call.client, email, request, check))


@routes.delete(_RECIPIENT, scope="write")
def remove_recipient(call: Call) -> Any:
    """Send no more digests to an address."""
    wiring.desk().remove_recipient(call.client, call.path["email"])
    return nothing()
