"""What is read of a news search, and what of its links."""

import pytest

from infra.local.platforms import Platforms
from infra.local.platforms.news import AT_MOST, token_of
from tests.adapters.platforms.stage import BY_NAME, Follower
from vigie.adapters.platforms.google_news import address_in


@pytest.fixture
def follower(platforms: Platforms) -> Follower:
    """Follow a news search."""
    return Follower(BY_NAME["google-news"], platforms)


def test_an_article_is_its_publishers(follower: Follower) -> None:
    """The title is without the publisher, who is named; the address is the page's where the link tells it."""
    follower.put(1, 2)
    follower.poll()
    opaque, told = sorted(follower.documents(), key=lambda document: document.title, reverse=True)
    assert (told.title, told.source_name, told.site) == (
        "Airbus, message 1",
        "Le Courrier - Lyon",
        "courrier.test",
    )
    assert told.url == "https://www.courrier.test/1"
    assert opaque.url.startswith("https://news.google.com/rss/articles/CBMi")
    assert (told.platform, told.type, told.display) == ("press", "article", "link_only")


def test_an_article_whose_link_changes_is_the_same(follower: Follower) -> None:
    """The redirector's links and guids are not what an article is known by."""
    follower.put(2)
    follower.poll()
    (first,) = follower.platforms.content.articles
    follower.platforms.content.articles.clear()
    follower.case.put(follower.platforms.content, 2, first.published_at)
    moved = follower.platforms.content.articles.pop()
    follower.platforms.content.articles.append(
        type(moved)(**{name: getattr(moved, name) for name in moved.__slots__} | {"url": "https://x.test/2"})
    )
    follower.poll(minutes=15)
    assert follower.numbers() == [2]


def test_a_hundred_items_may_not_be_all(follower: Follower) -> None:
    """A full answer is said to be cut off."""
    follower.put(*range(AT_MOST - 1))
    follower.poll()
    assert follower.state.coverage == "complete"
    follower.put(*range(AT_MOST - 1, AT_MOST + 5))
    follower.poll(minutes=15)
    assert follower.state.coverage == "truncated"


@pytest.mark.parametrize("length", [20, 120, 140, 300])
def test_addresses_of_any_length_are_read(length: int) -> None:
    """A token that holds an address gives it back, whatever its length takes to write."""
    from infra.local.platforms import Article
    from tests.adapters.platforms.stage import NOON

    url = "https://courrier.test/".ljust(length + 22, "a")
    article = Article(title="t", publisher="p", publisher_url="h", url=url, published_at=NOON, opaque=False)
    assert address_in(f"https://news.google.com/rss/articles/{token_of(article)}?oc=5") == url


@pytest.mark.parametrize(
    "link",
    [
        "https://news.google.com/rss/articles/CBMi",
        "https://news.google.com/rss/articles/!!",
        "https://news.google.com/rss/articles/" + "A" * 41,
        "https://news.google.com/",
        "https://courrier.test/a",
    ],
)
def test_what_holds_no_address_gives_none(link: str) -> None:
    """Nonsense in a link is no address, and no error."""
    assert address_in(link) is None
