"""Every port in memory: small, deterministic, and held to the same contracts as the real ones.

``World()`` holds one of each around one journal; ``copy.deepcopy(world)`` is another world in the same state.
What is stored is what JSON keeps of it, so a fake neither shares objects with its caller nor keeps what a
database could not. Where a real store needs several writes the fake does several, so that a test can die in
between; it may do more of them than the real one, never fewer.
"""

from tests.fake_accounts import FakeAccounts, FakeEndpoints, FakeHealth, FakeKeys
from tests.fake_alerts import FakeAlerts
from tests.fake_basics import FakeClock, kept
from tests.fake_billing import FakeBilling
from tests.fake_cloud import FakeBlobs, FakeMailer, FakeOutbox, FakeWorkers
from tests.fake_collector import FakeCollector
from tests.fake_digests import FakeAddresses, FakeDeliveries, FakeDigests, FakeReviews
from tests.fake_mentions import (
    FakeAnswers,
    FakeCases,
    FakeFeedback,
    FakeLedger,
    FakeMentions,
    FakeObjections,
    FakeStories,
)
from tests.fake_packs import FakePacks
from tests.fake_sign_in import FakeSignIn
from tests.fake_sign_ups import FakeSignUps
from tests.fake_sources import FakeBudgets, FakeSources, FakeSubscriptions
from tests.journal import Journal

__all__ = [
    "FakeAccounts",
    "FakeAddresses",
    "FakeAlerts",
    "FakeAnswers",
    "FakeBilling",
    "FakeBlobs",
    "FakeBudgets",
    "FakeCases",
    "FakeClock",
    "FakeCollector",
    "FakeDeliveries",
    "FakeDigests",
    "FakeEndpoints",
    "FakeFeedback",
    "FakeHealth",
    "FakeKeys",
    "FakeLedger",
    "FakeMailer",
    "FakeMentions",
    "FakeObjections",
    "FakeOutbox",
    "FakePacks",
    "FakeReviews",
    "FakeSignIn",
    "FakeSignUps",
    "FakeSources",
    "FakeStories",
    "FakeSubscriptions",
    "FakeWorkers",
    "World",
    "kept",
]


class World:
    """One of each, around one clock and one journal."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.journal = Journal()
        self.sources = FakeSources(self.journal)
        self.budgets = FakeBudgets(self.journal)
        self.health = FakeHealth(self.journal)
        self.subscriptions = FakeSubscriptions(self.journal)
        self.stories = FakeStories(self.journal)
        self.ledger = FakeLedger(self.journal)
        self.mentions = FakeMentions(self.journal)
        self.objections = FakeObjections(self.mentions)
        self.feedback = FakeFeedback(self.journal)
        self.cases = FakeCases(self.feedback, self.journal)
        self.answers = FakeAnswers(self.journal)
        self.endpoints = FakeEndpoints(self.journal)
        self.packs = FakePacks(self.journal)
        self.collector = FakeCollector(self.journal)
        self.digests = FakeDigests(self.journal)
        self.deliveries = FakeDeliveries(self.journal)
        self.reviews = FakeReviews(self.journal)
        self.addresses = FakeAddresses(self.journal)
        self.alerts = FakeAlerts(self.journal)
        self.accounts = FakeAccounts(self.journal)
        self.billing = FakeBilling(self.journal)
        self.keys = FakeKeys()
        self.sign_in = FakeSignIn(self.journal)
        self.sign_ups = FakeSignUps()
        self.blobs = FakeBlobs(self.journal)
        self.outbox = FakeOutbox(self.journal)
        self.mailer = FakeMailer(self.journal)
