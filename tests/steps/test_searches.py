"""Searches are asked within their budgets, and brought in like any source."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import a_client, a_source
from tests.fakes import World
from tests.journal import Crash
from tests.searching import searching_poll
from vigie.domain.clients import Watch
from vigie.domain.connectors.budgets import Bucket, Cost
from vigie.domain.connectors.native import Syntax
from vigie.domain.connectors.outcomes import Answer, AuthRevoked, RetryAfter
from vigie.domain.connectors.pushdown import Place
from vigie.domain.documents import Document
from vigie.domain.feeds import FeedEntry, Native
from vigie.domain.sources import SourceState
from vigie.errors import Transient
from vigie.messages import DocumentsFetched, DocumentsWithdrawn, ShardDue, decode_value
from vigie.ports import Connector, PlatformSetup
from vigie.steps.plan_searches import PlanSearches
from vigie.steps.poll import Poll, PollReport
from vigie.steps.searches import PAGES_AT_ONCE

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACE = Place("chirp", frozenset({"post"}))
SYNTAX = Syntax(either=" OR ", groups=True)
BUCKET = Bucket(name="chirp", limit=100, window_seconds=300)


def post(number: int) -> FeedEntry:
    """Return one post of the platform."""
    native = Native(platform="chirp", native_id=f"post-{number}", type="post", metrics={"likes": number})
    return FeedEntry(body=f"Airbus, message {number}", published_at=NOON, native=native)


@dataclass
class Chirp:
    """A platform in memory: numbered posts, paged forwards; the cursor is the last number seen."""

    posts: list[FeedEntry] = field(default_factory=list)
    per_page: int = 2
    refusal: Answer | None = None
    broken: bool = False
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    place: Place = PLACE
    syntax: Syntax = SYNTAX
    packed: bool = False
    bucket: Bucket = BUCKET
    units: int = 1
    also: tuple[Cost, ...] = ()

    def page_url(self, native: str) -> str:
        """Return where a person would look."""
        return f"https://chirp.example/search?q={native}"

    async def poll(self, native: str, cursor: str | None, now: datetime) -> Answer:  # noqa: ARG002
        """Return the next page."""
        self.asked.append((native, cursor))
        if self.broken:
            raise ZeroDivisionError("the connector")
        if self.refusal is not None:
            return self.refusal
        start = int(cursor or 0)
        page = self.posts[start : start + self.per_page]
        end = start + len(page)
        return Answer(entries=tuple(page), cursor=str(end), more=end < len(self.posts))


class Stack:
    """A stack that follows one client's watch on one platform."""

    def __init__(self, chirp: Chirp, query: str = "airbus") -> None:
        self.tries = 0
        self.world = World()
        self.world.clock.instant = NOON
        self.chirp = chirp
        self.watch(query)
        self.plan()

    def watch(self, query: str, watch_id: str = "brand") -> None:
        """Save a watch."""
        made = Watch(
            client_id="acme", watch_id=watch_id, name="A", purpose="brand", query=query, created_at=NOON
        )
        self.world.accounts.put_watch(made)

    def plan(self) -> int:
        """Plan the searches of today's watches."""
        return PlanSearches(
            accounts=self.world.accounts,
            sources=self.world.sources,
            outbox=self.world.outbox,
            platforms=lambda: PlatformSetup({"chirp": self.chirp}),
            clock=self.world.clock,
            shard_count=1,
        ).run()

    def poll(self, *, force: bool = False) -> PollReport:
        """Poll the only shard."""
        self.tries += 1
        return self.step().run(ShardDue(shard="0000", due_at=NOON, force=force), f"try-{self.tries}")

    def step(self) -> Poll:
        """Return the poll step, with the platform and without any feed."""
        return searching_poll(self.world, {"chirp": self.chirp})

    def state(self) -> SourceState:
        """Return the state of the only search."""
        (state,) = self.world.sources.states().values()
        return state

    def brought(self) -> list[str]:
        """Return the native ids of all documents queued, a batch sent twice counted once."""
        batches = {m.batch_id: m for m, _ in self.world.outbox.sent if isinstance(m, DocumentsFetched)}
        documents = [decode_value(raw, Document) for batch in batches.values() for raw in batch.documents]
        return [document.native_id or "" for document in documents]


@pytest.mark.parametrize("posts", [0, 1, 2, 5, 2 * PAGES_AT_ONCE, 2 * PAGES_AT_ONCE + 3])
def test_every_post_is_brought_once_over_pages_and_polls(posts: int) -> None:
    """However many pages there are, and however often they are asked for, each post becomes one document."""
    stack = Stack(Chirp([post(n) for n in range(posts)]))
    for _ in range(4):
        stack.poll(force=True)
        stack.world.clock.advance(60)
    assert stack.brought() == [f"post-{n}" for n in range(posts)]


