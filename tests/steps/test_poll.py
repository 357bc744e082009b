"""Polling a shard: leases, budgets, redo, and sources that cannot stop their neighbours."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import a_source
from tests.fakes import World
from tests.journal import Crash
from tests.pipeline.spine import LEASE_SECONDS, Spine, Web, rss
from vigie.domain.feeds import ParsedFeed
from vigie.domain.sources import shard_of
from vigie.messages import DocumentsFetched, ShardDue

URL = "https://courrier.test/rss"
SHARD = shard_of("courrier.test", 64)


@pytest.fixture
def world() -> World:
    """Return an empty stack."""
    return World()


def due(world: World, *, force: bool = False) -> ShardDue:
    """Return the message that makes the shard poll."""
    return ShardDue(shard=SHARD, due_at=world.clock(), force=force)


def a_spine(world: World, pages: dict[str, bytes | int]) -> Spine:
    """Return a spine that follows every page, all on one host."""
    spine = Spine(world, Web(pages))
    spine.follow(*(a_source(f"source-{n}", url=url) for n, url in enumerate(pages)))
    return spine


def test_a_shard_somebody_polls_is_left_alone(world: World) -> None:
    """While another worker holds the lease nothing is asked and nothing is written."""
    spine = a_spine(world, {URL: rss()})
    world.sources.acquire(SHARD, "other", world.clock(), LEASE_SECONDS)
    assert spine.poll.run(due(world), holder="me").held
    assert spine.web.requests == []


@pytest.mark.parametrize("force", [False, True])
def test_a_poll_by_force_waits_for_the_shard(world: World, *, force: bool) -> None:
    """Held up by another worker, what asks for the whole shard comes again; what asks for the due only need not."""
    spine = a_spine(world, {URL: rss()})
    world.sources.acquire(SHARD, "other", world.clock(), LEASE_SECONDS)
    asked = ShardDue(shard=SHARD, due_at=world.clock(), force=force)
    assert spine.poll.run(asked, holder="me").held
    assert [message for message, _ in world.outbox.sent] == ([asked] if force else [])
    assert all(delay > 0 for _, delay in world.outbox.sent)


def test_validators_are_sent_back_as_they_came(world: World) -> None:
    """The second poll asks with the ETag the first was given, to the address that gave it."""
    spine = a_spine(world, {URL: rss(("Un titre", "https://courrier.test/1", "Un texte."))})
    spine.poll.run(due(world), holder="one")
    report = spine.poll.run(due(world, force=True), holder="two")
    first, second = spine.web.requests
    assert (first.etag, second.etag) == (None, f'"{hash(spine.web.pages[URL])}"')
    assert second.validated_url == URL
    assert (report.unchanged, report.documents) == (1, 0)


def test_a_body_that_did_not_change_is_not_read_again(world: World) -> None:
    """A server without validators costs a fetch, but neither a parse nor a document."""
    spine = a_spine(world, {URL: rss(("Un titre", "https://courrier.test/1", "Un texte."))})
    spine.poll.run(due(world), holder="one")
    state = world.sources.states()["source-0"]
    world.sources.save(SHARD, "forget", [replace(state, etag=None)], [], world.sources.odometer())

    def never(*_: Any, **__: Any) -> ParsedFeed:
        raise AssertionError("parsed an unchanged body")

    again = replace(spine.poll, parse=never)
    assert again.run(due(world, force=True), holder="two").documents == 0


def test_what_was_not_polled_in_time_goes_first_next_time(world: World) -> None:
    """When the budget is spent the rest of a host's sources stay due and open the next poll."""
    urls = [f"{URL}?{n}" for n in range(4)]
    spine = a_spine(world, dict.fromkeys(urls, rss()))

    class SlowWeb(Web):
        async def fetch(self, request: Any) -> Any:
            world.clock.advance(30)
            return await super().fetch(request)

    slow = SlowWeb(spine.web.pages)
    short = replace(spine.poll, fetcher=slow.open, budget_seconds=45)
    assert short.run(due(world), holder="one").polled == 2
    assert world.sources.heads()[0].next_due_at is None
    assert short.run(due(world), holder="two").polled == 2
    assert sorted(request.url for request in slow.requests) == urls


def test_a_feed_our_reader_fails_on_stops_no_other(world: World) -> None:
    """An unforeseen failure marks its source, with the reason, and its neighbours are read."""
    good, bad = URL, f"{URL}?bad"
    spine = a_spine(world, {bad: b"bad", good: rss(("Un titre", "https://courrier.test/1", "Un texte."))})

    def parse(body: bytes, **parts: Any) -> ParsedFeed:
        if body == b"bad":
            raise RecursionError("too deep")
        return spine.poll.parse(body, **parts)

    report = replace(spine.poll, parse=parse).run(due(world), holder="one")
    assert report.documents == 1
    assert report.failed == {"source-0": "not_a_feed: our reader failed on it: RecursionError('too deep')"}


