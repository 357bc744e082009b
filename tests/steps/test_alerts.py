"""Alerts end to end but for the world: mentions in, one alert, told once, through deaths and redeliveries."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from infra.demo_press import generate
from infra.demo_press.mentions import mentions_of
from tests.builders import CUTOFF, a_client, a_document, a_mention
from tests.fake_alerts import FakeTeller
from tests.fakes import World
from tests.journal import Crash
from vigie.domain.alerts.settings import (
    FACTOR_MOST,
    AlertSettings,
    Channel,
    Mute,
    Person,
    after_false_alarm,
    after_useful,
)
from vigie.domain.classification.classifier import classify
from vigie.domain.clients import Recipient
from vigie.domain.entities import Entity
from vigie.domain.mentions import Assessment, Label, Labels, Mention
from vigie.domain.notices import Endpoint
from vigie.domain.subscriptions import trial_of
from vigie.errors import Permanent, Transient, Unanswered
from vigie.messages import NoticeDue
from vigie.steps.alert_desk import AlertDesk
from vigie.steps.alerts import Alerts
from vigie.steps.announce import Announce
from vigie.steps.billing.entitlements import Entitlements

CLIENT = "banque-armelie"
NEUTRAL = Label("neutral", 0.9)


class Stage:
    """A client watched for two months, and mentions that come to it."""

    def __init__(self, settings: AlertSettings | None = None) -> None:
        self.world = World()
        self.teller = FakeTeller(self.world.journal)
        client = a_client(
            client_id=CLIENT,
            created_at=CUTOFF - timedelta(days=60),
            recipients=(Recipient("com@banque.test", "Communication"),),
        )
        self.world.accounts.put_client(client)
        if settings:
            self.world.alerts.change_settings(settings.client_id, lambda _: settings)
        self.world.clock.instant = CUTOFF
        self.count = 0
        self.announce: Announce | None = None

    @property
    def step(self) -> Alerts:
        """The step, as a worker makes it."""
        world = self.world
        return Alerts(
            accounts=world.accounts,
            mentions=world.mentions,
            alerts=world.alerts,
            deliveries=world.deliveries,
            ledger=world.ledger,
            tell=self.teller,
            clock=world.clock,
            is_alerted=Entitlements(world.billing).is_alerted,
            announce=self.announce.alert if self.announce else None,
        )

    def with_webhooks(self) -> None:
        """Have the client's own systems told of alerts, by one address."""
        world = self.world
        self.announce = Announce(
            endpoints=world.endpoints, outbox=world.outbox, clock=world.clock, is_on=True
        )
        endpoint = Endpoint(
            client_id=CLIENT,
            endpoint_id="intranet",
            url="https://intranet.test/",
            events=("alert.opened", "alert.changed"),
            created_at=CUTOFF,
        )
        world.endpoints.change(CLIENT, "intranet", lambda _: endpoint)

    def announced(self) -> list[tuple[str, int, str]]:
        """Return what was queued for that address: kind, number of the event, id."""
        queued = [message for message, _ in self.world.outbox.sent if isinstance(message, NoticeDue)]
        return [(notice.event, notice.alert_event, notice.event_id) for notice in queued]

    def come(self, site: str, *, crisis: str = "none", sure: float = 0.7, **fields: Any) -> Mention:
        """Have an article of a site come now, a story of its own unless told."""
        self.count += 1
        document = a_document(
            f"Article {self.count}",
            document_id=f"d{self.count}",
            url=f"https://{site}/{self.count}",
            canonical_url=f"https://{site}/{self.count}",
            source_name=site,
            **{
                key: fields.pop(key)
                for key in ("platform", "author", "outlet_tier", "published_at")
                if key in fields
            },
        )
        assessed = Assessment(
            watch_id="marque",
            relevance=Label(fields.pop("relevance", "main"), 0.9),
            impact=fields.pop("impact", Label("unfavourable" if crisis != "none" else "neutral", 0.9)),
            tone=NEUTRAL,
            crisis=Label(crisis, sure),
            crisis_type="service_outage" if crisis != "none" else None,
        )
        mention = a_mention(
            document,
            client_id=CLIENT,
            labels=Labels(language=Label("fr", 0.9), tone=NEUTRAL, assessments=(assessed,)),
            recorded_at=self.world.clock(),
            **fields,
        )
        hits = tuple(replace(hit, watch_id="marque") for hit in mention.hits)
        mention = replace(mention, hits=hits)
        self.world.mentions.record([mention])
        return mention

    def pass_time(self, minutes: float, *, every: float = 1) -> None:
        """Let minutes pass, the function called by its clock."""
        for _ in range(int(minutes / every)):
            self.world.clock.advance(every * 60)
            self.step.run_due()

    def crisis(self) -> None:
        """Have three papers tell of an outage, each in its own words, within minutes."""
        for site in ("courrier.test", "gazette.test", "echo.test"):
            self.come(site, crisis="alert")
            self.step.look(CLIENT)
            self.world.clock.advance(120)

    def told(self) -> list[tuple[str, str]]:
        """Return who was told of what, in order."""
        return [(name, kind) for name, _, kind, _ in self.teller.told]


