"""What a digest tells of alerts: those that were open in its interval, as they stood at its end; and slow rises."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from vigie.domain.alerts.alert import Alert, Event
from vigie.domain.alerts.watching import OWN, Watching
from vigie.domain.cutoffs import Interval
from vigie.domain.digest_blocks import AlertBand

RISING_FROM = 5.0
"""Deviations that days were above the usual, added up: worth a sentence, never a mail of its own."""
RISES_END_AFTER = timedelta(days=2)  # without a mention nothing rises


def bands_of(
    alerts: Iterable[Alert], interval: Interval, title: Callable[[Alert], str]
) -> tuple[AlertBand, ...]:
    """Return the alerts that were open at some time of the interval, the oldest first."""
    found = [_band(alert, interval.until, title(alert)) for alert in alerts]
    told = [
        band
        for band in found
        if band.opened_at < interval.until and (band.closed_at is None or band.closed_at >= interval.since)
    ]
    return tuple(sorted(told, key=lambda band: (band.opened_at, band.alert_id)))


def _band(alert: Alert, until: datetime, title: str) -> AlertBand:
    """Return an alert as it stood at ``until``: what happened since is for the next digest."""
    taken: Event | None = None
    closed: Event | None = None
    for event in alert.events:
        if event.at >= until:
            break
        if event.kind == "acknowledged":
            taken = event
        elif event.kind in ("resolved", "false_alarm"):
            closed = event if closed is None else closed
        elif event.kind == "reopened":
            taken = closed = None
    return AlertBand(
        alert_id=alert.alert_id,
        title=title,
        opened_at=alert.opened_at,
        acknowledged_at=taken.at if taken else None,
        acknowledged_by=taken.by if taken else "",
        closed_at=closed.at if closed else None,
    )


def is_rising(watching: Watching | None, until: datetime) -> bool:
    """Return whether the client is spoken of a little more day after day."""
    groups = watching.groups.items() if watching else ()
    return any(
        group.drift >= RISING_FROM
        and datetime.fromisoformat(group.day).replace(tzinfo=UTC) > until - RISES_END_AFTER
        for name, group in groups
        if name.startswith(f"{OWN}/") and group.day
    )
