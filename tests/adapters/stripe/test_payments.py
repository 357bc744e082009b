"""Stripe, by its wire format: our adapter against our stub, which knows no parameter that Stripe does not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from urllib3 import request

from infra.local.stripe import SECRET_KEY, WEBHOOK_SECRET, StripeServer, start
from infra.local.stripe.api import nested
from tests.builders import CUTOFF
from vigie.adapters.stripe.payments import StripePayments
from vigie.adapters.stripe.wire import StripeWire, form
from vigie.domain.payments import open_event, sign
from vigie.domain.plans import plan_named
from vigie.errors import Permanent, Transient
from vigie.ports import CheckoutOrder

ORDER = CheckoutOrder(
    client_id="perrin",
    plan=plan_named("essentiel"),
    email="perrin@example.org",
    locale="fr",
    paid_url="https://site.example/espace/abonnement?paid={CHECKOUT_SESSION_ID}",
    back_url="https://site.example/espace/abonnement",
    occasion="first",
)


@pytest.fixture
def stripe() -> Iterator[StripeServer]:
    """Return a stub of Stripe's whose time stands still."""
    server = start(clock=lambda: CUTOFF)
    yield server
    server.stop()


@pytest.fixture
def payments(stripe: StripeServer) -> StripePayments:
    """Return our side of it."""
    return StripePayments(StripeWire(SECRET_KEY, stripe.url))


def press(url: str, outcome: str) -> Any:
    """Press a button of one of Stripe's pages."""
    return request("POST", url, body=f"outcome={outcome}", redirect=False, retries=False)


def subscribed(stripe: StripeServer, payments: StripePayments) -> str:
    """Subscribe the bakery; return the subscription's id."""
    press(payments.checkout(ORDER), "paid")
    return list(stripe.till.subscriptions)[-1]


def test_a_checkout_becomes_a_subscription_of_its_client(
    stripe: StripeServer, payments: StripePayments
) -> None:
    """What is paid on Stripe's page is read back: client, plan, period; the way back holds the session's id."""
    answer = press(payments.checkout(ORDER), "paid")
    session_id = next(iter(stripe.till.sessions))
    assert answer.headers["Location"] == f"https://site.example/espace/abonnement?paid={session_id}"
    billing_id = payments.bought(session_id, "perrin")
    assert billing_id
    billing = payments.billing(billing_id)
    assert billing
    assert (billing.client_id, billing.plan_id, billing.status) == ("perrin", "essentiel", "active")
    assert billing.period_ends_at == CUTOFF + timedelta(days=30)
    assert payments.bought(session_id, "another") is None


def test_an_order_asked_twice_is_one_checkout(stripe: StripeServer, payments: StripePayments) -> None:
    """A button pressed twice, or an answer lost on the way, sells nothing twice; a later occasion is another."""
    assert payments.checkout(ORDER) == payments.checkout(ORDER)
    assert payments.checkout(replace(ORDER, occasion="second")) != payments.checkout(ORDER)
    assert len(stripe.till.sessions) == 2


def test_a_bank_that_wants_confirmation_leaves_the_subscription_incomplete(
    stripe: StripeServer, payments: StripePayments
) -> None:
    """3-D Secure: it waits for an action, then is active; refused, it asks for another card."""
    url = payments.checkout(ORDER)
    assert "Confirmer" in press(url, "secure").data.decode()
    billing_id = next(iter(stripe.till.subscriptions))
    waiting = payments.billing(billing_id)
    assert waiting
    assert (waiting.status, waiting.needs) == ("incomplete", "action")
    assert waiting.pay_url.startswith(stripe.url)
    press(url, "declined")
    refused = payments.billing(billing_id)
    assert refused
    assert (refused.status, refused.needs) == ("incomplete", "card")
    press(url, "paid")
    paid = payments.billing(billing_id)
    assert paid
    assert (paid.status, paid.needs, paid.pay_url) == ("active", None, "")


def test_a_card_declined_at_first_begins_nothing(stripe: StripeServer, payments: StripePayments) -> None:
    """The page stays, and nothing is subscribed."""
    assert "refusé" in press(payments.checkout(ORDER), "declined").data.decode()
    assert stripe.till.subscriptions == {}


@pytest.mark.parametrize(("outcome", "needs"), [("declined", "card"), ("secure", "action")])
def test_a_renewal_that_fails_says_what_it_waits_for_until_it_is_paid(
    stripe: StripeServer, payments: StripePayments, outcome: str, needs: str
) -> None:
    """Past due, with the page to pay on; paid there, it is active again."""
    billing_id = subscribed(stripe, payments)
    request("POST", f"{stripe.url}/stub/renew/{billing_id}", body=f"outcome={outcome}")
    owing = payments.billing(billing_id)
    assert owing
    assert (owing.status, owing.needs) == ("past_due", needs)
    press(owing.pay_url, "paid")
    paid = payments.billing(billing_id)
    assert paid
    assert (paid.status, paid.needs) == ("active", None)


