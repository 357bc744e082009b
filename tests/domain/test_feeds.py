"""A body's fingerprint changes when a feed says something new, and only then."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.feeds import body_fingerprint

ITEM = "<item><title>Un</title><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item>"


def rss(head: str, entries: str = ITEM) -> bytes:
    """Return a feed with this in its channel's head, and these entries."""
    return f"<?xml version='1.0'?><rss><channel><title>Fil</title>{head}{entries}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<lastBuildDate>lundi</lastBuildDate>", "<lastBuildDate>mardi</lastBuildDate>"),
        ("<pubDate>lundi</pubDate>", "<pubDate>mardi</pubDate>"),
        ("<pubDate>lundi</pubDate>", ""),
        ("<ttl>5</ttl>", "<ttl>60</ttl>"),
        ("<updated>2026-03-02T08:00:00Z</updated>", "<updated>2026-03-02T09:00:00Z</updated>"),
        ("<atom:updated>2026-03-02</atom:updated>", "<atom:updated>2026-03-03</atom:updated>"),
        ("<dc:date>2026-03-02</dc:date>", "<dc:date>2026-03-03</dc:date>"),
        ("<generator>https://x.test/?v=6.1</generator>", "<generator>https://x.test/?v=6.2</generator>"),
        ("<generator version='1' uri='u'>x</generator>", "<generator version='2' uri='u'>x</generator>"),
        ("<generator version='1'/>", "<generator version='2'/>"),
        ("<generator><![CDATA[x 1]]></generator>", "<generator><![CDATA[x 2]]></generator>"),
        ("<lastbuilddate\n>lundi</lastbuilddate\n>", "<lastbuilddate>mardi</lastbuilddate>"),
    ],
)
def test_what_is_written_anew_at_every_request_is_no_news(before: str, after: str) -> None:
    """Dates, ttl and generator of the channel may change: the feed says what it said."""
    assert body_fingerprint(rss(before)) == body_fingerprint(rss(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (rss(""), rss("<link>https://a.test/</link>")),
        (rss("<title>Un</title>"), rss("<title>Deux</title>")),
        (rss(""), rss("", ITEM.replace("08:00", "09:00"))),
        (rss(""), rss("", ITEM * 2)),
        (rss("", ITEM + "<ttl>1</ttl>"), rss("", ITEM + "<ttl>2</ttl>")),
        (
            rss("", "<a:entry><updated>1</updated></a:entry>"),
            rss("", "<a:entry><updated>2</updated></a:entry>"),
        ),
        (rss("<ttlx>1</ttlx>"), rss("<ttlx>2</ttlx>")),
        (rss("<ttl/><title>1</title><ttl>3</ttl>"), rss("<ttl/><title>2</title><ttl>3</ttl>")),
        (b'{"items": [{"id": "<ttl>1</ttl> <item>"}]}', b'{"items": [{"id": "<ttl>2</ttl> <item>"}]}'),
        (b"", b" "),
    ],
)
def test_whatever_else_changes_is_news(before: bytes, after: bytes) -> None:
    """Titles, entries and their dates, and every byte after the first entry: any change is seen."""
    assert body_fingerprint(before) != body_fingerprint(after)


@given(st.binary(max_size=200))
def test_a_body_that_is_no_feed_counts_whole(body: bytes) -> None:
    """Where there is no entry, nothing is left out."""
    assert body_fingerprint(body) == hashlib.sha256(body).hexdigest()[:32]


@pytest.mark.parametrize("tag", [b"<ttl>", b"<ttl ", b"<", b"<a", b"<item", b"<generator x='/>"])
def test_a_head_made_of_openings_is_one_pass_long(tag: bytes) -> None:
    """However often something is opened and never closed, nothing is left out and nothing is read twice (hours)."""
    head = b"<rss>" + tag * (1_000_000 // len(tag))
    assert body_fingerprint(head + b"<item><a/>") != body_fingerprint(head + b"<item><b/>")
