"""Taking in what a hub pushes: the way of a poll, without a request."""

import pytest

from tests.builders import a_source
from tests.fakes import World
from tests.journal import Crash
from tests.pipeline.spine import LEASE_SECONDS, Spine, Web, rss
from vigie.adapters.feeds import parse_feed
from vigie.domain.sources import shard_of
from vigie.errors import Busy
from vigie.messages import DocumentsFetched, ShardDue
from vigie.steps.ingest import Ingest

URL = "https://courrier.test/rss"
SHARD = shard_of("courrier.test", 64)
KNOWN = ("Un titre connu de nous", "https://courrier.test/1", "Un texte.")
FRESH = ("Un titre tout neuf", "https://courrier.test/2", "Un autre texte.")


@pytest.fixture
def world() -> World:
    """Return a stack that polled one feed once, and whose queue is empty again."""
    world = World()
    spine = a_spine(world)
    spine.poll.run(ShardDue(shard=SHARD, due_at=world.clock()), holder="poll")
    world.outbox.take(DocumentsFetched)
    world.clock.advance(60)
    return world


def a_spine(world: World) -> Spine:
    """Return a spine around the world that follows its feed."""
    spine = Spine(world, Web({URL: rss(KNOWN)}))
    spine.follow(a_source("source-0", url=URL))
    return spine


def ingest(world: World) -> Ingest:
    """Return the step."""
    return Ingest(
        sources=world.sources,
        parse=parse_feed,
        outbox=world.outbox,
        blobs=world.blobs,
        clock=world.clock,
        lease_seconds=LEASE_SECONDS,
    )


def titles(world: World) -> list[str]:
    """Return the titles of the documents queued since the last look."""
    documents = [raw for message in world.outbox.take(DocumentsFetched) for raw in message.documents]
    return [title for title in (KNOWN[0], FRESH[0]) for raw in documents if title.encode() in bytes(raw)]


def test_what_is_pushed_is_queued_once_and_known_to_the_next_poll(world: World) -> None:
    """A push brings its new entries; pushed or polled again, they are known."""
    report = ingest(world).run("source-0", rss(FRESH, KNOWN), None, "push")
    assert (report.documents, report.problem) == (1, None)
    assert titles(world) == [FRESH[0]]
    assert ingest(world).run("source-0", rss(FRESH), None, "again").documents == 0
    spine = a_spine(world)
    spine.web.pages[URL] = rss(FRESH, KNOWN)
    assert spine.poll.run(ShardDue(shard=SHARD, due_at=world.clock(), force=True), "poll").documents == 0
    assert world.sources.odometer().fetched == 2


def test_a_push_leaves_what_polls_rely_on(world: World) -> None:
    """Validators, fingerprint, times and due time are the polls'; a push counts no poll."""
    (before,), (head,) = world.sources.states().values(), world.sources.heads()
    ingest(world).run("source-0", rss(FRESH), None, "push")
    (after,) = world.sources.states().values()
    assert (after.etag, after.body_sha256, after.next_poll_at, after.polled_at, after.rhythm.window) == (
        before.etag,
        before.body_sha256,
        before.next_poll_at,
        before.polled_at,
        before.rhythm.window,
    )
    assert after.rhythm.news_at == world.clock()
    assert world.sources.heads() == [head]
    assert world.sources.odometer().polled == 1


def test_a_push_of_nothing_new_writes_no_state(world: World) -> None:
    """Known entries alone cost the lease."""
    writes = len(world.journal.writes)
    ingest(world).run("source-0", rss(KNOWN), None, "push")
    assert world.journal.writes[writes:] == ["sources.acquire", "sources.release"]


def test_a_shard_that_is_polled_makes_a_push_wait(world: World) -> None:
    """While a worker holds the shard the push is busy, and changes nothing."""
    world.sources.acquire(SHARD, "poll", world.clock(), LEASE_SECONDS)
    with pytest.raises(Busy):
        ingest(world).run("source-0", rss(FRESH), None, "push")
    assert titles(world) == []


def test_a_push_that_dies_is_finished_by_whoever_comes_next(world: World) -> None:
    """A push that committed and died is a committed poll like any other."""
    world.journal.interrupt(before=4)  # acquire, archive, commit; dies on the queue
    with pytest.raises(Crash):
        ingest(world).run("source-0", rss(FRESH), None, "push")
    world.clock.advance(LEASE_SECONDS)
    report = ingest(world).run("source-0", rss(FRESH), None, "again")
    assert report.redone is not None
    assert report.documents == 0
    assert titles(world) == [FRESH[0]]


def test_what_is_no_feed_or_concerns_nobody_is_said(world: World) -> None:
    """A body that is no feed has its problem, a source that is followed no more is told; the lease is free again."""
    problem = ingest(world).run("source-0", b"<html></html>", "text/html", "push").problem
    assert problem is not None
    assert problem.startswith("not a feed")
    assert not ingest(world).run("source-9", rss(FRESH), None, "push").followed
    assert world.sources.heads()[0].holder == ""
