"""Subscriptions of self-serve clients."""

from functools import cache
from typing import TYPE_CHECKING

from vigie.ports import Payments
from vigie.wiring.common import now, settings
from vigie.wiring.stores import accounts, billing_store, quotas

if TYPE_CHECKING:
    from vigie.adapters.stripe.keys import StripeKeys
    from vigie.steps.billing.desk import SubscriptionDesk
    from vigie.steps.billing.events import PaymentEvents, Readings
    from vigie.steps.billing.trials import Trials


@cache
def trials() -> "Trials":
    """Return what begins trials."""
    from vigie.steps.billing.trials import Trials

    return Trials(billing_store())


@cache
def stripe_keys() -> "StripeKeys":
    """Return Stripe's keys; read once a worker, so that a rotated one counts within the hour."""
    from vigie.adapters import aws, ssm
    from vigie.adapters.stripe.keys import keys_in

    return keys_in(ssm.stack_secret(aws.ssm(), settings().need("stripe_secret_name")))


@cache
def payments() -> Payments:
    """Return who takes the money."""
    from vigie.adapters.stripe.payments import StripePayments
    from vigie.adapters.stripe.wire import BASE_URL, StripeWire

    return StripePayments(StripeWire(stripe_keys().secret_key, settings().local_stripe or BASE_URL))


@cache
def readings() -> "Readings":
    """Return what brings subscriptions up to what Stripe has."""
    from vigie.steps.billing.events import Readings

    return Readings(billing_store(), payments)


@cache
def payment_events() -> "PaymentEvents":
    """Return what takes Stripe's events in."""
    from vigie.steps.billing.events import PaymentEvents

    return PaymentEvents(
        readings=readings(),
        billing=billing_store(),
        secrets=lambda: stripe_keys().webhook_secrets,
        clock=now,
    )


@cache
def subscription_desk() -> "SubscriptionDesk":
    """Return what shows and changes subscriptions."""
    from vigie.steps.billing.desk import SubscriptionDesk

    return SubscriptionDesk(
        billing=billing_store(),
        accounts=accounts(),
        payments=payments,
        readings=readings(),
        use=quotas().use,
        clock=now,
    )
