"""A letter: a short mail about an account, some sentences and at most one button, as HTML and as text.

No mail of a list: it is written because its reader has just asked for it, or has something to do.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vigie.adapters.mail.markup import html_of
from vigie.adapters.mail.message import close_message, domain_of, mail_address, open_message
from vigie.adapters.templating import templates_of
from vigie.domain.clients import Locale
from vigie.ports import Mail

_TEMPLATES = Path(__file__).parent / "templates"


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
    message_id = f"<{key}@{domain_of(sender)}>"
    message = open_message(
        sender=sender,
        to=mail_address(name, to),
        subject=letter.subject,
        at=at,
        message_id=message_id,
        feedback_id="account:letter:vigie",
    )
    text, html = _write("letter.txt.j2", letter), html_of(_write("letter.mjml.j2", letter))
    raw = close_message(message, text=text, html=html, language=letter.locale)
    return Mail(delivery_key=key, message_id=message_id, sender=sender, to=to, raw=raw)


def _write(template: str, letter: Letter) -> str:
    return templates_of(_TEMPLATES).get_template(template).render(letter=letter)
