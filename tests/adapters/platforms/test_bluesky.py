"""Bluesky's sessions, and what its posts say."""

from datetime import timedelta

import pytest

from infra.local.platforms import Platforms, Post
from tests.adapters.platforms.stage import BY_NAME, NOON, Follower


@pytest.fixture
def follower(platforms: Platforms) -> Follower:
    """Follow a search on Bluesky."""
    return Follower(BY_NAME["bluesky"], platforms)


@pytest.mark.parametrize("expired", [1, 2])
def test_a_session_that_expires_is_renewed_and_nothing_shows(follower: Follower, expired: int) -> None:
    """An expired session is refreshed within the poll, even twice."""
    follower.poll()
    follower.put(1, 2)
    follower.platforms.trouble.expired_sessions = expired
    follower.poll(minutes=15)
    assert (follower.numbers(), follower.state.failures) == ([1, 2], 0)


def test_a_session_lasts_over_polls(follower: Follower) -> None:
    """Sessions are few a day: one serves all polls of a worker."""
    for _ in range(3):
        follower.poll(minutes=15)
    logins = [e for e in follower.platforms.exchanges if e.asked.path.endswith("createSession")]
    assert len(logins) == 1


def test_a_refused_password_is_said_as_such(follower: Follower) -> None:
    """A revoked app password shows as what it is, and nothing is lost when there is a new one."""
    follower.put(1)
    follower.platforms.trouble.refused_login = True
    report = follower.poll()
    assert ["unauthorised" in reason for reason in report.failed.values()] == [True]
    follower.platforms.trouble.refused_login = False
    follower.poll(minutes=60)
    assert follower.numbers() == [1]


def test_a_search_that_ends_before_its_results_goes_on_before_the_oldest(follower: Follower) -> None:
    """The platform pages through three results only: the others are asked for by their time."""
    follower.platforms.trouble.window = 3
    follower.put(*range(11))
    for _ in range(3):
        follower.poll(minutes=15)
    assert follower.numbers() == list(range(11))


def test_a_post_says_who_where_and_what_it_answers(follower: Follower) -> None:
    """Author, link, image, parent and counts of a post are the document's."""
    post = Post(
        number=7,
        text="Airbus recrute, message 7",
        published_at=NOON - timedelta(minutes=2),
        reply_to=3,
        link="https://www.courrier.test/a",
        likes=5,
    )
    follower.platforms.content.bluesky.append(post)
    follower.poll()
    (document,) = follower.documents()
    assert (document.platform, document.type, document.author) == (
        "bluesky",
        "post",
        "Claire @claire.social.test",
    )
    assert document.url == "https://bsky.app/profile/claire.social.test/post/3k00000000007"
    assert document.links == ("https://www.courrier.test/a",)
    assert (document.parent_id or "").endswith("/3k00000000003")
    assert document.metrics["likes"] == 5