def test_a_crisis_is_one_alert_told_once() -> None:
    """However many looks and mentions, one alert is opened and its people hear of it once."""
    stage = Stage()
    stage.crisis()
    for _ in range(5):
        stage.step.look(CLIENT)
    (alert,) = stage.world.alerts.alerts(CLIENT, 9)
    assert (alert.trigger, alert.severity, alert.state) == ("crisis", "critical", "open")
    assert stage.told() == [("Communication", "opened")]
    assert alert.first is not None
    assert alert.first.source_name == "courrier.test"


def test_a_plan_without_alerts_has_them_on_its_pages_and_tells_nobody() -> None:
    """The alert is opened all the same."""
    stage = Stage()
    subscription = replace(trial_of(CLIENT, CUTOFF), state="active", plan_id="essentiel")
    stage.world.billing.change(CLIENT, CUTOFF, lambda _: subscription)
    stage.crisis()
    assert len(stage.world.alerts.alerts(CLIENT, 9)) == 1
    assert stage.told() == []


def test_a_dispatch_in_many_papers_is_no_alert() -> None:
    """A harmless text that forty papers print is one story, and wakes nobody."""
    stage = Stage()
    for number in range(40):
        stage.come(f"paper{number}.test", story="the-dispatch")
        stage.step.look(CLIENT)
    stage.pass_time(60, every=10)
    assert (stage.told(), stage.world.alerts.alerts(CLIENT, 9)) == ([], [])


def test_a_burst_wants_several_groups() -> None:
    """Many stories of one title are no burst; of several titles they are."""
    alone = Stage()
    for _ in range(12):
        alone.come("blog.test")
    alone.step.look(CLIENT)
    assert alone.told() == []
    several = Stage()
    for number in range(12):
        several.come(f"paper{number}.test")
    several.step.look(CLIENT)
    assert several.told() == [("Communication", "opened")]


def test_what_a_backfill_finds_wakes_nobody() -> None:
    """History is no news."""
    stage = Stage()
    for number in range(12):
        stage.come(f"paper{number}.test", crisis="alert", sure=0.95, backfilled=True)
    stage.step.look(CLIENT)
    assert stage.told() == []


def test_what_came_out_days_ago_wakes_nobody() -> None:
    """A source followed for the first time shows old articles, all at once: they are no burst of today."""
    stage = Stage()
    for number in range(12):
        stage.come(
            f"paper{number}.test", crisis="alert", published_at=stage.world.clock() - timedelta(days=2)
        )
    stage.step.look(CLIENT)
    assert stage.told() == []


def test_an_outlet_the_client_named_is_told_at_once() -> None:
    """One article is enough there."""
    stage = Stage(AlertSettings(client_id=CLIENT, outlets=("matin.test",)))
    stage.come("courrier.test")
    stage.step.look(CLIENT)
    assert stage.told() == []
    stage.come("www.matin.test")
    stage.step.look(CLIENT)
    assert stage.told() == [("Communication", "opened")]


@pytest.mark.parametrize(
    ("settings", "sure", "fields", "told"),
    [
        ({}, 0.985, {}, 1),
        ({}, 0.97, {}, 0),
        ({"crisis_from": 0.9}, 0.9, {}, 1),
        ({"crisis_alone": False}, 0.999, {}, 0),
        ({"factor": FACTOR_MOST}, 0.985, {}, 0),  # after false alarms
        ({}, 0.999, {"relevance": "passing"}, 0),
        ({}, 0.999, {"impact": Label("unfavourable", 0.6)}, 0),
        ({}, 0.999, {"impact": Label("neutral", 0.9)}, 0),
        ({}, 0.999, {"platform": "bluesky", "author": "ana"}, 0),
    ],
)
def test_one_article_alone_alerts_when_it_is_all_but_certain(
    settings: dict[str, Any], sure: float, fields: dict[str, Any], told: int
) -> None:
    """A label at alert of a press text about the client that plainly harms it; less sure, two groups are wanted."""
    stage = Stage(AlertSettings(client_id=CLIENT, **settings))
    stage.come("courrier.test", crisis="alert", sure=sure, **fields)
    stage.step.look(CLIENT)
    assert stage.told() == [("Communication", "opened")] * told


