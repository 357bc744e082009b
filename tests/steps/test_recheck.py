"""What platforms brought is looked at again, and what is gone there is withdrawn here."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from tests.journal import Crash
from tests.steps.test_searches import NOON, Chirp, Stack, post
from vigie.domain.connectors.budgets import Bucket, Cost
from vigie.domain.connectors.lookouts import Lookout
from vigie.domain.connectors.outcomes import Answer, AuthRevoked, QueryRejected, Refusal, RetryAfter
from vigie.domain.identity import document_id_of
from vigie.errors import BadMessage, Transient, VigieError
from vigie.messages import DocumentsWithdrawn
from vigie.steps.recheck import CALLS_AT_ONCE, THINGS_AT_ONCE

DAY_SECONDS = 86_400
BUCKET = Bucket(name="looks", limit=100, window_seconds=300)


@dataclass
class Recalling(Chirp):
    """A platform that tells what was deleted."""

    recheck: Cost = Cost(BUCKET)  # noqa: RUF009 - frozen
    rechecked_at_once: int = 25
    gone: set[str] = field(default_factory=set)
    looks: list[tuple[str, ...]] = field(default_factory=list)
    refuses: Refusal | None = None
    confused: bool = False

    async def missing(self, native_ids: Sequence[str], now: datetime) -> frozenset[str] | Refusal:  # noqa: ARG002
        """Return which are gone."""
        self.looks.append(tuple(native_ids))
        if self.confused:
            raise ZeroDivisionError("the recheck")
        if self.refuses is not None:
            return self.refuses
        return frozenset(self.gone & set(native_ids))


def a_stack(posts: int, **platform: object) -> tuple[Stack, Recalling]:
    """Return a stack that has brought some posts, and its platform."""
    chirp = Recalling([post(n) for n in range(posts)], per_page=100, **platform)  # type: ignore[arg-type]
    stack = Stack(chirp)
    stack.poll()
    return stack, chirp


def told(stack: Stack) -> list[str]:
    """Return the ids of the documents withdrawn so far, each time they were."""
    messages = [message for message, _ in stack.world.outbox.sent if isinstance(message, DocumentsWithdrawn)]
    return [id_ for message in messages for id_ in message.document_ids]


def ids(*numbers: int) -> list[str]:
    """Return the document ids of some posts."""
    return [document_id_of("chirp", f"post-{number}") for number in numbers]


def test_a_post_taken_back_is_withdrawn_once() -> None:
    """A day after it was brought a post is looked at; one that is gone is withdrawn, and never asked about again."""
    stack, chirp = a_stack(3)
    chirp.gone = {"post-1"}
    stack.poll(force=True)
    assert (chirp.looks, told(stack)) == ([], [])
    for _ in range(3):
        stack.world.clock.advance(DAY_SECONDS)
        stack.poll(force=True)
    assert told(stack) == ids(1)
    assert chirp.looks == [("post-0", "post-1", "post-2"), *[("post-0", "post-2")] * 2]


def test_posts_are_looked_at_once_a_day_for_a_week() -> None:
    """However often a search is polled, each of its posts is asked about once a day, until a week is over."""
    stack, chirp = a_stack(2)
    for _ in range(4 * 10):
        stack.world.clock.advance(DAY_SECONDS / 4)
        stack.poll(force=True)
    assert chirp.looks == [("post-0", "post-1")] * 6
    assert stack.world.sources.lookouts("chirp", stack.world.clock() + timedelta(days=99), 9) == []


def test_a_report_says_what_was_looked_at() -> None:
    """The poll's report counts what was looked at and what is gone."""
    stack, chirp = a_stack(3)
    chirp.gone = {"post-1"}
    stack.world.clock.advance(DAY_SECONDS)
    report = stack.poll(force=True)
    assert (report.rechecked, report.withdrawn, report.unchecked) == (3, 1, {})


def test_what_comes_in_small_pieces_is_asked_about_together() -> None:
    """Posts brought one by one are asked about in as few calls as the platform allows."""
    stack, chirp = a_stack(1)
    for number in range(1, 30):
        chirp.posts.append(post(number))
        stack.world.clock.advance(60)
        stack.poll(force=True)
    stack.world.clock.advance(2 * DAY_SECONDS)
    stack.poll(force=True)
    assert [len(look) for look in chirp.looks] == [25, 5]


