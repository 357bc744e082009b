"""A reader of the site: asks its function as API Gateway does, by itself or for a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from infra.template import Template
from tests.functions.conftest import Stack

PREFIX = "/v1"
HOST = "veille.example"
_ROUTES = [
    (route.method, route.path, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path)))
    for route in Template.read().functions["site"].routes
]


@dataclass
class Reply:
    """What the browser would get."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Visitor:
    """Asks for pages by the addresses that links hold."""

    stack: Stack
    language: str = "fr"
    origin: str = ""

    def get(self, url: str) -> Reply:
        """Open an address."""
        return self._ask("GET", url, None)

    def post(self, url: str, form: dict[str, Any] | None = None) -> Reply:
        """Send a form to an address."""
        return self._ask("POST", url, urlencode(form or {}, doseq=True))

    def _ask(self, method: str, url: str, body: str | None) -> Reply:
        headers = {"Accept-Language": self.language} | ({"Origin": self.origin} if self.origin else {})
        event = event_of(method, url, headers, body)
        reply = self.stack.call("site", event)
        return Reply(reply["statusCode"], reply["headers"], reply["body"])


def event_of(method: str, url: str, headers: dict[str, str], body: str | None) -> dict[str, Any]:
    """Return the event that API Gateway makes of a request; the path begins with the stage."""
    parts = urlsplit(url)
    path = parts.path.removeprefix(PREFIX)
    route, parameters = next(
        ((shape, found.groupdict()) for verb, shape, pattern in _ROUTES
         if verb == method and (found := pattern.fullmatch(path))),
        ("/nowhere", {}),
    )  # fmt: skip
    query = parse_qsl(parts.query, keep_blank_values=True)
    return {
        "resource": route,
        "path": path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": None,
        "pathParameters": parameters or None,
        "requestContext": {"resourcePath": route, "httpMethod": method, "stage": "v1", "domainName": HOST},
        "body": body,
        "isBase64Encoded": False,
        "stageVariables": None,
    }


@contextmanager
def open_site(stack: Stack) -> Iterator[str]:
    """Serve the function to browsers of this machine; yield its address, which ends as the gateway's does."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, body: str | None) -> None:
            reply = stack.call("site", event_of(self.command, self.path, dict(self.headers), body))
            content = reply["body"].encode()
            self.send_response(reply["statusCode"])
            for name, value in {**reply["headers"], "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
    finally:
        server.shutdown()
        server.server_close()
