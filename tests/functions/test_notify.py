"""Webhooks from registration to delivery: the API, classify and notify, and a receiver over real HTTP."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest

from tests.builders import a_client, a_document, a_mention
from tests.functions import gateway
from tests.functions.conftest import Stack
from tests.functions.gateway import Reply
from vigie import wiring
from vigie.domain.notices import signed

pytestmark = pytest.mark.emulator
SqsEvent = Callable[..., dict[str, Any]]
ALL_DONE: dict[str, Any] = {"batchItemFailures": []}
ALL = "/clients/{client_id}/webhooks"
ONE = ALL + "/{endpoint_id}"
CLIENT = "banque-armelie"


class Receiver(BaseHTTPRequestHandler):
    """A client's own system: it answers what it is told to, and keeps what it is posted."""

    answers: ClassVar[list[int]] = []
    posted: ClassVar[list[tuple[dict[str, str], bytes]]] = []

    def do_POST(self) -> None:
        """Take a post."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.posted.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Return where a receiver listens."""
    Receiver.answers.clear()
    Receiver.posted.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def ask(stack: Stack, port: int, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Reply]:
    """Return what asks the API of a stack whose webhooks are on, as a client."""
    monkeypatch.setenv("VIGIE_WEBHOOKS", "on")
    monkeypatch.setenv("VIGIE_LOCAL_ALLOW", f"*.test=127.0.0.1:{port}")
    wiring.settings.cache_clear()
    wiring.accounts().put_client(a_client())
    key = wiring.desk().issue_key(CLIENT)

    def send(method: str, route: str, body: Any = None, **path: str) -> Reply:
        sent = None if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {key}"}
        told = {"client_id": CLIENT, **path}
        reply = gateway.send(method, route.format(**told), headers=headers, query={}, body=sent)
        gateway.check(method, route, reply)
        return reply

    return send


def test_an_address_of_our_own_network_cannot_be_registered(ask: Callable[..., Reply]) -> None:
    """Nor one in the clear: each with a sentence."""
    for url in (
        "https://169.254.169.254/",
        "https://10.0.0.8/hook",
        "http://intranet.example/",
        "https://[::1]/",
    ):
        reply = ask("POST", ALL, {"url": url})
        assert (reply.status, reply.json["field"]) == (422, "url"), url
    assert ask("GET", ALL).json == {"webhooks": []}


def test_a_ping_arrives_signed_with_the_secret_that_was_shown(
    stack: Stack, ask: Callable[..., Reply], sqs_event: SqsEvent
) -> None:
    """And its delivery is listed; the secret is not shown again, and a rotated one signs beside the old."""
    made = ask("POST", ALL, {"url": "http://receiver.test/hook"}).json
    one = {"endpoint_id": made["endpoint_id"]}
    assert "secret" not in ask("GET", ONE, **one).json
    rotated = ask("POST", ONE + "/rotate", **one).json
    event_id = ask("POST", ONE + "/ping", **one).json["event_id"]
    (queued,) = stack.received("notify")
    assert stack.call("notify", sqs_event(json.dumps(queued))) == ALL_DONE
    ((headers, body),) = Receiver.posted
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    expected = signed([rotated["secret"], made["secret"]], event_id, at, body)
    assert {name: headers[name] for name in expected} == expected
    assert json.loads(body)["type"] == "ping"
    (delivery,) = ask("GET", ONE + "/deliveries", **one).json["deliveries"]
    assert (delivery["event_id"], delivery["outcome"], delivery["status"]) == (event_id, "delivered", 200)


def test_a_mention_is_announced_and_told_until_it_is_taken(
    stack: Stack, ask: Callable[..., Reply], sqs_event: SqsEvent
) -> None:
    """500, then 200: it was failing meanwhile, and both tries had one id."""
    one = {"endpoint_id": ask("POST", ALL, {"url": "http://receiver.test/"}).json["endpoint_id"]}
    mention = a_mention(a_document("Trois guichets ferment", document_id="d1"), recorded_at=datetime.now(UTC))
    wiring.mentions().record([mention])
    assert wiring.announce().mentions([mention]) == 1
    (queued,) = stack.received("notify")
    Receiver.answers.append(500)
    assert stack.call("notify", sqs_event(json.dumps(queued))) == ALL_DONE
    shown = ask("GET", ONE, **one).json
    assert (shown["standing"], shown["trouble"]) == ("failing", "it answered 500")
    wiring.endpoints().change(a_client(), one["endpoint_id"], "http://receiver.test/", ["mention.recorded"])
    assert stack.call("notify", sqs_event(json.dumps(queued))) == ALL_DONE
    assert ask("GET", ONE, **one).json["standing"] == "active"
    assert len({headers["webhook-id"] for headers, _ in Receiver.posted}) == 1
    told = json.loads(Receiver.posted[-1][1])
    assert told["data"]["mentions"][0]["document"]["title"] == "Trois guichets ferment"


def test_a_receiver_that_is_gone_is_told_nothing_more(
    stack: Stack, ask: Callable[..., Reply], sqs_event: SqsEvent
) -> None:
    """410 disables; removing forgets."""
    one = {"endpoint_id": ask("POST", ALL, {"url": "http://receiver.test/"}).json["endpoint_id"]}
    ask("POST", ONE + "/ping", **one)
    (queued,) = stack.received("notify")
    Receiver.answers.append(410)
    for _ in range(2):
        assert stack.call("notify", sqs_event(json.dumps(queued))) == ALL_DONE
    assert len(Receiver.posted) == 1
    assert ask("GET", ONE, **one).json["standing"] == "disabled"
    assert wiring.announce().digest(CLIENT, "20261208T061500Z") == 0
    assert ask("DELETE", ONE, **one).status == 204
    assert ask("GET", ONE, **one).status == 404


def test_a_stack_without_webhooks_says_so(ask: Callable[..., Reply], monkeypatch: pytest.MonkeyPatch) -> None:
    """By default they are off."""
    monkeypatch.setenv("VIGIE_WEBHOOKS", "off")
    for cached in (wiring.settings, wiring.endpoints):
        cached.cache_clear()
    assert ask("POST", ALL, {"url": "https://intranet.example/"}).status == 409
