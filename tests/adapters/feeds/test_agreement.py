"""Our readers against feedparser, on the sample feeds: nothing lost, and no difference but the ones listed here."""

import calendar
import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest

from vigie.adapters.feeds import Reader, read_feed
from vigie.adapters.feeds.tolerant import read_tolerantly
from vigie.domain.feeds import FeedEntry, ParsedFeed

CORPUS = Path(__file__).parents[4] / "shared" / "data" / "feeds"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the sample feeds are not beside this checkout"),
]

# Where the default feedparser and we differ, and whose fault it is. Besides these, in links: feedparser takes an id
# such as tag:… or urn:… for the page's address, and lets any scheme through.
AGAINST_FEEDPARSER = {
    ("feedparser/illformed/chardet/shiftjis.xml", "title"): "it leaves controls in; we leave them out",
    (
        "feedparser/wellformed/sanitize/entry_title_crazy.xml",
        "title",
    ): "the simple means above leave a script in",
}

# Where our fast and our tolerant reader differ. An element inside a channel changes how feedparser reads the first
# entry, and no other; it decodes two entities as HTML 4 did.
FIRST_ENTRY, HTML_4 = (
    "feedparser carries a state from the channel into its first entry",
    "HTML 5 moved this entity",
)
BETWEEN_READERS = {
    "feed-rs/rss_2.0_ch9.xml": FIRST_ENTRY,
    "rss-parser/pagination-links.rss": FIRST_ENTRY,
    "feedparser/entities/lang.xml": HTML_4,
    "feedparser/entities/rang.xml": HTML_4,
}


def sample_files() -> Iterator[Path]:
    """Yield the files of the sample that feedparser can read; JSON Feeds it cannot."""
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file() and path.suffix in {".xml", ".rss", ".atom"}:
            yield path


def letters(markup: str | None) -> str:
    """Return the letters of a title, its markup left out by simpler means than ours."""
    text = re.sub(r"(?is)<(script|style)\b.*?</\1>|<!--.*?-->|</?[a-z][^>]*>", "", markup or "")
    return "".join(html.unescape(text).split())


def instant(entry: Any) -> datetime | None:
    """Return the date feedparser gives an entry, by the same preference as ours."""
    names = ("published_parsed", "updated_parsed", "created_parsed")
    moment = next((found for name in names if (found := dict.get(entry, name))), None)
    return datetime.fromtimestamp(calendar.timegm(moment), UTC) if moment else None


def differences(theirs: Any, ours: FeedEntry) -> dict[str, tuple[Any, Any]]:
    """Return in which of title, link, id and date an entry differs from feedparser's."""
    link = theirs.get("link") or None
    if link and ":" in link and not link.lower().startswith(("http://", "https://")):
        link = None
    pairs = {
        "title": (letters(theirs.get("title")), letters(html.escape(ours.title))),
        "link": (link, ours.link),
        "id": (theirs.get("id") or None, ours.guid),
        "date": (instant(theirs), ours.published_at),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def test_nothing_is_lost_and_only_listed_differences_remain(capsys: pytest.CaptureFixture[str]) -> None:
    """Every entry of the sample is read, with feedparser's title, link, id and date where feedparser is right."""
    readers: Counter[Reader] = Counter()
    found = {}
    entries = 0
    for path in sample_files():
        name, body = str(path.relative_to(CORPUS)), path.read_bytes()
        theirs = feedparser.parse(io.BytesIO(body)).entries
        ours, reader = read_feed(body, url="", content_type=None)
        readers[reader] += 1
        entries += len(theirs)
        assert len(ours.entries) == len(theirs), name
        for pair in zip(theirs, ours.entries, strict=True):
            found |= {(name, field): values for field, values in differences(*pair).items()}
    with capsys.disabled():
        shares = ", ".join(f"{reader} {count}" for reader, count in readers.most_common())
        print(f"\n{entries} entries; files by reader: {shares}; listed differences: {len(found)}")
    assert entries > 4_000
    assert readers[Reader.TOLERANT] < 0.1 * readers.total()
    assert {key: values for key, values in found.items() if key not in AGAINST_FEEDPARSER} == {}


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
            differing |= {str(path.relative_to(CORPUS))} if ours != _with_head_of(tolerant, ours) else set()
    assert differing == BETWEEN_READERS.keys()
