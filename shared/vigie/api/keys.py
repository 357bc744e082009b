"""API keys: a client's own, and the agency's."""

from typing import Any

from vigie import views, wiring
from vigie.api import shapes
from vigie.api.answers import Answer, as_json, nothing
from vigie.api.routing import Call, Routes
from vigie.domain.keys import OPS, ApiKey
from vigie.requests import KeyRequest, RotateRequest

routes = Routes("keys")

_KEYS, _KEY = "/clients/{client_id}/keys", "/clients/{client_id}/keys/{key_id}"


@routes.get(_KEYS, scope="admin", answers=shapes.Keys)
def list_keys(call: Call) -> Any:
    """List a client's keys: what each may do, until when, when it was last used (to the hour); no secrets."""
    return _listed(call.client.client_id)


@routes.post(_KEYS, scope="admin", takes=KeyRequest, status=201, answers=shapes.NewKey, refuses=(409,))
def issue_key(call: Call) -> Any:
    """Issue a key, shown this once, with no more rights than the caller's own."""
    return _issued(call, call.client.client_id)


@routes.post(
    f"{_KEY}/rotate", scope="admin", takes=RotateRequest, status=201, answers=shapes.NewKey, refuses=(409,)
)
def rotate_key(call: Call) -> Any:
    """Issue a key in another's place; the other stays good for `grace_hours`, so that both work meanwhile."""
    return _rotated(call, call.client.client_id)


@routes.delete(_KEY, scope="admin")
def revoke_key(call: Call) -> Any:
    """Revoke a key at once."""
    wiring.key_desk().revoke(call.client.client_id, call.path["key_id"])
    return nothing()


@routes.get("/keys", scope="admin", ops=True, answers=shapes.Keys)
def list_ops_keys(_call: Call) -> Any:
    """List the agency's keys (ops)."""
    return _listed(OPS)


@routes.post(
    "/keys", scope="admin", ops=True, takes=KeyRequest, status=201, answers=shapes.NewKey, refuses=(409,)
)
def issue_ops_key(call: Call) -> Any:
    """Issue a key of the agency, shown this once, with no more rights than the caller's own (ops)."""
    return _issued(call, OPS)


@routes.post(
    "/keys/{key_id}/rotate",
    scope="admin",
    ops=True,
    takes=RotateRequest,
    status=201,
    answers=shapes.NewKey,
    refuses=(409,),
)
def rotate_ops_key(call: Call) -> Any:
    """Issue a key of the agency in another's place, which stays good for `grace_hours` (ops)."""
    return _rotated(call, OPS)


@routes.delete("/keys/{key_id}", scope="admin", ops=True)
def revoke_ops_key(call: Call) -> Any:
    """Revoke a key of the agency at once (ops)."""
    wiring.key_desk().revoke(OPS, call.path["key_id"])
    return nothing()


def _listed(client_id: str) -> Any:
    return {"keys": [views.of_key(key) for key in wiring.key_desk().keys.of(client_id)]}


def _issued(call: Call, client_id: str) -> Answer:
    asked = call.takes(KeyRequest)
    given = wiring.key_desk().give(call.caller, client_id, asked.scopes, asked.name, asked.good_days)
    return _shown_once(*given)


def _rotated(call: Call, client_id: str) -> Answer:
    grace = call.takes(RotateRequest).grace_hours
    return _shown_once(*wiring.key_desk().rotate(call.caller, client_id, call.path["key_id"], grace))


def _shown_once(key: ApiKey, text: str) -> Answer:
    return as_json({**views.of_key(key), "api_key": text}, 201, cache_control="no-store")
