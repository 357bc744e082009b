"""How an entity stands in its document: how much of it, among which other names, between which words.

These are signs of relevance alone: what a text does to somebody hangs on its words, not on where the name comes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final

from vigie.domain.stream import Stream

_SHARES: Final = (0.2, 0.34, 0.5, 0.67, 0.99)  # of the sentences
_WINDOW_WORDS: Final = 3
_PLACES_READ: Final = 3
_STEM_LETTERS: Final = 6
_OF_FIELD: Final = "field"
_OF_SENSE: Final = ("about:", "sense:", "one-word", "kinds:", "cue:common", "cue:place", _OF_FIELD)
"""Beginnings of the signs that tell whether the entity is meant: two of them tell more than each."""


def standing_of(stream: Stream, places: Sequence[int], signs: Iterable[str]) -> list[str]:
    """Return named signs of how an entity stands at ``places`` of a masked stream; ``signs`` are its cues'."""
    sense = sorted(sign for sign in signs if sign.startswith(_OF_SENSE))
    told = {f"&{one}&{other}" for one, other in combinations(sense, 2)}
    told |= {one for one in sense if one.startswith(_OF_FIELD)}  # the others are weighed as signs already
    return sorted(_extent(stream, places) | _rivals(stream, places) | _beside(stream, places) | told)


def _extent(stream: Stream, places: Sequence[int]) -> set[str]:
    """Return how many sentences name the entity, and in which quarters it comes first and last."""
    sentences, size = stream.sentences(), len(stream.words)
    count = sentences[-1]  # the first of a stream is number 1
    covered = len({sentences[place] for place in places}) / count
    first, last = 4 * places[0] // size, 4 * places[-1] // size
    closes = count > 1 and sentences[places[0]] == count
    return {
        f"covered:{sum(covered > share for share in _SHARES)}",
        f"at:{first}",
        f"last:{last}",
        f"at:{first}:{min(len(places), 3)}",
        "only-last" if closes else "not-only-last",
    }


def _rivals(stream: Stream, places: Sequence[int]) -> set[str]:
    """Return how the entity compares with the other names of its document: how often, who comes first."""
    others = stream.names()
    counts = Counter(stream.words[at] for at in others)
    often, own = max(counts.values(), default=0), len(places)
    signs = {
        f"rival:{'more' if often > own else 'even' if often == own else 'less'}",
        f"rivals-more:{min(sum(count > own for count in counts.values()), 3)}",
        f"rival-names:{min(len(counts) // 2, 5)}",
        f"ahead:{min(sum(at < places[0] for at in others), 4)}",
    }
    if stream.places[0][0] == "title":
        titled = {stream.words[at] for at in others if stream.places[at][0] == "title"}
        own_title = "own" if any(stream.places[place][0] == "title" for place in places) else "none"
        signs.add(f"title:{own_title}:{min(len(titled), 2)}")
    return signs


def _beside(stream: Stream, places: Sequence[int]) -> set[str]:
    """Return the words of the same sentence around the first names: by their side, and whole at once beside."""
    words, sentences = stream.words, stream.sentences()
    signs = set()
    for place in places[:_PLACES_READ]:
        for at in range(max(0, place - _WINDOW_WORDS), min(len(words), place + _WINDOW_WORDS + 1)):
            if at == place or sentences[at] != sentences[place]:
                continue
            signs.add(f"w{'-' if at < place else '+'}:{words[at][:_STEM_LETTERS]}")
            if abs(at - place) == 1:
                signs.add(f"w{at - place}:{words[at]}")
    return signs
