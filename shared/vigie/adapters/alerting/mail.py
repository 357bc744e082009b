"""An alert as a mail: all those of one alert in one thread, whoever writes back."""

from pathlib import Path

from vigie.adapters.alerting.words import AlertWords
from vigie.adapters.mail.markup import html_of
from vigie.adapters.mail.message import close_message, domain_of, mail_address, open_message
from vigie.adapters.templating import templates_of
from vigie.domain.alerts.telling import Telling
from vigie.ports import Mail

_TEMPLATES = Path(__file__).parent / "templates"


def alert_mail(telling: Telling, words: AlertWords, *, sender: str, to: str) -> Mail:
    """Return the mail that tells an event; the same bytes on every try. Raises Permanent for a bad address."""
    domain = domain_of(sender)
    message_id, first = (
        f"<{telling.key}@{domain}>",
        f"<{telling.client.client_id}_{telling.alert.alert_id}@{domain}>",
    )
    message = open_message(
        sender=sender,
        to=mail_address(telling.person.name, to),
        subject=words.subject,
        at=telling.event.at,
        message_id=message_id,
        feedback_id=f"{telling.client.client_id}:alert:vigie",
    )
    message["References"] = first  # what no mail bears, all refer to: one thread in every reader
    message["In-Reply-To"] = first
    if words.critical:
        message["Importance"] = "high"
    text, html = _write("alert.txt.j2", words), html_of(_write("alert.mjml.j2", words))
    raw = close_message(message, text=text, html=html, language=telling.client.locale)
    return Mail(delivery_key=telling.key, message_id=message_id, sender=sender, to=to, raw=raw)


def _write(template: str, words: AlertWords) -> str:
    return templates_of(_TEMPLATES).get_template(template).render(words=words)
