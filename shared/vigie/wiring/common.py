"""What every step is given: the settings, the time."""

import os
from datetime import UTC, datetime
from functools import cache

from vigie.settings import Settings

LATE_AFTER_INTERVALS = 4  # a source is late when its poll is overdue by so many of an ordinary source's


@cache
def settings() -> Settings:
    """Return this process's settings."""
    return Settings.from_mapping(os.environ)


def now() -> datetime:
    """Return the time: the one place that asks for it."""
    return datetime.now(UTC)


def late_after_seconds() -> int:
    """Return how long a source's poll may be overdue before it counts as late."""
    return LATE_AFTER_INTERVALS * settings().poll_interval_seconds
