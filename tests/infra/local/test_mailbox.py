"""Mails that go through the local run's door are kept as sent, and announced as SES would."""

import base64
import http.client
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from infra.local.mailbox import SEND_PATH, Mailbox, keep

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def mail() -> bytes:
    """Return a digest-like mail, the same at each call."""
    message = EmailMessage()
    message["To"] = "Veille <veille@banque.example>"
    message["Subject"] = "Votre revue de presse"
    message["List-Unsubscribe"] = "<https://vigie.example/bye>"
    message.set_content("Bonjour")
    message.add_alternative("<p>Bonjour</p>", subtype="html")
    message.set_boundary("=-=-=")
    return message.as_bytes()


@contextmanager
def emulator(status: int) -> Iterator[str]:
    """Stand in for the emulator's SES: answers every request with ``status``."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b'{"MessageId": "m-1"}')

        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps({"asked": self.path}).encode())

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def send(mailbox: Mailbox) -> int:
    """Send a raw mail as boto3 does; return the status."""
    body = {
        "FromEmailAddress": "veille@vigie.example",
        "Destination": {"ToAddresses": ["veille@banque.example"]},
        "Content": {"Raw": {"Data": base64.b64encode(mail()).decode()}},
        "EmailTags": [{"Name": "delivery_key", "Value": "banque.2026.ab"}],
        "ConfigurationSetName": "local-mail",
    }
    url = mailbox.worker_environment["AWS_ENDPOINT_URL_SESV2"]
    door = http.client.HTTPConnection(url.removeprefix("http://"))
    with closing(door):
        door.request("POST", SEND_PATH, json.dumps(body))
        return door.getresponse().status


def test_accepted_mail_is_kept_and_announced(tmp_path: Path) -> None:
    """A mail the emulator accepted is in the folder byte for byte, and its Send event names its delivery."""
    announced: list[dict[str, Any]] = []
    with emulator(200) as url, Mailbox(tmp_path, url) as mailbox:
        mailbox.announce = announced.append
        status = send(mailbox)
        kept = mailbox.kept()
    assert (status, [item.path.read_bytes() for item in kept]) == (200, [mail()])
    assert [(event["eventType"], event["mail"]["tags"]["delivery_key"]) for event in announced] == [
        ("Send", ["banque.2026.ab"])
    ]


def test_refused_mail_is_not_kept(tmp_path: Path) -> None:
    """A mail the emulator refused leaves no file and no event, and its sender sees the refusal."""
    with emulator(400) as url, Mailbox(tmp_path, url) as mailbox:
        assert (send(mailbox), mailbox.kept(), list(tmp_path.iterdir())) == (400, [], [])


def test_two_mails_of_one_second_have_two_files(tmp_path: Path) -> None:
    """Mails to one address in one second do not replace each other, and each has its page beside it."""
    first, second = (keep(tmp_path, mail(), {}, NOW) for _ in range(2))
    assert [first.path.name, second.path.name] == [
        "20261122T063000Z-veille@banque.example.eml",
        "20261122T063000Z-veille@banque.example-2.eml",
    ]
    assert (first.subject, first.text, second.html_path and second.html_path.read_text()) == (
        "Votre revue de presse",
        "Bonjour\n",
        "<p>Bonjour</p>\n",
    )


def test_what_the_account_may_send_is_asked_through_the_door(tmp_path: Path) -> None:
    """A question of SES's goes to the emulator and comes back as it answered; nothing is kept."""
    with emulator(200) as url, Mailbox(tmp_path, url) as mailbox:
        address = mailbox.worker_environment["AWS_ENDPOINT_URL_SESV2"]
        with closing(http.client.HTTPConnection(address.removeprefix("http://"))) as door:
            door.request("GET", "/v2/email/account")
            answer = door.getresponse()
            assert (answer.status, json.loads(answer.read())) == (200, {"asked": "/v2/email/account"})
        assert mailbox.kept() == []