def test_one_poll_looks_at_so_much_and_the_rest_is_next() -> None:
    """A slice is bounded; the longest due go first, and no post is passed over."""
    stack, chirp = a_stack(THINGS_AT_ONCE + 20)
    chirp.gone = {f"post-{THINGS_AT_ONCE + 5}"}
    stack.world.clock.advance(DAY_SECONDS)
    stack.poll(force=True)
    assert sum(len(look) for look in chirp.looks) == THINGS_AT_ONCE
    stack.poll(force=True)
    asked = [native_id for look in chirp.looks for native_id in look]
    assert sorted(asked) == sorted(f"post-{n}" for n in range(THINGS_AT_ONCE + 20))
    assert told(stack) == ids(THINGS_AT_ONCE + 5)


def test_where_posts_are_asked_about_one_by_one_calls_are_few() -> None:
    """A platform that tells of one thing a call is called so many times a poll."""
    stack, chirp = a_stack(CALLS_AT_ONCE + 3, rechecked_at_once=1)
    stack.world.clock.advance(DAY_SECONDS)
    counts = []
    for _ in range(3):
        stack.poll(force=True)
        counts.append(len(chirp.looks))
    assert counts == [CALLS_AT_ONCE, CALLS_AT_ONCE + 3, CALLS_AT_ONCE + 3]


def test_without_budget_posts_are_looked_at_later() -> None:
    """A budget used up costs the search nothing: its posts wait for the next window."""
    stack, chirp = a_stack(50, recheck=Cost(Bucket(name="few", limit=1, window_seconds=300, reserve=0)))
    chirp.gone = {"post-0", "post-49"}
    stack.world.clock.advance(DAY_SECONDS)
    report = stack.poll(force=True)
    assert ["used up" in why for why in report.unchecked.values()] == [True]
    assert (report.failed, stack.state().limited, len(told(stack))) == ({}, None, 1)
    stack.world.clock.advance(300)
    stack.poll(force=True)
    assert sorted(told(stack)) == sorted(ids(0, 49))


@pytest.mark.parametrize(
    "refusal", [AuthRevoked("revoked"), RetryAfter(NOON + timedelta(days=1, minutes=5), "slow down")]
)
def test_a_platform_that_refuses_withdraws_nothing(refusal: Refusal) -> None:
    """A refusal is no deletion and no failure of the search; the posts are asked about again once it is over."""
    stack, chirp = a_stack(2)
    chirp.gone, chirp.refuses = {"post-0"}, refusal
    stack.world.clock.advance(DAY_SECONDS)
    report = stack.poll(force=True)
    assert (report.failed, told(stack)) == ({}, [])
    assert list(report.unchecked.values()) == [refusal.detail]  # type: ignore[union-attr]
    chirp.refuses = None
    stack.world.clock.advance(301)
    stack.poll(force=True)
    assert told(stack) == ids(0)


def test_patience_asked_for_is_kept() -> None:
    """A platform that asks for patience when posts are looked at is not searched before either."""
    stack, chirp = a_stack(1)
    later = NOON + timedelta(days=1, minutes=5)
    chirp.refuses = RetryAfter(later, "slow down")
    stack.world.clock.advance(DAY_SECONDS)
    stack.poll(force=True)
    asked = len(chirp.asked)
    stack.poll(force=True)
    assert (len(chirp.asked), stack.state().quiet_until) == (asked, later)


@pytest.mark.parametrize("trouble", [{"refuses": QueryRejected("no such id")}, {"confused": True}])
def test_what_cannot_be_asked_about_bars_nobodys_way(trouble: dict[str, object]) -> None:
    """Posts the platform, or our reader, chokes on wait a day; those behind them have their turn."""
    stack, chirp = a_stack(THINGS_AT_ONCE + 1)
    stack.world.clock.advance(DAY_SECONDS)
    for name, value in trouble.items():
        setattr(chirp, name, value)
    report = stack.poll(force=True)
    assert (len(report.unchecked), report.failed, told(stack)) == (1, {}, [])
    chirp.refuses, chirp.confused = None, False
    choked_on = {native_id for look in chirp.looks for native_id in look}
    chirp.looks.clear()
    stack.poll(force=True)
    ((turn,),) = chirp.looks
    assert turn not in choked_on


