"""Time goes by over subscriptions: the real handler, its mails, and what is left of who never paid."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from infra.local.stripe import StripeServer, start
from tests.builders import a_client, a_mention, a_watch
from tests.conftest import Cloud
from tests.functions.conftest import Stack
from tests.functions.test_sign_in_mail import mails
from vigie import wiring
from vigie.adapters import aws
from vigie.domain.clients import Recipient
from vigie.domain.subscriptions import KEPT, trial_of

pytestmark = pytest.mark.emulator
CLIENT = "boulangerie-perrin"
BAKER = "perrin@boulangerie.example"


@pytest.fixture
def stripe(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeServer]:
    """Return Stripe's stub, whose keys the stack has."""
    del stack  # whose environment this changes
    server = start()
    monkeypatch.setenv("VIGIE_LOCAL_STRIPE", server.url)
    monkeypatch.setenv("VIGIE_SITE_URL", "https://site.example")
    wiring.settings.cache_clear()
    aws.ssm().put_parameter(Name=wiring.settings().stripe_secret_name, Value=server.keys, Type="SecureString")
    yield server
    server.stop()


def begun(days_ago: float) -> None:
    """Have the bakery's trial begun so long ago."""
    client = a_client(client_id=CLIENT, name="Boulangerie Perrin", recipients=(Recipient(BAKER),))
    wiring.accounts().put_client(client)
    wiring.accounts().put_watch(a_watch(client_id=CLIENT))
    at = wiring.now() - timedelta(days=days_ago)
    wiring.billing_store().change(CLIENT, at, lambda _: trial_of(CLIENT, at))


def test_a_trial_about_to_end_is_reminded_once(stack: Stack, stripe: StripeServer, cloud: Cloud) -> None:
    """The mail says until when, and leads to the plans; the next hour says nothing more."""
    del stripe
    begun(10.5)
    before = len(mails(cloud))
    assert stack.call("billing", stack.sample("billing", "every_hour"))["mails"] == 1
    assert stack.call("billing", {})["mails"] == 0
    (mail,) = mails(cloud)[before:]
    assert BAKER in mail
    assert "Votre essai se termine" in mail
    assert "https://site.example/espace/abonnement" in mail.replace("=\\r\\n", "")


def test_who_never_paid_ends_quietly_and_is_erased_a_month_later(stack: Stack, stripe: StripeServer) -> None:
    """The end is told once; then nothing is left but the receipt."""
    del stripe
    begun(14.5)
    report = stack.call("billing", {})
    assert (report["ended"], report["mails"]) == (1, 1)
    wiring.mentions().record([a_mention(client_id=CLIENT)])

    def long_ago(found):  # type: ignore[no-untyped-def]
        return replace(found, erase_at=wiring.now() - timedelta(minutes=1), since=found.since - KEPT)

    wiring.billing_store().change(CLIENT, wiring.now(), long_ago)
    assert stack.call("billing", {})["erased"] == 1
    assert wiring.accounts().client(CLIENT) is None
    assert wiring.billing_store().subscription(CLIENT) is None
    assert wiring.mentions().get(CLIENT, a_mention().mention_id) is None
    assert stack.call("billing", {})["looked_at"] == 0


def test_an_erased_subscriber_is_ended_at_stripe_too(stack: Stack, stripe: StripeServer) -> None:
    """Whoever has a client erased, nobody goes on paying."""
    del stack
    begun(1)
    subscription = {
        "id": "sub_1",
        "status": "active",
        "latest_invoice": None,
        "metadata": {"client_id": CLIENT},
    }
    stripe.till.subscriptions["sub_1"] = subscription
    paid = replace(trial_of(CLIENT, wiring.now()), state="active", plan_id="plus", billing_id="sub_1")
    wiring.billing_store().change(CLIENT, wiring.now(), lambda _: paid)
    wiring.client_data().erase(CLIENT, "ops")
    assert subscription["status"] == "canceled"
