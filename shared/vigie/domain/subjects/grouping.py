"""Stories into subjects: taken in order of time, each joins the subject nearest in words and in time, or opens one.

Then subjects that grew alike are joined: the first words on an event (a question on a forum) are often far from each
other, until an article speaks of both. The order is the stories' own (instant, then id), so that the same stories
give the same subjects however they were recorded.

Two leads phrased alike are one text (the stories' business) or one template: a bulletin, a match, a rate. When their
numbers differ they are two events, and never share a subject.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vigie.domain.subjects.space import Sum, Told, Vector, likeness
from vigie.domain.subjects.term_index import TermIndex


@dataclass(frozen=True, slots=True)
class Bounds:
    """How near a story must be to a subject to join it, and two subjects to each other to be one."""

    joins_at: float
    merges_at: float


OF_MANY: Final = Bounds(0.125, 0.09)
OF_FEW: Final = Bounds(0.18, 0.16)
"""Counted over few documents, words that two events share by chance look as rare as the names of one."""

FEW_DOCUMENTS, MANY_DOCUMENTS = 500, 1_500
FRESH_HOURS: Final = 12.0  # within which time takes nothing off
HALF_LIFE_HOURS: Final = 24.0
ENDED_HOURS: Final = 24.0 * 10  # without a story: what comes then is another event
TEMPLATE_AT: Final = 0.6
_SAME_NUMBERS: Final = 0.67
_TEMPLATE_STEMS = 4  # shorter leads are alike by chance


@dataclass(slots=True)
class _Group:
    """A subject being made. ``total`` is the sum of its stories' vectors; those ``numbered`` may be of a template."""

    stories: list[Told]
    numbered: list[Told]
    total: Sum
    first_at: datetime
    last_at: datetime

    @classmethod
    def of(cls, story: Told, vector: Vector) -> "_Group":
        """Return the subject of one story."""
        numbered = [story] if story.features.numbers else []
        return cls([story], numbered, Sum.of([vector]), story.at, story.at)

    def take(self, other: "_Group") -> None:
        """Add the stories of another, at the cost of the other's size."""
        self.stories += other.stories
        self.numbered += other.numbered
        self.total.add(other.total.weights)
        self.first_at = min(self.first_at, other.first_at)
        self.last_at = max(self.last_at, other.last_at)


def bounds_of(documents: int) -> Bounds:
    """Return the bounds that suit rarities counted over so many documents; none: over the stories themselves."""
    if documents == 0:
        return OF_MANY
    many = min(1.0, max(0.0, (documents - FEW_DOCUMENTS) / (MANY_DOCUMENTS - FEW_DOCUMENTS)))
    return Bounds(
        OF_FEW.joins_at + many * (OF_MANY.joins_at - OF_FEW.joins_at),
        OF_FEW.merges_at + many * (OF_MANY.merges_at - OF_FEW.merges_at),
    )


def group_stories(
    stories: Iterable[Told], vectors: Mapping[str, Vector], bounds: Bounds = OF_MANY
) -> list[tuple[str, ...]]:
    """Return the story ids of each subject, earliest first; subjects in the order they began.

    ``vectors`` are the stories' own, by id.
    """
    groups: dict[int, _Group] = {}
    index = TermIndex()
    for story in sorted(stories, key=lambda story: story.order):
        single = _Group.of(story, vectors[story.story_id])
        near = [
            (_nearness(groups[place], single), -place) for place in index.near(single.total, bounds.joins_at)
        ]
        best, earliest = max(near, default=(0.0, 0))
        place = -earliest if best >= bounds.joins_at else len(groups)
        if place in groups:
            groups[place].take(single)
        else:
            groups[place] = single
        index.put(place, groups[place].total, single.total.weights)
    _merge(groups, index, bounds)
    return [_in_time(groups[place]) for place in sorted(groups)]


def _merge(groups: dict[int, _Group], index: TermIndex, bounds: Bounds) -> None:
    """Unite the nearest two groups of which one has several stories, until none are near enough."""
    waiting = [
        pair
        for place, group in groups.items()
        if len(group.stories) > 1
        for pair in _pairs_of(place, groups, index, bounds)
    ]
    heapq.heapify(waiting)
    while waiting:
        _, one, other, size = heapq.heappop(waiting)
        if not (one in groups and other in groups and size == _size(groups[one], groups[other])):
            continue  # measured before one of them grew
        _unite(groups, index, one, other)
        for pair in _pairs_of(one, groups, index, bounds):
            heapq.heappush(waiting, pair)


def _pairs_of(
    place: int, groups: Mapping[int, _Group], index: TermIndex, bounds: Bounds
) -> Iterator[tuple[float, int, int, int]]:
    """Yield a group and each that it may be united with as less their nearness, their places and their size."""
    group = groups[place]
    for other in index.near(group.total, bounds.merges_at):
        size = _size(group, groups[other])
        if other != place and size > 3 and (near := _nearness(group, groups[other])) >= bounds.merges_at:
            yield -near, min(place, other), max(place, other), size


def _unite(groups: dict[int, _Group], index: TermIndex, one: int, other: int) -> None:
    """Unite two groups at the first's place, by adding the lesser to the greater."""
    index.drop(other)
    pair = groups[one], groups.pop(other)
    lesser, greater = sorted(pair, key=lambda group: len(group.total.weights))
    gained = pair[1].total.weights
    greater.take(lesser)
    index.put(one, greater.total, gained)
    groups[one] = greater


def _size(one: _Group, other: _Group) -> int:
    return len(one.stories) + len(other.stories)


def _in_time(group: _Group) -> tuple[str, ...]:
    return tuple(story.story_id for story in sorted(group.stories, key=lambda story: story.order))


def _nearness(one: _Group, other: _Group) -> float:
    """Return how near two groups are in words, less the time between them; 0 when they cannot be one event."""
    gap = max(other.first_at - one.last_at, one.first_at - other.last_at).total_seconds() / 3600
    if gap > ENDED_HOURS:
        return 0.0
    alike = likeness(one.total, other.total)
    if alike < OF_MANY.merges_at or _hold_a_template(one.numbered, other.numbered):
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
    return len(mine & theirs) <= _SAME_NUMBERS * min(len(mine), len(theirs))
