"""Closing gaps with the older pages that feeds offer."""

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import a_source
from tests.fakes import World
from tests.pipeline.spine import Spine, Web
from vigie.domain.documents import Document
from vigie.domain.fetching import FetchOutcome, FetchRequest
from vigie.domain.sources import shard_of
from vigie.messages import DocumentsFetched, ShardDue, open_each
from vigie.steps.gaps import PAGES_AT_MOST
from vigie.steps.poll import PollReport

URL = "https://courrier.test/rss"
SHARD = shard_of("courrier.test", 64)


def page(numbers: range, next_url: str = "") -> bytes:
    """Return a page of articles, the newest first, that leads to another."""
    link = f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="{next_url}"/>' if next_url else ""
    items = "".join(
        f"<item><title>L'article de la semaine {n}</title><guid isPermaLink='false'>g{n}</guid>"
        f"<link>https://courrier.test/{n}</link></item>"
        for n in reversed(numbers)
    )
    return f'<rss version="2.0"><channel><title>f</title>{link}{items}</channel></rss>'.encode()


class Feed:
    """A stack that follows one feed and polled it when it showed articles 0 to 9."""

    def __init__(self) -> None:
        self.world = World()
        self.web = Web({URL: page(range(10))})
        self.spine = Spine(self.world, self.web)
        self.spine.follow(a_source("courrier", url=URL))
        self.poll()
        self.documents()
        self.web.requests.clear()

    def poll(self, **parts: Any) -> PollReport:
        """Poll the feed an hour later."""
        self.world.clock.advance(3_600)
        message = ShardDue(shard=SHARD, due_at=self.world.clock(), force=True)
        return replace(self.spine.poll, **parts).run(message, f"{self.world.clock()}")

    def documents(self) -> dict[int, bool]:
        """Return the articles queued since the last look, and whether each came from a page of older ones."""
        queued = [raw for message in self.world.outbox.take(DocumentsFetched) for raw in message.documents]
        documents = [each for each in open_each(queued, Document) if isinstance(each, Document)]
        return {int(each.url.rpartition("/")[2]): each.backfill for each in documents}

    def asked(self) -> list[str]:
        """Return the addresses asked since the first poll."""
        return [request.url for request in self.web.requests]


@pytest.fixture
def feed() -> Feed:
    """Return the feed."""
    return Feed()


def test_a_gap_is_closed_by_the_pages_behind(feed: Feed) -> None:
    """Pages are read until one shows something known; what stood on them is queued, and marked."""
    feed.web.pages |= {URL: page(range(30, 40), "?p=2"), f"{URL}?p=2": page(range(20, 30), "?p=3")}
    feed.web.pages |= {f"{URL}?p=3": page(range(8, 20), "?p=4"), f"{URL}?p=4": page(range(8))}
    report = feed.poll()
    assert (report.documents, report.gaps) == (30, ())
    assert feed.documents() == {number: number < 30 for number in range(10, 40)}
    assert feed.asked() == [URL, f"{URL}?p=2", f"{URL}?p=3"]
    assert feed.world.sources.states()["courrier"].gap_at is None
    assert feed.poll().documents == 0


def test_a_gap_that_stays_open_is_told(feed: Feed) -> None:
    """Five pages at most; what they showed is queued, and the source keeps when articles may have been lost."""
    pages = [
        page(range(n, n + 10), f"?p={number + 1}") for number, n in enumerate(range(990, 0, -10), start=1)
    ]
    feed.web.pages |= {f"{URL}?p={number}": body for number, body in enumerate(pages, start=1)}
    feed.web.pages[URL] = pages[0]
    report = feed.poll()
    assert (report.documents, report.gaps) == (10 * (1 + PAGES_AT_MOST), ("courrier",))
    assert len(feed.asked()) == 1 + PAGES_AT_MOST
    assert feed.world.sources.states()["courrier"].gap_at == feed.world.clock()


