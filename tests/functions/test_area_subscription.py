"""The pages of a subscription, through the site's real handler and our stub of Stripe."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from urllib3 import request

from infra.local.stripe import StripeServer, start
from tests.builders import a_client, a_document, a_mention, a_watch
from tests.functions.conftest import Stack
from tests.functions.member import Member
from tests.functions.test_site import words
from vigie import wiring
from vigie.adapters import aws
from vigie.domain.clients import Recipient
from vigie.domain.plans import plans
from vigie.domain.subscriptions import Subscription

pytestmark = pytest.mark.emulator
CLIENT = "boulangerie-perrin"
CHIEF, READER = "perrin@example.org", "lea@example.org"
SITE = "https://site.example"


@pytest.fixture
def stripe(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeServer]:
    """Return Stripe's stub, and the bakery in its trial."""
    del stack  # whose environment this changes
    server = start()
    monkeypatch.setenv("VIGIE_LOCAL_STRIPE", server.url)
    monkeypatch.setenv("VIGIE_SITE_URL", SITE)
    wiring.settings.cache_clear()
    aws.ssm().put_parameter(Name=wiring.settings().stripe_secret_name, Value=server.keys, Type="SecureString")
    people = (Recipient(CHIEF, "Chef", manager=True), Recipient(READER, "Léa"))
    wiring.accounts().put_client(a_client(client_id=CLIENT, name="Boulangerie Perrin", recipients=people))
    wiring.trials().start_trial(CLIENT, datetime.now(UTC))
    yield server
    server.stop()


@pytest.fixture
def chief(stack: Stack, stripe: StripeServer) -> Member:
    """Return the baker, signed in."""
    del stripe
    return Member.of(stack, CHIEF, CLIENT)


def standing() -> Subscription:
    """Return what is kept."""
    found = wiring.billing_store().subscription(CLIENT)
    assert found
    return found


def location(chief: Member, path: str, form: dict[str, str] | None = None) -> str:
    """Press a button; return where it leads."""
    reply = chief.post(path, form or {})
    assert reply.status == 303, words(reply.text)
    return str(reply.headers["Location"])


def buy(chief: Member, plan_id: str = "essentiel") -> None:
    """Choose a plan, pay at Stripe, come back."""
    url = location(chief, "abonnement/formule", {"plan": plan_id})
    paid = request("POST", url, body="outcome=paid", redirect=False, retries=False)
    back = paid.headers["Location"].removeprefix(f"{SITE}/espace/")
    assert chief.get(back).status == 303


def test_a_trial_is_paid_for_paused_resumed_cancelled_and_kept(chief: Member, stripe: StripeServer) -> None:
    """Each by a button, each read back at once; cancelling takes three clicks from anywhere."""
    shown = words(chief.get("abonnement").text)
    assert "Essai gratuit" in shown
    assert "Choisir Essentiel" in shown
    assert "Résilier" not in shown
    buy(chief)
    shown = words(chief.get("abonnement").text)
    assert "se renouvelle" in shown
    assert "VIGIE-0001" in shown
    assert "10,80" in shown
    location(chief, "abonnement/pause")
    assert (standing().state, standing().pause_reason) == ("paused", "asked")
    assert "Reprendre les envois" in words(chief.get("abonnement").text)
    location(chief, "abonnement/reprendre")
    assert "abonnement/resilier" in chief.get("abonnement").text
    assert "Rien d" in words(chief.get("abonnement/resilier").text)
    location(chief, "abonnement/resilier")
    assert standing().cancels_at is not None
    location(chief, "abonnement/garder")
    assert (standing().state, standing().cancels_at) == ("active", None)
    assert location(chief, "abonnement/paiement").startswith(f"{stripe.url}/p/session/")


def test_the_form_that_leads_to_stripe_may_lead_there_and_nowhere_else(chief: Member) -> None:
    """Browsers hold a form's redirect to the page's policy."""
    policy = chief.get("abonnement").headers["Content-Security-Policy"]
    (forms,) = [part.strip() for part in policy.split(";") if "form-action" in part]
    assert forms.split()[1:4] == ["'self'", "https://checkout.stripe.com", "https://billing.stripe.com"]
    assert "stripe" not in chief.get("veilles").headers["Content-Security-Policy"]


