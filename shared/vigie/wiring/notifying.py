"""What tells clients' own systems what happened."""

from functools import cache
from typing import TYPE_CHECKING

from vigie.wiring.common import now, settings
from vigie.wiring.stores import alert_store, current_mentions, ledger, outbox

if TYPE_CHECKING:
    from vigie.steps.announce import Announce
    from vigie.steps.endpoints import EndpointDesk
    from vigie.steps.notify import Courier, EndpointStore, Notify


@cache
def notify() -> "Notify":
    """Return the notify step."""
    from vigie import views
    from vigie.steps.notify import Notify

    return Notify(
        endpoints=endpoint_store(),
        mentions=current_mentions(),
        courier=courier(),
        outbox=outbox(),
        ledger=ledger(),
        clock=now,
        show=views.of_mention,
        alert=alert_store().alert,
        show_alert=views.of_alert,
        secret=notify_secret,
    )


@cache
def announce() -> "Announce":
    """Return what queues events for the endpoints that want them."""
    from vigie.steps.announce import Announce

    return Announce(endpoints=endpoint_store(), outbox=outbox(), clock=now, is_on=settings().webhooks == "on")


@cache
def endpoints() -> "EndpointDesk":
    """Return what registers clients' endpoints."""
    from vigie.steps.endpoints import EndpointDesk

    return EndpointDesk(
        endpoints=endpoint_store(),
        outbox=outbox(),
        clock=now,
        refusal=courier().refusal,
        secret=notify_secret,
        is_on=settings().webhooks == "on",
    )


@cache
def endpoint_store() -> "EndpointStore":
    """Return clients' endpoints, in the accounts table."""
    from vigie.adapters import aws
    from vigie.adapters.dynamo.endpoints import DynamoEndpoints

    return DynamoEndpoints(aws.dynamodb(), settings().need("accounts_table"))


@cache
def courier() -> "Courier":
    """Return what posts to clients' addresses."""
    from vigie.adapters.courier import HttpCourier
    from vigie.adapters.http_guard import AllowList

    allow = AllowList.parse(settings().local_allow)
    return HttpCourier(user_agent=f"vigie/0.1 (+{settings().contact_url})", allow=allow)


@cache
def notify_secret() -> str:
    """Return the secret that endpoints' secrets derive from, made when there is none."""
    from vigie.adapters import aws, ssm

    return ssm.make_stack_secret(aws.ssm(), settings().need("notify_secret_name"))
