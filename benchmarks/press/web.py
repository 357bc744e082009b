"""The web of a simulation: it answers requests, keeps the truth of what it showed, and watches our manners."""

from collections import Counter
from collections.abc import AsyncIterator, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from benchmarks.press.bodies import render
from benchmarks.press.clock import VirtualClock
from benchmarks.press.misbehaviours import (
    ANSWERS,
    EMPTY,
    ENTRIES,
    FLOODS,
    HTML_PAGE,
    NEW_ONLY,
    OLD_COPY,
    Asked,
    Entries,
)
from benchmarks.press.publishers import DAY, Feed, at
from tests.journal import Journal
from vigie.adapters.feeds import skim_feed
from vigie.domain.feeds import ParsedFeed
from vigie.domain.fetching import FetchOutcome, FetchRequest

SPACING_SECONDS = 1.0
TURNED_SHARE = 0.1  # of a document: a max-age in which so much of it goes asks for articles to be missed
WISH_CAP_SECONDS = 3_600  # what a publisher's max-age may ask of us
LATENCY_SECONDS = 0.2
OLD_COPY_SECONDS = 600
PAGE = "?page="
MARKS_KEPT = 50  # older validators are those of nobody
HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"
# Writes after which whoever comes next knows what was given.
_KEPT = frozenset({"sources.commit", "sources.save_states"})
NEVER = "Thu, 01 Jan 1970 00:00:00 GMT"


