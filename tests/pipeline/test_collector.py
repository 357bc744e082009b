"""Two stacks, one of which polls for the other: polled once, handed on, found by the other's own watches."""

import gzip
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_client, a_source, a_watch
from tests.fakes import World
from tests.journal import Crash
from tests.pipeline.spine import LEASE_SECONDS, Spine, Web, rss
from vigie.domain.collected import HEARD_EVERY, QUIET_AFTER
from vigie.domain.cutoffs import Interval
from vigie.messages import CollectorHeard, DocumentsCollected, Message, decode, encode
from vigie.ports import Outbox
from vigie.steps.collected import Collected, CollectedFeeds, Heartbeat
from vigie.steps.fill import Fill

PHARE, PORT = "https://phare.test/rss", "https://port.test/rss"
OURS = "https://notre.test/rss"


class Topic(Outbox):
    """A topic: what is published waits, as bytes, for whoever takes it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def send(self, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        """Keep the bodies."""
        assert delay_seconds == 0
        self.bodies += [encode(message) for message in messages]


class Agency:
    """A collector that follows two papers, and a subscriber that follows one of them and one of its own."""

    def __init__(self) -> None:
        self.web, self.topic, self.filled = Web(), Topic(), list[str]()
        self.web.pages = {PHARE: rss(), PORT: rss(), OURS: rss()}
        self.here, self.there = World(), World()
        self.there.clock = self.here.clock
        self.collector, self.subscriber = Spine(self.here, self.web), Spine(self.there, self.web)
        self.standing = self.there.collector
        self.collector.poll = replace(self.collector.poll, handover=self.topic)
        self.subscriber.poll = replace(
            self.subscriber.poll,
            clock=self.here.clock,
            collected=CollectedFeeds(collector=self.standing, fill=self.filled.extend),
        )
        self.heartbeat = Heartbeat(
            sources=self.here.sources,
            handover=self.topic,
            clock=self.here.clock,
            shard_count=16,
            late_after_seconds=3_600,
        )
        self.taking = Collected(
            sources=self.there.sources,
            collector=self.standing,
            ledger=self.there.ledger,
            outbox=self.there.outbox,
            blobs=self.there.blobs,
            clock=self.here.clock,
            lease_seconds=LEASE_SECONDS,
        )
        self.collector.follow(a_source("phare", url=PHARE), a_source("port", url=PORT))
        self.subscriber.follow(a_source("phare", url=PHARE), a_source("notre", url=OURS))
        self.there.accounts.put_client(a_client(client_id="morel"))
        self.there.accounts.put_watch(a_watch("w", client_id="morel", query="guichet"))
        self._tries = 0

    def poll(self, spine: Spine, *, force: bool = False) -> list[str]:
        """Poll what is due in a stack, and let everything after it run; return the addresses asked."""
        before = len(self.web.requests)
        spine.schedule.run(force=force)
        spine.drain()
        return [request.url for request in self.web.requests[before:]]

    def deliver(self, *, twice: bool = False) -> None:
        """Give the subscriber what was published, and let everything after it run."""
        bodies, self.topic.bodies = self.topic.bodies, []
        for body in bodies * (2 if twice else 1):
            self.take(body)
        self.subscriber.drain()

    def take(self, body: bytes) -> None:
        """Give the subscriber one message."""
        self._tries += 1
        if json.loads(body)["schema"] == "collector-heard/1":
            self.taking.hear(decode(body, CollectorHeard))
        else:
            self.taking.run(decode(body, DocumentsCollected), holder=f"taking-{self._tries}")

    def publish(self, url: str, *titles: str) -> None:
        """Have a paper publish articles."""
        host = url.rpartition("/")[0]
        self.web.pages[url] = rss(
            *((title, f"{host}/{title.split()[0].lower()}", "Un texte.") for title in titles)
        )

    def begin(self) -> None:
        """Poll once, and let the subscriber hear its collector."""
        self.publish(PHARE, "Ancien guichet rouvert au Vaurel")
        self.publish(PORT, "Vieux port")
        self.poll(self.collector)
        self.heartbeat.run()
        self.deliver()
        self.wait(1)
        self.poll(self.subscriber)
        self.wait(HEARD_EVERY.total_seconds())

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.here.clock.advance(seconds)

    def titles(self) -> list[str]:
        """Return the titles of the subscriber's mentions."""
        now = self.here.clock()
        found = self.there.mentions.recorded_in(
            "morel", Interval(now - timedelta(days=9), now + timedelta(days=1))
        )
        return [mention.document.title for mention in found]


@pytest.fixture
def agency() -> Agency:
    """Return an agency that has begun."""
    made = Agency()
    made.begin()
    return made


def test_a_source_of_both_is_asked_once(agency: Agency) -> None:
    """The subscriber asks its own paper only, and has mentions of the other all the same, once each."""
    agency.publish(PHARE, "Guichet fermé au Vaurel", "Ancien guichet rouvert au Vaurel")
    assert sorted(agency.poll(agency.collector, force=True)) == [PHARE, PORT]
    agency.deliver(twice=True)
    assert agency.poll(agency.subscriber, force=True) == [OURS]
    assert sorted(agency.titles()) == ["Ancien guichet rouvert au Vaurel", "Guichet fermé au Vaurel"]


