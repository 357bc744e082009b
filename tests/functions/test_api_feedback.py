"""Feedback through the API, on the emulated tables."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import a_client, a_document, a_hit, a_mention, a_watch
from tests.functions import gateway
from tests.functions.conftest import Stack
from tests.functions.gateway import Reply
from vigie import wiring

pytestmark = pytest.mark.emulator

CLIENT = "/clients/{client_id}"
FEEDBACK = CLIENT + "/mentions/{mention_id}/feedback"
FIXES = CLIENT + "/watches/{watch_id}/fixes"
PATH = {"client_id": "banque-armelie", "mention_id": "juice", "watch_id": "brand"}
NOT_US = {"label": "relevance", "value": "homonym", "by": "Jeanne", "reason": "Du jus"}
Ask = Callable[..., Reply]


@pytest.fixture
def ask(stack: Stack) -> Ask:
    """Return what asks the API of a client whose watch found ten offers and a juice."""
    wiring.accounts().put_client(a_client())
    wiring.accounts().put_watch(a_watch(query="Orange"))
    titles = [f"Orange lance une offre numéro {n}" for n in range(10)] + ["Orange : un jus de sanguine"]
    now = datetime.now(UTC)
    for number, title in enumerate(titles):
        document = a_document(title, document_id=f"offer-{number}" if number < 10 else "juice")
        hits = (a_hit(document, "Orange"),)
        recorded_at = now - timedelta(minutes=number + 1)
        wiring.mentions().record([a_mention(document, hits=hits, recorded_at=recorded_at)])
    key = wiring.desk().issue_key("banque-armelie")

    def send(method: str, route: str, body: Any = None, **more: str) -> Reply:
        sent = None if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {key}"}
        reply = gateway.send(method, route.format(**PATH, **more), headers=headers, query={}, body=sent)
        gateway.check(method, route, reply)
        return reply

    return send


def test_not_us_is_given_read_listed_and_undone(ask: Ask) -> None:
    """Each reply tells the mention as it is read now and what was said of it, by whom and why."""
    for _ in range(2):
        told = ask("POST", FEEDBACK, NOT_US).json
    assert told["mention"]["held_reason"] == "not_us"
    (correction,) = told["corrections"]
    assert correction["given_by"] == "Jeanne (banque-armelie)"
    assert correction["is_not_us"]
    assert ask("GET", FEEDBACK).json == told
    assert ask("GET", CLIENT + "/mentions/{mention_id}").json["status"] == "held"
    assert ask("GET", CLIENT + "/feedback").json["corrections"] == [correction]
    undone = ask("POST", FEEDBACK + "/{correction_id}/undo", {"by": "Paul"}, correction_id="1").json
    assert undone["mention"]["status"] == "kept"
    assert undone["corrections"][0]["undone"]["by"] == "Paul (banque-armelie)"


def test_a_wrong_label_is_refused_by_its_field(ask: Ask) -> None:
    """The caller learns what would do."""
    reply = ask("POST", FEEDBACK, {**NOT_US, "value": "nobody"})
    assert (reply.status, reply.json["field"]) == (422, "value")
    assert "homonym" in reply.json["remedy"]
    assert ask("POST", FEEDBACK + "/{correction_id}/undo", {}, correction_id="9").status == 404


def test_a_fix_is_proposed_accepted_and_undone(ask: Ask) -> None:
    """The watch asks what was proposed, then again what its client had written."""
    assert ask("GET", FIXES).json == {"proposal": None, "decided": []}
    ask("POST", FEEDBACK, NOT_US)
    proposal = ask("GET", FIXES).json["proposal"]
    assert (proposal["matched"], proposal["removed"], proposal["rejected"]) == (11, 1, 1)
    decided = {"fix_id": proposal["fix_id"], "decision": "accepted", "by": "Jeanne"}
    assert ask("POST", FIXES, decided).json["decision"] == "accepted"
    assert ask("GET", CLIENT + "/watches/{watch_id}").json["query"] == proposal["query_after"]
    undone = ask("POST", FIXES + "/{fix_id}/undo", {}, fix_id=proposal["fix_id"])
    assert undone.json["undone"]["by"] == "banque-armelie"
    assert ask("GET", CLIENT + "/watches/{watch_id}").json["query"] == "Orange"
    assert ask("POST", FIXES, {**decided, "fix_id": "0" * 16}).status == 409