def test_documents_say_what_the_platform_says() -> None:
    """A post keeps its platform, type, native id and counts on its way."""
    stack = Stack(Chirp([post(7)]))
    stack.poll()
    (message,) = stack.world.outbox.take(DocumentsFetched)
    document = decode_value(message.documents[0], Document)
    assert (document.platform, document.type, document.native_id) == ("chirp", "post", "post-7")
    assert document.metrics == {"likes": 7}


def test_what_two_searches_find_is_one_document() -> None:
    """The same post found by two searches has one id."""
    stack = Stack(Chirp([post(1)]))
    stack.watch("message", "other")
    stack.plan()
    stack.poll()
    documents = [
        decode_value(raw, Document)
        for message in stack.world.outbox.take(DocumentsFetched)
        for raw in message.documents
    ]
    assert len({document.document_id for document in documents}) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_at_any_write_loses_and_repeats_nothing(when: str) -> None:
    """Whatever write a worker dies at, the polls after it bring each post once, and the cursor stays true."""
    expected = [f"post-{n}" for n in range(5)]
    for number in range(1, 40):
        stack = Stack(Chirp([post(n) for n in range(5)]))
        stack.world.journal.interrupt(**{when: number})  # type: ignore[arg-type]
        with suppress(Crash):
            stack.poll()
        died = not stack.world.journal.armed
        stack.world.journal.interrupt()
        for _ in range(2):
            stack.world.clock.advance(600)
            stack.poll(force=True)
        assert sorted(stack.brought()) == expected
        if not died:
            return
    pytest.fail("no poll has so many writes")


def test_a_budget_used_up_is_no_failure() -> None:
    """When the window is spent the search waits until it is full again, says so, and goes on where it was."""
    chirp = Chirp(
        [post(n) for n in range(6)], bucket=Bucket(name="c", limit=2, window_seconds=300, reserve=0)
    )
    stack = Stack(chirp)
    stack.poll()
    state = stack.state()
    assert (state.failures, state.coverage) == (0, "truncated")
    assert "2 calls" in (state.limited or "")
    assert state.next_poll_at == NOON + timedelta(seconds=300)
    stack.world.clock.advance(300)
    stack.poll()
    assert stack.brought() == [f"post-{n}" for n in range(6)]
    assert stack.state().coverage == "complete" or stack.state().limited is not None


def test_patience_is_kept_with_the_whole_host() -> None:
    """A platform that asks for patience is not asked anything before, even by force."""
    later = NOON + timedelta(seconds=120)
    stack = Stack(Chirp([post(1)], refusal=Answer(refusal=RetryAfter(later, "slow down"))))
    stack.poll()
    stack.poll(force=True)
    assert len(stack.chirp.asked) == 1
    assert (stack.state().failures, stack.state().quiet_until) == (0, later)


def test_a_refused_credential_is_a_failure_that_says_so() -> None:
    """A credential refused shows as the search's failure, and is tried again later."""
    stack = Stack(Chirp(refusal=Answer(refusal=AuthRevoked("the app password was revoked"))))
    report = stack.poll()
    assert list(report.failed.values()) == ["unauthorised: the app password was revoked"]
    assert stack.state().next_poll_at is not None


def test_a_connector_that_breaks_stops_its_search_only() -> None:
    """A bug in a connector is shown beside its search; the poll ends well."""
    stack = Stack(Chirp(broken=True))
    report = stack.poll()
    assert ["ZeroDivisionError" in reason for reason in report.failed.values()] == [True]


def test_searches_follow_the_watches() -> None:
    """A watch added is searched for, one changed is searched for anew, one removed no more; feeds stay."""
    stack = Stack(Chirp(), query="airbus")
    stack.world.sources.put_sources([a_source()], 1)
    assert stack.plan() == 0
    stack.watch("boeing")
    assert stack.plan() == 2
    queries = [source.query for source in stack.world.sources.sources() if source.connector]
    assert queries == ["boeing"]
    stack.world.accounts.remove_watch("acme", "brand")
    assert stack.plan() == 1
    assert [source.connector for source in stack.world.sources.sources()] == [None]


def test_a_plan_says_of_each_client_what_is_searched_and_what_is_not() -> None:
    """A client's plan names its searches by connector, and the watches no search can serve; others' stay theirs."""
    stack = Stack(Chirp(), query="airbus")
    for client_id in ("acme", "other"):
        stack.world.accounts.put_client(a_client(client_id=client_id))
    stack.watch("NOT boeing", "negative")
    stack.plan()
    plan = stack.world.accounts.search_plan("acme")
    (search,) = [source for source in stack.world.sources.sources() if source.connector]
    assert plan.searches == {"chirp": (search.source_id,)}
    assert [(left.watch_id, left.reason) for left in plan.unsearchable["chirp"]] == [
        ("negative", "no_sure_word")
    ]
    assert stack.world.accounts.search_plan("other").searches == {"chirp": ()}


def test_a_new_search_is_asked_at_once() -> None:
    """The shards of new searches are due in the minute that plans them; unchanged ones are left in peace."""
    stack = Stack(Chirp())
    assert [message.shard for message in stack.world.outbox.take(ShardDue)] == ["0000"]
    stack.watch("boeing", "other")
    stack.plan()
    assert len(stack.world.outbox.take(ShardDue)) == 1
    stack.plan()
    assert stack.world.outbox.take(ShardDue) == []


