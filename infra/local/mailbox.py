"""The mail room of a local run: every mail the stack sends ends up in a folder, byte for byte.

Workers reach SES through this small door (``AWS_ENDPOINT_URL_SESV2``). It hands each request to the emulator
and, once accepted, keeps the raw message: the emulator's own inbox forgets headers, and everything when it
stops. Then it publishes the ``Send`` event that SES would, which the emulator does not.
"""

import base64
import email
import email.message
import email.policy
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Any

from infra.local.emulator import HOST

SEND_PATH = "/v2/email/outbound-emails"
_KEPT_BACK = {"connection", "content-length", "transfer-encoding", "accept-encoding", "expect"}
"""Headers of one connection. The others are signed, the host too: the emulator looks where it enforces roles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMail:
    """A mail as kept: its file, its HTML part's file, and what a terminal shows of it."""

    path: Path
    html_path: Path | None
    to: str
    subject: str
    text: str
    tags: dict[str, str]


class Mailbox:
    """A door to the emulator's SES that keeps what goes through; open for the time of a ``with`` block."""

    def __init__(self, folder: Path, emulator_url: str) -> None:
        self._folder = folder
        self._emulator_url = emulator_url
        self._lock = Lock()
        self._kept: list[KeptMail] = []
        self._server: ThreadingHTTPServer | None = None
        self.announce: Callable[[dict[str, Any]], None] | None = None
        """Called with the ``Send`` event of each mail, once the stack has a topic for it."""

    @property
    def worker_environment(self) -> dict[str, str]:
        """Return the variable that makes Lambda workers send through here."""
        if self._server is None:
            raise RuntimeError("the mailbox is not open")
        return {"AWS_ENDPOINT_URL_SESV2": f"http://{HOST}:{self._server.server_port}"}

    def kept(self) -> list[KeptMail]:
        """Return the mails kept since it was opened, oldest first."""
        with self._lock:
            return list(self._kept)

    def __enter__(self) -> "Mailbox":
        """Open on a free port."""
        self._folder.mkdir(parents=True, exist_ok=True)
        mailbox = self

        class Door(_Door):
            owner = mailbox

        self._server = ThreadingHTTPServer((HOST, 0), Door)
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, name="mailbox", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the door; the mails stay."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def forward(self, request: urllib.request.Request) -> tuple[int, bytes]:
        """Hand a request to the emulator and return its status and body."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=15) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()

    def url_of(self, path: str) -> str:
        """Return a path's address on the emulator."""
        return self._emulator_url + path

    def take(self, sent: dict[str, Any], message_id: str) -> None:
        """Keep an accepted mail, and announce it."""
        raw = sent.get("Content", {}).get("Raw", {}).get("Data")
        if raw is None:
            return
        tags = {tag["Name"]: tag["Value"] for tag in sent.get("EmailTags", [])}
        with self._lock:
            self._kept.append(keep(self._folder, base64.b64decode(raw), tags, datetime.now(UTC)))
        if self.announce is not None:
            self.announce(send_event(sent, message_id, tags, datetime.now(UTC)))


class _Door(BaseHTTPRequestHandler):
    owner: Mailbox

    def do_GET(self) -> None:
        """Forward: what the account may send is asked before anything is sent."""
        self._reply(*self._forward(None))

    def do_POST(self) -> None:
        """Forward; keep a mail that was accepted."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer = self._forward(body)
        if status == 200 and self.path == SEND_PATH:
            self.owner.take(json.loads(body), json.loads(answer)["MessageId"])
        self._reply(status, answer)

    def _forward(self, body: bytes | None) -> tuple[int, bytes]:
        headers = {name: text for name, text in self.headers.items() if name.lower() not in _KEPT_BACK}
        return self.owner.forward(
            urllib.request.Request(  # noqa: S310 - the emulator on loopback
                self.owner.url_of(self.path), data=body, headers=headers, method=self.command
            )
        )

    def _reply(self, status: int, answer: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the terminal belongs to the live view."""


def keep(folder: Path, raw: bytes, tags: dict[str, str], now: datetime) -> KeptMail:
    """Write a mail as ``.eml`` with its HTML part beside it; two mails never share a name."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    to = str(message["To"] or "")
    address = re.sub(r"[^a-z0-9.@-]+", "-", to.lower().rpartition("<")[2].strip("> ")) or "nobody"
    stem = f"{now:%Y%m%dT%H%M%SZ}-{address}"
    number = 1
    while (path := folder / f"{stem}{'' if number == 1 else f'-{number}'}.eml").exists():
        number += 1
    path.write_bytes(raw)
    html = _part(message, "html")
    html_path = path.with_suffix(".html") if html else None
    if html_path is not None:
        html_path.write_text(html, "utf-8")
    return KeptMail(
        path=path,
        html_path=html_path,
        to=to,
        subject=str(message["Subject"] or ""),
        text=_part(message, "plain"),
        tags=tags,
    )


def send_event(sent: dict[str, Any], message_id: str, tags: dict[str, str], now: datetime) -> dict[str, Any]:
    """Return what SES publishes once it has accepted a mail (its event type "Send")."""
    named = {name: [value] for name, value in tags.items()}
    return {
        "eventType": "Send",
        "mail": {
            "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "messageId": message_id,
            "source": sent.get("FromEmailAddress", ""),
            "destination": sent.get("Destination", {}).get("ToAddresses", []),
            "tags": {"ses:configuration-set": [sent.get("ConfigurationSetName", "")], **named},
        },
        "send": {},
    }


def _part(message: email.message.EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part is not None else ""
