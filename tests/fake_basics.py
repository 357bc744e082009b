# ruff: noqa: D102 - the ports say what each method does, and a fake needs not all it is told
"""What every fake is made with: a clock that tests set, and what a database would keep of a value."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar

from vigie.messages import decode_value, encode

T = TypeVar("T")


def kept(value: T) -> T:
    """Return what a database would keep of ``value``."""
    return decode_value(encode(value), type(value))


class FakeClock:
    """A clock that tests set."""

    def __init__(self, instant: datetime = datetime(2026, 12, 8, 6, 0, tzinfo=UTC)) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, seconds: float) -> datetime:
        """Move on and return the new time."""
        self.instant += timedelta(seconds=seconds)
        return self.instant
