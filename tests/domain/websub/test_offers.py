"""Which feeds can be pushed, and by whom."""

import pytest

from vigie.domain.feeds import ParsedFeed
from vigie.domain.websub.offers import PushOffer, offer_of

URL = "https://courrier.test/rss"
HUB = "https://hub.test/"
OWN = "https://courrier.test/feed"
BARE = ParsedFeed()
SAYING = ParsedFeed(hubs=(HUB,), self_url=OWN)


def test_a_feed_without_a_hub_is_polled() -> None:
    """No hub, no offer."""
    assert offer_of([], BARE, URL) is None
    assert offer_of(['<https://courrier.test/feed>; rel="self"'], BARE, URL) is None


def test_the_document_names_hub_and_topic() -> None:
    """The feed's own links make the offer."""
    assert offer_of([], SAYING, URL) == PushOffer(HUB, OWN)


@pytest.mark.parametrize(
    "links",
    [
        ["<https://h2.test/>; rel=hub", "<https://courrier.test/own>; rel=self"],
        ['<https://h2.test/>; rel="hub", <https://courrier.test/own>; rel="self"'],
        ['<https://h2.test/>;title="a, b; c";REL="next HUB" , </own>; type="text/xml"; rel="Self"'],
    ],
)
def test_headers_go_before_the_document(links: list[str]) -> None:
    """A Link header wins over the feed's own links, however it is written."""
    assert offer_of(links, SAYING, URL) == PushOffer("https://h2.test/", "https://courrier.test/own")


def test_without_its_own_address_there_is_no_topic() -> None:
    """A hub alone is no offer: nobody says what to subscribe to."""
    assert offer_of([], ParsedFeed(hubs=(HUB,)), URL) is None


def test_the_secret_is_told_over_https_only() -> None:
    """A plain hub is passed over for the next one; alone it is no offer, but for a local environment."""
    two = ParsedFeed(hubs=("http://hub.test/", "https://h2.test/"), self_url=OWN)
    assert offer_of([], two, URL) == PushOffer("https://h2.test/", OWN)
    plain = ParsedFeed(hubs=("http://hub.test/",), self_url=OWN)
    assert offer_of([], plain, URL) is None
    assert offer_of([], plain, URL, plain_http=True) == PushOffer("http://hub.test/", OWN)


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:alert(1)",
        "https://",
        "https://[::1",
        "https://hub.test/ x",
        "https://h.test/" + "a" * 1_000,
        "",
    ],
)
def test_what_is_no_address_is_no_offer(bad: str) -> None:
    """Neither hub nor topic may be nonsense."""
    assert offer_of([], ParsedFeed(hubs=(bad,), self_url=OWN), URL) is None
    assert offer_of([], ParsedFeed(hubs=(HUB,), self_url=bad), URL) is None


def test_youtube_pushes_without_saying_so() -> None:
    """A channel's feed has the hub its platform documents; a playlist's has none."""
    channel = "https://www.youtube.com/feeds/videos.xml?channel_id=UC1"
    assert offer_of([], BARE, channel) == PushOffer("https://pubsubhubbub.appspot.com/subscribe", channel)
    assert offer_of([], BARE, "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1") is None


def test_offers_are_told_apart() -> None:
    """Another hub or topic is another offer."""
    ids = {PushOffer(hub, topic).offer_id for hub in (HUB, "https://h2.test/") for topic in (OWN, URL)}
    assert len(ids) == 4
