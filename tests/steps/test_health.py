"""Health reports of a stack in memory: real steps did the work."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import CUTOFF, a_client, a_mention, a_source, a_state, a_watch
from tests.fakes import World
from tests.pipeline.spine import Spine, Web, rss
from vigie.domain.collected import QUIET_AFTER, Heard
from vigie.domain.connectors.budgets import MONTH_SECONDS, Bucket
from vigie.domain.sources import Odometer, shard_of
from vigie.steps.health import DEAD_LETTERS, Health

NOW = CUTOFF
QUARTER = timedelta(minutes=15)
MODEL = Bucket(name="large-model", limit=10_000_000, window_seconds=MONTH_SECONDS, reserve=0, paid=True)


class Queues:
    """What waits in the queues, as a test says."""

    def __init__(self) -> None:
        self.counts: dict[str, tuple[int, int]] = {"fetched": (0, 0), "digests": (0, 0), DEAD_LETTERS: (0, 0)}

    def __call__(self) -> Mapping[str, tuple[int, int]]:
        """Return the counts."""
        return self.counts


@pytest.fixture
def world() -> World:
    """Return a stack with one client."""
    world = World()
    world.clock.instant = NOW
    world.accounts.put_client(a_client())
    return world


@pytest.fixture
def queues() -> Queues:
    """Return empty queues."""
    return Queues()


@pytest.fixture
def health(world: World, queues: Queues) -> Health:
    """Return the step, with a cap of ten dollars."""
    return Health(
        stack="vigie-armelie",
        accounts=world.accounts,
        sources=world.sources,
        mentions=world.mentions,
        ledger=world.ledger,
        digests=world.digests,
        alerts=world.alerts,
        budgets=world.budgets,
        large_model=MODEL,
        queues=queues,
        reports=world.health,
        clock=world.clock,
        late_after_seconds=3_600,
        cap_usd=10,
    )


def test_a_stack_that_does_its_work_is_well(world: World, health: Health) -> None:
    """A source is polled, its article matched and recorded; then everything adds up and nothing waits."""
    source = a_source()
    world.accounts.put_watch(a_watch())
    world.sources.put_sources([source], 4)
    web = Web({source.url: rss(("La Banque d'Armélie recrute", "https://courrier.test/1", ""))})
    assert health.run().is_well
    spine = Spine(world, web)
    spine.schedule.run()
    spine.drain()
    world.clock.instant += QUARTER

    report = health.run()

    assert (report.problems, report.ledger.on_its_way, report.sources) == ((), 0, {"fresh": 1})
    counted = report.spending.counted
    assert (counted.polls, counted.documents, counted.mentions, counted.hours) == (1, 1, 1, 0.25)
    assert report.spending.usd["hour"] > 0
    assert world.health.latest() == report


def test_what_is_counted_twice_is_not_spent_twice(world: World, health: Health) -> None:
    """A report made again at once finds nothing new."""
    world.mentions.record([a_mention(recorded_at=NOW - QUARTER)])
    first, second = health.run(), health.run()
    assert (first.freshness.mentions, second.freshness.mentions) == (1, 1)
    assert second.spending.counted.mentions == 0


def test_documents_that_never_come_before_the_watches_are_missed(world: World, health: Health) -> None:
    """Polls queued three documents of which nothing was heard: after hours, somebody is told."""
    source = a_source()
    world.sources.put_sources([source], 4)
    health.run()
    world.sources.save(shard_of(source.host, 4), "p1", [a_state()], [], Odometer(polled=1, fetched=3))
    codes = []
    for _ in range(40):
        world.clock.instant += QUARTER
        codes.append([problem.code for problem in health.run().problems if problem.code == "ledger_gap"])
    assert codes[0] == []
    assert codes[-1] == ["ledger_gap"]


def test_what_waits_is_as_old_as_the_last_empty_queue(world: World, health: Health, queues: Queues) -> None:
    """A queue's age counts from when it was last seen empty, and begins anew once it was."""
    queues.counts["fetched"] = (4, 1)
    health.run()
    world.clock.instant += QUARTER * 3
    (problem,) = health.run().problems
    assert problem.code == "queue_waiting"
    queues.counts["fetched"] = (0, 0)
    assert health.run().is_well
    queues.counts["fetched"] = (2, 0)
    assert health.run().is_well


