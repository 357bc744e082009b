"""What is read in feeds: one case per file of ``tests/data/feeds``, and what hostile bodies must not do."""

import html
import json
import re
import subprocess
import sys
import time
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.adapters.feeds import LIMIT_BYTES, parse_feed, read_feed
from vigie.domain.feeds import FeedEntry, ParsedFeed

CASES = Path(__file__).parents[2] / "data" / "feeds"


def shown(value: Any) -> Any:
    """Return a feed or an entry as JSON would say it, fields that hold their default left out."""
    if isinstance(value, ParsedFeed | FeedEntry):
        held = {field.name: (getattr(value, field.name), field.default) for field in fields(value)}
        return {name: shown(now) for name, (now, default) in held.items() if now != default}
    if isinstance(value, tuple):
        return [shown(part) for part in value]
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.mark.parametrize("expectation", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_a_feed_is_read_as_its_case_says(expectation: Path) -> None:
    """Each feed file has a twin that says what is read in it, by which reader, and why the case is there."""
    case = json.loads(expectation.read_bytes())
    (feed,) = (path for path in CASES.glob(f"{expectation.stem}.*") if path != expectation)
    read, reader = read_feed(feed.read_bytes(), url=case["url"], content_type=case["content_type"])
    assert (reader, shown(read)) == (case["read_by"], case["feed"]), case["why"]


def rss(item: str, *, declaration: str = "") -> bytes:
    """Return a feed with one item made of this XML."""
    item = f"<item><title>Titre</title>{item}</item>"
    return f"{declaration}<rss version='2.0'><channel><title>Fil</title>{item}</channel></rss>".encode()


def read_one(body: bytes) -> FeedEntry:
    """Return the only entry of a feed that has no problem."""
    feed = parse_feed(body, url="https://fil.test/rss", content_type=None)
    assert feed.problem is None
    (entry,) = feed.entries
    return entry


@pytest.mark.parametrize(
    "author",
    [
        "<author>{}</author>",
        "<author>\n<![CDATA[{}]]></author>",
        "<managingEditor>{}</managingEditor>",
        "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>{}</dc:creator>",
        "<x:Author xmlns:x='http://purl.org/dc/elements/1.1/' role='a'>{}</x:Author>",
        "<a:author xmlns:a='http://www.w3.org/2005/Atom'><a:name>{}</a:name><a:email>{}</a:email></a:author>",
    ],
)
@pytest.mark.parametrize("filler", ["a", "a.", "é", "&#97;", "&amp;", "a@"])
def test_an_endless_author_is_cut_and_the_entry_kept(author: str, filler: str) -> None:
    """An author of 100 KB neither hangs the parser nor breaks the XML."""
    endless = (filler * 100_000)[: 100_000 - 100_000 % len(filler)]
    started = time.process_time()
    entry = read_one(rss(author.replace("{}", endless)))
    assert entry.title == "Titre"
    assert len(entry.author) <= 2_010
    assert time.process_time() - started < 5  # uncut: more than 25 s


def test_what_the_cut_does_not_see_is_stopped_by_the_time_box() -> None:
    """An author in pieces passes the cut; then the time box ends the parsing, inside the expression."""
    pieces = "<x/>".join(["a" * 900] * 120)
    feed = parse_feed(
        rss(f"<author>{pieces}</author>"),
        url="https://fil.test/rss",
        content_type=None,
        time_limit_seconds=0.3,
    )
    assert feed == ParsedFeed(problem="too slow to read: not done within 0.3 seconds")


def test_a_body_that_names_a_file_opens_nothing(tmp_path: Path) -> None:
    """A body is data, even when it is the path of a readable feed."""
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss("<guid>secret</guid>"))
    for body in (str(secret), secret.as_uri()):
        feed = parse_feed(body.encode(), url="https://malin.test/rss", content_type=None)
        assert feed == ParsedFeed(problem="not a feed: no RSS, Atom, RDF or JSON Feed in it")


def test_one_byte_of_another_charset_spoils_no_other() -> None:
    """A feed of UTF-8 into which one entry brought Windows-1252 is read as both."""
    body = rss("<description>Été à l’œuvre, caf\ue000</description>").replace("\ue000".encode(), b"\xe9")
    assert read_one(body).summary == "Été à l’œuvre, café"


def test_a_body_beyond_the_limit_is_not_parsed() -> None:
    """More than 5 MB is refused by its size alone."""
    feed = parse_feed(b" <rss/>" + bytes(LIMIT_BYTES), url="https://gros.test/rss", content_type=None)
    assert feed.problem == "too large: 5,000,007 bytes, and at most 5,000,000 are parsed"


def test_deep_json_is_a_problem_and_not_a_crash() -> None:
    """Nesting beyond what the reader follows is told."""
    feed = parse_feed(b"[" * 200_000, url="https://profond.test/feed.json", content_type=None)
    assert feed.problem is not None
    assert feed.problem.startswith("not a feed: looks like JSON")


def test_without_an_address_relative_links_stay_relative() -> None:
    """A file has no address to resolve against; its links are shown as written."""
    feed = parse_feed(rss("<link>/a?b=1</link>"), url="", content_type=None)
    assert feed.entries[0].link == "/a?b=1"


@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda text: rss(f"<description>{text}</description>")),
        st.text(max_size=200).map(lambda text: rss(f"<description>{html.escape(text)}</description>")),
        st.text(max_size=200).map(lambda text: json.dumps({"items": [{"title": text}]}).encode()),
    ),
    st.sampled_from([None, "text/xml", "application/xml; charset=utf-7", "x; charset=rot13", "\n"]),
)
def test_whatever_the_bytes_a_feed_or_a_problem_comes_back(body: bytes, content_type: str | None) -> None:
    """No body crashes the reader, and what is read can be written as UTF-8 without controls."""
    feed = parse_feed(body, url="https://fil.test/rss", content_type=content_type)
    written = json.dumps(shown(feed), ensure_ascii=False)
    written.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", written)


def test_a_feed_that_is_sound_never_imports_feedparser() -> None:
    """A function that polls sound feeds does not pay for feedparser at its cold start."""
    code = (
        "import sys; from vigie.adapters.feeds import parse_feed;"
        "item = b'<item><title>a</title><pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate></item>';"
        "body = b'<rss><channel>' + item + b'</channel></rss>';"
        "assert parse_feed(body, url='', content_type=None).entries;"
        "assert 'feedparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
