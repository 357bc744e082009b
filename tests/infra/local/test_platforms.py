"""The stub platforms serve what they are given, in their own shapes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import pytest

from infra.local.platforms import Article, Comment, Content, ForumPost, Platforms, Post, Video, start
from vigie.adapters.feeds import parse_feed

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHANNEL = "UC" + "c" * 22


def content() -> Content:
    """Return one thing of each kind."""
    post = Post(number=1, text="Airbus recrute #airbus", published_at=NOON)
    return Content(
        bluesky=[post],
        mastodon=[post],
        videos=[
            Video(
                video_id="v" * 11,
                channel_id=CHANNEL,
                channel="Ciel",
                title="L'A350 d'Airbus",
                description="Visite",
                published_at=NOON,
            )
        ],
        comments=[
            Comment(
                comment_id="c1",
                video_id="v" * 11,
                channel_id=CHANNEL,
                author="@lu",
                text="Bravo",
                published_at=NOON,
            )
        ],
        articles=[
            Article(
                title="Airbus recrute",
                publisher="Le Courrier",
                publisher_url="https://courrier.test",
                url="https://courrier.test/a",
                published_at=NOON,
            )
        ],
        discourse=[
            ForumPost(topic_id=7, number=2, title="Mon A350", author="lu", text="Il vole", published_at=NOON),
            ForumPost(
                topic_id=7, number=1, title="Mon A350", author="al", text="Regardez", published_at=NOON
            ),
        ],
        phpbb=[
            ForumPost(topic_id=3, number=1, title="Vol", author="al", text="Un retard", published_at=NOON)
        ],
    )


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    """Serve the content at one past noon."""
    running = start(content(), clock=lambda: NOON + timedelta(hours=1))
    yield running
    running.stop()


def get(platforms: Platforms, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Return the status and the body of an address."""
    connection = HTTPConnection("127.0.0.1", platforms.port, timeout=60)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


@pytest.mark.parametrize(
    ("path", "guid"),
    [
        ("/latest.rss", "127.0.0.1-topic-7"),
        ("/posts.rss", "127.0.0.1-post-7-2"),
        ("/t/mon-a350/7.rss", "127.0.0.1-post-7-2"),
        (f"/feeds/videos.xml?channel_id={CHANNEL}", "yt:video:vvvvvvvvvvv"),
    ],
)
def test_feeds_are_feeds(platforms: Platforms, path: str, guid: str) -> None:
    """Our own parser reads what forums and channels serve, and finds their ids."""
    status, body = get(platforms, path)
    feed = parse_feed(body, url=platforms.url + path, content_type=None)
    assert (status, feed.problem) == (200, None)
    assert feed.entries[0].guid == guid


def test_a_forum_of_phpbb_and_a_news_search_are_feeds_too(platforms: Platforms) -> None:
    """Both are read, with their titles as those sites write them."""
    for path, title in (
        ("/app.php/feed", "Général • Vol"),
        ("/rss/search?q=airbus+when:1d", "Airbus recrute - Le Courrier"),
    ):
        feed = parse_feed(get(platforms, path)[1], url=platforms.url + path, content_type=None)
        assert [entry.title for entry in feed.entries] == [title]


def test_what_is_dated_later_is_not_shown_yet(platforms: Platforms) -> None:
    """The demo's posts appear as their time comes."""
    platforms.content.mastodon.append(
        Post(number=2, text="#airbus demain", published_at=NOON + timedelta(days=1))
    )
    status, body = get(platforms, "/api/v1/timelines/tag/airbus")
    assert (status, len(json.loads(body))) == (200, 1)


def test_credentials_are_asked_for(platforms: Platforms) -> None:
    """Without a session, a token or a key, the platforms that need one refuse."""
    for path, refused in (
        ("/xrpc/app.bsky.feed.searchPosts?q=airbus", 401),
        ("/api/v2/search?q=airbus", 401),
        ("/youtube/v3/search?part=snippet&q=airbus", 400),
    ):
        assert get(platforms, path)[0] == refused


def test_trouble_comes_when_told_and_goes(platforms: Platforms) -> None:
    """A count of failures is a count of requests."""
    platforms.trouble.errors = 2
    statuses = [get(platforms, "/latest.rss")[0] for _ in range(3)]
    assert statuses == [503, 503, 200]
