"""Serve the stub on loopback, and post its signed events as Stripe does: again when they are not taken."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue

from infra.local.stripe import pages
from infra.local.stripe.api import StripeApi, as_json
from infra.local.stripe.till import SECRET_KEY, WEBHOOK_SECRET, Thing, Till
from vigie.domain.payments import sign

LOOPBACK = "127.0.0.1"
_TRIES, _PAUSE_SECONDS = 5, 0.5


@dataclass(slots=True, kw_only=True)
class StripeServer:
    """The running stub. ``webhook_url`` is told what happens, from when it is set on."""

    till: Till
    api: StripeApi
    server: ThreadingHTTPServer
    clock: Callable[[], datetime]
    webhook_url: str = ""
    sent: list[bytes] = field(default_factory=list)
    _events: "SimpleQueue[bytes | None]" = field(default_factory=SimpleQueue)
    _threads: list[threading.Thread] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The base address of the API and of the pages."""
        return f"http://{LOOPBACK}:{self.server.server_port}"

    @property
    def worker_environment(self) -> dict[str, str]:
        """Return what leads a local run's workers here."""
        return {"VIGIE_LOCAL_STRIPE": self.url}

    @property
    def keys(self) -> str:
        """Return what the stack's parameter of Stripe's keys is to hold."""
        return json.dumps({"secret_key": SECRET_KEY, "webhook_secret": WEBHOOK_SECRET})

    def begin(self) -> None:
        """Serve and post, each in a thread."""
        self.till.base_url, self.till.tell = self.url, self._tell
        for work in (lambda: self.server.serve_forever(0.02), self._post_all):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop serving and posting."""
        self.server.shutdown()
        self.server.server_close()
        self._events.put(None)
        for thread in self._threads:
            thread.join()

    def _tell(self, kind: str, thing: Thing) -> None:
        event = {
            "id": f"evt_{len(self.sent) + 1:08}",
            "object": "event",
            "type": kind,
            "created": int(self.clock().timestamp()),
            "data": {"object": thing},
        }
        body = json.dumps(event).encode()
        self.sent.append(body)
        self._events.put(body)

    def _post_all(self) -> None:
        while (body := self._events.get()) is not None:
            for _ in range(_TRIES if self.webhook_url else 0):
                if self._post(body):
                    break
                time.sleep(_PAUSE_SECONDS)

    def _post(self, body: bytes) -> bool:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign(body, WEBHOOK_SECRET, self.clock()),
        }
        request = urllib.request.Request(self.webhook_url, data=body, headers=headers, method="POST")  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def start(port: int = 0, *, clock: Callable[[], datetime] | None = None) -> StripeServer:
    """Serve a till until ``stop()``. Raises OSError when the port is taken."""
    now = clock or (lambda: datetime.now(UTC))
    till = Till(clock=now)
    api = StripeApi(till)
    running = StripeServer(
        till=till, api=api, server=ThreadingHTTPServer((LOOPBACK, port), _handler(till, api)), clock=now
    )
    running.begin()
    return running


@contextmanager
def serving(port: int = 0) -> Iterator[StripeServer]:
    """Serve a till while the block runs, on a free port unless told."""
    running = start(port)
    try:
        yield running
    finally:
        running.stop()


def _handler(till: Till, api: StripeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            if self.path.startswith("/v1/"):
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, thing = api.answer(self.command, self.path, headers, body)
                self._write(status, {"Content-Type": "application/json"}, as_json(thing))
                return
            found = pages.answer(till, self.command, self.path.partition("?")[0], body)
            status, shown, text = found or (404, {}, "no such page")
            self._write(status, shown, text.encode())

        def _write(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