def test_an_answer_our_rules_fail_on_stops_no_other(world: World) -> None:
    """An unforeseen failure after reading, too, marks its source only: its neighbours' documents come."""
    good, bad = URL, f"{URL}?bad"
    item = ("Un titre", "https://courrier.test/1", "Un texte.")
    spine = a_spine(world, {bad: rss(item), good: rss(item)})

    class OddWeb(Web):
        async def fetch(self, request: Any) -> Any:
            outcome = await super().fetch(request)
            return replace(outcome, max_age_seconds=float("nan")) if request.url == bad else outcome

    report = replace(spine.poll, fetcher=OddWeb(spine.web.pages).open).run(due(world), holder="one")
    assert report.documents == 1
    assert list(report.failed) == ["source-0"]


def test_a_page_that_is_no_feed_is_a_failure_with_its_reason(world: World) -> None:
    """An HTML page answered with 200 marks the source as failing."""
    spine = a_spine(world, {URL: b"<!doctype html><html><body><h1>Maintenance</h1></body></html>"})
    report = spine.poll.run(due(world), holder="one")
    assert report.failed["source-0"].startswith("not_a_feed: ")
    assert world.sources.odometer().failed == {"not_a_feed": 1}


def test_a_worker_that_dies_after_its_commit_is_finished_by_the_next(world: World) -> None:
    """The next holder queues the documents of the poll it finds pending, under the same batch."""
    spine = a_spine(world, {URL: rss(("Un titre", "https://courrier.test/1", "Un texte."))})
    world.journal.interrupt(before=4)  # acquire, archive, commit; dies on the queue
    with pytest.raises(Crash):
        spine.poll.run(due(world), holder="one")
    assert world.outbox.take(DocumentsFetched) == []
    pending = world.sources.heads()[0].pending
    world.clock.advance(LEASE_SECONDS)
    report = spine.poll.run(due(world), holder="two")
    (message,) = world.outbox.take(DocumentsFetched)
    assert pending is not None
    assert report.redone == pending
    assert message.batch_id.rpartition(".")[0] in pending
    assert world.sources.heads()[0].pending is None


def test_a_pending_poll_the_archive_lost_is_said_and_its_documents_are_new_again(world: World) -> None:
    """Without the archived poll the feed is read afresh, and the report names what was lost."""
    spine = a_spine(world, {URL: rss(("Un titre", "https://courrier.test/1", "Un texte."))})
    world.sources.acquire(SHARD, "dead", world.clock(), 1)
    world.sources.commit(SHARD, "dead", "archive/gone")
    world.clock.advance(2)
    report = spine.poll.run(due(world), holder="two")
    assert (report.lost, report.documents) == ("archive/gone", 1)


def test_a_large_feed_travels_in_several_messages(world: World) -> None:
    """A poll's documents are cut in messages a queue can carry, each with a batch id of its own."""
    items = [(f"Titre {n}", f"https://courrier.test/{n}", "mot " * 400) for n in range(120)]
    spine = a_spine(world, {URL: rss(*items)})
    spine.poll.run(due(world), holder="one")
    messages = world.outbox.take(DocumentsFetched)
    assert len(messages) > 1
    assert sum(len(message.documents) for message in messages) == 120
    assert len({message.batch_id for message in messages}) == len(messages)


def test_a_source_that_is_gone_is_not_asked_again(world: World) -> None:
    """A 410 ends the polling of a source, even by force."""
    spine = a_spine(world, {URL: 410})
    spine.poll.run(due(world), holder="one")
    world.clock.advance(timedelta(days=30).total_seconds())
    assert spine.poll.run(due(world, force=True), holder="two").polled == 0
    assert len(spine.web.requests) == 1


def test_a_host_that_asks_for_peace_is_left_alone_whole(world: World) -> None:
    """After a 429 no other feed of the host is asked, by force neither, until its time; then all are."""
    urls = [URL, f"{URL}?2", f"{URL}?3"]
    spine = a_spine(world, {urls[0]: 429, urls[1]: rss(), urls[2]: rss()})
    report = spine.poll.run(due(world), holder="one")
    assert (report.polled, list(report.failed)) == (1, ["source-0"])
    until = world.sources.states()["source-1"].quiet_until
    assert until is not None
    assert world.sources.heads()[0].next_due_at is not None
    assert spine.poll.run(due(world, force=True), holder="two").polled == 0
    world.clock.instant = until
    spine.web.pages[URL] = rss()
    assert spine.poll.run(due(world, force=True), holder="three").polled == 3
    assert world.sources.odometer().polled == 4


