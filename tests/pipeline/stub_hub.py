"""A publisher, its hub and our callbacks on one loopback port: real HTTP, nothing else real.

The hub does what the Recommendation asks of one: verifies intent with a challenge before it believes a request, and
signs what it pushes with the secret it was told.
"""

import hmac
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

Answer = tuple[int, str]
Callback = Callable[[str, str, Mapping[str, str], Mapping[str, str], bytes], Answer]
"""Method, token, query, headers by lower-case name, body; to status and text."""

TOPIC = "http://courrier.test/rss"
HUB = "http://hub.test/"
CHALLENGE = "challenge-7f3a"


@dataclass
class Subscriber:
    """What the hub knows of us."""

    callback: str
    secret: str


@dataclass
class StubHub:
    """A hub and the one feed it pushes. ``mode`` says how it answers requests: well, or with this status."""

    entries: list[tuple[str, str]] = field(default_factory=list)  # (title, link), newest first
    lease_seconds: int | None = 432_000
    refuse_with: int | None = None
    requests: list[dict[str, str]] = field(default_factory=list)
    subscribers: dict[str, Subscriber] = field(default_factory=dict)  # by topic
    answers: list[Answer] = field(default_factory=list)  # to verifications
    feed_requests: int = 0
    names_itself: bool = True
    callback: Callback | None = None
    port: int = 0

    @property
    def allow(self) -> str:
        """What lets a local fetcher reach every host here."""
        return f"*.test=127.0.0.1:{self.port}"

    def feed(self, entries: list[tuple[str, str]] | None = None) -> bytes:
        """Return the feed's document, or one with these entries only."""
        items = "".join(
            f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid></item>"
            for title, link in (self.entries if entries is None else entries)
        )
        links = (
            f'<a:link rel="hub" href="{HUB}"/><a:link rel="self" href="{TOPIC}"/>'
            if self.names_itself
            else ""
        )
        return (
            '<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>Le Courrier</title>'
            f"{links}{items}</channel></rss>"
        ).encode()

    def publish(self, title: str, link: str, *, pushed: bool = True, method: str = "sha256") -> Answer | None:
        """Put an entry into the feed, and push it; return what the subscriber answered."""
        self.entries.insert(0, (title, link))
        return self.push(self.feed([(title, link)]), method=method) if pushed else None

    def push(self, body: bytes, *, method: str = "sha256", secret: str | None = None) -> Answer:
        """Push a body, signed."""
        subscriber = self.subscribers[TOPIC]
        digest = hmac.new((secret or subscriber.secret).encode(), body, method).hexdigest()
        return self.call("POST", subscriber.callback, body, {"X-Hub-Signature": f"{method}={digest}"})

    def call(
        self, method: str, address: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Call an address of the subscriber."""
        parts = urlsplit(address)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        link = f'<{HUB}>; rel="hub", <{TOPIC}>; rel="self"'
        told = {"Content-Type": "application/rss+xml", "Link": link, **(headers or {})}
        connection.request(method, f"{parts.path}?{parts.query}", body, told)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def take(self, form: dict[str, str]) -> int:
        """Answer a request for a subscription: verify it at once, as hubs may."""
        self.requests.append(form)
        if self.refuse_with:
            return self.refuse_with
        topic, mode = form["hub.topic"], form["hub.mode"]
        query = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": CHALLENGE}
        if mode == "subscribe" and self.lease_seconds is not None:
            query["hub.lease_seconds"] = str(self.lease_seconds)
        self.answers.append(self.call("GET", f"{form['hub.callback']}?{urlencode(query)}"))
        if self.answers[-1] == (200, CHALLENGE):
            if mode == "subscribe":
                self.subscribers[topic] = Subscriber(form["hub.callback"], form["hub.secret"])
            else:
                self.subscribers.pop(topic, None)
        return 202


@contextmanager
def serving(hub: StubHub) -> Iterator[StubHub]:
    """Serve a hub, its feed and its callbacks on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    hub.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(hub: StubHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            if parts.path.startswith("/v1/websub/") and hub.callback is not None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                token = parts.path.rpartition("/")[2]
                status, text = hub.callback(self.command, token, dict(parse_qsl(parts.query)), headers, body)
                self._send(status, text.encode())
            elif self.command == "POST":
                self._send(hub.take(dict(parse_qsl(body.decode()))), b"")
            else:
                hub.feed_requests += 1
                self._send(200, hub.feed())

        def _send(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
