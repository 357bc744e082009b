"""What the API shows of sources and of the platforms they come from: how they do, and what is done about it."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from vigie.domain.clients import Locale
from vigie.domain.connectors.sentences import say, told
from vigie.domain.connectors.standings import Standing
from vigie.domain.outlook import outlook, patience
from vigie.domain.rhythm import rate_at
from vigie.domain.sources import Source, SourceState, health
from vigie.domain.websub.subscriptions import Subscription, standing
from vigie.views import View, plain


def of_source(source: Source, state: SourceState | None, now: datetime, late_after_seconds: int) -> View:
    """Show a source and how it does: its health, its polls, what it publishes, where it moves.

    Of one that fails: in ``failure`` the reason and what happened, in ``outlook`` what is done about it, when, and
    what somebody can do; ``alarm`` says that somebody should.
    """
    known = state or SourceState(source_id=source.source_id)
    ahead = outlook(known, now)
    return {
        **plain(source),
        "health": health(state, now, late_after_seconds),
        "polled_at": plain(known.polled_at),
        "succeeded_at": plain(known.succeeded_at),
        "next_poll_at": plain(known.next_poll_at),
        "failing_since": plain(known.failing_since),
        "failures": known.failures,
        "failure": known.failure,
        "outlook": ahead.says if ahead else patience(known),
        "alarm": ahead is not None and ahead.alarm,
        "news_at": plain(known.rhythm.news_at),
        "articles_per_day": round(rate_at(known.rhythm, now), 1),
        "quiet_until": plain(known.quiet_until),
        "gap_at": plain(known.gap_at),
        "moved_to": known.move.url if known.move else None,
        "limited": known.limited,
        "coverage": known.coverage,
    }


def of_pushes(subscriptions: Sequence[Subscription], now: datetime) -> View | None:
    """Show how a source is pushed, None when it is not: by which hub, until when, and whether polls rely on it.

    ``standing`` is asked, active (not proven yet), proven (polled once an hour only), distrusted (a poll found what
    was not pushed), lapsed, refused or leaving. Of several, the one in use.
    """
    if not subscriptions:
        return None
    order = ("proven", "active", "distrusted", "asked", "lapsed", "refused", "leaving")
    found = min(subscriptions, key=lambda each: order.index(standing(each, now)))
    return {
        "standing": standing(found, now),
        "hub": found.hub,
        "until": plain(found.leased_until),
        "pushed_at": plain(found.pushed_at),
        "missed_at": plain(found.missed_at),
        "trouble": found.trouble,
    }


def of_standing(standing: Standing, locale: Locale, zone: ZoneInfo) -> View:
    """Show how a platform stands, with a sentence in the reader's language; hours in the reader's zone."""
    return {
        **plain(standing),
        "detail": told(standing, locale, zone),
        "unsearchable": [
            {**plain(left), "detail": say(left.reason, locale)} for left in standing.unsearchable
        ],
    }
