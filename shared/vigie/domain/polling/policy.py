"""How often to ask a source: as often as it is worth, as rarely as it may.

Delay costs what a source publishes meanwhile, and requests cost the same for all: the least total delay at a
given number of requests asks each source in proportion to the square root of its rate. We lean a little further
towards those that publish much (a power of three quarters): the median article comes sooner for the same requests,
and those of rare publishers later. Three things bound it: a floor and a ceiling, and the size of the feed's
document, from which what is not seen in time falls out.

A source is asked when its shard is looked at, which is once per floor: up to a floor later than it is due. Where
entries would fall out meanwhile, it is due a floor earlier.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.domain.rhythm import DAY, Rhythm, peak_at, profile, rate_at

REFERENCE_PER_DAY = 20.0
EXPONENT = 3 / 4
WINDOW_SHARE = 0.4  # of what a document shows may be new at a poll, at twice the usual rate
JITTER = 0.1
GRAIN_SECONDS = 30  # half of the schedule's minute: what is due with a tick is due when the tick comes


@dataclass(frozen=True, slots=True)
class PollPolicy:
    """How often a source is asked. ``interval_seconds`` is for one of twenty articles a day."""

    interval_seconds: float = 900

    @property
    def floor_seconds(self) -> float:
        """No source is asked more often, and no shard is looked at more often."""
        return self.interval_seconds * 0.4

    @property
    def ceiling_seconds(self) -> float:
        """Every source is asked at least so often."""
        return self.interval_seconds * 48


def interval_seconds(rhythm: Rhythm, policy: PollPolicy, now: datetime) -> float:
    """Return how long to wait before asking a source with this rhythm again, whatever it asks for itself."""
    rate = max(rate_at(rhythm, now), 0.01)
    busy = rate * profile(rhythm.hours, now.hour)
    wait = policy.interval_seconds * math.pow(REFERENCE_PER_DAY / busy, EXPONENT)
    wait = min(wait, guard_seconds(rhythm, policy, now))
    return min(max(wait, policy.floor_seconds), policy.ceiling_seconds)


def guard_seconds(rhythm: Rhythm, policy: PollPolicy, now: datetime) -> float:
    """Return when a source must be due for nothing to fall out of its document unseen, however late its tick comes.

    After a poll that brought more than half of a document it may go on so: what comes next must push nothing out.
    """
    wait = window_seconds(rhythm, now) - policy.floor_seconds
    if rhythm.burst > rhythm.window / 2 and rhythm.news_at == now:
        wait = min(wait, 2 * policy.floor_seconds)
    return max(wait, policy.floor_seconds)


def window_seconds(rhythm: Rhythm, now: datetime) -> float:
    """Return within what time a source must be asked for nothing to fall out of its document unseen."""
    if not rhythm.window:
        return math.inf
    busiest = max(2.2 * rate_at(rhythm, now), peak_at(rhythm, now) / 2, 0.01)
    return DAY * WINDOW_SHARE * rhythm.window / busiest


def sooner(seconds: float, source_id: str) -> timedelta:
    """Return ``seconds`` less up to a tenth, always the same for a source, so that polls do not clump.

    Half a minute less again: a source due every floor would else come seconds too late for its tick, every time.
    """
    return timedelta(seconds=max(round(seconds * (1 - JITTER * chance(source_id)) - GRAIN_SECONDS), 0))


def chance(*parts: object) -> float:
    """Return a number in [0, 1) that looks random and is always the same for the same parts."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 2**32
