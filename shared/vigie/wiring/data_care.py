"""What takes a client's data away, brings it in, and erases it; or a person's."""

from functools import cache
from typing import TYPE_CHECKING

from vigie.wiring.billing import subscription_desk
from vigie.wiring.common import now, settings
from vigie.wiring.mailing import appointments
from vigie.wiring.signing_in import sign_in_store
from vigie.wiring.stores import accounts, addresses, alert_store, mentions, objections

if TYPE_CHECKING:
    from vigie.steps.client_data import ClientData, OwnedStore
    from vigie.steps.person_data import PersonData

_TABLES = ("accounts", "mentions", "digests", "ledger")


def _owned() -> "OwnedStore":
    """Return everything under a client's key, in whichever table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.owned import DynamoOwned

    return DynamoOwned(aws.dynamodb(), {name: settings().need(f"{name}_table") for name in _TABLES})


@cache
def client_data() -> "ClientData":
    """Return what is done with all that a client owns."""
    from vigie.adapters import aws
    from vigie.adapters.s3 import S3Blobs
    from vigie.steps.client_data import ClientData
    from vigie.steps.sign_in import sign_out_of

    bucket = S3Blobs(aws.s3(), settings().need("bucket"))
    return ClientData(
        owned=_owned(),
        accounts=accounts(),
        blobs=bucket,
        appointments=appointments(),
        clock=now,
        end_subscription=subscription_desk().end,
        sign_out=lambda client: sign_out_of(sign_in_store(), client),
    )


@cache
def person_data() -> "PersonData":
    """Return what erases people."""
    from vigie.steps.person_data import PersonData

    return PersonData(
        accounts=accounts(),
        addresses=addresses(),
        alerts=alert_store(),
        sign_in=sign_in_store(),
        mentions=mentions(),
        objections=objections(),
        owned=_owned(),
        clock=now,
        kept_days=settings().mention_retention_days,
    )
