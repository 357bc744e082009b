"""A letter: a short mail about an account, some sentences and at most one button, as HTML and as text.

No mail of a list: it is written because its reader has just asked for it, or has something to do.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from mjml import mjml2html

from vigie.adapters.mail.compose import mail_address
from vigie.domain.clients import Locale
from vigie.domain.typography import one_line
from vigie.ports import Mail

_TEMPLATES = Path(__file__).parent / "templates"
_SUBJECT_LIMIT = 150  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says. ``label`` and ``url`` are its button's; ``notes`` stand below, smaller."""

    locale: Locale
    subject: str
    heading: str
    texts: tuple[str, ...]
    label: str = ""
    url: str = ""
    notes: tuple[str, ...] = ()


def letter_mail(letter: Letter, *, key: str, sender: str, to: str, name: str = "", at: datetime) -> Mail:
    """Return the mail of a letter; the same bytes on every try with the same key.

    ``key`` holds letters, digits, ``-`` and ``_`` only. Raises Permanent for an address that no mail can carry.
    """
    message = EmailMessage(policy=SMTP)
    sender_name, sender_address = parseaddr(sender)
    message_id = f"<{key}@{sender_address.rpartition('@')[2]}>"
    message["From"] = mail_address(sender_name or "vigie", sender_address)
    message["To"] = mail_address(name, to)
    message["Subject"] = one_line(letter.subject, _SUBJECT_LIMIT)
    message["Date"] = at
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies, please
    message["Feedback-ID"] = "account:letter:vigie"
    message.set_content(_write("letter.txt.j2", letter), charset="utf-8", cte="quoted-printable")
    html = str(mjml2html(_write("letter.mjml.j2", letter), fonts={}))
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = letter.locale
    message.set_boundary(f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:40]}")
    return Mail(delivery_key=key, message_id=message_id, sender=sender, to=to, raw=message.as_bytes())


def _write(template: str, letter: Letter) -> str:
    return _environment().get_template(template).render(letter=letter)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(disabled_extensions=("txt.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
