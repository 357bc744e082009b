"""Where a document names an entity: whole names anywhere, and what they are cut to once one was given."""

from dataclasses import dataclass
from typing import Literal

from vigie.domain.entities.entity import Entity
from vigie.domain.entities.names import Names, names_of
from vigie.domain.stream import STOP, Stream

Kind = Literal["whole", "glued", "short", "initials"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name at words ``start`` to ``end`` (excluded) of a stream.

    ``capital`` when it is written as a name; ``opens`` when it stands where any word would have a capital.
    """

    start: int
    end: int
    kind: Kind
    capital: bool
    opens: bool = False


def find(stream: Stream, entity: Entity) -> list[Occurrence]:
    """Return the places of an entity, in order and apart.

    A surname, a firm's own word or its initials count only in a text that gives the whole name too.
    """
    names = names_of(entity)
    found = _whole(stream, names)
    if not found or not (names.short or names.initials):
        return found
    taken = {place for one in found for place in range(one.start, one.end)}
    initials = {
        stream.words[one.end]
        for one in found
        if one.end < len(stream.words) and stream.words[one.end] in names.initials
    }
    for place, (word, capital) in enumerate(zip(stream.words, stream.capital, strict=True)):
        if not capital or place in taken:
            continue
        if word in names.short and not _named_otherwise(stream, place):
            found.append(Occurrence(place, place + 1, "short", capital=True))
        elif word in initials:
            found.append(Occurrence(place, place + 1, "initials", capital=True))
    return sorted(found, key=lambda one: one.start)


def _whole(stream: Stream, names: Names) -> list[Occurrence]:
    opening, glued, found, free = names.opening, names.glued, [], 0
    for place, word in enumerate(stream.words):
        if place < free or not (word in opening or word in glued):
            continue
        form = next((form for form in opening.get(word, ()) if _stands(stream, form, place)), ())
        if form:
            free = place + len(form)
            capital = _written_as_name(stream, place, names.capitals[form])
            opens = stream.breaks[place] == STOP and len(form) <= 2
            found.append(Occurrence(place, free, "whole", capital, opens))
        elif word in glued:
            found.append(Occurrence(place, place + 1, "glued", capital=True))
    return found


def _written_as_name(stream: Stream, start: int, capitals: tuple[int, ...]) -> bool:
    """Whether a name has its capitals; what is no letter has none to show."""
    return all(stream.capital[start + at] or not stream.words[start + at].isalpha() for at in capitals)


def _stands(stream: Stream, form: tuple[str, ...], place: int) -> bool:
    end = place + len(form)
    return tuple(stream.words[place:end]) == form and STOP not in stream.breaks[place + 1 : end]


def _named_otherwise(stream: Stream, place: int) -> bool:
    """Whether a capital in front makes it somebody else's name (``Jeanne Montclar``)."""
    before = place - 1
    return (
        before >= 0
        and stream.breaks[place] == 0
        and stream.capital[before]
        and stream.breaks[before] != STOP
        and len(stream.words[before]) > 2
    )
