"""The web of a simulation: it answers requests, keeps the truth of what it showed, and watches our manners."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime

from benchmarks.press.misbehaviours import ANSWERS, EMPTY, ENTRIES, HTML_PAGE, Asked, Entries
from benchmarks.press.publishers import Feed, at
from vigie.domain.feeds import ParsedFeed
from vigie.domain.fetching import FetchOutcome, FetchRequest

SPACING_SECONDS = 1.0
WISH_CAP_SECONDS = 3_600  # what a publisher's max-age may ask of us
LATENCY_SECONDS = 0.2

# How far a host's visit is ahead of its tick: hosts are asked side by side, each task has its own.
_ahead: ContextVar[float] = ContextVar("ahead", default=0.0)


class VirtualClock:
    """The time of the simulation: a tick's instant, and how long the current host's visit has taken."""

    def __init__(self) -> None:
        self.seconds = 0.0  # since START

    def now(self) -> float:
        """Return the seconds since START."""
        return self.seconds + _ahead.get()

    def __call__(self) -> datetime:
        """Return the instant."""
        return at(self.now())

    async def sleep(self, seconds: float) -> None:
        """Let time pass for the current host."""
        _ahead.set(_ahead.get() + seconds)


@dataclass(slots=True)
class Manners:
    """When a host may be asked again, and when a feed may."""

    host_free_at: float = 0.0
    fresh_until: float = 0.0


class Web:
    """All feeds, as a fetcher and a parser see them."""

    def __init__(self, feeds: list[Feed], clock: VirtualClock) -> None:
        self.clock = clock
        self._by_url = {url: feed for feed in feeds for url in (feed.url, f"{feed.url}/nouveau")}
        self._hosts: dict[str, Manners] = {}
        self._asked: list[Feed] = []  # since the last poll began
        self._feeds: dict[int, Manners] = {}
        self._current: dict[int, tuple[list[int], ParsedFeed, str]] = {}  # what each feed showed last
        self._documents: dict[bytes, ParsedFeed] = {}
        self._last_body: dict[int, bytes] = {}
        self.first_shown: dict[int, float] = {}  # article → when a poll was first given it
        self.counts: Counter[str] = Counter()
        self.violations: Counter[str] = Counter()

    def forgive(self) -> None:
        """Forget what was wished of a worker that died with it: the next one cannot know, and waits its lease."""
        for feed in self._asked:
            self._feeds[feed.number].fresh_until = 0.0
            host = self._hosts[_host(feed)]
            host.host_free_at = min(host.host_free_at, self.clock.seconds + 60)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Web"]:
        """Live as long as a poll."""
        self._asked.clear()
        yield self

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """Answer one request as the feed's server would at this moment."""
        feed = self._by_url[request.url]
        now = self.clock.now()
        self._watch(feed, now)
        document, mark = self._document(feed, now)
        body = f"{feed.number} {mark}".encode()
        outcome = FetchOutcome(
            kind="fetched",
            final_url=request.url,
            status=200,
            body=body,
            etag=f'"{mark}"',
            last_modified=f"{at(self._last_change(feed, now)):%a, %d %b %Y %H:%M:%S GMT}",
            elapsed_seconds=LATENCY_SECONDS,
        )
        asked = Asked(feed, request, now)
        for name in feed.traits:
            if name in ANSWERS and outcome.kind == "fetched":
                outcome = ANSWERS[name][1](asked, outcome)
        outcome = _conditional(request, outcome)
        self._remember(feed, outcome, document, now, conditional=bool(request.etag or request.last_modified))
        await self.clock.sleep(outcome.elapsed_seconds)
        return outcome

    def parse(self, body: bytes, *, url: str, content_type: str | None) -> ParsedFeed:  # noqa: ARG002 - the port's
        """Return the document a body stands for."""
        return self._documents[body]

    def _document(self, feed: Feed, now: float) -> tuple[ParsedFeed, str]:
        """Return what a feed shows, and a text that changes whenever that does."""
        if HTML_PAGE in feed.traits and feed.mood.random() < 0.01:
            return ParsedFeed(problem="not a feed: looks like an HTML page"), "an HTML page"
        if EMPTY in feed.traits and feed.mood.random() < 0.01:
            return ParsedFeed(site_url=feed.home), "empty"
        shown = feed.shown(now)
        steady = not any(name in ENTRIES for name in feed.traits)
        before = self._current.get(feed.number)
        if steady and before is not None and before[0] == shown[:1]:
            return before[1], before[2]
        entries: Entries = [feed.entry(article) for article in shown]
        for name in feed.traits:
            if name in ENTRIES:
                entries = ENTRIES[name][1](feed, entries, now)
        document = ParsedFeed(entries=tuple(entries), site_url=feed.home, hints=feed.hints)
        mark = f"{hash(document) & 0xFFFFFFFFFFFF:012x}"
        self._current[feed.number] = (shown[:1], document, mark)
        return document, mark

    def _last_change(self, feed: Feed, now: float) -> float:
        shown = feed.shown(now)
        return feed.published_at(shown[0]) if shown else 0.0

    def _remember(
        self, feed: Feed, outcome: FetchOutcome, document: ParsedFeed, now: float, *, conditional: bool
    ) -> None:
        self.counts["requests"] += 1
        self.counts[outcome.kind] += 1
        if outcome.kind == "fetched":
            unchanged = self._last_body.get(feed.number) == outcome.body
            self.counts["fetched unchanged, conditional"] += unchanged and conditional
            self._documents.pop(self._last_body.get(feed.number, b""), None)
            self._documents[outcome.body] = document
            self._last_body[feed.number] = outcome.body
            for entry in document.entries:
                self.first_shown.setdefault(int(entry.author), now)
        if outcome.retry_after_seconds:
            self._hosts[_host(feed)].host_free_at = now + outcome.retry_after_seconds
        self._feeds[feed.number].fresh_until = now + min(outcome.max_age_seconds or 0, WISH_CAP_SECONDS)

    def _watch(self, feed: Feed, now: float) -> None:
        """Count what a publisher could hold against us."""
        self._asked.append(feed)
        host = self._hosts.setdefault(_host(feed), Manners(host_free_at=float("-inf")))
        own = self._feeds.setdefault(feed.number, Manners())
        if now < host.host_free_at - 0.001:
            self.violations["asked a host too soon"] += 1
        if now < own.fresh_until - 1:  # instants are kept in whole seconds
            self.violations["asked before max-age"] += 1
        host.host_free_at = max(host.host_free_at, now + SPACING_SECONDS)


def _host(feed: Feed) -> str:
    return feed.url.split("/")[2]


def _conditional(request: FetchRequest, outcome: FetchOutcome) -> FetchOutcome:
    """Answer 304 to validators that still hold, when they came from this address (RFC 9110 §13.2.2)."""
    if outcome.kind != "fetched" or request.validated_url not in {None, outcome.final_url}:
        return outcome
    fresh = outcome.etag == request.etag if request.etag else outcome.last_modified == request.last_modified
    if not fresh or (outcome.etag is None and outcome.last_modified is None):
        return outcome
    return replace(outcome, kind="unchanged", status=304, body=b"")
