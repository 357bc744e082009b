"""The subscription desk, against the stub of Stripe."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from urllib3 import request

from infra.local.stripe import SECRET_KEY, StripeServer, start
from tests.builders import CUTOFF, a_client, a_watch
from tests.fakes import World
from vigie.adapters.stripe.payments import StripePayments
from vigie.adapters.stripe.wire import StripeWire
from vigie.domain.clients import Client, Recipient
from vigie.domain.subscriptions import Subscription
from vigie.errors import Conflict, NotFound, Transient
from vigie.steps.billing.desk import SubscriptionDesk
from vigie.steps.billing.events import Readings
from vigie.steps.billing.quotas import Quotas
from vigie.steps.billing.trials import Trials

PAGE = "https://site.example/espace/abonnement"


@dataclass
class Shop:
    """A world, its desk, and Stripe's stub."""

    world: World
    stripe: StripeServer
    desk: SubscriptionDesk
    client: Client

    def choose(self, plan_id: str, client: Client | None = None) -> str:
        """Choose a plan."""
        return self.desk.choose(
            client or self.client, plan_id, email="chef@example.org", locale="fr", page_url=PAGE
        )

    def subscribe(self, plan_id: str = "essentiel") -> None:
        """Choose a plan, pay, and come back to the page before any event came."""
        paid = request("POST", self.choose(plan_id), body="outcome=paid", redirect=False, retries=False)
        self.desk.paid(self.client, paid.headers["Location"].partition("?paid=")[2])

    @property
    def standing(self) -> Subscription:
        """What is kept."""
        found = self.world.billing.subscription(self.client.client_id)
        assert found
        return found


@pytest.fixture
def shop() -> Iterator[Shop]:
    """Return a shop whose client is in its trial."""
    world, client = World(), a_client()
    world.clock.instant = CUTOFF
    world.accounts.put_client(client)
    stripe = start(clock=world.clock)
    payments = StripePayments(StripeWire(SECRET_KEY, stripe.url))
    quotas = Quotas(billing=world.billing, mentions=world.mentions, blobs=world.blobs, clock=world.clock)
    desk = SubscriptionDesk(
        billing=world.billing,
        accounts=world.accounts,
        payments=lambda: payments,
        readings=Readings(world.billing, lambda: payments),
        use=quotas.use,
        clock=world.clock,
    )
    Trials(world.billing).start_trial(client.client_id, CUTOFF)
    yield Shop(world, stripe, desk, client)
    stripe.stop()


def test_who_comes_back_from_paying_sees_it_at_once(shop: Shop) -> None:
    """Without waiting for an event; the invoice is there."""
    shop.subscribe()
    shown = shop.desk.show(shop.client)
    assert (shown.subscription.state, shown.subscription.plan_id) == ("active", "essentiel")
    assert shown.invoices is not None
    assert [invoice.total_cents for invoice in shown.invoices] == [1080]


def test_a_checkout_of_another_client_says_nothing(shop: Shop) -> None:
    """Whoever holds the id of a session they did not open gains nothing by it."""
    paid = request("POST", shop.choose("plus"), body="outcome=paid", redirect=False, retries=False)
    other = a_client(client_id="garage")
    shop.world.accounts.put_client(other)
    Trials(shop.world.billing).start_trial("garage", CUTOFF)
    shop.desk.paid(other, paid.headers["Location"].partition("?paid=")[2])
    garage = shop.world.billing.subscription("garage")
    assert garage
    assert garage.state == "trial"


def test_another_plan_is_changed_to_without_another_checkout(shop: Shop) -> None:
    """The page comes back, and the plan is the new one; choosing it again asks nothing of Stripe."""
    shop.subscribe()
    assert shop.choose("plus") == PAGE
    assert shop.standing.plan_id == "plus"
    told = len(shop.stripe.sent)
    assert shop.choose("plus") == PAGE
    assert len(shop.stripe.sent) == told


