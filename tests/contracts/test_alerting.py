"""Alerting on real tables: workers die between two writes, are called twice, race, and their clocks differ."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import CUTOFF, a_client, a_document, a_hit, a_mention
from tests.conftest import Cloud
from tests.contracts.together import at_once
from tests.journal import Crash, Journal
from vigie.adapters import aws
from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.accounts import DynamoAccounts
from vigie.adapters.dynamo.alerts import DynamoAlerts
from vigie.adapters.dynamo.deliveries import DynamoDeliveries
from vigie.adapters.dynamo.ledger import DynamoLedger
from vigie.adapters.dynamo.mentions import DynamoMentions
from vigie.domain.alerts.settings import Channel, Person
from vigie.domain.alerts.telling import Telling
from vigie.domain.mentions import Assessment, Label, Labels
from vigie.steps.alert_desk import AlertDesk
from vigie.steps.alerts import Alerts

pytestmark = pytest.mark.emulator

CLIENT = "banque-armelie"
SURE = Label("neutral", 0.9)
PEOPLE = (
    Person(name="Ana", channels=(Channel("mail", "ana@b.test"),)),
    Person(name="Bo", channels=(Channel("mail", "bo@b.test"),), after_minutes=15),
)
ALL_TOLD = Counter(
    {("Ana", "opened"): 1, ("Bo", "escalated"): 1, ("Ana", "resolved"): 1, ("Bo", "resolved"): 1}
)
WRITES = frozenset({"put_item", "update_item", "delete_item", "transact_write_items", "batch_write_item"})


class MortalClient:
    """A DynamoDB client that writes through a journal: each write may be the last that a worker does."""

    def __init__(self, journal: Journal) -> None:
        self._client: Any = aws.dynamodb()
        self._journal = journal

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call: Callable[..., Any] = getattr(self._client, name)
        if name not in WRITES:
            return call

        def write(**request: Any) -> Any:
            with self._journal.write(name):
                return call(**request)

        return write


@dataclass
class Provider:
    """Takes mails, each to be confirmed by an event of its own a little later."""

    journal: Journal
    told: list[tuple[str, str]] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)

    def __call__(self, telling: Telling) -> None:
        """Take one mail."""
        with self.journal.write("provider"):
            self.told.append((telling.person.name, telling.event.kind))
            self.unconfirmed.append(telling.key)


class Stage:
    """One client on tables of its own, and the workers that look at it."""

    def __init__(self, cloud: Cloud) -> None:
        self.journal = Journal()
        client: Any = MortalClient(self.journal)
        digests = cloud.table()
        self.accounts = DynamoAccounts(client, cloud.table())
        self.mentions = DynamoMentions(client, cloud.table(), retention_days=395)
        self.ledger = DynamoLedger(client, cloud.table())
        self.alerts = DynamoAlerts(client, digests, retention_days=395)
        self.deliveries = DynamoDeliveries(client, digests, retention_days=395)
        self.confirmed = DynamoDeliveries(aws.dynamodb(), digests, retention_days=395)
        self.provider = Provider(self.journal)
        self.now = CUTOFF
        self.count = 0
        watched = a_client(client_id=CLIENT, created_at=CUTOFF - timedelta(days=60))
        self.accounts.put_client(watched)
        self.client = watched
        self.alerts.change_settings(CLIENT, lambda standing: replace(standing, people=PEOPLE))

    def come(self, site: str, *, skew_seconds: float = 0) -> None:
        """Have a paper tell of a crisis, recorded by a worker whose clock is so much ahead."""
        self.count += 1
        url = f"https://{site}/{self.count}"
        document = a_document(
            f"Récit {self.count}", document_id=f"d{self.count}", url=url, canonical_url=url, source_name=site
        )
        crisis, harm = Label("alert", 0.9), Label("unfavourable", 0.9)
        assessed = Assessment(watch_id="marque", relevance=SURE, impact=harm, tone=SURE, crisis=crisis)
        mention = a_mention(
            document,
            client_id=CLIENT,
            hits=(replace(a_hit(document), watch_id="marque"),),
            labels=Labels(language=SURE, tone=SURE, assessments=(assessed,)),
            recorded_at=self.now + timedelta(seconds=skew_seconds),
        )
        self.mentions.record([mention])

    def worker(self, skew_seconds: float = 0) -> Alerts:
        """Return a new worker, its clock so much ahead."""
        return Alerts(
            accounts=self.accounts,
            mentions=self.mentions,
            alerts=self.alerts,
            deliveries=self.deliveries,
            ledger=self.ledger,
            tell=self.provider,
            clock=lambda: self.now + timedelta(seconds=skew_seconds),
            attempts=attempts,
        )

    def call(self, do: Callable[[], object]) -> None:
        """Have a worker do something; one that dies is called again, a minute later, as Lambda does."""
        for _ in range(3):
            try:
                do()
            except Crash:
                self.pass_time(minutes=1)
            else:
                return
        pytest.fail("one worker died three times")

    def look(self, skew_seconds: float = 0) -> None:
        """Have what came looked at."""
        self.call(lambda: self.worker(skew_seconds).look(CLIENT))

    def pass_time(self, minutes: float) -> None:
        """Let time pass; the provider's events come in."""
        self.now += timedelta(minutes=minutes)
        while self.provider.unconfirmed:
            self.confirmed.mark_sent(CLIENT, self.provider.unconfirmed[0], "provider", self.now)
            del self.provider.unconfirmed[0]

    def tick(self, minutes: float) -> None:
        """Let a time pass and whoever is due be looked at."""
        self.pass_time(minutes)
        self.call(lambda: self.worker().run_due())

    def desk(self) -> AlertDesk:
        """Return what people do with alerts."""
        return AlertDesk(accounts=self.accounts, alerts=self.alerts, clock=lambda: self.now)

    def told(self) -> Counter[tuple[str, str]]:
        """Return who was told of what, how often."""
        return Counter(self.provider.told)


