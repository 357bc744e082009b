"""The door of the client area, and what mails links to it."""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from vigie.domain.clients import Locale
from vigie.ports import SignInStore
from vigie.wiring.common import now, settings
from vigie.wiring.provider import mailer
from vigie.wiring.stores import accounts, addresses

if TYPE_CHECKING:
    from vigie.steps.sign_in import Limits, SendLinks, SignIn, Tokens


@cache
def sign_in_store() -> SignInStore:
    """Return one-use links, sessions and counts, in the accounts table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.sign_in import DynamoSignIn

    return DynamoSignIn(aws.dynamodb(), settings().need("accounts_table"))


@cache
def tokens() -> "Tokens":
    """Return what issues links that work once."""
    from vigie.steps.sign_in import Tokens

    return Tokens(store=sign_in_store())


@cache
def limits() -> "Limits":
    """Return what says when something is asked too often."""
    from vigie.steps.sign_in import Limits

    return Limits(store=sign_in_store())


@cache
def sign_in() -> "SignIn":
    """Return the door of the client area; links are mailed by the function that mails."""
    from vigie.adapters import aws
    from vigie.adapters.workers import LambdaWorkers
    from vigie.steps.sign_in import SignIn

    return SignIn(
        store=sign_in_store(),
        tokens=tokens(),
        limits=limits(),
        workers=LambdaWorkers(aws.functions, settings().need("send_function")),
        clock=now,
    )


@cache
def send_links() -> "SendLinks":
    """Return what looks addresses up and mails them links."""
    from vigie.steps.sign_in import SendLinks

    return SendLinks(accounts=accounts(), addresses=addresses(), tokens=tokens(), letter=_letter, clock=now)


def _letter(email: str, locale: Locale, token: str, at: datetime) -> None:
    from vigie.adapters.mail.sign_in import sign_in_mail

    site_url, sender = settings().need("site_url"), settings().need("sender")
    mailer().send(sign_in_mail(email, locale, token, at, site_url=site_url, sender=sender))
