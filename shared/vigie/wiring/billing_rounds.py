"""What time does to subscriptions."""

from functools import cache
from typing import TYPE_CHECKING

from vigie.domain.clients import Client, Recipient
from vigie.domain.subscriptions import Notice, Subscription
from vigie.wiring.common import now, settings
from vigie.wiring.data_care import client_data
from vigie.wiring.provider import mailer
from vigie.wiring.stores import accounts, billing_store, deliveries

if TYPE_CHECKING:
    from vigie.steps.billing.rounds import BillingRound

ERASED_BY = "the end of its subscription"


@cache
def billing_round() -> "BillingRound":
    """Return what looks after the subscriptions that are due."""
    from vigie.steps.billing.rounds import BillingRound

    return BillingRound(
        billing=billing_store(),
        accounts=accounts(),
        deliveries=deliveries(),
        tell=_tell,
        erase=lambda client_id: client_data().erase(client_id, ERASED_BY),
        clock=now,
    )


def _tell(client: Client, person: Recipient, notice: Notice, standing: Subscription, key: str) -> str:
    from vigie.adapters.mail.billing import billing_mail

    mail = billing_mail(
        client,
        person,
        notice,
        standing,
        key=key,
        at=now(),
        site_url=settings().need("site_url"),
        sender=settings().need("sender"),
    )
    return mailer().send(mail)
