"""The mail that confirms a sign-up; or says that the address is known here already."""

from datetime import datetime

from vigie.adapters.mail.catalogue import catalogue_for
from vigie.adapters.mail.letter import Letter, letter_mail
from vigie.domain.sign_in import hash_of_token
from vigie.domain.signing_up.sign_ups import CONFIRM_LIFETIME, SignUp
from vigie.ports import Mail

CONFIRM_PATH, SIGN_IN_PATH = "confirmer", "connexion"


def sign_up_mail(signup: SignUp, token: str, at: datetime, *, site_url: str, sender: str) -> Mail:
    """Return the mail. Without a token it leads to where one signs in.

    Raises Permanent for an address that no mail can carry.
    """
    say = catalogue_for(signup.locale).say
    kind = "confirm" if token else "known"
    hours = str(int(CONFIRM_LIFETIME.total_seconds()) // 3600)
    letter = Letter(
        locale=signup.locale,
        subject=say(f"{kind}_subject"),
        heading=say(f"{kind}_heading"),
        texts=(say(f"{kind}_text", name=signup.name, hours=hours),),
        label=say(f"{kind}_button"),
        url=f"{site_url}/{CONFIRM_PATH}/{token}" if token else f"{site_url}/{SIGN_IN_PATH}",
        notes=(say(f"{kind}_not_you"),),
    )
    named = hash_of_token("confirm", token)[:32] if token else signup.signup_id
    return letter_mail(letter, key=f"sign-up_{named}", sender=sender, to=signup.email, at=at)