def test_what_turns_critical_is_told_at_once() -> None:
    """One sure article is serious; a second group with its own words makes it critical, within the same hour."""
    stage = Stage()
    stage.come("courrier.test", crisis="alert", sure=0.99)
    stage.step.look(CLIENT)
    stage.world.clock.advance(60)
    stage.crisis()
    (alert,) = stage.world.alerts.alerts(CLIENT, 9)
    assert (alert.severity, stage.told()) == (
        "critical",
        [("Communication", "opened"), ("Communication", "grew")],
    )


def test_what_waited_for_the_morning_is_told_when_it_turns_critical() -> None:
    """At night one sure article waits; when it turns critical the sleeper is told, once."""
    ana = Person(
        name="Ana", channels=(Channel("mail", "a@b.test"),), quiet_from=time(22), quiet_until=time(7, 30)
    )
    stage = Stage(AlertSettings(client_id=CLIENT, people=(ana,)))
    stage.world.clock.instant = CUTOFF.replace(hour=23)
    stage.come("courrier.test", crisis="alert", sure=0.99)
    stage.step.look(CLIENT)
    assert stage.told() == []
    stage.crisis()
    stage.pass_time(30)
    assert stage.told() == [("Ana", "opened")]


def test_a_campaign_is_muted_and_a_crisis_is_not() -> None:
    """Bursts that were announced wake nobody; a crisis meanwhile does."""
    mute = Mute(CUTOFF - timedelta(days=1), CUTOFF + timedelta(days=1), "lancement")
    stage = Stage(AlertSettings(client_id=CLIENT, mutes=(mute,)))
    for number in range(12):
        stage.come(f"paper{number}.test")
    stage.step.look(CLIENT)
    assert stage.told() == []
    stage.crisis()
    assert stage.told() == [("Communication", "opened")]


def test_an_alert_closes_by_quiet_and_says_so() -> None:
    """Six hours without anything unusual, nights apart, and it is over."""
    stage = Stage()
    stage.crisis()
    stage.pass_time(24 * 60, every=10)
    (alert,) = stage.world.alerts.alerts(CLIENT, 9)
    assert (alert.state, stage.told()[-1]) == ("resolved", ("Communication", "resolved"))
    assert alert.resolved_at is not None
    assert alert.resolved_at - alert.active_at >= timedelta(hours=6)


CHAIN = AlertSettings(
    client_id=CLIENT,
    people=(
        Person(name="Ana", channels=(Channel("mail", "ana@b.test"),)),
        Person(name="Bo", channels=(Channel("mail", "bo@b.test"),), after_minutes=15),
        Person(name="Garde", channels=(Channel("sms", "+33612345678"),), after_minutes=30),
    ),
)


def test_nobody_takes_it_and_the_next_is_told() -> None:
    """The second hears after fifteen minutes, the duty desk after thirty, each once."""
    stage = Stage(CHAIN)
    stage.crisis()
    stage.pass_time(60)
    first = [told for told in stage.told() if told[1] in ("opened", "escalated")]
    assert first == [("Ana", "opened"), ("Bo", "escalated"), ("Garde", "escalated")]


def test_once_taken_nobody_else_is_woken() -> None:
    """An acknowledgement stops the chain; the first to take it stands."""
    stage = Stage(CHAIN)
    stage.crisis()
    desk = AlertDesk(accounts=stage.world.accounts, alerts=stage.world.alerts, clock=stage.world.clock)
    (alert,) = stage.world.alerts.alerts(CLIENT, 9)
    client = stage.world.accounts.client(CLIENT)
    assert client is not None
    desk.acknowledge(client, alert.alert_id, "Ana")
    taken = desk.acknowledge(client, alert.alert_id, "Bo")
    stage.pass_time(60)
    assert (taken.acknowledged_by, taken.state) == ("Ana", "acknowledged")
    assert [told for told in stage.told() if told[1] == "escalated"] == []


