"""One digest as the bytes of one mail."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest

from tests.adapters.mail.digests import busy_day, quiet_day
from tests.builders import a_client
from vigie.adapters.mail.compose import compose_mail
from vigie.adapters.mail.render import HTML_LIMIT_BYTES, MailRenderer
from vigie.domain.clients import Recipient
from vigie.errors import Permanent
from vigie.ports import RenderedDigest

SENDER = "veille@alertes.example"
RENDERED = RenderedDigest(
    "Veille – rien à signaler", "<p>Rien à signaler\u202f!</p>", "Rien à signaler\u202f!"
)


def mailed(**changes: Any) -> bytes:
    """Compose a quiet day's mail."""
    arguments: dict[str, Any] = {
        "rendered": RENDERED,
        "sender": SENDER,
        "recipient": Recipient("paul@banque-armelie.example", "Paul Élan"),
        "client": a_client(),
        "digest": quiet_day(),
        "message_id": "<banque-armelie_20261208T061500Z_0123abcd@alertes.example>",
    } | changes
    return compose_mail(arguments.pop("rendered"), **arguments)


def read(raw: bytes) -> EmailMessage:
    """Read a mail back as a mail program does."""
    return cast("EmailMessage", message_from_bytes(raw, policy=default))


def test_mail_reads_back() -> None:
    """A mail program finds both parts, text first, with their accents and narrow spaces."""
    message = read(mailed())
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [cast("EmailMessage", part).get_content().strip() for part in parts] == [
        RENDERED.text,
        RENDERED.html,
    ]
    assert message["Subject"] == RENDERED.subject
    assert message["To"].addresses[0].display_name == "Paul Élan"
    assert message.defects == []


def test_headers_say_what_it_is() -> None:
    """Automatic, in the client's language, traceable, and with a way out."""
    message = read(mailed())
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "fr"
    assert message["X-Vigie-Digest"] == "banque-armelie/20261208T061500Z"
    assert message["Feedback-ID"] == "banque-armelie:digest:vigie"
    assert message["List-Unsubscribe"] == f"<mailto:{SENDER}?subject=unsubscribe>"
    assert message["List-Unsubscribe-Post"] is None


def test_one_click_only_with_a_real_link() -> None:
    """A link to unsubscribe is announced when there is one, and only over HTTPS."""
    message = read(
        mailed(unsubscribe_url="https://veille.example/u/abc?x=1", unsubscribe_mailto="stop@veille.example")
    )
    assert message["List-Unsubscribe"] == (
        "<https://veille.example/u/abc?x=1>, <mailto:stop@veille.example?subject=unsubscribe>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read(mailed(unsubscribe_url="http://veille.example/u"))["List-Unsubscribe-Post"] is None


def test_long_way_out_stays_one_address() -> None:
    """A long unsubscribe link is written as it is: mailboxes do not decode it when it is cut in encoded words."""
    url = f"https://veille.example/u/{'t' * 200}?a=1"
    assert f"List-Unsubscribe: <{url}>,\r\n <mailto:{SENDER}".encode() in mailed(unsubscribe_url=url)


def test_same_delivery_same_bytes() -> None:
    """Composing twice gives the same bytes, the parts' boundary and the given Message-ID included."""
    assert mailed() == mailed()
    assert read(mailed())["Message-ID"] == "<banque-armelie_20261208T061500Z_0123abcd@alertes.example>"


def test_sender_may_have_a_name() -> None:
    """An agency may put its own name before the address; without one the sender is vigie."""
    assert read(mailed())["From"] == f"vigie <{SENDER}>"
    message = read(mailed(sender=f"Veille Armélie <{SENDER}>"))
    assert message["From"].addresses[0].display_name == "Veille Armélie"
    assert message["List-Unsubscribe"] == f"<mailto:{SENDER}?subject=unsubscribe>"


def test_lines_end_as_smtp_wants_and_stay_short() -> None:
    """Every line ends with CR LF, is ASCII and within 998 characters, even for a full digest."""
    raw = mailed(rendered=MailRenderer()(busy_day(), None))
    lines = raw.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 998
    assert raw.isascii()


def test_line_ends_cannot_enter_a_header() -> None:
    """A name or a subject with line ends adds no header."""
    raw = mailed(
        rendered=RenderedDigest("Veille\r\nBcc: x@y.example", "<p>a</p>", "a"),
        recipient=Recipient("paul@banque-armelie.example", "Paul\r\nBcc: x@y.example"),
    )
    message = read(raw)
    assert message["Bcc"] is None
    assert message["Subject"] == "Veille Bcc: x@y.example"


@pytest.mark.parametrize("address", ["élan@banque.example", "a@b\r\nBcc: x@y.example", "no-address", ""])
def test_address_no_mail_can_carry_is_permanent(address: str) -> None:
    """An address that cannot be written in a header is refused for good."""
    with pytest.raises(Permanent):
        mailed(recipient=Recipient(address))


def test_html_part_is_within_its_budget_as_mailed() -> None:
    """The HTML part of a busy day weighs less than the limit in the mail itself."""
    raw = mailed(rendered=MailRenderer()(busy_day(), None))
    assert len(raw.split(b"Content-Type: text/html")[1]) <= HTML_LIMIT_BYTES
