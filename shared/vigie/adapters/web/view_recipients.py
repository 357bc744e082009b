"""Who receives a client's digest, as the client area lists them."""

from dataclasses import dataclass

from vigie.adapters.web.catalogue import site_catalogue
from vigie.domain.clients import Client, Locale, Recipient
from vigie.domain.rhythms import frequency_of
from vigie.domain.sign_in import person_of
from vigie.domain.typography import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientLine:
    """A recipient: who, how often, and where a form is sent that takes them off."""

    name: str
    email: str
    often: str
    is_manager: bool
    is_you: bool
    remove: str


def recipient_id(recipient: Recipient) -> str:
    """Return what a recipient is called by in addresses, which must not name anybody."""
    return person_of(recipient.email)[:16]


def recipient_lines(client: Client, locale: Locale, email: str, base: str) -> tuple[RecipientLine, ...]:
    """Return the recipients as lines; ``email`` is the reader's."""
    say = site_catalogue(locale).say
    lines = []
    for each in client.recipients:
        schedule = each.schedule or client.schedule
        often = say(f"often_{frequency_of(schedule) or 'days'}")
        lines.append(
            RecipientLine(
                name=one_line(each.name, 80),
                email=one_line(each.email, 254),
                often=f"{often}, {schedule.send_at:%H:%M}",
                is_manager=each.manager,
                is_you=each.email.casefold() == email.casefold(),
                remove=f"{base}/{recipient_id(each)}/retirer",
            )
        )
    return tuple(lines)