@dataclass(slots=True)
class Manners:
    """When a host may be asked again, and when a feed may."""

    host_free_at: float = 0.0
    fresh_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A document, rendered when it was first asked for and kept as long as nothing in it changes.

    ``moment`` is what it depends on: how much was published, and what the misbehaviours look at.
    """

    moment: tuple[float, ...]
    document: ParsedFeed
    mark: str
    body: bytes
    changed_at: str


class Web:
    """All feeds, as a fetcher and a parser see them."""

    def __init__(self, feeds: list[Feed], clock: VirtualClock, journal: Journal) -> None:
        self.clock, self.journal = clock, journal
        for feed in feeds:
            feed.steady = ENTRIES.keys().isdisjoint(feed.traits)
            feed.answers = tuple(name for name in feed.traits if name in ANSWERS)
        self._by_url = {url: feed for feed in feeds for url in (feed.url, f"{feed.url}/nouveau")}
        self._hosts: dict[str, Manners] = {}
        self._asked: list[Feed] = []  # by the worker of now
        self._first: list[int] = []  # articles that it was the first to be given
        self._writes_then = 0  # in the journal, when it last asked
        self._feeds: dict[int, Manners] = {}
        self._shown: dict[int, Shown] = {}  # what each feed showed last
        self._given: dict[int, ParsedFeed] = {}  # the document each feed last answered with
        self._documents: dict[bytes, ParsedFeed] = {}
        self._last_body: dict[int, bytes] = {}
        self._marked: dict[int, dict[str, Set[str]]] = {}  # by feed and ETag: the articles that it stood for
        self.first_shown: dict[int, float] = {}  # article → when a poll was first given it
        self.shown_in_vain: set[int] = set()  # articles given so far to workers that died with them
        self.counts: Counter[str] = Counter()
        self.violations: Counter[str] = Counter()

    def begin(self) -> None:
        """Begin a poll: from now on it is another worker that asks."""
        self._asked.clear()
        self._first.clear()

    def bury(self) -> None:
        """Forget what a worker that died was given and what was wished of it, when it wrote none of it down.

        The next one cannot know, and waits for its lease. What the dead one committed or saved is known: nothing of
        that is forgotten.
        """
        if not _KEPT.isdisjoint(self.journal.writes[self._writes_then :]):
            return
        for feed in self._asked:
            self._feeds[feed.number].fresh_until = 0.0
            host = self._hosts[feed.host]
            host.host_free_at = min(host.host_free_at, self.clock.seconds + 60)
            self._given.pop(feed.number, None)
        for article in self._first:
            del self.first_shown[article]
        self.shown_in_vain.update(self._first)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Web"]:
        """Live as long as a poll."""
        yield self

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """Answer one request as the feed's server would at this moment."""
        address, _, page = request.url.partition(PAGE)
        feed = self._by_url[address]
        now = self.clock.now()
        self._watch_host(feed, now)
        self._writes_then = len(self.journal.writes)
        if page:
            return await self._page(feed, int(page), request, now)
        self._watch(feed, now)
        document, mark, body, changed_at = self._document(feed, now)
        outcome = FetchOutcome(
            kind="fetched",
            final_url=request.url,
            status=200,
            body=body,
            etag=f'"{mark}"',
            last_modified=changed_at,
            elapsed_seconds=LATENCY_SECONDS,
        )
        if feed.answers:
            asked = Asked(feed, request, now)
            for name in feed.answers:
                if outcome.kind == "fetched":
                    outcome = ANSWERS[name][1](asked, outcome)
        outcome = _conditional(request, outcome)
        if NEW_ONLY in feed.traits and outcome.kind == "fetched":
            document, outcome = self._new_only(feed, request, document, outcome)
        self._remember(feed, outcome, document, now, conditional=bool(request.etag or request.last_modified))
        await self.clock.sleep(outcome.elapsed_seconds)
        return outcome

    async def _page(self, feed: Feed, number: int, request: FetchRequest, now: float) -> FetchOutcome:
        """Answer with an older page of a feed's document."""
        document = self._paged(feed, now, number)
        body = f"{feed.number} page {number} at {now}".encode()
        self._documents[body] = document
        self.counts.update(("requests", "pages"))
        self._count_shown(document, now)
        await self.clock.sleep(LATENCY_SECONDS)
        return FetchOutcome(kind="fetched", final_url=request.url, status=200, body=body)

    def _new_only(
        self, feed: Feed, request: FetchRequest, document: ParsedFeed, outcome: FetchOutcome
    ) -> tuple[ParsedFeed, FetchOutcome]:
        """Answer 226 with the entries that an ETag did not stand for (RFC 3229), the whole where it is not known."""
        if outcome.etag is None or document.problem is not None:
            return document, outcome
        marked = self._marked.setdefault(feed.number, {})
        had = marked.get(request.etag or "")
        marked[outcome.etag] = {entry.author for entry in document.entries}
        while len(marked) > MARKS_KEPT:
            del marked[next(iter(marked))]
        if had is None or request.validated_url not in {None, outcome.final_url}:
            return document, outcome
        new = replace(document, entries=tuple(entry for entry in document.entries if entry.author not in had))
        body = render(feed.traits, new) or f"{request.etag} to {outcome.etag}".encode()
        self.counts["partial"] += 1
        return new, replace(outcome, status=226, partial=True, body=body)

    def parse(self, body: bytes, *, url: str, content_type: str | None) -> ParsedFeed:
        """Return the document a body stands for; what are real bytes is read by the real reader."""
        if body[:1] in {b"<", b"{"}:
            return skim_feed(body, url=url, content_type=content_type)
        document = self._documents[body]
        if b" page " in body:
            del self._documents[body]  # each is read once
        return document

    def _document(self, feed: Feed, now: float) -> tuple[ParsedFeed, str, bytes, str]:
        """Return what a feed shows, a text that changes whenever that does, its bytes, and when it changed."""
        if HTML_PAGE in feed.traits and feed.mood.random() < 0.01:
            page = "<!DOCTYPE html><html><body><p>Maintenance en cours</p></body></html>"
            return ParsedFeed(problem="an HTML page"), "an HTML page", page.encode(), NEVER
        if EMPTY in feed.traits and feed.mood.random() < 0.01:
            return ParsedFeed(site_url=feed.home), "empty", f"{feed.number} empty".encode(), NEVER
        if OLD_COPY in feed.traits and feed.mood.random() < 0.3:
            now -= OLD_COPY_SECONDS  # one of several servers behind a name is late
        steady = feed.steady
        moment = (
            feed.published_by(now),
            *(() if steady else (now // 3_600, now >= feed.turn, feed.published_by(now - 3_600))),
        )
        before = self._shown.get(feed.number)
        if before is None or before.moment != moment:
            before = self._shown[feed.number] = self._render(feed, now, moment, before)
        return before.document, before.mark, before.body, before.changed_at

    def _render(self, feed: Feed, now: float, moment: tuple[float, ...], before: "Shown | None") -> "Shown":
        document = self._paged(feed, now)
        if before is not None and before.document == document:
            return replace(before, moment=moment)
        mark = f"{feed.number}-{int(before.mark.partition('-')[2]) + 1 if before else 0}"
        number = feed.published_by(now)
        changed_at = at(feed.times[number - 1] if number else 0.0)
        return Shown(
            moment,
            document,
            mark,
            render(feed.traits, document) or mark.encode(),
            f"{changed_at:{HTTP_DATE}}",
        )

    def _paged(self, feed: Feed, now: float, page: int = 1) -> ParsedFeed:
        entries: Entries = [feed.entry(article) for article in feed.shown(now, page)]
        for name in feed.traits:
            if name in ENTRIES:
                entries = ENTRIES[name][1](feed, entries, now)
        older = f"{feed.url}{PAGE}{page + 1}" if FLOODS in feed.traits else None
        return ParsedFeed(entries=tuple(entries), site_url=feed.home, hints=feed.hints, next_url=older)

    def _count_shown(self, document: ParsedFeed, now: float) -> None:
        """Note that a poll was given the articles of a document."""
        new = [article for e in document.entries if (article := int(e.author)) not in self.first_shown]
        self.first_shown.update(dict.fromkeys(new, now))
        self._first += new
        self.shown_in_vain.difference_update(new)

    def _remember(
        self, feed: Feed, outcome: FetchOutcome, document: ParsedFeed, now: float, *, conditional: bool
    ) -> None:
        self.counts["requests"] += 1
        self.counts[outcome.kind] += 1
        if outcome.kind == "fetched":
            last = self._last_body.get(feed.number)
            self.counts["fetched unchanged, conditional"] += last == outcome.body and conditional
            if last != outcome.body:
                self._documents.pop(last or b"", None)
                self._documents[outcome.body] = document
                self._last_body[feed.number] = outcome.body
            if self._given.get(feed.number) is not document:
                self._given[feed.number] = document
                self._count_shown(document, now)
        if outcome.retry_after_seconds:
            self._hosts[feed.host].host_free_at = now + outcome.retry_after_seconds
        turned_over = feed.window * DAY / max(feed.per_day, 0.01)
        asked = min(outcome.max_age_seconds or 0, WISH_CAP_SECONDS, TURNED_SHARE * turned_over)
        self._feeds[feed.number].fresh_until = now + asked

    def _watch_host(self, feed: Feed, now: float) -> None:
        """Count what a server could hold against us."""
        self._asked.append(feed)
        host = self._hosts.setdefault(feed.host, Manners(host_free_at=float("-inf")))
        self._feeds.setdefault(feed.number, Manners())
        if now < host.host_free_at - 0.001:
            self.violations["asked a host too soon"] += 1
        host.host_free_at = max(host.host_free_at, now + SPACING_SECONDS)

    def _watch(self, feed: Feed, now: float) -> None:
        """Count what a publisher could hold against us."""
        own = self._feeds[feed.number]
        hour_ago = feed.published_by(now - WISH_CAP_SECONDS)
        pressing = feed.published_by(now) - hour_ago >= feed.window / 2
        if now < own.fresh_until - 1:  # instants are kept in whole seconds
            if pressing:  # a wish is followed as long as nothing can fall out of the document meanwhile
                self.counts["asked before max-age, in a rush"] += 1
            else:
                self.violations["asked before max-age"] += 1


def _conditional(request: FetchRequest, outcome: FetchOutcome) -> FetchOutcome:
    """Answer 304 to validators that still hold, when they came from this address (RFC 9110 §13.2.2)."""
    if outcome.kind != "fetched" or request.validated_url not in {None, outcome.final_url}:
        return outcome
    fresh = outcome.etag == request.etag if request.etag else outcome.last_modified == request.last_modified
    if not fresh or (outcome.etag is None and outcome.last_modified is None):
        return outcome
    return FetchOutcome(
        kind="unchanged",
        final_url=outcome.final_url,
        status=304,
        etag=outcome.etag,
        last_modified=outcome.last_modified,
        permanent_url=outcome.permanent_url,
        max_age_seconds=outcome.max_age_seconds,
        elapsed_seconds=outcome.elapsed_seconds,
    )