def test_quiet_hours_are_kept_unless_it_is_critical() -> None:
    """What is serious waits for the morning; what is critical does not."""
    night = Person(
        name="Ana",
        channels=(Channel("mail", "ana@b.test"),),
        quiet_from=time(22),
        quiet_until=time(7, 30),
    )
    stage = Stage(AlertSettings(client_id=CLIENT, people=(night,), outlets=("matin.test",)))
    stage.world.clock.instant = CUTOFF.replace(hour=23)
    stage.come("matin.test")
    stage.step.look(CLIENT)
    assert stage.told() == []
    stage.pass_time(9 * 60, every=10)
    assert stage.told()[0] == ("Ana", "opened")
    critical = Stage(AlertSettings(client_id=CLIENT, people=(night,)))
    critical.world.clock.instant = CUTOFF.replace(hour=23)
    critical.crisis()
    assert critical.told() == [("Ana", "opened")]


def test_a_channel_that_fails_falls_to_the_next() -> None:
    """A webhook that is gone for good is followed by the mail; what fails for now is tried again."""
    channels = (Channel("slack", "https://hooks.test/x"), Channel("mail", "ana@b.test"))
    stage = Stage(AlertSettings(client_id=CLIENT, people=(Person(name="Ana", channels=channels),)))
    stage.teller.troubles = [Permanent("gone")]
    stage.crisis()
    stage.pass_time(2)
    assert [(way, kind) for _, way, kind, _ in stage.teller.told] == [("mail:ana@b.test", "opened")]
    again = Stage(AlertSettings(client_id=CLIENT, people=(Person(name="Ana", channels=channels),)))
    again.teller.troubles = [Transient("busy")]
    again.crisis()
    again.pass_time(3)
    assert [way for _, way, _, _ in again.teller.told] == ["slack:https://hooks.test/x"]


def test_a_channel_that_never_answers_falls_to_the_next() -> None:
    """A webhook that takes what it is told and says nothing, three times, is followed by the mail, once."""
    channels = (Channel("slack", "https://hooks.test/x"), Channel("mail", "ana@b.test"))
    stage = Stage(AlertSettings(client_id=CLIENT, people=(Person(name="Ana", channels=channels),)))
    stage.teller.troubles = [Unanswered("no word") for _ in range(3)]
    stage.crisis()
    stage.pass_time(20)
    assert [(way, kind) for _, way, kind, _ in stage.teller.told] == [("mail:ana@b.test", "opened")]


def test_what_came_while_an_alert_was_closed_is_an_alert_of_its_own() -> None:
    """Somebody calls an alert false in the second in which something else comes: that is looked at, and told."""
    stage = Stage(AlertSettings(client_id=CLIENT, outlets=("matin.test",)))
    client = stage.world.accounts.client(CLIENT)
    assert client is not None
    desk = AlertDesk(accounts=stage.world.accounts, alerts=stage.world.alerts, clock=stage.world.clock)
    stage.come("matin.test")
    stage.step.look(CLIENT)
    (first,) = stage.world.alerts.alerts(CLIENT, 9)
    stage.come("www.matin.test")
    desk.false_alarm(client, first.alert_id, "Ana", "")
    stage.step.look(CLIENT)
    alerts = stage.world.alerts.alerts(CLIENT, 9)
    assert {alert.alert_id for alert in alerts} == {first.alert_id, f"{first.alert_id}-2"}
    assert stage.told() == [("Communication", "opened")] * 2


def day_of_alerts(opened: int, *, called_false: int) -> Stage:
    """Return a morning on which an outlet raised so many alerts, ten minutes apart; the first ones were false."""
    stage = Stage(AlertSettings(client_id=CLIENT, outlets=("matin.test",)))
    stage.world.clock.instant = CUTOFF.replace(hour=8)
    client = stage.world.accounts.client(CLIENT)
    assert client is not None
    desk = AlertDesk(accounts=stage.world.accounts, alerts=stage.world.alerts, clock=stage.world.clock)
    for number in range(opened):
        stage.come("matin.test")
        stage.step.look(CLIENT)
        if number < called_false:
            desk.false_alarm(client, stage.world.alerts.alerts(CLIENT, 1)[0].alert_id, "Ana", "")
        stage.world.clock.advance(600)
    return stage


def test_a_fourth_alert_of_a_day_waits_for_the_evening() -> None:
    """Three in a day are told at once; then they are kept and told together."""
    stage = day_of_alerts(5, called_false=5)
    assert [kind for _, kind in stage.told()].count("opened") == 3


