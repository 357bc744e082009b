"""Stripe tells what happened: the real handler, our stub's signed events, the accounts table."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from urllib3 import request

from infra.local.stripe import SECRET_KEY, WEBHOOK_SECRET, StripeServer, start
from tests.functions.conftest import Stack
from tests.functions.test_area_attacks import asked_of_the_cloud
from vigie import wiring
from vigie.adapters import aws
from vigie.domain.payments import sign
from vigie.domain.plans import plan_named
from vigie.domain.subscriptions import Subscription
from vigie.ports import CheckoutOrder

pytestmark = pytest.mark.emulator
CLIENT = "boulangerie-perrin"
KEYS = {"secret_key": SECRET_KEY, "webhook_secret": f"whsec_before {WEBHOOK_SECRET}"}
ORDER = CheckoutOrder(
    client_id=CLIENT,
    plan=plan_named("plus"),
    email="perrin@example.org",
    locale="fr",
    paid_url="https://site.example/",
    back_url="https://site.example/",
    occasion="first",
)


@pytest.fixture
def stripe(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeServer]:
    """Return Stripe's stub, whose keys the stack has, and the bakery in its trial."""
    del stack  # whose environment this changes
    server = start()
    monkeypatch.setenv("VIGIE_LOCAL_STRIPE", server.url)
    wiring.settings.cache_clear()
    name = wiring.settings().stripe_secret_name
    aws.ssm().put_parameter(Name=name, Value=json.dumps(KEYS), Type="SecureString")
    wiring.trials().start_trial(CLIENT, datetime.now(UTC))
    yield server
    server.stop()


def tell(stack: Stack, body: bytes, signature: str | None = None) -> tuple[int, str]:
    """Post an event as Stripe does; return status and text."""
    event = stack.sample("webhooks", "stripe_event")
    signed = sign(body, WEBHOOK_SECRET, datetime.now(UTC)) if signature is None else signature
    event["multiValueHeaders"]["Stripe-Signature"] = [signed]
    reply = stack.call("webhooks", event | {"body": body.decode()})
    return reply["statusCode"], reply["body"]


def pay() -> None:
    """Go through a checkout."""
    request("POST", wiring.payments().checkout(ORDER), body="outcome=paid", redirect=False, retries=False)


def standing() -> Subscription:
    """Return what is kept of the bakery's subscription."""
    found = wiring.billing_store().subscription(CLIENT)
    assert found
    return found


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)])
def test_a_paid_checkout_makes_the_trial_active_whatever_comes_first(
    stack: Stack, stripe: StripeServer, order: tuple[int, ...]
) -> None:
    """Four events in any order, each twice: one state, that of Stripe."""
    pay()
    for number in order:
        assert tell(stack, stripe.sent[number])[0] == 200
        assert tell(stack, stripe.sent[number])[0] == 200
    assert (standing().state, standing().plan_id) == ("active", "plus")


def test_an_old_event_told_late_brings_no_old_state_back(stack: Stack, stripe: StripeServer) -> None:
    """The event of the beginning, told after the end: the end stands."""
    pay()
    (subscription,) = stripe.till.subscriptions.values()
    began = stripe.sent[0]
    tell(stack, stripe.sent[-1])
    stripe.till.end(subscription)
    tell(stack, stripe.sent[-1])
    ended = standing()
    assert ended.state == "cancelled"
    tell(stack, began)
    assert standing() == ended


def test_a_forged_or_replayed_event_changes_nothing(stack: Stack, stripe: StripeServer) -> None:
    """Unsigned, signed by another, signed ten minutes ago, or changed by a byte: 400, and the trial stands."""
    pay()
    body = stripe.sent[-1]
    now = datetime.now(UTC)
    for signature in (
        "",
        sign(body, "whsec_forged", now),
        sign(body, WEBHOOK_SECRET, now - timedelta(minutes=10)),
        sign(body + b" ", WEBHOOK_SECRET, now),
    ):
        assert tell(stack, body, signature)[0] == 400
    assert standing().state == "trial"


def test_ten_megabytes_are_read_by_nobody(stack: Stack, stripe: StripeServer) -> None:
    """Refused though it is signed, before anything is asked of a table."""
    pay()
    with asked_of_the_cloud() as asked:
        assert tell(stack, stripe.sent[-1] + b" " * 10_000_000)[0] == 400
    assert asked == []


def test_an_event_that_names_another_client_is_not_applied(stack: Stack, stripe: StripeServer) -> None:
    """What it says is checked against what Stripe has: 200, so that it is not told for ever, and nothing changes."""
    pay()
    wiring.trials().start_trial("garage", datetime.now(UTC))
    event = json.loads(stripe.sent[0])
    event["data"]["object"]["metadata"]["client_id"] = "garage"
    assert tell(stack, json.dumps(event).encode())[0] == 200
    garage = wiring.billing_store().subscription("garage")
    assert garage
    assert garage.state == "trial"


def test_a_renewal_that_fails_gives_grace_and_a_payment_ends_it(stack: Stack, stripe: StripeServer) -> None:
    """Past due with Stripe's page to pay on; once paid, active, with nothing left over."""
    pay()
    (subscription,) = stripe.till.subscriptions.values()
    stripe.till.customers[subscription["customer"]]["outcome"] = "secure"
    stripe.till.renew(subscription)
    tell(stack, stripe.sent[-1])
    owing = standing()
    assert (owing.state, owing.needs, owing.is_mailed) == ("past_due", "action", True)
    request("POST", owing.pay_url, body="outcome=paid", retries=False)
    tell(stack, stripe.sent[-1])
    assert replace(standing(), since=owing.since, period_ends_at=None) == replace(
        owing, state="active", needs=None, pay_url="", past_due_since=None, period_ends_at=None
    )


def test_when_stripe_cannot_be_read_it_is_to_tell_again(stack: Stack, stripe: StripeServer) -> None:
    """503; told again later, the event is not taken for one that was dealt with."""
    pay()
    stripe.api.is_down = True
    assert tell(stack, stripe.sent[-1])[0] == 503
    stripe.api.is_down = False
    assert tell(stack, stripe.sent[-1]) == (200, "")
    assert standing().state == "active"


def test_an_event_of_an_erased_client_or_of_nobody_is_taken_and_left(
    stack: Stack, stripe: StripeServer
) -> None:
    """Stripe need not tell it again; nothing is made."""
    pay()
    wiring.billing_store().change(CLIENT, datetime.now(UTC), lambda _: None)
    assert tell(stack, stripe.sent[-1])[0] == 200
    assert wiring.billing_store().subscription(CLIENT) is None
    other: dict[str, Any] = {"id": "evt_x", "type": "charge.succeeded", "data": {"object": {"id": "ch_1"}}}
    assert tell(stack, json.dumps(other).encode())[0] == 200
