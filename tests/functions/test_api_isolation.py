"""One client's key never yields another's data: every route of the table, asked with every id of somebody else's."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.builders import a_client, a_document, a_mention, a_watch
from tests.functions import gateway
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.api.examples import EXAMPLES
from vigie.api.routing import Route
from vigie.api.table import ROUTES
from vigie.domain.clients import Recipient
from vigie.domain.feedback import Wish
from vigie.domain.notices import Endpoint

OURS, THEIRS = "banque-armelie", "union"
SECRET = "zibeline"
"""A word of the other client's name, recipients, watches, mentions and digests, and of nothing of ours."""

pytestmark = pytest.mark.emulator


@pytest.fixture
def theirs(stack: Stack) -> dict[str, str]:
    """Return the ids of everything that another client has, by the name that routes give them."""
    for client_id, word in ((OURS, "ours"), (THEIRS, SECRET)):
        recipients = (Recipient(f"{word}@veille.example", word),)
        client = a_client(client_id=client_id, name=word, recipients=recipients)
        wiring.accounts().put_client(client)
        wiring.accounts().put_watch(a_watch(f"w-{word}", client_id=client_id, name=word, query=word))
        wiring.appointments().keep(client)
        document = a_document(f"Titre {word}", document_id=f"d-{word}", source_name=word)
        mention = a_mention(document, recorded_at=datetime.now(UTC) - timedelta(minutes=1))
        wiring.mentions().record([replace(mention, client_id=client_id)])
        wish = Wish(label="tone", value="positive", by=word, reason=word)
        wiring.feedback().give(client, f"d-{word}", wish)
        wiring.endpoint_store().change(client_id, f"e-{word}", lambda _, c=client_id, w=word: _endpoint(c, w))
    stack.call("digest", {"cutoff_at": "now"})
    key, _ = wiring.key_desk().issue(THEIRS, name=SECRET)
    return {
        "client_id": THEIRS,
        "watch_id": f"w-{SECRET}",
        "mention_id": f"d-{SECRET}",
        "story_id": f"d-{SECRET}",
        "subject_id": f"d-{SECRET}",
        "digest_id": wiring.desk().digests.entries(THEIRS)[0].digest_id,
        "key_id": key.key_id,
        "email": f"{SECRET}@veille.example",
        "job_id": wiring.jobs().ask(a_client(client_id=THEIRS), SECRET, 7, None).job_id,
        "correction_id": "1",
        "fix_id": "ede3570257b7892a",
        "alert_id": f"alert-{SECRET}",
        "endpoint_id": f"e-{SECRET}",
        "pack": "region-bretagne",
    }


def _endpoint(client_id: str, word: str) -> Endpoint:
    return Endpoint(
        client_id=client_id,
        endpoint_id=f"e-{word}",
        url=f"https://{word}.example/",
        events=("digest.ready",),
        created_at=datetime.now(UTC),
    )


def ask(route: Route, path: dict[str, str], key: str | None) -> gateway.Reply:
    """Send a request that the route would take, and hold the reply against the document."""
    body: Any = EXAMPLES.get(route.view.__name__, {}).get("request")
    reply = gateway.send(
        route.method,
        route.path.format(**path),
        headers={"authorization": f"Bearer {key}"} if key else {},
        body=None if body is None else json.dumps(body).encode(),
    )
    gateway.check(route.method, route.path, reply)
    return reply


def test_no_route_opens_another_clients_data(theirs: dict[str, str]) -> None:
    """404 to another client's key on every route that names a client; 401 without one, or with a wrong one.

    A route with an id that nothing here has a value for fails: its foreign ids are to be tried too.
    """
    key = wiring.desk().issue_key(OURS)
    for route in ROUTES:
        names = re.findall(r"{(\w+)}", route.path)
        assert set(names) <= set(theirs), f"{route.path}: give its ids a value in this file"
        if "client_id" in names:
            assert ask(route, theirs, key).status == 404, (route.method, route.path)
        if route.scope is not None:
            for wrong in (None, key[:-1] + ("x" if key[-1] != "x" else "y")):
                assert ask(route, theirs, wrong).status == 401, (route.method, route.path)


def test_no_id_of_another_client_leads_anywhere_from_ones_own(theirs: dict[str, str]) -> None:
    """Their ids under our own client are unknown; nothing we may ask holds a word of theirs."""
    ours = {**theirs, "client_id": OURS}
    for route in sorted(ROUTES, key=lambda route: (route.method != "GET", route.path)):
        reply = ask(route, ours, wiring.desk().issue_key(OURS))
        told = reply.text.replace(theirs["mention_id"], "").replace(theirs["watch_id"], "")
        for known in theirs.values():
            told = told.replace(known, "")  # what we asked for may be named in the refusal
        assert SECRET not in told, (route.method, route.path)
        if "{client_id}" in route.path and route.path.count("{") > 1 and route.method == "GET":
            assert reply.status in {200, 404}, (route.method, route.path)
        for each in wiring.key_desk().keys.of(OURS):
            wiring.key_desk().keys.remove(each)
    assert [client.name for client in wiring.accounts().clients()][-1] == SECRET
    assert wiring.accounts().watches(THEIRS)
    assert wiring.key_desk().keys.of(THEIRS)


def test_a_key_without_a_right_has_it_on_no_route(theirs: dict[str, str]) -> None:
    """Each route asks for its scope: a key with all the others is refused, and a client where ops are asked."""
    ours = {**theirs, "client_id": OURS}
    for scope in {route.scope for route in ROUTES} - {None}:
        others = tuple(each for each in ("read", "write", "feedback", "export", "admin") if each != scope)
        key = wiring.desk().issue_key(OURS, others)  # type: ignore[arg-type]
        for route in ROUTES:
            if route.scope == scope or (route.ops and route.scope is not None):
                assert ask(route, ours, key).status == 403, (route.method, route.path, scope)
