"""How often a source publishes, and at what hours: learnt from what its polls brought.

The rate is an exponential average over five days. It fades by itself while nothing comes, so that a poll which
brings nothing changes no rhythm, and a quiet source costs no write.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

DAY = 86_400.0
TAU_DAYS = 5.0
PEAK_TAU_DAYS = 2.0
UNKNOWN_PER_DAY = 12.0  # of a source whose first document carries no dates to tell
PER_DAY_BOUNDS = (0.1, 1_000.0)
IMPROBABLE = 6.9  # expected articles whose absence has a chance under one in a thousand: -ln(0.001)
_PLACED_WITHIN_SECONDS = 7_200  # an undated article is of the poll's hour when the last poll is no older
_HOUR_LIMIT = 250
_FLATNESS = 4.0  # observations a flat profile weighs against what was seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is known of a source's publishing; it changes only when something new comes.

    ``per_day`` and ``peak_per_day`` are articles a day as of ``news_at``, when the last new article was seen.
    ``window`` is how many entries its document shows, ``burst`` how many of them the last poll with news brought.
    ``hours`` counts articles by UTC hour, recent ones more (24 numbers, or none yet).
    """

    per_day: float = 0.0
    peak_per_day: float = 0.0
    window: int = 0
    burst: int = 0
    hours: tuple[int, ...] = ()
    news_at: datetime | None = None


def first_rhythm(published: Sequence[datetime | None], now: datetime) -> Rhythm:
    """Return the rhythm that a source's first document tells by its dates."""
    past = [moment for moment in published if moment is not None and moment <= now]
    days = (now - min(past)).total_seconds() / DAY if past else 0.0
    told = len(past) >= 2 and days > 1 / 24
    per_day = _bounded(len(past) / days) if told else UNKNOWN_PER_DAY
    recent = [moment.astimezone(UTC).hour for moment in past if now - moment <= timedelta(days=7)]
    return Rhythm(
        per_day=round(per_day, 2),
        window=len(published),
        hours=_counted((), recent),
        news_at=now if published else None,
    )


def heard(
    rhythm: Rhythm, published: Sequence[datetime | None], window: int, since: datetime, now: datetime
) -> Rhythm:
    """Return the rhythm after a poll that brought new articles, with their dates as the feed gives them.

    ``since`` is the poll before. A date outside of what the two polls enclose is not believed.
    """
    elapsed = max((now - since).total_seconds(), 3_600.0)  # a burst is what an hour brings
    hours = [hour for moment in published if (hour := _hour_of(moment, since, now)) is not None]
    peak = _fade(rhythm.peak_per_day, rhythm.news_at, now, PEAK_TAU_DAYS)
    return Rhythm(
        per_day=round(_bounded(rate_at(rhythm, now) + len(published) / TAU_DAYS), 2),
        peak_per_day=round(max(peak, len(published) * DAY / elapsed), 1),
        window=window,
        burst=len(published),
        hours=_counted(rhythm.hours, hours),
        news_at=now,
    )


def seen_whole(rhythm: Rhythm, window: int) -> Rhythm:
    """Return the rhythm after a document without news: its size may have changed."""
    return replace(rhythm, window=window) if window != rhythm.window else rhythm


def rate_at(rhythm: Rhythm, now: datetime) -> float:
    """Return the articles a day the source is publishing, as far as ``now`` can tell."""
    return _fade(rhythm.per_day, rhythm.news_at, now, TAU_DAYS)


def peak_at(rhythm: Rhythm, now: datetime) -> float:
    """Return the recent peak, in articles a day."""
    return _fade(rhythm.peak_per_day, rhythm.news_at, now, PEAK_TAU_DAYS)


def profile(hours: Sequence[int], hour: int) -> float:
    """Return how busy a UTC hour is: 1 as any other, 2 twice as busy. Flat until enough was seen."""
    if not hours:
        return 1.0
    around = hours[hour - 1] + 2 * hours[hour] + hours[(hour + 1) % 24]
    return min(max((around + _FLATNESS) / (sum(hours) / 6 + _FLATNESS), 0.2), 4.0)


def expected(rhythm: Rhythm, now: datetime) -> float:
    """Return how many articles the source, had it kept its rhythm, would have published since its last."""
    if rhythm.news_at is None or now <= rhythm.news_at:
        return 0.0
    days, rest = divmod((now - rhythm.news_at).total_seconds(), DAY)
    partial = sum(seconds * profile(rhythm.hours, hour) for hour, seconds in _hours(rhythm.news_at, rest))
    return rhythm.per_day * (days + partial / DAY)


def silence_is_improbable(rhythm: Rhythm, now: datetime) -> bool:
    """Say whether a source with this rhythm is silent for so long less than once in a thousand times."""
    return expected(rhythm, now) > IMPROBABLE


def _hours(start: datetime, seconds: float) -> Iterator[tuple[int, float]]:
    """Yield the UTC hours from ``start`` on, and the seconds of each that ``seconds`` cover."""
    start = start.astimezone(UTC)
    hour, room = start.hour, 3_600.0 - (start.minute * 60 + start.second)
    while seconds > 0:
        yield hour, min(room, seconds)
        seconds, hour, room = seconds - room, (hour + 1) % 24, 3_600.0


def _hour_of(moment: datetime | None, since: datetime, now: datetime) -> int | None:
    if moment is not None and since <= moment <= now:
        return moment.astimezone(UTC).hour
    return now.astimezone(UTC).hour if (now - since).total_seconds() <= _PLACED_WITHIN_SECONDS else None


def _counted(hours: Sequence[int], seen: Sequence[int]) -> tuple[int, ...]:
    if not seen:
        return tuple(hours)
    counts = list(hours) or [0] * 24
    for hour in seen:
        counts[hour] += 1
    if max(counts) > _HOUR_LIMIT:
        top = max(counts)
        counts = [count * _HOUR_LIMIT // (2 * top) for count in counts]
    return tuple(counts)


def _fade(value: float, since: datetime | None, now: datetime, tau_days: float) -> float:
    if since is None:
        return value
    return value * math.exp(-max((now - since).total_seconds(), 0.0) / DAY / tau_days)


def _bounded(per_day: float) -> float:
    low, high = PER_DAY_BOUNDS
    return min(max(per_day, low), high)