def test_a_bank_that_refuses_or_wants_a_word_changes_nothing_yet(chief: Member) -> None:
    """The trial goes on; coming back without having paid, too."""
    for outcome in ("declined", "secure"):
        url = location(chief, "abonnement/formule", {"plan": "plus"})
        request("POST", url, body=f"outcome={outcome}", redirect=False, retries=False)
        assert chief.get("abonnement?paid=" + url.rpartition("/")[2]).status == 303
        assert standing().state == "trial"


def test_past_the_quota_the_page_says_so_and_a_larger_plan_shows_what_was_held(
    chief: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of five are shown with two included; with Plus, all."""
    for plan_id, included in (("trial", 2), ("essentiel", 2), ("plus", 9)):
        monkeypatch.setitem(plans(), plan_id, replace(plans()[plan_id], monthly_mentions=included))
    now = datetime.now(UTC)
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for number in range(5):
        recorded_at = max(month, now - timedelta(hours=1)) + timedelta(seconds=number)
        document = a_document(f"Le pain de Perrin {number}", document_id=f"d{number}")
        wiring.mentions().record([a_mention(document, client_id=CLIENT, recorded_at=recorded_at)])
    assert "3 mentions sont gardées pour vous" in words(chief.get("abonnement").text)
    found = words(chief.get("recherche?q=pain").text)
    assert "Perrin 0" in found
    assert "Perrin 4" not in found
    buy(chief, "plus")
    assert "gardées pour vous" not in words(chief.get("abonnement").text)
    assert "Perrin 4" in words(chief.get("recherche?q=pain").text)


def test_before_its_history_a_plan_shows_nothing_and_says_so(chief: Member) -> None:
    """The page says where it ends; a file is refused; a larger plan shows it again."""
    now = datetime.now(UTC)
    for days in (1, 100):
        document = a_document(f"Le pain de Perrin, il y a {days} jours", document_id=f"d{days}")
        recorded_at = now - timedelta(days=days)
        wiring.mentions().record([a_mention(document, client_id=CLIENT, recorded_at=recorded_at)])
    found = words(chief.get("recherche?q=pain").text)
    assert "il y a 1 jours" in found
    assert "il y a 100 jours" not in found
    assert "Votre formule ne remonte pas plus loin" in found
    buy(chief, "plus")
    found = words(chief.get("recherche?q=pain").text)
    assert "il y a 100 jours" in found


def test_a_plan_too_small_is_refused_in_words(chief: Member) -> None:
    """In the reader's language, and nothing is taken away."""
    for number in range(4):
        wiring.accounts().put_watch(a_watch(f"w{number}", client_id=CLIENT))
    refused = chief.post("abonnement/formule", {"plan": "essentiel"})
    assert refused.status == 409
    assert "Vous avez 4 veilles" in words(refused.text)


def test_stripe_that_is_down_is_said_and_nothing_is_pretended(chief: Member, stripe: StripeServer) -> None:
    """The page is shown without invoices; a deed is refused."""
    buy(chief)
    stripe.api.is_down = True
    assert "ne peuvent pas être lues" in words(chief.get("abonnement").text)
    assert chief.post("abonnement/resilier", {}).status == 503
    assert standing().cancels_at is None


def test_only_managers_of_a_subscriber_find_the_room(stack: Stack, chief: Member) -> None:
    """A reader is refused; a client of an agency has no such page, nor a link to it."""
    assert "abonnement" in chief.get("").text
    assert Member.of(stack, READER, CLIENT).get("abonnement").status == 403
    agency = a_client(recipients=(Recipient("chef@armelie.example", manager=True),))
    wiring.accounts().put_client(agency)
    member = Member.of(stack, "chef@armelie.example", agency.client_id)
    assert "abonnement" not in member.get("").text
    assert member.get("abonnement").status == 404
    assert member.post("abonnement/formule", {"plan": "plus"}).status == 404


def test_stored_script_in_a_name_stays_text(chief: Member) -> None:
    """A business called a script is shown as one."""
    client = wiring.accounts().client(CLIENT)
    assert client
    wiring.accounts().put_client(replace(client, name="<script>alert(1)</script>"))
    assert "<script>alert" not in chief.get("abonnement").text
    assert json.dumps("<script>alert") not in chief.get("abonnement").text
