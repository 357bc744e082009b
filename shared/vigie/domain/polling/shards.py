"""What the sources of a shard have in common: their hosts' peace, and when to look at them again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from vigie.domain.polling.outcomes import kept_quiet
from vigie.domain.polling.policy import GRAIN_SECONDS, PollPolicy
from vigie.domain.sources import Source, SourceState


def quiet_hosts(
    sources: Sequence[Source], states: Mapping[str, SourceState], polled: Iterable[SourceState]
) -> dict[str, SourceState]:
    """Return the new states of all sources whose host asked one of those just polled for peace.

    ``states`` holds what is known of the sources, those just polled as they are now.
    """
    asked = {state.source_id: state.quiet_until for state in polled if state.quiet_until is not None}
    if not asked:
        return {}
    peace = {source.host: asked[source.source_id] for source in sources if source.source_id in asked}
    return {
        source.source_id: kept_quiet(
            states.get(source.source_id) or SourceState(source_id=source.source_id), until
        )
        for source in sources
        if (until := peace.get(source.host)) is not None
    }


def next_tick(
    sources: Sequence[Source], states: Mapping[str, SourceState], now: datetime, policy: PollPolicy
) -> datetime | None:
    """Return when to look at a shard again: when its first source is due, but not before the floor has passed.

    None, at once, while a source has never been asked or was due and not reached: a host with more sources than a
    visit's time allows. The shard is looked at after the usual interval at the latest, for the sources that may
    have been added.
    """
    found = [states.get(source.source_id) for source in sources]
    times = [state.next_poll_at if state else None for state in found if state is None or not state.gone]
    known = [moment for moment in times if moment is not None]
    if len(known) < len(times) or any(moment <= now for moment in known):
        return None
    soonest, latest = (
        now + timedelta(seconds=seconds - GRAIN_SECONDS)
        for seconds in (policy.floor_seconds, policy.interval_seconds)
    )
    return min(max([soonest, min(known, default=latest)]), latest)
