"""A watch from end to end on the emulated cloud: the API's handler, a poll over HTTP, and every queue function."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.builders import a_client, a_source
from tests.functions import gateway
from tests.functions.conftest import Stack
from tests.pipeline.spine import rss
from vigie import wiring

pytestmark = pytest.mark.emulator
CLIENT = a_client()
STAGES = {"shards": "poll", "fetched": "match", "matched": "deduplicate", "grouped": "classify"}
"""Queues in the order documents pass them, each with the function it feeds."""


class Newspaper:
    """A feed served from this machine, and a stack that follows it for one client."""

    def __init__(self, stack: Stack, sqs_event: Callable[..., dict[str, Any]]) -> None:
        self._stack = stack
        self._sqs_event = sqs_event
        self.titles: list[str] = []

    def feed(self) -> bytes:
        """Return the feed as it stands."""
        return rss(
            *((title, f"https://courrier.test/{title.replace(' ', '-')}", "") for title in self.titles)
        )

    def publish(self, title: str) -> None:
        """Publish an article, poll the feed, and let every function do its part."""
        self.titles.append(title)
        self._stack.call("schedule", {"force": True})
        for queue, function in STAGES.items():
            bodies = [json.dumps(message) for message in self._stack.received(queue)]
            if not bodies:  # it concerns nobody
                break
            assert self._stack.call(function, self._sqs_event(*bodies)) == {"batchItemFailures": []}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API as the client; return what it answers, None when that is nothing."""
        written = None if body is None else json.dumps(body).encode()
        reply = gateway.send(
            method, f"/clients/{CLIENT.client_id}/{path}", headers={"authorization": self.key}, body=written
        )
        assert reply.status < 300, reply.text
        return reply.json if reply.text else None

    def follow(self, url: str) -> None:
        """Make the client, its key, and the source at ``url``."""
        wiring.accounts().put_client(CLIENT)
        wiring.appointments().keep(CLIENT)
        wiring.sources().put_sources([a_source("courrier", url=url)], 4)
        self.key = f"Bearer {wiring.desk().issue_key(CLIENT.client_id)}"

    def mentions(self) -> set[str]:
        """Return the titles of the client's mentions."""
        return {mention["document"]["title"] for mention in self.ask("GET", "mentions")["mentions"]}


@pytest.fixture
def newspaper(
    stack: Stack, sqs_event: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Newspaper]:
    """Serve a newspaper on an allowed loopback, followed by the stack."""
    served = Newspaper(stack, sqs_event)

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = served.feed()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        monkeypatch.setenv("VIGIE_LOCAL_ALLOW", f"*.test=127.0.0.1:{server.server_port}")
        wiring.settings.cache_clear()
        served.follow(f"http://courrier.test:{server.server_port}/rss")
        yield served
        server.shutdown()
        thread.join()


def test_a_watch_counts_from_the_next_poll_and_no_longer_once_removed(newspaper: Newspaper) -> None:
    """Added through the API, it matches what is polled next; removed, workers that are warm forget it."""
    newspaper.publish("Trois guichets ferment")
    assert newspaper.mentions() == set()

    watch = newspaper.ask("POST", "watches", {"name": "Marque", "purpose": "brand", "query": "guichets"})
    newspaper.publish("Six guichets ferment")
    assert newspaper.mentions() == {"Six guichets ferment"}

    newspaper.ask("DELETE", f"watches/{watch['watch_id']}")
    newspaper.publish("Neuf guichets ferment")
    assert newspaper.mentions() == {"Six guichets ferment"}
