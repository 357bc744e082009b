"""The letter that carries a link to sign in."""

from datetime import datetime

from vigie.adapters.mail.catalogue import catalogue_for
from vigie.adapters.mail.letter import Letter, letter_mail
from vigie.domain.clients import Locale
from vigie.domain.sign_in import LINK_LIFETIME, hash_of_token
from vigie.ports import Mail

SIGN_IN_PATH = "connexion"


def sign_in_mail(email: str, locale: Locale, token: str, at: datetime, *, site_url: str, sender: str) -> Mail:
    """Return the mail that carries a link to sign in. Raises Permanent for an address that no mail can carry."""
    say = catalogue_for(locale).say
    letter = Letter(
        locale=locale,
        subject=say("sign_in_subject"),
        heading=say("sign_in_heading"),
        texts=(say("sign_in_text", minutes=str(LINK_LIFETIME.seconds // 60)),),
        label=say("sign_in_button"),
        url=f"{site_url}/{SIGN_IN_PATH}/{token}",
        notes=(say("sign_in_not_you"),),
    )
    key = f"sign-in_{hash_of_token('sign_in', token)[:32]}"
    return letter_mail(letter, key=key, sender=sender, to=email, at=at)
