"""Every connector against its stub: nothing lost, nothing twice, whatever the platform does meanwhile."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from infra.local.platforms import Platforms
from tests.adapters.platforms.stage import CASES, NOON, Case, Follower, fresh
from tests.journal import Crash
from vigie.domain.connectors.outcomes import Answer

PAGED = [case for case in CASES if case.paged]


@pytest.fixture(params=CASES, ids=str)
def follower(request: pytest.FixtureRequest, platforms: Platforms) -> Follower:
    """Follow one search of one platform, in pages of three."""
    platforms.trouble.page_size = 3
    return Follower(request.param, platforms)


def test_every_thing_is_brought_once(follower: Follower) -> None:
    """However many pages there are, and whatever comes between polls, each thing becomes one document."""
    follower.poll()
    follower.put(*range(8))
    follower.poll(minutes=15)
    follower.put(8)
    follower.poll(minutes=15)
    follower.put(*range(9, 30), apart=timedelta(seconds=20))
    for _ in range(4):
        follower.poll(minutes=15)
    assert follower.numbers() == list(range(30))


def test_pages_that_overlap_bring_nothing_twice(follower: Follower) -> None:
    """A thing shown again on the next page, as it shifts, is one document."""
    follower.platforms.trouble.repeats = 1
    follower.poll()
    follower.put(*range(7))
    for _ in range(3):
        follower.poll(minutes=15)
    assert follower.numbers() == list(range(7))


def test_what_is_indexed_late_is_found(follower: Follower) -> None:
    """A thing that shows up behind newer ones is found by the next sweep."""
    follower.put(1, 2)
    follower.poll(minutes=15)
    follower.put(3)
    follower.poll(minutes=15)
    follower.put(4, at=follower.world.clock() - timedelta(minutes=4))
    follower.poll(minutes=15)
    assert follower.numbers() == [1, 2, 3, 4]


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_is_wrong_loses_nothing(follower: Follower, hours: int) -> None:
    """Neither a platform ahead of us nor one behind makes us skip what it shows."""
    follower.platforms.trouble.skew = timedelta(hours=hours)
    follower.put(1, 2, 3, 4)
    follower.poll()
    for number in range(5, 9):
        follower.put(number)
        follower.poll(minutes=15)
    assert follower.numbers() == list(range(1, 9))


@pytest.mark.parametrize("after", [0, 1, 2])
def test_patience_asked_for_is_no_failure(follower: Follower, after: int) -> None:
    """When the platform has enough, at first or between two pages, the search waits, says so, and goes on."""
    follower.put(*range(8))
    follower.platforms.trouble.after, follower.platforms.trouble.rate_limited = after, 1
    follower.poll()
    if not follower.platforms.trouble.rate_limited:
        assert follower.state.failures == 0
        assert follower.state.limited
        assert (follower.state.next_poll_at or NOON) > NOON
    for _ in range(3):
        follower.poll(minutes=15)
    assert (follower.numbers(), follower.state.limited) == (list(range(8)), None)


@pytest.mark.parametrize("trouble", ["errors", "not_json"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_server_that_fails_is_asked_again(follower: Follower, trouble: str, after: int) -> None:
    """An error or a page of HTML, at first or between two pages, delays and loses nothing."""
    follower.put(*range(8))
    setattr(follower.platforms.trouble, trouble, 1)
    follower.platforms.trouble.after = after
    follower.poll()
    if not getattr(follower.platforms.trouble, trouble):
        assert follower.state.failures == 1
    for _ in range(3):
        follower.poll(minutes=15)
    assert (follower.numbers(), follower.state.failures) == (list(range(8)), 0)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_at_any_write_loses_and_repeats_nothing(follower: Follower, when: str) -> None:
    """Whatever write a worker dies at, the polls after it bring each thing once."""
    follower.put(*range(4))
    for number in range(1, 40):
        worker = fresh(follower)
        worker.world.journal.interrupt(**{when: number})  # type: ignore[arg-type]
        with suppress(Crash):
            worker.poll()
        died = not worker.world.journal.armed
        worker.world.journal.interrupt()
        for _ in range(2):
            worker.poll(minutes=10)
        assert worker.numbers() == list(range(4))
        if not died:
            return
    pytest.fail("no poll has so many writes")


@pytest.mark.parametrize("case", PAGED, ids=str)
def test_a_cursor_that_cannot_be_read_begins_anew(case: Case, platforms: Platforms) -> None:
    """A cursor of another version is as good as none: the newest page is looked at again."""
    follower = Follower(case, platforms)
    follower.put(1, 2)

    async def ask() -> Answer:
        async with follower.http:
            return await follower.connector.poll(
                case.native, '{"v": 0, "since": "never"}', follower.world.clock()
            )

    answer = asyncio.run(ask())
    assert (answer.refusal, len(answer.entries)) == (None, 2)