@pytest.mark.parametrize(
    "next_url",
    ["https://other.test/p2", "http://courrier.test/p2", "https://courrier.test:8443/p2", URL],
    ids=["another host", "less safe", "another port", "itself"],
)
def test_pages_elsewhere_are_not_asked(feed: Feed, next_url: str) -> None:
    """A feed leads to pages of its own host only."""
    feed.web.pages[URL] = page(range(30, 40), next_url)
    assert feed.poll().gaps == ("courrier",)
    assert feed.asked() == [URL]


def test_a_server_that_shows_one_page_for_all_closes_no_gap(feed: Feed) -> None:
    """A page without anything that was not shown before ends the reading."""
    feed.web.pages |= {URL: page(range(30, 40), "?p=2"), f"{URL}?p=2": page(range(30, 40), "?p=3")}
    report = feed.poll()
    assert (report.documents, report.gaps, len(feed.asked())) == (10, ("courrier",), 2)


@pytest.mark.parametrize("body", [404, b"<html></html>", page(range(0))])
def test_a_page_that_cannot_be_read_closes_no_gap(feed: Feed, body: bytes | int) -> None:
    """What failed is the page, not the source."""
    feed.web.pages |= {URL: page(range(30, 40), "?p=2"), f"{URL}?p=2": body}
    report = feed.poll()
    assert (report.documents, report.gaps, report.failed) == (10, ("courrier",), {})


def test_a_host_that_wants_peace_while_pages_are_read_gets_it(feed: Feed) -> None:
    """A 429 ends the reading, and quiets the host like one to a feed."""
    feed.web.pages |= {URL: page(range(30, 40), "?p=2"), f"{URL}?p=2": 429}
    assert feed.poll().gaps == ("courrier",)
    state = feed.world.sources.states()["courrier"]
    assert state.quiet_until is not None
    assert (state.quiet_until - feed.world.clock()).total_seconds() == 60
    assert state.failures == 0


def test_pages_are_spaced_and_end_with_the_budget(feed: Feed) -> None:
    """Each page waits its turn; when the poll's time is spent the gap stays open."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        feed.world.clock.advance(50)

    feed.web.pages |= {URL: page(range(30, 40), "?p=2"), f"{URL}?p=2": page(range(20, 30), "?p=3")}
    report = feed.poll(sleep=sleep, host_spacing_seconds=1.5)
    assert (report.gaps, waits, len(feed.asked())) == (("courrier",), [1.5, 1.5], 2)


def test_a_document_that_is_mostly_known_reads_no_page(feed: Feed) -> None:
    """Pages are for gaps only."""
    feed.web.pages[URL] = page(range(2, 12), "?p=2")
    assert feed.poll().documents == 2
    assert feed.asked() == [URL]


def test_a_page_that_redirects_to_another_host_is_not_read(feed: Feed) -> None:
    """Where the answer came from counts, not only what was asked."""

    class Redirecting(Web):
        async def fetch(self, request: FetchRequest) -> FetchOutcome:
            outcome = await super().fetch(request)
            return replace(outcome, final_url="https://other.test/") if "p=2" in request.url else outcome

    web = Redirecting({URL: page(range(30, 40), "?p=2"), f"{URL}?p=2": page(range(5, 30))})
    assert feed.poll(fetcher=web.open).documents == 10


def test_the_first_document_is_marked_and_its_successors_are_not(feed: Feed) -> None:
    """What stood in a source's first document tells nothing of how fast we are."""
    other = Feed.__new__(Feed)
    other.world, other.web = World(), Web({URL: page(range(3))})
    other.spine = Spine(other.world, other.web)
    other.spine.follow(a_source("courrier", url=URL))
    other.poll()
    assert other.documents() == {0: True, 1: True, 2: True}
    other.web.pages[URL] = page(range(4))
    other.poll()
    assert other.documents() == {3: False}