def test_a_search_that_is_refused_looks_at_nothing() -> None:
    """A platform that does not answer the search is not asked for more."""
    stack, chirp = a_stack(1)
    chirp.refusal = Answer(refusal=AuthRevoked("revoked"))
    stack.world.clock.advance(DAY_SECONDS)
    stack.poll(force=True)
    assert chirp.looks == []


@pytest.mark.parametrize("error", [Transient, BadMessage])
def test_what_is_due_and_cannot_be_read_waits(
    error: type[VigieError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When what is due is not told, or nobody can read it, the search is brought in all the same."""
    stack, chirp = a_stack(1)

    def away(connector: str, now: datetime, limit: int) -> list[Lookout]:
        raise error(f"{connector} {now} {limit}")

    monkeypatch.setattr(stack.world.sources, "lookouts", away)
    chirp.posts.append(post(7))
    report = stack.poll(force=True)
    assert (report.documents, len(report.unchecked), report.failed) == (1, 1, {})


def test_a_platform_that_cannot_tell_is_not_remembered() -> None:
    """Where nothing can be looked at again, nothing is kept for it."""
    stack = Stack(Chirp([post(1)]))
    stack.poll()
    assert stack.world.sources.lookouts("chirp", NOON + timedelta(days=99), 9) == []


def test_a_platform_that_says_that_all_is_gone_is_asked_twice() -> None:
    """When most posts are gone at once the platform is doubted: nothing is withdrawn, and the report says why."""
    stack, chirp = a_stack(20)
    everything = chirp.gone = {f"post-{n}" for n in range(20)}
    stack.world.clock.advance(DAY_SECONDS)
    report = stack.poll(force=True)
    assert (told(stack), ["20 of 20" in why for why in report.unchecked.values()]) == ([], [True])
    chirp.gone = set()
    stack.world.clock.advance(3_600)
    stack.poll(force=True)
    chirp.gone = everything
    stack.world.clock.advance(3_600)
    stack.poll(force=True)
    assert (told(stack), len(chirp.looks)) == ([], 2)  # they were there: looked at again tomorrow


def test_what_is_gone_twice_is_gone() -> None:
    """Posts that a platform says are gone again an hour later are withdrawn, once."""
    stack, chirp = a_stack(20)
    chirp.gone = {f"post-{n}" for n in range(20)}
    stack.world.clock.advance(DAY_SECONDS)
    for _ in range(3):
        stack.poll(force=True)
        stack.world.clock.advance(3_600)
    assert sorted(told(stack)) == sorted(ids(*range(20)))
    assert stack.world.sources.lookouts("chirp", stack.world.clock() + timedelta(days=99), 9) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_death_at_any_write_withdraws_all_the_same(when: str) -> None:
    """Whatever write a worker dies at, bringing posts or looking again, what is gone is withdrawn, the rest kept."""
    for number in range(1, 40):
        chirp = Recalling([post(n) for n in range(30)], per_page=100)
        stack = Stack(chirp)
        chirp.gone = {"post-3", "post-28"}
        stack.world.journal.interrupt(**{when: number})  # type: ignore[arg-type]
        for _ in range(3):
            with suppress(Crash):
                stack.poll(force=True)
            stack.world.clock.advance(DAY_SECONDS)
        died = not stack.world.journal.armed
        stack.world.journal.interrupt()
        chirp.looks.clear()
        for _ in range(2):
            stack.poll(force=True)
            stack.world.clock.advance(DAY_SECONDS)
        assert set(told(stack)) == set(ids(3, 28))
        assert {*chirp.looks[-1], *chirp.looks[-2]} == {f"post-{n}" for n in range(30) if n not in {3, 28}}
        if not died:
            return
    pytest.fail("no poll has so many writes")