def test_a_plan_that_is_too_small_is_refused_and_takes_nothing_away(shop: Shop) -> None:
    """Four watches do not fit into Essentiel, nor three people."""
    for number in range(4):
        shop.world.accounts.put_watch(a_watch(f"w{number}"))
    with pytest.raises(Conflict, match="4 watches"):
        shop.choose("essentiel")
    people = tuple(Recipient(f"p{number}@example.org") for number in range(11))
    with pytest.raises(Conflict, match="11 recipients"):
        shop.choose("plus", a_client(recipients=people))
    assert len(shop.world.accounts.watches(shop.client.client_id)) == 4


def test_a_pause_a_cancellation_and_their_taking_back_are_read_back_at_once(shop: Shop) -> None:
    """Each as Stripe has it; a cancelled subscription goes on until its period ends."""
    shop.subscribe()
    shop.desk.pause(shop.client)
    assert (shop.standing.state, shop.standing.pause_reason) == ("paused", "asked")
    shop.desk.resume(shop.client)
    assert shop.standing.state == "active"
    shop.desk.cancel(shop.client)
    assert (shop.standing.state, shop.standing.cancels_at) == ("active", shop.standing.period_ends_at)
    shop.desk.keep(shop.client)
    assert shop.standing.cancels_at is None


def test_what_is_not_paid_cannot_be_paused_cancelled_or_managed(shop: Shop) -> None:
    """A trial ends by itself."""
    for act in (shop.desk.pause, shop.desk.resume, shop.desk.cancel, shop.desk.keep):
        with pytest.raises(Conflict):
            act(shop.client)
    with pytest.raises(NotFound):
        shop.desk.manage(shop.client, locale="fr", page_url=PAGE)


def test_a_client_of_an_agency_has_no_subscription_to_see_or_change(shop: Shop) -> None:
    """Nor does a plan exist that is not for sale."""
    agency = a_client(client_id="union")
    shop.world.accounts.put_client(agency)
    with pytest.raises(NotFound):
        shop.desk.show(agency)
    with pytest.raises(NotFound):
        shop.choose("plus", agency)
    with pytest.raises(NotFound):
        shop.choose("trial")


def test_the_page_is_shown_while_stripe_is_down_and_changes_are_refused(shop: Shop) -> None:
    """Invoices are missing, and said to be; nothing pretends to have happened."""
    shop.subscribe()
    shop.stripe.api.is_down = True
    assert shop.desk.show(shop.client).invoices is None
    with pytest.raises(Transient):
        shop.desk.cancel(shop.client)
    assert shop.standing.cancels_at is None


def test_an_erased_client_is_charged_no_more(shop: Shop) -> None:
    """Ended at Stripe, forgotten here; again, it changes nothing."""
    shop.subscribe()
    billing_id = shop.standing.billing_id
    shop.desk.end(shop.client.client_id)
    shop.desk.end(shop.client.client_id)
    assert shop.stripe.till.subscriptions[billing_id]["status"] == "canceled"
    assert shop.world.billing.subscription(shop.client.client_id) is None


def test_whoever_wants_everything_erased_pays_no_more_and_is_due_at_once(shop: Shop) -> None:
    """Stripe's subscription is over before anything goes, and an event that comes late keeps nothing back."""
    shop.subscribe()
    billing_id = shop.standing.billing_id
    shop.desk.erase(shop.client)
    shop.desk.readings.read(shop.client.client_id, billing_id, shop.world.clock())
    assert (shop.standing.state, shop.standing.erase_at) == ("cancelled", shop.world.clock())
    assert shop.world.billing.due(shop.world.clock()) == [shop.client.client_id]


def test_a_trial_is_erased_without_a_word_to_stripe(shop: Shop) -> None:
    """There is nothing there to end; a client of an agency has nothing here to erase."""
    shop.desk.erase(shop.client)
    assert shop.world.billing.due(shop.world.clock()) == [shop.client.client_id]
    with pytest.raises(NotFound):
        shop.desk.erase(a_client(client_id="agency"))
