"""A month's quota: what is past it is watched, grouped, counted and held; without its texts until the plan rises.

The first mentions of a calendar month (UTC) are shown, up to as many as the plan includes, in the order in which they
were recorded; which they are depends on nothing else, so that a plan that rises shows what it held, and a new month
begins anew. What was found in the archive for a new watch is history: never counted, never held.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from vigie.domain.cutoffs import Interval
from vigie.domain.mentions import Label, Labels, Mention, withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUse:
    """What of a month's mentions is used; ``held`` are those past it, ``held_after`` the instant it was used up."""

    included: int
    used: int
    held: int
    held_after: datetime | None


def month_of(instant: datetime) -> Interval:
    """Return the month, in UTC, that an instant lies in."""
    first = instant.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Interval(first, (first + timedelta(days=32)).replace(day=1))


def counts(mention: Mention) -> bool:
    """Whether a mention as recorded counts against a quota."""
    return mention.status == "kept" and not mention.backfilled


def reached_at(mentions: Sequence[Mention], left: int) -> datetime | None:
    """Return when a quota of which so much is left is used up by mentions, oldest first; None when it is not.

    What was recorded at that very instant came together, and is shown together.
    """
    counted = [mention.recorded_at for mention in mentions if counts(mention)]
    return counted[left - 1] if 0 < left <= len(counted) else None


def is_over(mention: Mention, held_after: datetime | None) -> bool:
    """Whether a mention is past the quota that was used up at ``held_after``."""
    return held_after is not None and mention.recorded_at > held_after and counts(mention)


def held_over_quota(mention: Mention) -> Mention:
    """Return a mention past the quota: where it was published, when, and how it was read; not what it says."""
    blank = withdrawn(mention)
    return replace(blank, held_reason="over_quota", labels=_without_words(mention.labels))


def _without_words(labels: Labels) -> Labels:
    def bare(label: Label) -> Label:
        return replace(label, evidence=())

    return replace(
        labels,
        language=bare(labels.language),
        tone=bare(labels.tone),
        topic=bare(labels.topic),
        assessments=tuple(
            replace(
                each,
                relevance=bare(each.relevance),
                impact=bare(each.impact),
                tone=bare(each.tone),
                crisis=bare(each.crisis),
            )
            for each in labels.assessments
        ),
    )
