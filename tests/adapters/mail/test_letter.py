"""Letters as mails: one button, two parts, nothing from outside in their headers."""

from email import message_from_bytes
from email.policy import default

import pytest

from tests.builders import CUTOFF
from vigie.adapters.mail.sign_in import sign_in_mail
from vigie.domain.clients import Locale
from vigie.errors import Permanent
from vigie.ports import Mail

TOKEN = "t" * 43
SENDER = "Veille <veille@vigie.example>"


def mail(to: str = "claire@ville.example", locale: Locale = "fr") -> Mail:
    """Return the letter that carries a link."""
    return sign_in_mail(to, locale, TOKEN, CUTOFF, site_url="https://veille.example/v1", sender=SENDER)


@pytest.mark.parametrize(
    ("locale", "subject"), [("fr", "Votre lien de connexion"), ("en", "Your sign-in link")]
)
def test_a_letter_carries_its_link_in_both_parts(locale: Locale, subject: str) -> None:
    """Text and HTML hold the same address; its token is in no header."""
    message = message_from_bytes(mail(locale=locale).raw, policy=default)
    link = f"https://veille.example/v1/connexion/{TOKEN}"
    html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
    assert message["Subject"] == subject
    assert f'href="{link}"' in html
    assert link in text
    assert "15" in text
    assert not any(TOKEN in str(value) for value in message.values())
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_letter_is_the_same_on_every_try() -> None:
    """Two tries are one mail, and another link is another."""
    assert mail().raw == mail().raw
    assert TOKEN not in mail().delivery_key


@pytest.mark.parametrize("to", ["a@b.example\r\nBcc: c@d.example", "é@b.example", "a@b.example, c@d.example"])
def test_no_header_comes_in_by_an_address(to: str) -> None:
    """An address that holds more than one is refused: nothing is mailed."""
    with pytest.raises(Permanent):
        mail(to)
