"""Our readers against feedparser, on the sample feeds: nothing lost, and no difference without a known cause."""

from dataclasses import replace

import pytest

from benchmarks._agreement import FIELDS, SAMPLE, Agreement, Cause, compare, sample_files
from vigie.adapters.feeds import Reader, read_feed
from vigie.adapters.feeds.tolerant import read_tolerantly
from vigie.domain.feeds import ParsedFeed

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample feeds are not beside this checkout"),
]

# Where our fast and our tolerant reader differ. An element inside a channel changes how feedparser reads the first
# entry, and no other; it decodes two entities as HTML 4 did.
FIRST_ENTRY, HTML_4, TWO_CHARSETS = (
    "feedparser carries a state from the channel into its first entry",
    "HTML 5 moved this entity",
    "feedparser reads all of it as Windows-1252 for one byte that is no UTF-8",
)
BETWEEN_READERS = {
    "feed-rs/rss_2.0_ch9.xml": FIRST_ENTRY,
    "rss-parser/pagination-links.rss": FIRST_ENTRY,
    "feedparser/entities/lang.xml": HTML_4,
    "feedparser/entities/rang.xml": HTML_4,
    "feedparser/encoding/bozo_linenoise.xml": TWO_CHARSETS,
}


def test_nothing_is_lost_and_every_difference_has_a_cause() -> None:
    """Every entry of the sample is read, with feedparser's title, link, id and date where feedparser is right."""
    found = Agreement()
    for path in sample_files():
        compare(path, found)
    assert found.entries > 4_000
    assert found.lost == 0
    assert [different for different in found.differences if different.cause is Cause.UNEXPLAINED] == []
    assert min(found.equal(name) for name in FIELDS) >= 0.99 * found.entries
    assert found.read_by[Reader.TOLERANT] < 0.1 * found.read_by.total()


def _with_head_of(feed: ParsedFeed, other: ParsedFeed) -> ParsedFeed:
    """Return the feed with what is read from the bytes of its head, whoever reads the rest."""
    return replace(feed, hints=other.hints, hubs=other.hubs, self_url=other.self_url, next_url=other.next_url)


def test_the_fast_reader_reads_what_the_tolerant_one_would() -> None:
    """Which reader read a feed is not to be seen in what was read: every field of every entry is the same."""
    differing = set()
    for path in sample_files():
        body = path.read_bytes()
        ours, reader = read_feed(body, url="https://fil.test/rss", content_type=None)
        if reader in {Reader.FAST, Reader.REPAIRED}:
            tolerant = read_tolerantly(body, "https://fil.test/rss", None)
            differing |= {str(path.relative_to(SAMPLE))} if ours != _with_head_of(tolerant, ours) else set()
    assert differing == BETWEEN_READERS.keys()
