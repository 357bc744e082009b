"""Closing gaps: when little in a document is known, reading the pages of older entries that its feed offers.

A gap is closed when a page shows something known: everything published meanwhile stands before it. Pages are asked
as politely as feeds: on the feed's own host, one after the other, spaced, five at most, never after the host asked
for peace. A gap that stays open is told.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from vigie.domain.feeds import FeedEntry, ParsedFeed
from vigie.domain.fetching import FetchRequest
from vigie.domain.polling import peace_seconds
from vigie.ports import Fetcher
from vigie.steps.finds import Showing
from vigie.steps.visits import Visit, Visitor

PAGES_AT_MOST = 5
_PEACE_SECONDS = 60.0  # of a host that answers 429 without saying for how long


@dataclass(frozen=True, slots=True)
class Paged:
    """What the pages behind a document came to: the document with them; until when the host wants peace."""

    showing: Showing
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class GapReader:
    """Reads the older pages of documents with a gap.

    ``reaches`` says whether a page shows something known. No page is asked after ``deadline``.
    """

    visitor: Visitor
    reaches: Callable[[Showing], bool]
    deadline: datetime

    async def read(self, visits: Sequence[Visit]) -> dict[str, Paged]:
        """Return what was read for each source."""
        by_host: dict[str, list[Visit]] = {}
        for visit in visits:
            by_host.setdefault(visit.source.host, []).append(visit)
        async with self.visitor.fetcher() as fetcher:
            hosts = [self._read_host(fetcher, group) for group in by_host.values()]
            return {id_: paged for read in await asyncio.gather(*hosts) for id_, paged in read.items()}

    async def _read_host(self, fetcher: Fetcher, visits: Sequence[Visit]) -> dict[str, Paged]:
        read: dict[str, Paged] = {}
        for visit in visits:
            showing = visit.showing
            if showing is None:
                continue
            paged = read[visit.source.source_id] = await self._read_back(fetcher, visit, showing)
            if paged.quiet_until is not None:
                break
        return read

    async def _read_back(self, fetcher: Fetcher, visit: Visit, showing: Showing) -> Paged:
        pages = _Pages(self, fetcher, visit.outcome.final_url)
        older: list[ParsedFeed] = []
        seen = {_name(entry) for entry in showing.feed.entries}
        async for page in pages.after(showing.feed):
            names = {_name(entry) for entry in page.entries}
            if names <= seen:
                break  # the server shows one page whatever it is asked
            seen |= names
            older.append(page)
            if self.reaches(replace(showing, feed=page)):
                return Paged(replace(showing, older=tuple(older), reached=True))
        return Paged(replace(showing, older=tuple(older)), pages.quiet_until)


class _Pages:
    """The pages behind one document, one request each."""

    def __init__(self, reader: GapReader, fetcher: Fetcher, url: str) -> None:
        self._reader, self._fetcher, self._url = reader, fetcher, url
        self.quiet_until: datetime | None = None

    async def after(self, feed: ParsedFeed) -> AsyncIterator[ParsedFeed]:
        """Yield the pages behind a document, the newest first."""
        visitor, asked = self._reader.visitor, {self._url}
        for _ in range(PAGES_AT_MOST):
            url = feed.next_url
            if url is None or url in asked or not _same_host(url, self._url):
                return
            await visitor.sleep(visitor.host_spacing_seconds)
            if visitor.clock() > self._reader.deadline:
                return
            asked.add(url)
            page = await self._ask(url)
            if page is None:
                return
            yield page
            feed = page

    async def _ask(self, url: str) -> ParsedFeed | None:
        """Return the page at an address, None when there is none to read."""
        visitor = self._reader.visitor
        outcome = await self._fetcher.fetch(FetchRequest(url))
        if outcome.kind != "fetched":
            peace = peace_seconds(outcome, _PEACE_SECONDS)
            if peace is not None:
                self.quiet_until = visitor.clock().replace(microsecond=0) + timedelta(seconds=round(peace))
            return None
        if not _same_host(outcome.final_url, self._url):
            return None
        page = visitor.read_page(outcome)
        return page if page.problem is None and page.entries else None


def _same_host(url: str, home: str) -> bool:
    """Tell whether an address is on the feed's host, and not less safe."""
    try:
        there, here = urlsplit(url), urlsplit(home)
        same = (there.hostname, there.port or 0) == (here.hostname, here.port or 0)
    except ValueError:
        return False
    return same and there.scheme in {here.scheme, "https"}


def _name(entry: FeedEntry) -> str:
    return entry.guid or entry.link or entry.title
