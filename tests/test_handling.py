"""What every queue's function does around its step: how much of a batch it begins."""

from collections.abc import Sequence
from typing import cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from vigie.handling import NoTimeLeft, TimeLeft


class Worker:
    """A worker that has so many milliseconds left each time it is asked."""

    def __init__(self, left: Sequence[int]) -> None:
        self._left = iter(left)

    def get_remaining_time_in_millis(self) -> int:
        """Return the next figure."""
        return next(self._left)


def begun(left: Sequence[int]) -> int:
    """Return how many records were begun before there was no time; ``left`` is what there is before each."""
    time_left = TimeLeft(cast("LambdaContext", Worker(left)))
    for number in range(len(left)):
        try:
            time_left.check()
        except NoTimeLeft:
            return number
    return len(left)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        ([60_000, 50_000, 40_000, 30_000, 20_000], 5),  # ten seconds each: all five
        ([60_000, 38_000, 16_000], 2),  # 22 seconds each: the third would be cut off
        ([60_000, 20_000], 1),  # one record may take most of it
        ([1], 1),  # the first is always begun: nobody else would be quicker
        ([60_000, 40_000, 39_000, 28_000], 3),  # the longest decides, not the last
    ],
)
def test_a_record_is_begun_while_one_like_the_longest_fits(left: list[int], expected: int) -> None:
    """Half as much again as the longest so far must be left."""
    assert begun(left) == expected
