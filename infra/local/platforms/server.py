"""Serve all platforms on one loopback port: their paths tell them apart."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.local.platforms import bluesky, mastodon, youtube
from infra.local.platforms.bluesky import Bluesky
from infra.local.platforms.content import Content
from infra.local.platforms.forums import Forums
from infra.local.platforms.mastodon import Mastodon
from infra.local.platforms.news import GoogleNews
from infra.local.platforms.wire import Asked, Said, Stage, Stub, Trouble, json_reply
from infra.local.platforms.youtube import YouTube

LOOPBACK = "127.0.0.1"
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its reply, for those who check them against contracts."""

    asked: Asked
    said: Said

    @property
    def data(self) -> Any:
        """What the reply's JSON says."""
        return json.loads(self.said.body)


@dataclass(slots=True, kw_only=True)
class Platforms:
    """The running servers. ``content`` and ``trouble`` may be changed at any time; ``exchanges`` are what went on."""

    content: Content
    trouble: Trouble
    clock: Clock
    port: int = 0
    exchanges: list[Exchange] = field(default_factory=list)
    stubs: tuple[Stub, ...] = ()
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The base address of every platform: the instance, the service, the API."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def allow(self) -> str:
        """What lets local fetches reach it, by its address or under any name that ends in ``.test``."""
        return f"*.test={LOOPBACK}:{self.port},{LOOPBACK}:{self.port}"

    def answer(self, asked: Asked) -> Said:
        """Answer one request, well or as the trouble says."""
        trouble = self.trouble
        if trouble.slow_seconds:
            time.sleep(trouble.slow_seconds)
        if trouble.strikes("errors"):
            return Said(trouble.error_status, b"<html>upstream is down</html>", {}, "text/html")
        if trouble.strikes("not_json"):
            return Said(200, b"<html>maintenance</html>", {}, "text/html")
        if trouble.strikes("rate_limited"):
            return _too_many(asked, trouble.patience_seconds)
        said = next((said for stub in self.stubs if (said := stub.answer(asked)) is not None), None)
        trouble.after = max(0, trouble.after - 1)
        return said or json_reply({"error": "not found"}, 404)

    def stop(self) -> None:
        """Stop serving."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = self._thread = None

    def begin(self, port: int) -> None:
        """Listen on a port (0: a free one). Raises OSError when it is taken."""
        stage = Stage(self.content, self.trouble)
        self.stubs = (Bluesky(stage), Mastodon(stage), YouTube(stage), GoogleNews(stage), Forums(stage))
        self._server = ThreadingHTTPServer((LOOPBACK, port), _handler(self))
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()


def start(
    content: Content, port: int = 0, *, clock: Clock | None = None, trouble: Trouble | None = None
) -> Platforms:
    """Serve ``content`` until ``stop()``; what is dated after ``clock()`` is not shown yet.

    Raises OSError when the port is taken.
    """
    running = Platforms(
        content=content, trouble=trouble or Trouble(), clock=clock or (lambda: datetime.now(UTC))
    )
    running.begin(port)
    return running


def _too_many(asked: Asked, patience_seconds: int) -> Said:
    if asked.path.startswith("/xrpc/"):
        return bluesky.too_many(asked, patience_seconds)
    if asked.path.startswith("/api/"):
        return mastodon.too_many(asked, patience_seconds)
    if asked.path.startswith("/youtube/"):
        return youtube.quota_exceeded("rateLimitExceeded")
    return Said(429, b"", {"Retry-After": str(patience_seconds)}, "text/plain")


def _handler(running: Platforms) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            query = {name: ",".join(values) for name, values in parse_qs(parts.query).items()}
            asked = Asked(
                method=self.command,
                path=parts.path,
                query=query,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=body,
                now=running.clock() + running.trouble.skew,
                base_url=running.url,
            )
            said = running.answer(asked)
            running.exchanges.append(Exchange(asked, said))
            self.send_response(said.status)
            self.send_header("Content-Type", said.content_type)
            self.send_header("Content-Length", str(len(said.body)))
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
