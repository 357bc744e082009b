"""How long it takes from publication to mention."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF, a_document, a_mention
from vigie.domain.health.freshness import STEPS_SECONDS, Freshness, measure
from vigie.domain.mentions import Mention


def after(seconds: float) -> Mention:
    """Return a mention recorded so long after its publication."""
    document = a_document(published_at=CUTOFF - timedelta(seconds=seconds), seen_at=CUTOFF)
    return a_mention(document, recorded_at=CUTOFF)


delays = st.lists(st.floats(0, 100_000), max_size=30)


@given(delays, delays)
def test_counts_add_up(one: list[float], other: list[float]) -> None:
    """Counting two lots and adding is counting both at once."""
    both = measure(map(after, [*one, *other]))
    assert measure(map(after, one)).plus(measure(map(after, other))) == both


@given(st.lists(st.floats(0, 100_000), min_size=1, max_size=40), st.sampled_from([0.5, 0.95, 1.0]))
def test_a_percentile_is_true_to_the_width_of_a_step(delays: list[float], share: float) -> None:
    """At least the share came within what is said, and less than it within the step before."""
    said = measure(map(after, delays)).percentile_seconds(share)
    assert said is not None
    before = max((step for step in STEPS_SECONDS if step < said), default=-1)
    assert sum(delay <= said for delay in delays) >= share * len(delays)
    assert sum(delay <= before for delay in delays) < share * len(delays)


def test_without_mentions_there_is_no_percentile() -> None:
    """Nothing came, so nothing can be said."""
    assert measure([]).percentile_seconds(0.95) is None


@pytest.mark.parametrize(
    "mention",
    [
        a_mention(a_document(), backfilled=True),
        a_mention(a_document(backfill=True)),
        a_mention(a_document(published_at=None)),
    ],
    ids=["from the archive", "on a first reading", "undated"],
)
def test_what_tells_nothing_is_not_counted(mention: Mention) -> None:
    """What was found long after, or does not say when it came out, is no delay of ours."""
    assert measure([mention]) == Freshness()


def test_a_day_is_kept() -> None:
    """Hours that began before an instant are let go."""
    measured = measure([after(60)])
    (hour,) = measured.hours
    assert measured.since(hour.start) == measured
    assert measured.since(hour.start + timedelta(seconds=1)) == Freshness()
