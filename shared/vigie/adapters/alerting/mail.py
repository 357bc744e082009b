"""An alert as a mail: all those of one alert in one thread, whoever writes back."""

import hashlib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from mjml import mjml2html

from vigie.adapters.alerting.words import AlertWords
from vigie.adapters.mail.compose import mail_address
from vigie.domain.alerts.telling import Telling
from vigie.ports import Mail

_TEMPLATES = Path(__file__).parent / "templates"


def alert_mail(telling: Telling, words: AlertWords, *, sender: str, to: str) -> Mail:
    """Return the mail that tells an event; the same bytes on every try. Raises Permanent for a bad address."""
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(sender)
    domain = address.rpartition("@")[2]
    message_id, first = (
        f"<{telling.key}@{domain}>",
        f"<{telling.client.client_id}_{telling.alert.alert_id}@{domain}>",
    )
    message["From"] = mail_address(name or "vigie", address)
    message["To"] = mail_address(telling.person.name, to)
    message["Subject"] = words.subject
    message["Date"] = telling.event.at
    message["Message-ID"] = message_id
    message["References"] = first  # what no mail bears, all refer to: one thread in every reader
    message["In-Reply-To"] = first
    message["Auto-Submitted"] = "auto-generated"
    message["Feedback-ID"] = f"{telling.client.client_id}:alert:vigie"
    if words.critical:
        message["Importance"] = "high"
    message.set_content(_write("alert.txt.j2", words), charset="utf-8", cte="quoted-printable")
    html = str(mjml2html(_write("alert.mjml.j2", words), fonts={}))
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    message.set_boundary(f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:40]}")
    return Mail(delivery_key=telling.key, message_id=message_id, sender=sender, to=to, raw=message.as_bytes())


def _write(template: str, words: AlertWords) -> str:
    return _environment().get_template(template).render(words=words)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(disabled_extensions=("txt.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