def play(stage: Stage) -> None:
    """Play an alert's life: opened, told to the next in the chain, taken, closed by hand."""
    for site in ("courrier.test", "gazette.test"):
        stage.call(lambda site=site: stage.come(site))  # type: ignore[misc]
        stage.look()
    stage.tick(3)
    stage.tick(16)
    stage.tick(3)
    alert_id = stage.alerts.alerts(CLIENT, 1)[0].alert_id
    stage.call(lambda: stage.desk().acknowledge(stage.client, alert_id, "Ana"))
    stage.call(lambda: stage.desk().resolve(stage.client, alert_id, "Ana"))
    for _ in range(3):
        stage.tick(2)


WRITES_OF_A_LIFE = 40  # at most


def died_at(cloud: Cloud, when: str, number: int) -> Stage:
    """Play an alert's life with one death; return where it ended."""
    stage = Stage(cloud)
    stage.journal.interrupt(**{when: number})  # type: ignore[arg-type]
    play(stage)
    return stage


@pytest.mark.parametrize(("when", "number"), [("after", 3), ("before", 5), ("after", 5), ("after", 6)])
def test_a_death_between_two_writes_tells_each_change_once(cloud: Cloud, when: str, number: int) -> None:
    """Around the decision, the claim, the mail and its mark: each person hears each change once."""
    stage = died_at(cloud, when, number)
    assert not stage.journal.armed
    assert (stage.told(), len(stage.alerts.alerts(CLIENT, 9))) == (ALL_TOLD, 1)


@pytest.mark.stacks
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, WRITES_OF_A_LIFE + 1))
def test_a_death_at_any_write_tells_each_change_once(cloud: Cloud, when: str, number: int) -> None:
    """Whatever write a worker dies at, and whoever takes over: never two mails for one change, never none."""
    stage = died_at(cloud, when, number)
    assert (stage.told(), len(stage.alerts.alerts(CLIENT, 9))) == (ALL_TOLD, 1)


def race(cloud: Cloud, workers: int, skew_seconds: float) -> Stage:
    """Have several workers, their clocks apart, look at once whenever something came, and when time has come."""
    stage = Stage(cloud)

    def skew(number: int) -> float:
        return skew_seconds * (2 * number / (workers - 1) - 1)

    for number, site in enumerate(("courrier.test", "gazette.test")):
        stage.come(site, skew_seconds=skew(-number % workers))
        at_once(workers, lambda number: stage.worker(skew(number)).look(CLIENT))
        stage.pass_time(minutes=1)
    for minutes in (3, 15, 3):
        stage.pass_time(minutes)
        at_once(workers, lambda number: stage.worker(skew(number)).run([CLIENT]))
    return stage


@pytest.mark.parametrize("workers", [2, pytest.param(6, marks=pytest.mark.stacks)])
def test_workers_that_race_by_clocks_that_differ_tell_once(cloud: Cloud, workers: int) -> None:
    """Clocks up to a minute and a half apart: one alert, each change told once to each."""
    stage = race(cloud, workers, skew_seconds=45)
    assert stage.told() == Counter({("Ana", "opened"): 1, ("Bo", "escalated"): 1})
    assert len(stage.alerts.alerts(CLIENT, 9)) == 1


def test_what_comes_from_the_future_is_seen(cloud: Cloud) -> None:
    """What was recorded by a clock that is ahead is looked at when it comes, and not again when its time comes."""
    stage = Stage(cloud)
    for site in ("courrier.test", "gazette.test"):
        stage.come(site, skew_seconds=50)
        stage.look(skew_seconds=-20)
    assert stage.told() == Counter({("Ana", "opened"): 1})
    seen = stage.alerts.watching(CLIENT)
    assert seen is not None
    for _ in range(3):
        stage.pass_time(1)
        stage.look()
    after = stage.alerts.watching(CLIENT)
    assert after is not None
    assert [one.mention_id for one in after.recent] == [one.mention_id for one in seen.recent]


def counted(stage: Stage, calls: int) -> Any:
    """Look so often at each of some things that come over an hour; return what is usual afterwards."""
    for number in range(6):
        stage.come(f"paper{number % 2}.test")
        for _ in range(calls):
            stage.look()
        stage.pass_time(minutes=11)
        for _ in range(calls):
            stage.look()
    watching = stage.alerts.watching(CLIENT)
    return watching and (watching.groups, watching.open_bin_at, watching.late)


def test_bins_are_counted_once_however_often_it_is_called(cloud: Cloud) -> None:
    """A message that comes three times leaves what is usual as one that comes once."""
    assert counted(Stage(cloud), 1) == counted(Stage(cloud), 3)
