"""Decisions replayed over groups."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF
from vigie.domain.subjects.decisions import SubjectDecision, replay


@st.composite
def decisions(draw: Any) -> SubjectDecision:
    """Draw a decision on some of eight stories."""
    story = st.sampled_from("abcdefgh")
    minute = draw(st.integers(0, 5))
    return SubjectDecision(
        client_id="c",
        decision_id=str(draw(st.integers(0, 99))),
        kind=draw(st.sampled_from(["merge", "split"])),
        one=(draw(story),),
        other=tuple(draw(st.lists(story, min_size=1, max_size=3))),
        decided_at=CUTOFF + timedelta(minutes=minute),
        decided_by="ops",
    )


@given(st.lists(decisions(), max_size=6))
def test_no_story_is_lost_or_doubled(made: list[SubjectDecision]) -> None:
    """Whatever is decided, each story is in exactly one subject, and no subject is empty."""
    groups = replay([("a", "b", "c"), ("d", "e"), ("f",), ("g", "h")], made)
    assert sorted(story for group in groups for story in group) == list("abcdefgh")
    assert all(groups)
