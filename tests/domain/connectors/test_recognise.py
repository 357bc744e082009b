"""Feeds of platforms show the platforms' own things."""

from datetime import UTC, datetime, timedelta

import pytest

from vigie.domain.connectors.recognise import recognised
from vigie.domain.feeds import FeedEntry, Native, ParsedFeed

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DISCOURSE = "https://forum.example/posts.rss"
PHPBB = "https://club.example/forum/app.php/feed"
TOPIC = "https://forum.example/t/mon-a350/7"
VIEW = "https://club.example/forum/viewtopic.php"


def native_of(entry: FeedEntry, feed_url: str) -> Native | None:
    """Return what an entry of a feed is recognised as."""
    (found,) = recognised(ParsedFeed(entries=(entry,)), feed_url, NOON).entries
    return found.native


def test_a_channels_video_is_the_video_that_a_search_finds() -> None:
    """A video is known by its own id, is a video, and may be kept thirty days."""
    entry = FeedEntry(guid="yt:video:dQw4w9WgXcQ", link="https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    native = native_of(entry, "https://www.youtube.com/feeds/videos.xml?channel_id=UC")
    assert native == Native(
        platform="youtube", native_id="dQw4w9WgXcQ", type="video", retain_until=NOON + timedelta(days=30)
    )


@pytest.mark.parametrize(
    ("guid", "link", "feed_url", "expected"),
    [
        ("forum.example-topic-7", TOPIC, "https://forum.example/latest.rss", ("/t/7", "post", None)),
        ("forum.example-post-7-1", f"{TOPIC}#post_1", DISCOURSE, ("/t/7", "post", None)),
        ("forum.example-post-7-2", f"{TOPIC}#post_2", DISCOURSE, ("/t/7/2", "comment", "/t/7")),
        ("forum.example-post-7-2", f"{TOPIC}/2", f"{TOPIC}.rss", ("/t/7/2", "comment", "/t/7")),
        (TOPIC, TOPIC, "https://forum.example/c/vols/3.rss", ("/t/7", "post", None)),
        ("forum.example-topic-7", "https://forum.example/t/7", DISCOURSE, ("/t/7", "post", None)),
    ],
)
def test_a_topic_of_discourse_is_a_post_and_its_answers_are_comments(
    guid: str, link: str, feed_url: str, expected: tuple[str, str, str | None]
) -> None:
    """The opening has one id in every feed of the forum; an answer names the topic as its parent."""
    native = native_of(FeedEntry(guid=guid, link=link), feed_url)
    assert native is not None
    end, kind, parent = expected
    assert (native.platform, native.native_id, native.type) == ("forum", "forum.example" + end, kind)
    assert native.parent_id == (parent and "forum.example" + parent)


@pytest.mark.parametrize(
    ("title", "link", "expected"),
    [
        ("Vols • Retard", f"{VIEW}?t=3&p=31#p31", ("p/31", "post", None)),
        ("Vols • Re: Retard", f"{VIEW}?t=3&p=32#p32", ("p/32", "comment", "t/3")),
        ("Re: Retard", f"{VIEW}?p=32#p32", ("p/32", "comment", None)),
        ("Vols • Retard", f"{VIEW}?f=2&t=3", ("t/3", "post", None)),
    ],
)
def test_posts_of_phpbb_are_known_by_their_number(
    title: str, link: str, expected: tuple[str, str, str | None]
) -> None:
    """A title with "Re:" is an answer; the topic is its parent where the link says which."""
    native = native_of(FeedEntry(guid=link, link=link, title=title), PHPBB)
    assert native is not None
    forum = "club.example/forum/"
    assert (native.native_id, native.type) == (forum + expected[0], expected[1])
    assert native.parent_id == (expected[2] and forum + expected[2])


@pytest.mark.parametrize(
    ("guid", "link", "feed_url"),
    [
        ("1", "https://lemonde.example/t/article/12", "https://lemonde.example/rss"),
        ("yt:video:short", "https://youtube.example", "https://youtube.example/feed"),
        ("x", "https://club.example/viewtopic.php", PHPBB),
        ("x", "http://[", DISCOURSE),
        ("x", None, "http://["),
    ],
)
def test_everything_else_stays_an_article(guid: str, link: str | None, feed_url: str) -> None:
    """An address that only looks like a platform's changes nothing."""
    assert native_of(FeedEntry(guid=guid, link=link), feed_url) is None