def test_dead_letters_are_counted_apart(health: Health, queues: Queues) -> None:
    """They are no queue that somebody works on: one is a problem at once."""
    queues.counts[DEAD_LETTERS] = (2, 0)
    report = health.run()
    assert (report.dead_letters, [queue.name for queue in report.queues]) == (2, ["digests", "fetched"])
    assert [problem.code for problem in report.problems] == ["dead_letters"]


def test_a_digest_that_nobody_built_is_late(world: World, health: Health) -> None:
    """Its hour is a quarter of an hour past: it counts whoever failed to build it."""
    Spine(world, Web()).appointments.keep(a_client())
    (due,) = world.digests.appointments("banque-armelie")
    world.clock.instant = due.send_at + timedelta(minutes=14)
    assert health.run().digests.late == 0
    world.clock.instant = due.send_at + timedelta(minutes=15)
    assert health.run().digests.late == 1


def test_digests_are_counted_until_everybody_has_theirs(world: World, health: Health) -> None:
    """Built is not sent; a mail is one digest to one recipient, counted when it is built."""
    world.clock.instant = NOW - timedelta(hours=9)
    health.run()
    spine = Spine(world, Web())
    spine.appointments.keep(a_client())
    world.clock.instant = NOW + timedelta(minutes=3)
    spine.digest.run()
    world.clock.instant += timedelta(seconds=1)
    report = health.run()
    assert (report.digests.built, report.digests.unsent, report.spending.counted.mails) == (1, 1, 1)
    world.clock.instant = NOW + timedelta(minutes=15)
    spine.drain()
    report = health.run()
    assert (report.digests.built, report.digests.unsent, report.spending.counted.mails) == (1, 0, 1)


def test_shards_that_nobody_takes_up_are_overdue(world: World, health: Health) -> None:
    """A shard due for a quarter of an hour, held by nobody, is one that nothing polls."""
    source = a_source()
    world.sources.put_sources([source], 4)
    shard = shard_of(source.host, 4)
    world.sources.acquire(shard, "w", NOW - timedelta(hours=1), 60)
    world.sources.release(shard, "w", NOW - timedelta(minutes=30))
    assert health.run().shards_overdue == 1


def test_a_collector_that_is_not_heard_is_told(world: World, health: Health) -> None:
    """Never, or not for half an hour; a stack that has none misses none."""
    assert not health.run().collector_is_quiet
    subscribed = replace(health, collector=world.collector)
    assert subscribed.run().collector_is_quiet
    heard = Heard(at=world.clock(), since=world.clock(), source_ids=frozenset(), shard_count=16)
    world.collector.keep(heard)
    assert not subscribed.run().collector_is_quiet
    world.clock.advance(QUIET_AFTER.total_seconds())
    assert [problem.code for problem in subscribed.run().problems] == ["collector_quiet"]


def test_over_its_cap_a_stack_saves_until_the_month_is_over(world: World, health: Health) -> None:
    """The level is set where spenders read it, and set back by the first report of the next month."""
    assert world.budgets.take(MODEL, 9_000_000, NOW)
    assert [problem.code for problem in health.run().problems] == ["spending_warned"]
    assert world.health.level() == "warned"
    assert world.budgets.take(MODEL, 1_000_000, NOW)
    health.run()
    assert world.health.level() == "saving"
    world.clock.instant = NOW.replace(month=1, year=NOW.year + 1)
    report = health.run()
    assert (world.health.level(), report.spending.month) == ("fine", "2027-01")
