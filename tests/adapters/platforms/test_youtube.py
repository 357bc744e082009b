"""YouTube's quotas, descriptions and comments."""

from datetime import datetime, timedelta
from urllib.request import urlopen

import pytest

from infra.local.platforms import Comment, Platforms
from tests.adapters.platforms.stage import BY_NAME, CHANNEL, NOON, Follower
from tests.builders import a_source
from vigie.adapters.feeds import parse_feed
from vigie.adapters.platforms.client import PlatformHttp
from vigie.adapters.platforms.youtube import SEARCHES, UNITS, YouTubeComments
from vigie.domain.connectors.budgets import window_of
from vigie.steps.finds import Found, Showing, find


@pytest.fixture
def follower(platforms: Platforms) -> Follower:
    """Follow a search on YouTube."""
    return Follower(BY_NAME["youtube"], platforms)


def test_a_quota_used_up_waits_for_midnight_in_california(follower: Follower) -> None:
    """The platform's own word that the day's searches are used up is no failure."""
    follower.put(1)
    follower.platforms.trouble.quota_exceeded = True
    follower.poll()
    assert (follower.state.failures, follower.state.next_poll_at) == (0, window_of(SEARCHES, NOON).resets_at)
    assert "used up" in (follower.state.limited or "")
    follower.platforms.trouble.quota_exceeded = False
    follower.poll(minutes=21 * 60)
    assert follower.numbers() == [1]


@pytest.mark.parametrize("bucket", [SEARCHES, UNITS])
def test_either_budget_stops_a_search(follower: Follower, bucket: object) -> None:
    """A page costs a search and a unit: whichever is used up is named, and nothing is asked."""
    budget = SEARCHES if bucket is SEARCHES else UNITS
    follower.world.budgets.take(budget, budget.limit, NOON, urgent=True)
    follower.put(1)
    follower.poll()
    assert budget.name in (follower.state.limited or "")
    assert follower.platforms.exchanges == []


def test_descriptions_are_whole_and_titles_plain(follower: Follower) -> None:
    """What search cuts and escapes is completed; a video says its channel, its counts and how long it may be kept."""
    follower.put(4)
    follower.poll()
    (video,) = follower.documents()
    assert video.body.endswith("Airbus était là.")
    assert (video.title, video.author) == ("L'avion, message 4", "Ciel & Terre")
    assert video.metrics == {"views": 12, "likes": 3, "comments": 0}
    assert (video.type, video.media) == ("video", ("video",))
    assert video.retain_until == NOON + timedelta(days=30)


def test_a_followed_channel_is_one_whose_feed_is_followed() -> None:
    """Comments are asked for the channels of followed feeds, and for nothing else."""
    comments = YouTubeComments(PlatformHttp(user_agent="vigie-tests"), key="k")
    feed = f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"
    assert comments.search_of_feed(feed) == f"channel:{CHANNEL}"
    for other in (
        "https://www.youtube.com/feeds/videos.xml?playlist_id=PL",
        "https://lemonde.test/rss",
        "http://[",
    ):
        assert comments.search_of_feed(other) is None


def test_answers_to_comments_come_with_them(platforms: Platforms) -> None:
    """A comment's parent is its video, an answer's the comment it answers."""

    def comment(comment_id: str, at: datetime, parent: str | None = None) -> Comment:
        return Comment(
            comment_id=comment_id,
            video_id="v" * 11,
            channel_id=CHANNEL,
            author="@lu",
            text=f"Airbus, message {comment_id[-1]}",
            published_at=at,
            parent_id=parent,
        )

    at = NOON - timedelta(minutes=9)
    platforms.content.comments.extend([comment("c1", at), comment("c2", at, parent="c1")])
    follower = Follower(BY_NAME["youtube-comments"], platforms)
    follower.poll()
    assert [(one.type, one.parent_id) for one in follower.documents()] == [
        ("comment", "v" * 11),
        ("comment", "c1"),
    ]
    assert follower.state.coverage == "sampled"


def test_a_video_without_its_details_is_brought_as_search_shows_it(follower: Follower) -> None:
    """A video that is gone between two calls keeps what search said of it, unescaped."""
    follower.put(5)
    follower.platforms.trouble.withheld.add("video-00005")
    follower.poll()
    (video,) = follower.documents()
    assert (video.title, video.metrics) == ("L'avion, message 5", {})
    assert video.body.endswith("...")


def test_a_video_is_the_same_in_its_channels_feed(follower: Follower) -> None:
    """What a search and a followed channel both show is one document."""
    follower.put(6)
    follower.poll()
    url = f"{follower.platforms.url}/feeds/videos.xml?channel_id={CHANNEL}"
    with urlopen(url) as answer:  # noqa: S310 - our own stub
        feed = parse_feed(answer.read(), url=url, content_type=None)
    source = a_source(source_id="ciel", url="https://www.youtube.com/feeds/videos.xml?channel_id=UC")
    (found,) = find(follower.world.sources, "0001", [Showing(source, feed, NOON)]).values()
    assert isinstance(found, Found)
    (video,) = found.documents
    (searched,) = follower.documents()
    assert (video.document_id, video.platform, video.type) == (searched.document_id, "youtube", "video")
