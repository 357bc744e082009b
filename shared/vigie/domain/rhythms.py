"""Who gets a client's digest when: the client's own schedule, with the time that looking a digest over takes."""

from dataclasses import replace

from vigie.domain.clients import Client, DigestSchedule
from vigie.domain.review import PREVIEW_BEFORE

_TO_BUILD_MINUTES = 15
REVIEWED_CUTOFF_MINUTES = int(PREVIEW_BEFORE.total_seconds()) // 60 + _TO_BUILD_MINUTES
"""How long before sending the interval of a reviewed client closes, at least: time to build, then to look it over."""


def schedule_of(client: Client) -> DigestSchedule:
    """Return when a client's digest closes and leaves; with a reviewer it closes early enough to be looked over."""
    schedule = client.schedule
    if client.reviewer is None:
        return schedule
    return replace(schedule, cutoff_minutes=max(schedule.cutoff_minutes, REVIEWED_CUTOFF_MINUTES))
