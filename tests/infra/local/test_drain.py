"""A pass is over when every queue was empty three times in a row, and stuck when nothing moves."""

from typing import Any, cast

import pytest

from infra.local.cloud import Cloud
from infra.local.drain import Drain, depths

EMPTY, BUSY = {"fetched": 0, "matched": 0}, {"fetched": 1, "matched": 0}


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([EMPTY, EMPTY], False),
        ([EMPTY, EMPTY, EMPTY], True),
        ([EMPTY, EMPTY, BUSY, EMPTY], False),  # a message had stepped from one queue to the other
        ([BUSY, EMPTY, EMPTY, EMPTY], True),
        ([EMPTY, EMPTY, EMPTY, BUSY], False),
    ],
)
def test_drained_after_three_zeros_in_a_row(looks: list[dict[str, int]], expected: bool) -> None:
    """Zero once or twice proves nothing; three times in a row does, until something arrives again."""
    drain = Drain(stall_seconds=60)
    for at_seconds, held in enumerate(looks):
        drain.look(held, at_seconds)
    assert drain.drained == expected


def test_nothing_moving_for_long_is_a_stall() -> None:
    """Depths that stand still for the given time are a stall; a message fewer is not."""
    drain = Drain(stall_seconds=60)
    drain.look(BUSY, 0)
    drain.look(BUSY, 59)
    early, late = drain.stalled(59), drain.stalled(60)
    drain.look({"fetched": 0, "matched": 1}, 61)
    assert (early, late, drain.stalled(100)) == (False, True, False)


def test_work_done_by_one_long_worker_is_no_stall() -> None:
    """While the figures grow the pass goes on, whatever the queues say."""
    drain = Drain(stall_seconds=60)
    drain.look(BUSY, 0, done=(1, 2))
    drain.look(BUSY, 50, done=(1, 3))
    assert not drain.stalled(100)


class Queues:
    """An account whose queues hold one message waiting, two in flight and four delayed each."""

    def client(self, service: str) -> "Queues":
        """Return itself: nothing else is asked of it."""
        assert service == "sqs"
        return self

    def get_queue_attributes(self, **asked: Any) -> dict[str, dict[str, str]]:
        """Return the counts that were asked for."""
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        held = dict(zip((*names, "ApproximateNumberOfMessagesDelayed"), ("1", "2", "4"), strict=True))
        return {"Attributes": {name: held[name] for name in asked["AttributeNames"]}}


def test_what_is_put_off_is_not_waited_for() -> None:
    """A queue's delayed messages count, unless the queue is one where what is delayed belongs to later."""
    urls = {"fetched": "http://fetched", "matched": "http://matched"}
    assert depths(cast("Cloud", Queues()), urls, put_off={"matched"}) == {"fetched": 7, "matched": 3}
