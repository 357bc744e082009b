"""Where a feed's older entries are."""

import pytest

from vigie.adapters.feeds import parse_feed
from vigie.adapters.feeds.paging import read_next_url

URL = "https://courrier.example/feed/"
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Le Courrier</title>{}<entry><id>1</id></entry></feed>'
)
RSS = '<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel>{}<item><guid>1</guid></item></channel></rss>'


def next_url(document: str, head: str, url: str = URL) -> str | None:
    """Return where the feed with this head leads."""
    return parse_feed(document.format(head).encode(), url=url, content_type=None).next_url


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="next" href="/feed?page=2&amp;x=1"/>', "https://courrier.example/feed?page=2&x=1"),
        ("<link href='?p=2' rel='NEXT'/>", "https://courrier.example/feed/?p=2"),
        ('<link rel="prev-archive" href="/2026/10"/>', "https://courrier.example/2026/10"),
        ('<link rel="prev-archive" href="/b"/><link rel="next" href="/a"/>', "https://courrier.example/a"),
        ('<link rel="next" href="javascript:alert(1)"/>', None),
        ('<link rel="next"/>', None),
        ('<link rel="alternate" href="/"/>', None),
        ("", None),
    ],
)
def test_atom_links_lead_to_older_entries(head: str, expected: str | None) -> None:
    """RFC 5005: the next page, else the archive before; only where the web can be asked."""
    assert next_url(ATOM, head) == expected


def test_rss_says_it_with_atom() -> None:
    """A channel borrows Atom's link, whatever its prefix."""
    assert next_url(RSS, '<a:link rel="next" href="/2"/>') == "https://courrier.example/2"


def test_links_of_an_entry_are_not_the_feeds() -> None:
    """What stands behind the first entry leads to no page of the feed."""
    entry = '<entry><id>0</id><link rel="next" href="/comments"/></entry>'
    assert next_url(ATOM, entry) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (URL, f"{URL}?paged=2"),
        (f"{URL}?paged=2", f"{URL}?paged=3"),
        (f"{URL}?cat=eco&paged=9", f"{URL}?cat=eco&paged=10"),
        (f"{URL}?paged=x", None),
        ("", None),
    ],
)
def test_wordpress_has_pages(url: str, expected: str | None) -> None:
    """A generator that says WordPress promises ``paged``, one more on each page."""
    assert next_url(RSS, "<generator>https://wordpress.org/?v=6.4.2</generator>", url) == expected


def test_json_feed_names_its_next_page() -> None:
    """JSON Feed has a field for it."""
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": [], "next_url": "/2.json"}'
    feed = parse_feed(body, url=URL, content_type=None)
    assert feed.next_url == "https://courrier.example/2.json"


def test_any_bytes_lead_somewhere_or_nowhere() -> None:
    """Broken markup and bytes of no charset raise nothing."""
    for body in (b"\xff\xfe<\x00l\x00", b"<link rel='next' href='\xe9'>", b"<link " * 10_000):
        read_next_url(body, URL)
