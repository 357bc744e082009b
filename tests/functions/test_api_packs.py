"""Packs through the API and the schedule: followed by a client, brought to its stack, left again."""

import json
from typing import Any

import pytest

from tests.builders import a_client
from tests.functions import gateway
from tests.functions.conftest import Stack
from tests.functions.gateway import Reply
from vigie import wiring
from vigie.domain.packs.pack import pack_named

pytestmark = pytest.mark.emulator

ONE = "/clients/{client_id}/packs/{pack}"
PACK = "region-corse"


def ask(method: str, route: str, key: str, body: Any = None, headers: dict[str, str] | None = None) -> Reply:
    """Send a request about the client's pack, and hold the reply against the document."""
    path = route.format(client_id="morel", pack=PACK)
    sent = None if body is None else json.dumps(body).encode()
    reply = gateway.send(
        method, path, headers={"authorization": f"Bearer {key}", **(headers or {})}, body=sent
    )
    gateway.check(method, route, reply)
    return reply


def followed() -> set[str]:
    """Return the ids of the stack's sources."""
    return {source.source_id for source in wiring.sources().sources()}


def test_a_client_follows_a_pack_without_what_it_removes(stack: Stack) -> None:
    """The schedule brings the stack what is followed, and what is left goes; If-Match holds."""
    wiring.accounts().put_client(a_client(client_id="morel"))
    key = wiring.desk().issue_key("morel")
    ids = [each.source_id for each in pack_named(PACK).sources]

    assert PACK in {pack["name"] for pack in ask("GET", "/packs", key).json["packs"]}
    assert [each["source_id"] for each in ask("GET", "/packs/{pack}", key).json["sources"]] == ids
    assert ask("GET", ONE, key).status == 404

    reply = ask("PUT", ONE, key, {"removed": ids[:1]})
    assert [each["removed"] for each in reply.json["sources"]] == [True] + [False] * (len(ids) - 1)
    assert stack.call("schedule", {})["packs"] == len(ids) - 1
    assert followed() == set(ids[1:])

    tag = ask("GET", ONE, key).headers["ETag"]
    assert ask("PUT", ONE, key, {"removed": []}, {"if-match": tag}).status == 200
    assert ask("PUT", ONE, key, {"removed": ids}, {"if-match": tag}).status == 412
    assert stack.call("schedule", {})["packs"] == 1

    assert ask("DELETE", ONE, key).status == 204
    assert ask("GET", "/clients/{client_id}/packs", key).json == {"packs": []}
    assert stack.call("schedule", {})["packs"] == len(ids)
    assert followed() == set()


def test_a_source_that_is_none_of_the_packs_is_refused(stack: Stack) -> None:
    """The problem names the field."""
    wiring.accounts().put_client(a_client(client_id="morel"))
    reply = ask("PUT", ONE, wiring.desk().issue_key("morel"), {"removed": ["x"]})
    assert (reply.status, reply.json["field"]) == (422, "removed[0]")
