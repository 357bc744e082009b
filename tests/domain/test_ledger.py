"""The ledger's sums, over whatever mentions an interval holds."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_document, a_mention
from vigie.domain.ledger import Evaluated, Ledger, close_interval
from vigie.domain.mentions import Mention, StoryRef
from vigie.domain.sources import Odometer

KEPT = a_mention()
REPRINT = a_mention(a_document("La reprise"), story="histoire")
AGAIN = a_mention(
    a_document("La même page"),
    story="histoire",
    status="held",
    held_reason="same_address",
)
PARKED = a_mention(a_document("Illisible"), status="held", held_reason="parked")


def closed(mentions: list[Mention], **fields: Any) -> Ledger:
    """Return the ledger of an interval with these mentions; all else plausible."""
    defaults: dict[str, Any] = {
        "polls": Odometer(polled=96, fetched=40, failed={"timeout": 2}),
        "evaluated": [Evaluated(30), Evaluated(10, parked=1)],
        "matched": len(mentions),
        "carried_in": 0,
    }
    return close_interval(mentions=mentions, **{**defaults, **fields})


def test_ledger_of_an_ordinary_day() -> None:
    """Polls, batches and mentions come together, each count where the flow has it."""
    expected = Ledger(
        polled=96,
        failed={"timeout": 2},
        fetched=40,
        seen=40,
        parked=1,
        matched=4,
        retained=2,
        grouped=1,
        held={"parked": 1, "same_address": 1},
    )
    actual = closed([KEPT, REPRINT, AGAIN, PARKED])
    assert expected == actual
    assert (actual.unmatched, actual.held_back, actual.check()) == (35, 2, [])


def test_what_is_on_its_way_is_carried_to_the_next() -> None:
    """Correspondences not yet recorded at the cut-off are counted, and settled by the next interval."""
    evening = closed([KEPT], matched=3)
    morning = closed([REPRINT, AGAIN], matched=0, carried_in=evening.carried_out)
    assert (evening.carried_out, morning.carried_out) == (2, 0)
    assert evening.check() + morning.check() == []


def test_quiet_interval_adds_up() -> None:
    """Nothing polled, nothing seen, nothing said: all zero, and right."""
    assert closed([], polls=Odometer(), evaluated=[]) == Ledger()
    assert Ledger().check() == []


MENTIONS = st.lists(st.sampled_from([KEPT, REPRINT, AGAIN, PARKED]), max_size=30)
SMALL = st.integers(0, 50)


@given(MENTIONS, SMALL, SMALL, st.lists(st.builds(Evaluated, SMALL, st.just(0)), max_size=5))
def test_every_correspondence_is_accounted_for(
    mentions: list[Mention], carried_in: int, late: int, batches: list[Evaluated]
) -> None:
    """Whatever is recorded, matched and carried in equals retained, held back and carried out."""
    matched = max(0, len(mentions) - carried_in) + late
    batches = [*batches, Evaluated(matched + 1, parked=1)]
    ledger = closed(mentions, matched=matched, carried_in=carried_in, evaluated=batches)
    assert ledger.check() == []
    assert len(mentions) == ledger.retained + ledger.held_back
    assert ledger.seen == ledger.parked + ledger.matched + ledger.unmatched


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"retained": 3}, "matched + carried_in = retained + held + carried_out: 4 is not 5"),
        ({"grouped": 9}, "grouped 9 exceeds retained 2"),
        ({"seen": 3}, "a count is negative"),
        ({"carried_out": -1, "retained": 3}, "a count is negative"),
        ({"fetched": -1}, "a count is negative"),
        ({"failed": {"dns": -1}}, "a count is negative"),
    ],
)
def test_sum_that_does_not_hold_is_told(fields: dict[str, Any], problem: str) -> None:
    """A ledger that does not add up says which sum, in words."""
    [told] = replace(closed([KEPT, REPRINT, AGAIN, PARKED]), **fields).check()
    assert told.startswith(problem)


def test_more_recorded_than_matched_is_told() -> None:
    """Mentions that no decision announced would make the carry negative: that is a fault, not a sum."""
    [told] = closed([KEPT, REPRINT], matched=1).check()
    assert told.startswith("a count is negative")


def test_page_found_again_is_no_reprint() -> None:
    """Only kept reprints are grouped; the story's first and pages held back are not."""
    first_again = replace(KEPT, story=StoryRef("histoire", "same_address"))
    assert closed([KEPT, first_again, AGAIN]).grouped == 0
