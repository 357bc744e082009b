"""People who sign up by themselves."""

import time
from functools import cache
from typing import TYPE_CHECKING

from vigie.errors import NotFound
from vigie.ports import CompanyRegister, SignUpStore
from vigie.wiring.billing import trials
from vigie.wiring.common import now, settings
from vigie.wiring.mailing import appointments
from vigie.wiring.provider import mailer
from vigie.wiring.scoping import within_scope
from vigie.wiring.signing_in import limits, tokens
from vigie.wiring.stores import accounts, addresses, blobs, digests, sources
from vigie.wiring.watches import start_opening

if TYPE_CHECKING:
    from vigie.domain.backtest import BackTest
    from vigie.domain.signing_up.sign_ups import SignUp
    from vigie.steps.backtest import Question
    from vigie.steps.signing_up.founding import Founding
    from vigie.steps.signing_up.joining import Joining, SendConfirmations
    from vigie.steps.signing_up.looking import Looking

_LOOK_BUDGET_SECONDS = 5.0  # a person waits; what was not read is said


def takes_sign_ups() -> None:
    """Let pass on a stack that people sign up to. Raises NotFound."""
    if settings().sign_up != "on":
        raise NotFound("There is no such page.")


@cache
def sign_ups() -> SignUpStore:
    """Return sign-ups, in the accounts table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.sign_ups import DynamoSignUps

    return DynamoSignUps(aws.dynamodb(), settings().need("accounts_table"))


@cache
def register() -> CompanyRegister:
    """Return the public register of companies."""
    from vigie.adapters.register import BASE_URL, FrenchRegister

    return FrenchRegister(settings().local_register or BASE_URL)


@cache
def looking() -> "Looking":
    """Return what shows a business what was said of it."""
    from vigie.steps.signing_up.looking import Looking

    return Looking(register=register(), ask=_ask_archive, limits=limits(), clock=now)


def _ask_archive(question: "Question") -> "BackTest":
    from vigie.steps.backtest import BackTests

    tests = BackTests(blobs=blobs(), clock=now, budget_seconds=_LOOK_BUDGET_SECONDS, stopwatch=time.monotonic)
    return tests.run(question)


@cache
def joining() -> "Joining":
    """Return what takes sign-ups in."""
    from vigie.adapters import aws
    from vigie.adapters.workers import LambdaWorkers
    from vigie.steps.signing_up.joining import Joining

    return Joining(
        store=sign_ups(),
        register=register(),
        tokens=tokens(),
        limits=limits(),
        workers=LambdaWorkers(aws.functions, settings().send_function),
        founding=_founding(),
        clock=now,
    )


def _founding() -> "Founding":
    from vigie.steps.signing_up.founding import Founding

    return Founding(
        accounts=accounts(),
        digests=digests(),
        sources=sources(),
        enrol=appointments().keep,
        backfill=start_opening,
        start_trial=trials().start_trial,
        clock=now,
        within=within_scope,
    )


@cache
def send_confirmations() -> "SendConfirmations":
    """Return what mails links that confirm sign-ups."""
    from vigie.steps.signing_up.joining import SendConfirmations

    return SendConfirmations(
        store=sign_ups(),
        accounts=accounts(),
        addresses=addresses(),
        tokens=tokens(),
        letter=_letter,
        clock=now,
    )


def _letter(signup: "SignUp", token: str) -> None:
    from vigie.adapters.mail.sign_up import sign_up_mail

    site_url, sender = settings().need("site_url"), settings().need("sender")
    mailer().send(sign_up_mail(signup, token, now(), site_url=site_url, sender=sender))
