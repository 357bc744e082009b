"""What publishers ask of those who poll them, and how far we follow.

``Cache-Control: max-age`` and ``Expires`` (RFC 9111), RSS's ``ttl``, ``skipHours`` and ``skipDays``, the
syndication module's period and frequency, ``Retry-After`` (RFC 9110 §10.2.3).
"""

import math
from datetime import UTC, datetime, timedelta

from vigie.domain.feeds import PublishingHints
from vigie.domain.fetching import FetchOutcome
from vigie.domain.polling.policy import JITTER, PollPolicy, guard_seconds
from vigie.domain.rhythm import Rhythm, rate_at

WISH_CAP_SECONDS = 3_600  # of a source with daily news: a publisher may ask for an hour, not for a day
RARE_WISH_CAP_SECONDS = 86_400  # of one that publishes less than once a day
RETRY_AFTER_SECONDS = (60, 86_400)  # what we obey at least and at most
SPREAD_SECONDS = 3_600  # after a refused rate, on top of what was asked for
_SKIPPED_HOURS_AT_MOST = 24


def wished_seconds(
    max_age_seconds: int | None,
    hints: PublishingHints,
    rhythm: Rhythm,
    policy: PollPolicy,
    now: datetime,
) -> float:
    """Return how long the publisher wants to be left alone after an answer, as far as we follow.

    That is as long as nothing can fall out of its document meanwhile, and no longer than a cap.
    """
    cap = WISH_CAP_SECONDS if rate_at(rhythm, now) >= 1 else RARE_WISH_CAP_SECONDS
    wished = max(max_age_seconds or 0, hints.interval_seconds or 0)
    return min(wished, guard_seconds(rhythm, policy, now), cap)


def skip_idle(moment: datetime, hints: PublishingHints, rhythm: Rhythm) -> datetime:
    """Return ``moment``, or the end of the hours and days around it in which the feed says it never publishes.

    Hours in which it was seen publishing are not believed, and nobody is left alone for more than a day.
    """
    for _ in range(_SKIPPED_HOURS_AT_MOST):
        utc = moment.astimezone(UTC)
        seen = bool(rhythm.hours) and rhythm.hours[utc.hour] > 0
        if seen or not (utc.hour in hints.skip_hours or utc.weekday() in hints.skip_days):
            return moment
        moment = utc.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment


def peace_seconds(
    outcome: FetchOutcome, backoff_seconds: float, *, kept_seconds: float = math.inf, share: float = 0.0
) -> float | None:
    """Return how long the whole host is to be left alone: after a refused rate, and after 503 that names a time.

    A refusal without Retry-After asks for what we would wait anyway, an hour at most. After a refusal we stay away
    for a ``share`` (from 0 to 1) of an hour more, so that those it refused together do not come back together; of
    less, down to a tenth of what was asked, when entries are kept for ``kept_seconds`` only.
    """
    low, high = RETRY_AFTER_SECONDS
    refused = outcome.failure is not None and outcome.failure.reason == "rate_limited"
    if outcome.retry_after_seconds is not None and (refused or outcome.status == 503):
        asked = float(min(max(outcome.retry_after_seconds, low), high))
    elif refused:
        asked = max(min(backoff_seconds, 3_600.0), low)
    else:
        return None
    return (
        asked + share * min(SPREAD_SECONDS, max(kept_seconds - asked, JITTER * asked)) if refused else asked
    )
