"""Stories into subjects: taken in order of time, each joins the subject nearest in words and in time, or opens one.

Then subjects that grew alike are joined: the first words on an event (a question on a forum) are often far from each
other, until an article speaks of both. The order is the stories' own (instant, then id), so that the same stories
give the same subjects however they were recorded.

Two leads phrased alike are one text (the stories' business) or one template: a bulletin, a match, a rate. When their
numbers differ they are two events, and never share a subject.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vigie.domain.subjects.space import Told, Vector, likeness, sum_of

JOINS_AT: Final = 0.125
MERGES_AT: Final = 0.09
FRESH_HOURS: Final = 12.0  # within which time takes nothing off
HALF_LIFE_HOURS: Final = 24.0
ENDED_HOURS: Final = 24.0 * 10  # without a story: what comes then is another event
TEMPLATE_AT: Final = 0.6
_SAME_NUMBERS: Final = 0.67
_TEMPLATE_STEMS = 4  # shorter leads are alike by chance


@dataclass(slots=True)
class _Group:
    """A subject being made. ``total`` is the sum of its stories' vectors."""

    stories: list[Told]
    total: Vector
    first_at: datetime
    last_at: datetime


def group_stories(stories: Iterable[Told], vectors: Mapping[str, Vector]) -> list[tuple[str, ...]]:
    """Return the story ids of each subject, earliest first; subjects in the order they began.

    ``vectors`` are the stories' own, by id.
    """
    ordered = sorted(stories, key=lambda story: story.order)
    groups: list[_Group] = []
    for story in ordered:
        single = _Group([story], vectors[story.story_id], story.at, story.at)
        near = [(_nearness(group, single), -place) for place, group in enumerate(groups)]
        best, place = max(near, default=(0.0, 0))
        if best >= JOINS_AT:
            groups[-place] = _united(groups[-place], single)
        else:
            groups.append(single)
    return [tuple(story.story_id for story in group.stories) for group in _merged(groups)]


def _merged(groups: list[_Group]) -> list[_Group]:
    """Unite the nearest two groups of which one has several stories, until none are near enough."""
    near = {
        (one, other): value
        for other in range(len(groups))
        for one in range(other)
        if _may_merge(groups[one], groups[other])
        and (value := _nearness(groups[one], groups[other])) >= MERGES_AT
    }
    alive = dict(enumerate(groups))
    while near:
        (one, other), _ = max(near.items(), key=lambda item: (item[1], [-place for place in item[0]]))
        alive[one] = _united(alive[one], alive.pop(other))
        near = {pair: value for pair, value in near.items() if not {one, other} & set(pair)}
        for place, group in alive.items():
            if place == one or not _may_merge(group, alive[one]):
                continue
            if (value := _nearness(group, alive[one])) >= MERGES_AT:
                near[min(place, one), max(place, one)] = value
    return [alive[place] for place in sorted(alive)]


def _may_merge(one: _Group, other: _Group) -> bool:
    return len(one.stories) + len(other.stories) > 3


def _united(one: _Group, other: _Group) -> _Group:
    return _Group(
        sorted((*one.stories, *other.stories), key=lambda story: story.order),
        sum_of((one.total, other.total)),
        min(one.first_at, other.first_at),
        max(one.last_at, other.last_at),
    )


def _nearness(one: _Group, other: _Group) -> float:
    """Return how near two groups are in words, less the time between them; 0 when they cannot be one event."""
    gap = max(other.first_at - one.last_at, one.first_at - other.last_at).total_seconds() / 3600
    if gap > ENDED_HOURS:
        return 0.0
    alike = likeness(one.total, other.total)
    if alike < min(JOINS_AT, MERGES_AT) or _hold_a_template(one.stories, other.stories):
        return 0.0
    return float(alike * 0.5 ** (max(0.0, gap - FRESH_HOURS) / HALF_LIFE_HOURS))


def _hold_a_template(some: Sequence[Told], others: Sequence[Told]) -> bool:
    return any(_of_one_template(one, other) for one in some for other in others)


def _of_one_template(one: Told, other: Told) -> bool:
    fewer = min(len(one.features.lead), len(other.features.lead))
    phrased_alike = len(one.features.lead & other.features.lead) >= TEMPLATE_AT * fewer
    if fewer < _TEMPLATE_STEMS or not phrased_alike:
        return False
    mine, theirs = one.features.numbers, other.features.numbers
    return bool(mine and theirs) and len(mine & theirs) <= _SAME_NUMBERS * min(len(mine), len(theirs))