def test_what_is_not_followed_is_not_taken_in(agency: Agency) -> None:
    """The other paper's articles are neither matched nor archived here; the ledger counts what this stack saw."""
    agency.publish(PORT, "Un guichet au port", "Vieux port")
    agency.poll(agency.collector, force=True)
    agency.deliver()
    assert agency.titles() == ["Ancien guichet rouvert au Vaurel"]
    assert agency.there.sources.odometer().fetched == 1
    evaluated = agency.there.ledger.evaluated(
        Interval(agency.here.clock() - timedelta(days=1), agency.here.clock() + timedelta(days=1))
    )
    assert sum(batch.documents for batch in evaluated) == 1


def test_a_source_left_to_the_collector_is_well_and_costs_no_poll(agency: Agency) -> None:
    """It counts as no poll of ours, its state says when the collector was heard, and its past was asked for."""
    states, heard = agency.there.sources.states(), agency.standing.heard()
    assert heard is not None
    assert states["phare"].polled_at == heard.at
    assert agency.there.sources.odometer().polled == 1
    assert agency.filled == ["phare"]


def test_a_collector_that_falls_silent_is_replaced_by_polls(agency: Agency) -> None:
    """After half an hour the subscriber asks by itself, emits nothing twice, and misses nothing."""
    agency.publish(PHARE, "Guichet fermé au Vaurel", "Ancien guichet rouvert au Vaurel")
    agency.wait(QUIET_AFTER.total_seconds())
    assert PHARE in agency.poll(agency.subscriber, force=True)
    assert sorted(agency.titles()) == ["Ancien guichet rouvert au Vaurel", "Guichet fermé au Vaurel"]
    agency.poll(agency.collector, force=True)
    agency.heartbeat.run()
    agency.deliver()
    assert len(agency.titles()) == 2
    agency.wait(60)
    assert agency.poll(agency.subscriber, force=True) == [OURS]


def test_what_fails_at_the_collector_each_stack_asks_itself(agency: Agency) -> None:
    """The heartbeat does not name it, so that the failure is the subscriber's own to see and to tell."""
    agency.web.pages[PHARE] = 500
    agency.poll(agency.collector, force=True)
    agency.heartbeat.run()
    agency.deliver()
    assert sorted(agency.poll(agency.subscriber, force=True)) == [OURS, PHARE]
    assert agency.there.sources.states()["phare"].failures == 1


def test_a_message_for_a_shard_that_is_polled_waits(agency: Agency) -> None:
    """It is queued again, and taken in when the shard is free."""
    agency.publish(PHARE, "Guichet fermé au Vaurel", "Ancien guichet rouvert au Vaurel")
    agency.poll(agency.collector, force=True)
    shard = agency.there.sources.place("phare")
    assert shard is not None
    agency.there.sources.acquire(shard, "somebody", agency.here.clock(), 100)
    sent = len(agency.there.outbox.sent)
    agency.take(agency.topic.bodies[0])
    ((again, delay),) = agency.there.outbox.sent[sent:]
    assert isinstance(again, DocumentsCollected)
    assert (again.tries, delay) == (1, 15)
    agency.wait(101)
    agency.take(encode(again))
    assert agency.taking.run(again, holder="x").documents == 0


@pytest.mark.parametrize("at", range(1, 9))
def test_dying_anywhere_loses_and_doubles_nothing(agency: Agency, at: int) -> None:
    """The collector may die at any write, and the subscriber too: each article is recorded once."""
    agency.publish(PHARE, "Guichet fermé au Vaurel", "Ancien guichet rouvert au Vaurel")
    for world, act in (
        (agency.here, lambda: agency.poll(agency.collector, force=True)),
        (agency.there, agency.deliver),
    ):
        kept = list(agency.topic.bodies)
        world.journal.interrupt(after=at)
        try:
            act()
        except Crash:
            agency.topic.bodies = kept + agency.topic.bodies
        world.journal.interrupt()
        agency.wait(LEASE_SECONDS + 1)
        act()
    agency.poll(agency.collector, force=True)
    agency.deliver()
    assert sorted(agency.titles()) == ["Ancien guichet rouvert au Vaurel", "Guichet fermé au Vaurel"]


def test_a_heartbeat_is_said_every_five_minutes_and_an_old_one_says_nothing(agency: Agency) -> None:
    """What arrives late does not bring back a list that has changed."""
    first = agency.heartbeat.run()
    assert (first, agency.heartbeat.run()) == (2, None)
    heard = agency.taking.hear(decode(agency.topic.bodies[-1], CollectorHeard))
    old = CollectorHeard(at=heard.at - timedelta(minutes=5), source_ids=(), shard_count=16)
    assert agency.taking.hear(old) == heard == agency.standing.heard()


def test_a_new_stack_is_filled_from_the_collectors_archive(agency: Agency) -> None:
    """What was polled before it followed a source lies in its own archive then, once, and its watches look there."""
    agency.subscriber.follow(a_source("port", url=PORT))
    looked: list[str] = []
    fill = Fill(
        sources=agency.there.sources,
        collector=agency.standing,
        accounts=agency.there.accounts,
        archive=agency.here.blobs,
        blobs=agency.there.blobs,
        clock=agency.here.clock,
        backfill=lambda watch: looked.append(watch.watch_id),
        budget_seconds=60,
    )
    report = fill.run(["port"])
    assert (report.sources, report.documents, looked) == (1, 1, ["w"])
    kept = [
        json.loads(gzip.decompress(content))
        for key in agency.there.blobs.keys("archive/")
        if (content := agency.there.blobs.get(key))
    ]
    assert sum(each["title"] == "Vieux port" for poll in kept for each in poll["documents"]) == 1
    assert (fill.run(["port"]).documents, fill.run().documents) == (0, 0)