def kept_back() -> Stage:
    """Return a day of three alerts, and of two more, of two topics, that wait for its evening."""
    stage = day_of_alerts(4, called_false=3)
    before = stage.world.alerts.watching(CLIENT)
    (waiting,) = stage.world.alerts.alerts(CLIENT, 1)
    assert before is not None
    assert waiting.pending
    other = replace(waiting, alert_id=f"{waiting.alert_id}-2", topic="port")
    after = replace(before, alerts=(*before.alerts, other), version=before.version + 1)
    stage.world.alerts.keep(before, after, [other], waiting.pending[0].due_at)
    return stage


def test_what_waited_for_the_evening_is_told_in_one_message() -> None:
    """Both alerts at once, at seven in the evening; nothing is left to tell, though the first try failed."""
    stage = kept_back()
    stage.teller.troubles = [Transient("busy")]
    stage.world.clock.instant = CUTOFF.replace(hour=18, minute=0)  # seven in Paris
    stage.pass_time(5)
    told = [
        ids
        for (_, _, kind, _), ids in zip(stage.teller.told, stage.teller.together, strict=True)
        if kind == "summarised"
    ]
    assert [len(ids) for ids in told] == [2]
    assert [alert.pending for alert in stage.world.alerts.alerts(CLIENT, 2)] == [(), ()]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_while_telling_them_together_tells_each_once(when: str) -> None:
    """The message comes twice only when the worker died between telling and noting it, and then it is the same."""
    for number in range(1, 20):
        stage = kept_back()
        stage.world.clock.instant = CUTOFF.replace(hour=18, minute=1)
        stage.world.journal.interrupt(**{when: number})  # type: ignore[arg-type]
        for _ in range(8):
            with suppress(Crash):
                stage.step.look(CLIENT)
            stage.world.clock.advance(60)
        died = not stage.world.journal.armed
        told = [key for _, _, kind, key in stage.teller.told if kind == "summarised"]
        assert len(set(told)) == 1
        assert len(told) <= 2
        assert [alert.pending for alert in stage.world.alerts.alerts(CLIENT, 2)] == [(), ()]
        if not died:
            return
    pytest.fail("no message has so many writes")


def test_a_false_alarm_raises_the_threshold_within_bounds() -> None:
    """Each false alarm makes the next less likely, up to a bound; a useful one less so."""
    settings = AlertSettings(client_id=CLIENT)
    for _ in range(20):
        settings = after_false_alarm(settings)
    assert settings.factor == FACTOR_MOST
    assert after_useful(settings).factor < FACTOR_MOST


def deaths(when: str, *, looks_after: int, has_webhooks: bool = False) -> Iterator[tuple[Stage, bool]]:
    """Yield what three mentions came to when a worker died at its first write, its second and so on.

    With whether it died: when not, it had no more writes. Others look again twice for each mention, and
    ``looks_after`` times in the minutes after.
    """
    for number in range(1, 40):
        stage = Stage()
        if has_webhooks:
            stage.with_webhooks()
        stage.world.journal.interrupt(**{when: number})  # type: ignore[arg-type]
        for site in ("courrier.test", "gazette.test", "echo.test"):
            with suppress(Crash):
                stage.come(site, crisis="alert")
            for _ in range(2):
                with suppress(Crash):
                    stage.step.look(CLIENT)
            stage.world.clock.advance(120)
        died = not stage.world.journal.armed
        stage.world.journal.interrupt()
        for _ in range(looks_after):
            stage.world.clock.advance(60)
            stage.step.look(CLIENT)
        yield stage, died


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_at_any_write_tells_all_the_same_once(when: str) -> None:
    """Whatever write a worker dies at, and whoever repeats it, each change is told once, none is lost."""
    for stage, died in deaths(when, looks_after=8):
        opened = [key for _, _, kind, key in stage.teller.told if kind == "opened"]
        assert len(stage.world.alerts.alerts(CLIENT, 9)) == 1
        assert len(set(opened)) == 1
        assert len(opened) <= 2  # twice only when it died between telling and noting it
        if len(opened) == 2:
            assert when == "after" or stage.world.journal.writes.count("teller") > 1
        if not died:
            return
    pytest.fail("no alert has so many writes")


