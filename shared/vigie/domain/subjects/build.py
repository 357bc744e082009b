"""A client's subjects, out of its mentions and of what was decided by hand."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vigie.domain.mentions import Mention
from vigie.domain.subjects.decisions import SubjectDecision, replay
from vigie.domain.subjects.features import features_of
from vigie.domain.subjects.frequencies import Frequencies
from vigie.domain.subjects.grouping import bounds_of, group_stories
from vigie.domain.subjects.headline import centrality
from vigie.domain.subjects.space import Told, vectors_of

WINDOW_DAYS = 10
"""Mentions of so many days before an interval are grouped with its own, so that a subject that goes on is found."""


@dataclass(frozen=True, slots=True)
class Subject:
    """``subject_id`` is the earliest story's when it began; ``stories`` in time, with how well each speaks for it."""

    subject_id: str
    stories: Mapping[str, float]

    def headline_story(self, among: Iterable[str]) -> str:
        """Return which of some of its stories has the headline that names it; the first of equals."""
        return max(among, key=lambda story_id: self.stories[story_id])


def subjects_of(
    mentions: Iterable[Mention],
    stack: Frequencies,
    decisions: Iterable[SubjectDecision] = (),
    known: Mapping[str, str] | None = None,
) -> list[Subject]:
    """Return the subjects of a client's mentions, the same for mentions in any order.

    ``known`` says which subject earlier stories were told in: a subject that outlives the window keeps its id.
    """
    stories: dict[str, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda each: each.mention_id):
        stories.setdefault(mention.story.story_id, []).append(mention)
    told = {
        story_id: Told(
            story_id=story_id,
            at=min(mention.document.event_at for mention in group),
            features=features_of(group),
        )
        for story_id, group in stories.items()
    }
    vectors = vectors_of(sorted(told.values(), key=lambda story: story.order), stack)
    groups = replay(group_stories(told.values(), vectors, bounds_of(stack.documents)), decisions)
    in_time = [sorted(group, key=lambda story_id: told[story_id].order) for group in groups]
    ids = _ids(in_time, known or {})
    return [
        Subject(ids[number], centrality({story_id: stories[story_id] for story_id in group}, vectors))
        for number, group in enumerate(in_time)
    ]


def _ids(groups: list[list[str]], known: Mapping[str, str]) -> dict[int, str]:
    """Give each group the id most of its stories were known by, if no larger group has it; else its earliest's."""
    claims = [
        (-count, number, subject_id)
        for number, group in enumerate(groups)
        for subject_id, count in Counter(known[story] for story in group if story in known).items()
    ]
    ids: dict[int, str] = {}
    taken: set[str] = set()
    for _, number, subject_id in sorted(claims):
        if number not in ids and subject_id not in taken:
            ids[number] = subject_id
            taken.add(subject_id)
    for number, group in enumerate(groups):
        if number not in ids:
            ids[number] = next((story for story in group if story not in taken), group[0])
    return ids
