"""What people decided of subjects by hand, kept with who, when and why, and replayed over every grouping.

A decision names stories, not the subjects of one day: those are found again in tomorrow's, which have grown.
Replaying goes in the order of the decisions, so that the last word stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["merge", "split"]
STORIES_KEPT = 50
"""Stories of a subject that a decision remembers it by: the earliest, of which one suffices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectDecision:
    """``merge``: ``one`` and ``other`` are stories of one event. ``split``: ``one`` is not of ``other``'s."""

    client_id: str
    decision_id: str
    kind: Kind
    one: tuple[str, ...]
    other: tuple[str, ...]
    decided_at: datetime
    decided_by: str
    reason: str = ""


def replay(groups: Iterable[Sequence[str]], decisions: Iterable[SubjectDecision]) -> list[tuple[str, ...]]:
    """Return the groups of story ids as decided; a decision on stories that are all gone changes nothing."""
    standing = [list(group) for group in groups]
    for decision in sorted(decisions, key=lambda each: (each.decided_at, each.decision_id)):
        standing = _merge(standing, decision) if decision.kind == "merge" else _split(standing, decision)
    return [tuple(group) for group in standing]


def _merge(groups: list[list[str]], decision: SubjectDecision) -> list[list[str]]:
    spoken_of = [set(decision.one), set(decision.other)]
    if not all(any(side & set(group) for group in groups) for side in spoken_of):
        return groups
    joined = [group for group in groups if set(group) & (spoken_of[0] | spoken_of[1])]
    first = joined[0]
    return [
        [story for part in joined for story in part] if group is first else group
        for group in groups
        if group is first or group not in joined
    ]


def _split(groups: list[list[str]], decision: SubjectDecision) -> list[list[str]]:
    off = set(decision.one)
    rest = set(decision.other) - off
    after: list[list[str]] = []
    for group in groups:
        leaving = [story for story in group if story in off]
        if leaving and rest & set(group):
            after += [[story for story in group if story not in off], leaving]
        else:
            after.append(group)
    return after
