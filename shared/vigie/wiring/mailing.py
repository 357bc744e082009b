"""Steps that make digests and mail them."""

from functools import cache
from typing import TYPE_CHECKING

from vigie.ports import Renderer
from vigie.wiring.common import late_after_seconds, now, settings
from vigie.wiring.recording import subjects
from vigie.wiring.stores import accounts, current_mentions, deliveries, digests, ledger, outbox, sources

if TYPE_CHECKING:
    from vigie.steps.digest import BuildDigests
    from vigie.steps.send import Send


@cache
def renderer() -> Renderer:
    """Return what turns digests into mails."""
    from vigie.adapters.mail.render import MailRenderer

    return MailRenderer()


@cache
def digest() -> "BuildDigests":
    """Return the digest step."""
    from vigie.steps.digest import BuildDigests

    return BuildDigests(
        accounts=accounts(),
        mentions=current_mentions(),
        ledger=ledger(),
        sources=sources(),
        digests=digests(),
        subjects=subjects(may_count=True),
        outbox=outbox(),
        clock=now,
        settle_seconds=settings().settle_seconds,
        late_after_seconds=late_after_seconds(),
    )


@cache
def send() -> "Send":
    """Return the send step."""
    from vigie.adapters import aws
    from vigie.adapters.mail.compose import compose_mail
    from vigie.adapters.ses import SesMailer
    from vigie.steps.send import Send

    return Send(
        accounts=accounts(),
        digests=digests(),
        deliveries=deliveries(),
        ledger=ledger(),
        mailer=SesMailer(aws.ses(), configuration_set=settings().need("configuration_set")),
        outbox=outbox(),
        render=renderer(),
        compose=compose_mail,
        clock=now,
        sender=settings().need("sender"),
    )