def test_feeds_of_one_host_are_asked_one_after_the_other(world: World) -> None:
    """Between two requests to a host the step waits its spacing; nobody waits before the first."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    spine = a_spine(world, {f"{URL}?{n}": rss() for n in range(3)})
    replace(spine.poll, sleep=sleep, host_spacing_seconds=1.5).run(due(world), holder="one")
    assert waits == [1.5, 1.5]


def test_a_gap_is_told(world: World) -> None:
    """A document in which nothing is known any more names its source: articles may have come and gone."""
    spine = a_spine(world, {URL: rss(("Un titre", "https://courrier.test/1", "Un texte."))})
    assert spine.poll.run(due(world), holder="one").gaps == ()
    spine.web.pages[URL] = rss(("Un autre", "https://courrier.test/2", "Un autre texte."))
    assert spine.poll.run(due(world, force=True), holder="two").gaps == ("source-0",)


def test_a_part_of_a_feed_is_no_gap(world: World) -> None:
    """What a server says changed holds nothing we know, and tells neither the size of the feed nor its hints."""
    spine = a_spine(world, {URL: rss(*((f"Titre {n}", f"https://courrier.test/{n}", "") for n in range(9)))})
    spine.poll.run(due(world), holder="one")

    class Partial(Web):
        async def fetch(self, request: Any) -> Any:
            return replace(await super().fetch(request), partial=True)

    web = Partial({URL: rss(("Un autre", "https://courrier.test/99", "Un autre texte."))})
    report = replace(spine.poll, fetcher=web.open).run(due(world, force=True), holder="two")
    assert (report.documents, report.gaps) == (1, ())
    assert world.sources.states()["source-0"].rhythm.window == 9


def test_an_article_that_comes_back_after_months_is_not_new(world: World) -> None:
    """Shown again long after it left its source's window, on a page of archives or restored, it is known."""
    first = ("Le premier article de tous", "https://courrier.test/0", "Un texte.")
    spine = a_spine(world, {URL: rss(first)})
    spine.poll.run(due(world), holder="first")
    for day in range(1, 100):
        world.clock.advance(86_400)
        items = [(f"Un article du jour {day}", f"https://courrier.test/{day}-{n}", "") for n in range(3)]
        spine.web.pages[URL] = rss(*items)
        assert spine.poll.run(due(world, force=True), holder=f"day-{day}").documents == 3
    spine.web.pages[URL] = rss(first)
    report = spine.poll.run(due(world, force=True), holder="last")
    assert (report.documents, report.gaps) == (0, ())


def test_nothing_is_read_before_everyone_has_been_asked(world: World) -> None:
    """A feed that takes seconds to read would eat the time in which the others may answer."""
    urls = [f"https://courrier-{n}.test/rss" for n in range(4)]
    spine = Spine(world, Web({url: rss(("Un titre", f"{url}/1", "Un texte.")) for url in urls}))
    world.sources.put_sources((a_source(f"source-{n}", url=url) for n, url in enumerate(urls)), 1)
    asked: list[int] = []

    def parse(body: bytes, **parts: Any) -> ParsedFeed:
        asked.append(len(spine.web.requests))
        return spine.poll.parse(body, **parts)

    message = ShardDue(shard="0000", due_at=world.clock())
    assert replace(spine.poll, parse=parse).run(message, holder="one").documents == 4
    assert asked == [4, 4, 4, 4]


def test_where_bodies_pile_up_one_is_read_at_once(world: World) -> None:
    """Memory is bounded: what does not fit beside the others is read as soon as it came."""
    urls = [f"https://courrier-{n}.test/rss" for n in range(4)]
    spine = Spine(world, Web({url: b" " * 12_000_000 + rss(("Un titre", f"{url}/1", "")) for url in urls}))
    world.sources.put_sources((a_source(f"source-{n}", url=url) for n, url in enumerate(urls)), 1)
    asked: list[int] = []

    def parse(body: bytes, **parts: Any) -> ParsedFeed:
        asked.append(len(spine.web.requests))
        return spine.poll.parse(body.strip(), **parts)

    message = ShardDue(shard="0000", due_at=world.clock())
    assert replace(spine.poll, parse=parse).run(message, holder="one").documents == 4
    assert sorted(asked) == [3, 4, 4, 4]
