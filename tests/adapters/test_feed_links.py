"""Autodiscovery: the feeds a page announces, whatever else is in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.adapters.feed_links import FeedLink, announced_feeds

PAGE = "https://www.courrier.test/une/"
RSS = '<link rel="alternate" type="application/rss+xml" href="{}">'


def found(page: str | bytes, content_type: str | None = "text/html; charset=utf-8") -> list[str]:
    """Return the addresses that a page announces."""
    body = page.encode() if isinstance(page, str) else page
    return [feed.url for feed in announced_feeds(body, url=PAGE, content_type=content_type)]


def test_each_format_is_found_with_its_title() -> None:
    """RSS, Atom and JSON Feed, in any case and order of attributes, quoted or not, whole addresses out."""
    page = """<!doctype html><html><HEAD>
    <link rel="stylesheet" href="/a.css"><link rel=alternate hreflang=en href=/en>
    <LINK HREF='/rss?a=1&amp;b=2' TITLE='Toute l&#39;actualité > une' TYPE='Application/RSS+XML' REL='Alternate Home'>
    <link rel=alternate type=application/atom+xml href=atom.xml />
    <link rel="alternate" type="application/feed+json; charset=utf-8" href="//json.test/feed" title="  À
      la   une ">
    <link rel="alternate" type="application/json+oembed" href="/oembed">"""
    assert announced_feeds(page.encode(), url=PAGE, content_type=None) == (
        FeedLink("https://www.courrier.test/rss?a=1&b=2", "Toute l'actualité > une", "rss"),
        FeedLink("https://www.courrier.test/une/atom.xml", "", "atom"),
        FeedLink("https://json.test/feed", "À la une", "json"),
    )


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f'<base href="/b/">{RSS.format("rss")}', ["https://www.courrier.test/b/rss"]),
        (RSS.format("rss") * 3, [f"{PAGE}rss"]),
        (f"<!-- {RSS.format('old')} -->{RSS.format('new')}", [f"{PAGE}new"]),
        (f"<!-- {RSS.format('old')}", []),
        (RSS.format("javascript:alert(1)"), []),
        (RSS.format("file:///etc/passwd"), []),
        (RSS.format("http://["), []),
        (RSS.format(""), []),
        (RSS.format("x" * 2_500), []),
        ('<link rel="alternate" type="application/rss+xml">', []),
        (
            '<link rel="alternate" type="application/rss+xml" href="/a" href="/b">',
            ["https://www.courrier.test/a"],
        ),
        ("", []),
        (b"\xff\xfe\x00", []),
        ("<html><head>" + " " * 500_000 + RSS.format("far"), []),
    ],
)
def test_only_what_can_be_fetched_is_offered(page: str | bytes, expected: list[str]) -> None:
    """Whole web addresses, once each; nothing from comments, other schemes, nonsense or past the limit."""
    assert found(page) == expected


def test_titles_are_read_in_the_page_s_own_charset() -> None:
    """By its header, else by its declaration; an unknown charset is read as UTF-8."""
    link = '<link rel=alternate type=application/rss+xml href=/r title="Été">'
    for body, content_type in (
        (link.encode("cp1252"), "text/html; charset=windows-1252"),
        (f"<meta charset=iso-8859-1>{link}".encode("latin-1"), "text/html"),
        (link.encode(), "text/html; charset=klingon"),
        (link.encode(), "text/html; charset=hex"),
    ):
        (feed,) = announced_feeds(body, url=PAGE, content_type=content_type)
        assert feed.title == "Été"


def test_a_page_of_links_is_cut() -> None:
    """Fifty feeds are more than any site means one to follow."""
    assert len(found("".join(RSS.format(n) for n in range(200)))) == 50


@pytest.mark.parametrize(
    "piece",
    ["<link ", "<link a", "<link '", '<link "', "<link x=", "<", "<!--", "<![CDATA[", "</", "<link " + "'a'"],
)
def test_a_hostile_page_is_read_at_once(piece: str) -> None:
    """Half a megabyte of broken beginnings holds nobody up: no try reads what another has read."""
    assert found(piece * (500_000 // len(piece))) == []


@given(
    st.binary(max_size=300)
    | st.text("<link base!-=\"'>/rel alternate type href", max_size=300).map(str.encode)
)
def test_any_bytes_are_read(body: bytes) -> None:
    """Whatever the page holds there is an answer, and each feed in it has a web address."""
    assert all(url.startswith(("http://", "https://")) for url in found(body, None))
