"""What waited because its day had brought enough alerts: when it is told, and what is told together."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vigie.domain.alerts.alert import Alert, Notice

SUMMARY_HOUR = 19  # local: when what was kept back is told together; then at each full hour
_AHEAD = timedelta(minutes=5)  # nobody adds to what another worker is telling, by whichever of their clocks

Waiting = tuple[Alert, Notice]


def told_together_at(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when what is kept back at ``now`` is told, with what else is by then: this evening, or the next hour."""
    soonest = (now + _AHEAD).astimezone(zone)
    evening = soonest.replace(hour=SUMMARY_HOUR, minute=0, second=0, microsecond=0)
    if soonest <= evening:
        return evening.astimezone(now.tzinfo)
    hour = soonest.replace(minute=0, second=0, microsecond=0)
    return (hour if hour == soonest else hour + timedelta(hours=1)).astimezone(now.tzinfo)


def gathered(alerts: Sequence[Alert], now: datetime) -> Iterator[tuple[Waiting, tuple[Waiting, ...]]]:
    """Yield what is due: a notice, and those that are told with it, because they were kept back for the same hour.

    The oldest alert's leads: as long as it is to be told it is the same one, under the same key.
    """
    due = [(alert, notice) for alert in alerts for notice in alert.pending if notice.due_at <= now]
    kept_back: dict[tuple[int, datetime], list[Waiting]] = {}
    for alert, notice in due:
        if alert.events[notice.event - 1].kind == "summarised":
            kept_back.setdefault((notice.person, notice.due_at), []).append((alert, notice))
        else:
            yield (alert, notice), ()
    for together in kept_back.values():
        lead, *others = sorted(together, key=lambda waiting: (waiting[0].opened_at, waiting[0].alert_id))
        yield lead, tuple(others)
