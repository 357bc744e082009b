"""Somebody signed in to the client area: asks for pages with a cookie, and sends forms with their seal."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode, urljoin

from tests.functions.conftest import Stack
from tests.functions.visitor import HOST, PREFIX, Reply, event_of
from vigie import wiring
from vigie.domain.sign_in import Claim

AREA = f"{PREFIX}/espace"
ORIGIN = f"https://{HOST}"


@dataclass
class Member:
    """A browser with a session. ``headers`` replace what it would send."""

    stack: Stack
    cookie: str = ""
    language: str = "fr"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, stack: Stack, email: str, *client_ids: str) -> "Member":
        """Return somebody who has signed in."""
        _, claim = wiring.sign_in().open(Claim(email, client_ids))
        return cls(stack, f"__Host-vigie={claim.cookie}")

    def get(self, url: str) -> Reply:
        """Open an address of the area (``veilles``), or a whole one."""
        return self._ask("GET", url, None)

    def post(self, url: str, form: dict[str, Any] | None = None, *, seal: str | None = None) -> Reply:
        """Send a form with this session's seal, or with another."""
        sent = {**(form or {}), "csrf": self.seal() if seal is None else seal}
        return self._ask("POST", url, urlencode(sent, doseq=True))

    def seal(self) -> str:
        """Return what this session's forms hold."""
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get("sessions").text)
        return found[1] if found else ""

    def follow(self, url: str, reply: Reply) -> Reply:
        """Open what a reply to ``url`` leads to."""
        assert reply.status == 303, (reply.status, reply.text[:300])
        return self.get(urljoin(_whole(url), reply.headers["Location"]))

    def _ask(self, method: str, url: str, body: str | None) -> Reply:
        headers = {"Accept-Language": self.language, "Cookie": self.cookie, "Origin": ORIGIN, **self.headers}
        event = event_of(method, _whole(url), headers, body)
        event["requestContext"]["identity"] = {"sourceIp": "192.0.2.7"}
        reply = self.stack.call("site", event)
        return Reply(reply["statusCode"], reply["headers"], reply["body"])


def _whole(url: str) -> str:
    if url.startswith("/"):
        return url
    return f"{AREA}/{url}" if url else AREA


def problem(reply: Reply) -> str:
    """Return what a page says is wrong."""
    found = re.search(r'role="alert">(.*?)</p>', reply.text, re.DOTALL)
    return unescape(found[1]) if found else ""
