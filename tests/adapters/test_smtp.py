"""Mail through SMTP, against a real server that behaves and misbehaves as servers do."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.local.emulator import free_port
from vigie.adapters.smtp import SmtpMailer, SmtpServer
from vigie.errors import AddressRefused, BadField, Permanent, Transient, Unanswered
from vigie.ports import Mail

RAW = (
    "From: veille@agence.example\r\nTo: lectrice@banque.example\r\nSubject: Veille\r\n"
    "Message-ID: <1@agence.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour à vous.\r\n"
).encode()
MAIL = Mail(
    delivery_key="banque_20261208T061500Z_0123456789abcdef",
    message_id="<1@agence.example>",
    sender="Veille <veille@agence.example>",
    to="lectrice@banque.example",
    raw=RAW,
)


@dataclass
class Server:
    """What the server was given, and how it answers: by what stands before the @ of the recipient."""

    received: list[tuple[str, list[str], bytes]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Answer to a recipient."""
        refusals = {
            "bounce": "550 5.1.1 user unknown",
            "policy": "550 5.7.1 not welcome",
            "full": "552 5.2.2 mailbox full",
            "later": "450 4.2.0 greylisted",
            "closing": "421 4.3.2 shutting down",
        }
        name = address.partition("@")[0]
        if name in refusals:
            return refusals[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Answer to a content."""
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "spam":
            return "554 5.6.0 content refused"
        if name == "busy":
            return "451 4.3.0 try later"
        if name == "silent":
            await asyncio.sleep(2)
        self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        if name == "dropped":
            assert server.transport is not None
            server.transport.abort()
        return "250 2.0.0 queued as 4711"


@contextmanager
def serving(**options: Any) -> Iterator[tuple[Server, int]]:
    """Run a server; yield it and its port."""
    handler, port = Server(), free_port(in_a_row=2)
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def plainly(port: int, **fields: Any) -> SmtpMailer:
    """Return a mailer without TLS, to this machine."""
    server = SmtpServer(host="127.0.0.1", port=port, security="none", **fields)
    return SmtpMailer(server, timeout_seconds=1)


def test_the_mail_arrives_as_composed() -> None:
    """Byte for byte, from the address of the sender, with the server's words as its id."""
    with serving() as (server, port):
        assert plainly(port).send(MAIL) == "250 2.0.0 queued as 4711"
    assert server.received == [("veille@agence.example", ["lectrice@banque.example"], RAW)]


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("bounce", AddressRefused),
        ("policy", Permanent),
        ("full", Permanent),
        ("spam", Permanent),
        ("later", Transient),
        ("closing", Transient),
        ("busy", Transient),
        ("dropped", Unanswered),
        ("silent", Unanswered),
    ],
)
def test_each_answer_calls_for_its_reaction(name: str, meaning: type[Exception]) -> None:
    """Never again, never this one, later, or nobody knows; the error says which mail."""
    with serving() as (_, port), pytest.raises(meaning, match=MAIL.delivery_key) as raised:
        plainly(port).send(replace(MAIL, to=f"{name}@banque.example"))
    assert type(raised.value) is meaning


def test_a_mail_that_never_left_may_be_sent_again() -> None:
    """Nobody listens there."""
    with pytest.raises(Transient) as raised:
        plainly(free_port(in_a_row=2)).send(MAIL)
    assert type(raised.value) is Transient


def test_lines_are_mended_and_dots_kept() -> None:
    """Bare LF, bare CR, a line that is a dot: the server gets CR LF, and every dot."""
    raw = b"Subject: dots\n\n.\n..deux\rtrois\r\n.fin"
    with serving() as (server, port):
        plainly(port).send(replace(MAIL, raw=raw))
    ((_, _, content),) = server.received
    assert content == b"Subject: dots\r\n\r\n.\r\n..deux\r\ntrois\r\n.fin\r\n"
    assert message_from_bytes(content, policy=policy.default)["Subject"] == "dots"


# -- TLS and login ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate of localhost, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def of_server(certificate: Path) -> ssl.SSLContext:
    """Return the server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def authenticator(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    """Let one user in."""
    known = (data.login, data.password) == (b"vigie", b"a:secret")
    return AuthResult(success=known, handled=False)


def securely(port: int, certificate: Path, login: str = "vigie:a:secret") -> SmtpMailer:
    """Return a mailer that logs in over STARTTLS, trusting the test's certificate."""
    server = SmtpServer.read(f"localhost:{port}", login)
    return SmtpMailer(server, context=ssl.create_default_context(cafile=certificate), timeout_seconds=2)


def test_who_logs_in_over_starttls_is_let_in(certificate: Path) -> None:
    """The server refuses mail without both."""
    options = {
        "tls_context": of_server(certificate),
        "require_starttls": True,
        "auth_required": True,
        "authenticator": authenticator,
    }
    with serving(**options) as (server, port):
        securely(port, certificate).send(MAIL)
        assert len(server.received) == 1
        with pytest.raises(Transient, match="SMTPAuthenticationError") as wrong:
            securely(port, certificate, "vigie:wrong").send(MAIL)
        with pytest.raises(Transient, match="sender is refused"):
            plainly(port).send(MAIL)
    assert "wrong" not in str(wrong.value)
    assert len(server.received) == 1


def test_a_server_that_nobody_vouches_for_gets_nothing(certificate: Path) -> None:
    """Neither the password nor the mail; nor one that offers no TLS at all."""
    with serving(tls_context=of_server(certificate)) as (server, port):
        mailer = SmtpMailer(SmtpServer.read(f"localhost:{port}", "none"), timeout_seconds=2)
        with pytest.raises(Transient, match="CERTIFICATE_VERIFY_FAILED"):
            mailer.send(MAIL)
    assert server.received == []
    with serving() as (server, port):
        mailer = SmtpMailer(SmtpServer.read(f"localhost:{port}", "none"), timeout_seconds=2)
        with pytest.raises(Transient, match="STARTTLS"):
            mailer.send(MAIL)
    assert server.received == []


def test_tls_from_the_first_byte(certificate: Path) -> None:
    """As on port 465."""
    with serving(ssl_context=of_server(certificate)) as (server, port):
        where = replace(SmtpServer.read(f"localhost:{port}", "none"), security="tls")
        context = ssl.create_default_context(cafile=certificate)
        SmtpMailer(where, context=context, timeout_seconds=2).send(MAIL)
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("address", "credentials", "expected"),
    [
        ("mx.example:587", "vigie:a:b", ("mx.example", 587, "starttls", "vigie", "a:b")),
        ("mx.example:465", " none\n", ("mx.example", 465, "tls", "", "")),
    ],
)
def test_a_server_is_read_from_its_settings(
    address: str, credentials: str, expected: tuple[str, int, str, str, str]
) -> None:
    """The port says how TLS begins; a password may hold colons, and is told to nobody."""
    server = SmtpServer.read(address, credentials)
    assert (server.host, server.port, server.security, server.user, server.password) == expected
    assert "a:b" not in repr(server)


@pytest.mark.parametrize(("address", "credentials"), [("mx.example", "a:b"), ("mx.example:587", "a")])
def test_a_server_that_cannot_be_read_is_named(address: str, credentials: str) -> None:
    """The setting, and how to write it."""
    with pytest.raises(BadField, match="VIGIE_SMTP"):
        SmtpServer.read(address, credentials)
