"""What the sources of a shard have in common."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import a_source, a_state
from vigie.domain.polling import PollPolicy, kept_quiet, next_tick, quiet_hosts

NOW = datetime(2026, 12, 8, 6, tzinfo=UTC)
POLICY = PollPolicy(interval_seconds=900)


@pytest.mark.parametrize(
    ("due_in", "expected"),
    [
        ([60, 900], 330),
        ([600, 900], 600),
        ([86_400], 870),
        ([], 870),
        ([600, None], None),
        ([-60, 900], None),  # due, and not reached
    ],
)
def test_shard_is_looked_at_when_its_first_source_is_due(
    due_in: list[int | None], expected: int | None
) -> None:
    """Not before the floor, not after the usual interval; at once for a source never asked, or left out.

    Half a minute sooner: the schedule's minute comes a little before or after.
    """
    sources = [a_source(f"s{n}") for n in range(len(due_in))]
    states = {
        f"s{n}": a_state(f"s{n}", next_poll_at=NOW + timedelta(seconds=seconds))
        for n, seconds in enumerate(due_in)
        if seconds is not None
    }
    tick = next_tick(sources, states, NOW, POLICY)
    assert (None if tick is None else (tick - NOW).total_seconds()) == expected


def test_source_that_is_gone_makes_no_shard_due() -> None:
    """A shard of sources that answered 410 is looked at like an empty one."""
    states = {"s": a_state("s", next_poll_at=NOW - timedelta(days=9), gone=True)}
    assert next_tick([a_source("s")], states, NOW, POLICY) == NOW + timedelta(seconds=870)


def test_peace_reaches_every_source_of_the_host_and_no_other() -> None:
    """A host's other sources wait as long, also those never polled; who waits longer for itself still does."""
    until = NOW + timedelta(hours=1)
    here = [a_source(f"s{n}", url=f"https://a.example/{n}") for n in range(3)]
    late = a_state("s1", next_poll_at=NOW + timedelta(hours=5))
    states = {"s0": kept_quiet(a_state("s0"), until), "s1": late, "other": a_state("other")}
    quiet = quiet_hosts([*here, a_source("other")], states, [states["s0"], states["other"]])
    assert sorted(quiet) == ["s0", "s1", "s2"]
    assert {state.quiet_until for state in quiet.values()} == {until}
    assert quiet["s1"].next_poll_at == late.next_poll_at
    assert quiet_hosts(here, states, [late]) == {}
