"""Where feeds say they are pushed from."""

import json

import pytest

from vigie.adapters.feeds import parse_feed

URL = "https://courrier.test/rss"
HUB, OWN = "https://hub.test/", "https://courrier.test/feed"


def rss(head: str, item: str = "") -> bytes:
    """Return an RSS feed with this in its head, and this in its item."""
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title>'
        f"{head}<item><title>a</title><link>https://courrier.test/1</link>{item}</item></channel></rss>"
    ).encode()


@pytest.mark.parametrize(
    ("head", "hubs", "own"),
    [
        (f'<atom:link rel="hub" href="{HUB}"/><atom:link rel="self" href="{OWN}"/>', (HUB,), OWN),
        (
            f"<atom:link href='{OWN}'\n rel='self' /><atom:link href='{HUB}' rel='HUB'></atom:link>",
            (HUB,),
            OWN,
        ),
        ('<atom:link rel="hub" href="/h?a=1&amp;b=2"/>', ("https://courrier.test/h?a=1&b=2",), None),
        (f'<atom:link rel="hub" href="{HUB}"/>' * 2, (HUB,), None),
        (f'<atom:link rel="self" href="{OWN}"/>', (), None),
        (f'<!-- <atom:link rel="hub" href="{HUB}"/> -->', (), None),
        ('<atom:link rel="hub" href="javascript:alert(1)"/>', (), None),
        ("<description>hub</description>", (), None),
    ],
)
def test_links_of_a_feeds_head(head: str, hubs: tuple[str, ...], own: str | None) -> None:
    """Hubs and the feed's own address come from its links, absolute and unescaped."""
    feed = parse_feed(rss(head), url=URL, content_type=None)
    assert (feed.hubs, feed.self_url) == (hubs, own)


def test_links_of_an_entry_are_the_entrys() -> None:
    """An entry that mentions a hub does not say who pushes the feed."""
    feed = parse_feed(rss("", f'<atom:link rel="hub" href="{HUB}"/>'), url=URL, content_type=None)
    assert feed.hubs == ()


def test_an_atom_feed_that_does_not_parse_strictly_says_the_same() -> None:
    """The tolerant reader's feed has its hubs too."""
    body = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A & B</title><link rel="hub" href="{HUB}"/>'
        f'<link rel="self" href="{OWN}"/><entry><id>1</id><title>a</title></entry></feed>'
    )
    feed = parse_feed(body.encode(), url=URL, content_type=None)
    assert (feed.hubs, feed.self_url, len(feed.entries)) == ((HUB,), OWN, 1)


def test_a_json_feed_lists_its_hubs() -> None:
    """Those of WebSub count; other protocols and nonsense do not."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "feed_url": OWN,
        "hubs": [{"type": "rssCloud", "url": "https://cloud.test/"}, {"type": "WebSub", "url": HUB}, 3, {}],
        "items": [],
    }
    read = parse_feed(json.dumps(feed).encode(), url=URL, content_type=None)
    assert (read.hubs, read.self_url) == ((HUB,), OWN)


def test_many_hubs_are_cut() -> None:
    """A head full of hubs names eight at most."""
    head = "".join(f'<atom:link rel="hub" href="https://hub{n}.test/"/>' for n in range(100))
    assert len(parse_feed(rss(head), url=URL, content_type=None).hubs) == 8