def test_a_plan_cut_short_is_made_again() -> None:
    """Whatever write planning dies at, the next minute follows what the watches ask for, for every client."""
    for number in range(1, 40):
        stack = Stack(Chirp(), query="airbus")
        stack.world.accounts.put_client(a_client(client_id="acme"))
        stack.watch("boeing")
        stack.world.journal.interrupt(before=number)
        with suppress(Crash):
            stack.plan()
        died = not stack.world.journal.armed
        stack.world.journal.interrupt()
        stack.plan()
        (search,) = [source for source in stack.world.sources.sources() if source.connector]
        assert search.query == "boeing"
        assert stack.world.accounts.search_plan("acme").searches == {"chirp": (search.source_id,)}
        if not died:
            return
    pytest.fail("no planning has so many writes")


def test_credentials_that_cannot_be_read_stop_no_feed() -> None:
    """When the parameter store does not answer, a search says so and is tried again; its cursor stays."""
    stack = Stack(Chirp([post(1)]))

    @asynccontextmanager
    async def unreadable() -> AsyncIterator[Mapping[str, Connector]]:
        raise Transient("the parameter store is away")
        yield {}

    step = stack.step()
    assert step.searcher is not None
    report = replace(step, searcher=replace(step.searcher, connectors=unreadable)).run(
        ShardDue(shard="0000", due_at=NOON), "try"
    )
    assert ["parameter store" in reason for reason in report.failed.values()] == [True]
    stack.world.clock.advance(3_600)
    stack.poll(force=True)
    assert stack.brought() == ["post-1"]


def test_no_document_carries_the_words_of_a_search() -> None:
    """What a search brings names the platform: its words may be those of another client."""
    stack = Stack(Chirp([post(1)]))
    stack.poll()
    (message,) = stack.world.outbox.take(DocumentsFetched)
    document = decode_value(message.documents[0], Document)
    assert document.source_name == "chirp"
    assert "airbus" not in f"{document.url} {document.canonical_url} {document.source_id}"


@pytest.mark.parametrize("when", ["before", "after"])
def test_what_a_platform_takes_back_is_withdrawn_even_when_a_worker_dies(when: str) -> None:
    """A deletion travels with the poll's commit: whatever write a worker dies at, it is told, by its id."""
    for number in range(1, 40):
        stack = Stack(Chirp([post(1)]))
        stack.poll()
        (fetched,) = stack.world.outbox.take(DocumentsFetched)
        document = decode_value(fetched.documents[0], Document)
        stack.chirp.refusal = Answer(deleted=("post-1",), cursor="1")
        stack.world.journal.interrupt(**{when: number})  # type: ignore[arg-type]
        with suppress(Crash):
            stack.poll(force=True)
        died = not stack.world.journal.armed
        stack.world.journal.interrupt()
        stack.world.clock.advance(600)
        stack.poll(force=True)
        told = {
            id_ for message in stack.world.outbox.take(DocumentsWithdrawn) for id_ in message.document_ids
        }
        assert told == {document.document_id}
        if not died:
            return
    pytest.fail("no poll has so many writes")


@dataclass
class ChirpReplies(Chirp):
    """A platform that is followed along with feeds."""

    def search_of_feed(self, feed_url: str) -> str | None:
        """Return the account of a feed of Chirp."""
        return feed_url.rpartition("/")[2] if feed_url.startswith("https://chirp.example/") else None


def test_what_feeds_ask_for_is_searched_within_the_hour() -> None:
    """A platform may be asked for what is followed, not for watches; a feed followed later is noticed."""
    stack = Stack(ChirpReplies(), query="airbus")
    assert [source.connector for source in stack.world.sources.sources()] == []
    stack.world.sources.put_sources([a_source(url="https://chirp.example/airbus")], 1)
    assert stack.plan() == 0
    stack.world.clock.advance(3_600)
    assert stack.plan() == 1
    (search,) = [source for source in stack.world.sources.sources() if source.connector]
    assert (search.query, search.pace_seconds) == ("airbus", 3)


def test_the_reserve_is_for_what_watches_a_crisis() -> None:
    """When the ordinary part of a budget is spent, the search of a crisis goes on, before the others."""
    bucket = Bucket(name="c", limit=4, window_seconds=300, reserve=0.5)
    stack = Stack(Chirp([post(n) for n in range(6)], bucket=bucket))
    crisis = Watch(
        client_id="acme", watch_id="fire", name="F", purpose="crisis", query="message", created_at=NOON
    )
    stack.world.accounts.put_watch(crisis)
    stack.plan()
    stack.poll()
    assert [native for native, _ in stack.chirp.asked] == ["message", "message", "message"]
    limited = {state.source_id: state.limited for state in stack.world.sources.states().values()}
    assert sum(reason is not None for reason in limited.values()) == 1