def demo_alerts(seed: int) -> tuple[Stage, datetime]:
    """Play the demo press of a month to the bank's alerts; return the stage, and when the crisis had two groups."""
    press = generate(seed=seed, until=datetime.fromisoformat("2026-11-22T20:00:00+00:00"))
    mentions = sorted(mentions_of(press, CLIENT), key=lambda mention: mention.recorded_at)
    truth = next(client for client in press.truth["clients"] if client["id"] == CLIENT)
    brand = next(watch["id"] for watch in truth["watches"] if watch["purpose"] == "brand")
    crises = {event["id"] for event in press.truth["events"] if event["crisis"]}
    outage = {document["id"] for document in press.truth["documents"] if document["event"] in crises}
    stage = Stage()
    began = mentions[0].recorded_at
    stage.world.accounts.put_client(
        replace(stage.world.accounts.client(CLIENT), created_at=began - timedelta(days=1))  # type: ignore[type-var]
    )
    now, groups, second_at = began, set[str](), began
    for mention in mentions:
        while now + timedelta(minutes=30) < mention.recorded_at:
            now += timedelta(minutes=30)
            stage.world.clock.instant = now
            stage.step.run_due()
        stage.world.clock.instant = mention.recorded_at + timedelta(seconds=5)
        entities = (
            [Entity(key=brand, name=truth["name"])] if brand in {h.watch_id for h in mention.hits} else []
        )
        stage.world.mentions.record([replace(mention, labels=classify(mention.document, entities))])
        stage.step.look(CLIENT)
        if mention.document.document_id in outage and len(groups) < 2:
            groups.add(mention.document.source_id)
            second_at = mention.recorded_at
    stage.world.clock.instant = now
    stage.pass_time(3 * 24 * 60, every=30)
    return stage, second_at


@pytest.mark.parametrize("seed", [7, 23])
def test_the_demo_crisis_raises_one_alert_and_no_other_day_does(seed: int) -> None:
    """In a month of press: one alert, within fifteen minutes of the second title that told of it, and it closes."""
    stage, second_at = demo_alerts(seed)
    (alert,) = stage.world.alerts.alerts(CLIENT, 9)
    assert alert.opened_at <= second_at + timedelta(minutes=15)
    assert (alert.state, alert.topic) == ("resolved", "own")


def test_the_clients_systems_are_told_of_each_change_once() -> None:
    """That an alert opened, then that it was taken in charge, though by a desk that queues nothing, then closed."""
    stage = Stage()
    stage.with_webhooks()
    stage.crisis()
    assert [kind for kind, _, _ in stage.announced()] == ["alert.opened"]
    (client,) = stage.world.accounts.clients()
    desk = AlertDesk(accounts=stage.world.accounts, alerts=stage.world.alerts, clock=stage.world.clock)
    (alert,) = desk.listed(client)
    desk.acknowledge(client, alert.alert_id, "Léa")
    stage.pass_time(2)
    desk.resolve(client, alert.alert_id, "Léa")
    stage.pass_time(3)
    assert [(kind, number) for kind, number, _ in stage.announced()] == [
        ("alert.opened", 1),
        ("alert.changed", 2),
        ("alert.changed", 3),
    ]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_at_any_write_leaves_no_change_untold_to_systems(when: str) -> None:
    """Told twice, a change has the same id; and people are told as ever."""
    for stage, died in deaths(when, looks_after=3, has_webhooks=True):
        opened = {event_id for kind, _, event_id in stage.announced() if kind == "alert.opened"}
        assert len(opened) == 1
        assert {kind for _, _, kind, _ in stage.teller.told} >= {"opened"}
        if not died:
            return
    pytest.fail("no alert has so many writes")


def test_a_queue_that_takes_nothing_keeps_no_person_from_being_told() -> None:
    """What could not be queued is, a minute later."""
    stage = Stage()
    stage.with_webhooks()
    queue = stage.world.outbox
    stage.world.outbox = DeadQueue()  # type: ignore[assignment]
    stage.with_webhooks()
    stage.crisis()
    assert stage.told() == [("Communication", "opened")]
    stage.world.outbox = queue
    stage.with_webhooks()
    stage.pass_time(2)
    assert [kind for kind, _, _ in stage.announced()] == ["alert.opened"]


def test_a_plan_without_alerts_announces_none() -> None:
    """Nor does anybody wait to."""
    stage = Stage()
    stage.with_webhooks()
    subscription = replace(trial_of(CLIENT, CUTOFF), state="active", plan_id="essentiel")
    stage.world.billing.change(CLIENT, CUTOFF, lambda _: subscription)
    stage.crisis()
    (alert,) = stage.world.alerts.alerts(CLIENT, 9)
    assert (stage.announced(), alert.announced) == ([], len(alert.events))


class DeadQueue:
    """A queue that cannot now."""

    def send(self, messages: object, *, delay_seconds: int = 0) -> None:
        """Refuse."""
        del messages, delay_seconds
        raise Transient("the queue is away")