def test_plan_pause_and_end_are_changed_and_read_back(stripe: StripeServer, payments: StripePayments) -> None:
    """Each as Stripe has it afterwards."""
    billing_id = subscribed(stripe, payments)

    def read(name: str) -> Any:
        return getattr(payments.billing(billing_id), name)

    payments.change_plan(billing_id, plan_named("plus"))
    assert read("plan_id") == "plus"
    payments.set_paused(billing_id, paused=True)
    assert read("is_paused")
    payments.set_paused(billing_id, paused=False)
    assert not read("is_paused")
    payments.set_cancelling(billing_id, cancelling=True)
    assert read("cancels_at") == CUTOFF + timedelta(days=30)
    payments.set_cancelling(billing_id, cancelling=False)
    assert read("cancels_at") is None
    payments.end(billing_id)
    payments.end(billing_id)
    assert read("status") == "canceled"
    assert payments.billing("sub_none") is None


def test_invoices_are_listed_the_latest_first_with_their_tax(
    stripe: StripeServer, payments: StripePayments
) -> None:
    """Nine euros and VAT, then what Plus costs."""
    billing_id = subscribed(stripe, payments)
    payments.change_plan(billing_id, plan_named("plus"))
    latest, first = payments.invoices(next(iter(stripe.till.customers)))
    assert (latest.total_cents, latest.tax_cents, latest.is_paid) == (3480, 580, True)
    assert (first.total_cents, first.tax_cents, first.number) == (1080, 180, "VIGIE-0001")
    assert first.page_url.startswith(stripe.url)


def test_the_portal_is_opened_for_a_known_customer(stripe: StripeServer, payments: StripePayments) -> None:
    """It leads back to us; for anybody else Stripe has none."""
    subscribed(stripe, payments)
    url = payments.portal(next(iter(stripe.till.customers)), "fr", "https://site.example/espace/abonnement")
    assert "https://site.example/espace/abonnement" in request("GET", url).data.decode()
    with pytest.raises(Permanent):
        payments.portal("cus_none", "fr", "https://site.example/")


def test_a_price_that_is_not_the_one_on_our_page_sells_nothing(
    stripe: StripeServer, payments: StripePayments
) -> None:
    """Somebody changed it at Stripe: the sentence says both."""
    stripe.till.prices["vigie-essentiel-month"]["unit_amount"] = 1900
    with pytest.raises(Permanent, match=r"1900.*900 cents"):
        payments.checkout(ORDER)
    stripe.till.prices.clear()
    with pytest.raises(Permanent, match="no active price"):
        payments.checkout(ORDER)


def test_a_wrong_key_is_permanent_and_silence_is_not(stripe: StripeServer) -> None:
    """Another try with the same key is useless; a server that is not there may come back."""
    with pytest.raises(Permanent, match="401"):
        StripePayments(StripeWire("sk_wrong", stripe.url)).billing("sub_1")
    with pytest.raises(Transient):
        StripePayments(StripeWire(SECRET_KEY, "http://127.0.0.1:9")).billing("sub_1")


def test_an_unknown_parameter_is_refused_by_the_stub(stripe: StripeServer) -> None:
    """The stub is strict, so that what passes here is written as Stripe reads it."""
    with pytest.raises(Permanent, match="parameter_unknown"):
        StripeWire(SECRET_KEY, stripe.url).post("/v1/billing_portal/sessions", {"custommer": "cus_1"})


def test_every_event_of_the_stub_is_signed_and_names_client_and_subscription(
    stripe: StripeServer, payments: StripePayments
) -> None:
    """Whatever its type, it leads to the state to read."""
    billing_id = subscribed(stripe, payments)
    payments.end(billing_id)
    events = [
        open_event(body, sign(body, WEBHOOK_SECRET, CUTOFF), [WEBHOOK_SECRET], CUTOFF) for body in stripe.sent
    ]
    assert {(event.client_id, event.billing_id) for event in events} == {("perrin", billing_id)}
    assert [event.kind for event in events] == [
        "customer.subscription.created",
        "invoice.paid",
        "customer.subscription.updated",
        "checkout.session.completed",
        "customer.subscription.deleted",
    ]


def test_parameters_are_written_as_nested_fields() -> None:
    """Objects and lists by brackets, booleans as words, nothing for None, empty text to unset; and read back."""
    asked = {
        "items": [{"price": "p", "quantity": 1}],
        "on": True,
        "off": None,
        "unset": "",
        "expand": ["a", "b"],
    }
    written = form(asked)
    assert parse_qs(written, keep_blank_values=True) == {
        "items[0][price]": ["p"],
        "items[0][quantity]": ["1"],
        "on": ["true"],
        "unset": [""],
        "expand[]": ["a", "b"],
    }
    fields = [
        (name, value)
        for name, values in parse_qs(written, keep_blank_values=True).items()
        for value in values
    ]
    assert nested(fields)["items"] == [{"price": "p", "quantity": "1"}]
