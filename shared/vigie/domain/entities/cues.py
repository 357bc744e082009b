"""What surrounds an entity's names: signs of whether it is the subject, plays a part, is cited, or is not meant."""

from collections.abc import Iterable, Sequence
from typing import Final

from vigie.domain.classification.rules.grammar import Found
from vigie.domain.entities.find import Occurrence
from vigie.domain.entities.names import Names, stem_of
from vigie.domain.entities.words import listed
from vigie.domain.stream import COMMA, STOP, Stream

_CITING: Final = ("authority", "address", "sponsor", "biography", "comparison", "listed")
_NEAR_LIST_WORDS: Final = 12


def cues_of(
    stream: Stream, occurrences: Sequence[Occurrence], found: Iterable[Found], names: Names
) -> tuple[set[str], list[Found]]:
    """Return named signs of relevance, and the rules that gave some; ``stream`` is masked, ``occurrences`` are of it.

    Signs are ``first:title``, ``names:2``, ``cue:address=all``, ``sense:common=some``…
    """
    places = [one.start for one in occurrences]
    signs = _standing(stream, places)
    rules = [one for one in found if one.rule.kind in {"cue", "homonym", "victim", "culprit"}]
    hits: dict[str, set[int]] = {}
    shown: list[Found] = []
    for one in sorted(rules, key=_name):
        if hit := {place for place in places if one.start <= place < one.end}:
            hits.setdefault(one.rule.name, set()).update(hit)
            shown.append(one)
    signs |= {f"cue:{name}={_share(hit, places)}" for name, hit in hits.items()}
    citing = {place for name, hit in hits.items() if name in _CITING for place in hit}
    listed = {place for place in places if _in_list(stream, place)}
    if listed:
        signs.add(f"cue:enumeration={_share(listed, places)}")
    if citing | listed:
        signs.add(f"cited={_share(citing | listed, places)}")
    if any(one.rule.kind == "genre" for one in found):
        signs.add("genre")
    signs |= _neighbours(stream, places)
    return signs | _senses(stream, occurrences, names), shown


def _name(found: Found) -> str:
    return found.rule.name


def _neighbours(stream: Stream, places: Sequence[int]) -> set[str]:
    """Return the words beside the first name, and how many other names share its sentence."""
    first = places[0]
    sentences = stream.sentences()
    others = sum(sentences[place] == sentences[first] for place in stream.names())
    behind = first + 1
    after = stream.words[behind] if behind < len(stream.words) else ""
    mark = stream.breaks[behind] if behind < len(stream.words) else STOP
    signs = {f"others:{min(others, 4)}", f"mark-before:{stream.breaks[first]}", f"mark-after:{mark}"}
    if before := _after(stream, first):
        signs |= {f"before:{before}", f"before-but-one:{_after(stream, first - 1)}"}
    if mark == 0 and after:
        signs.add(f"after:{after[:6]}")
    return signs


def _share(hit: set[int], places: Sequence[int]) -> str:
    return "all" if len(hit) == len(set(places)) else "first" if places[0] in hit else "some"


def _standing(stream: Stream, places: Sequence[int]) -> set[str]:
    """Return where names stand and how often."""
    sentences = stream.sentences()
    fields = {stream.places[place][0] for place in places}
    first = places[0]
    has_title = stream.places[0][0] == "title"
    signs = {f"names:{min(len(places), 4)}"}
    if "title" in fields:
        signs.add("first:title")
        if sentences[first] == 0 and first <= 3:
            signs.add("first:title-start")
    else:
        opening = sentences[first] - sentences[_first_of_text(stream)]
        signs.add(f"first:{'title-less-' if not has_title else ''}sentence-{min(opening, 3)}")
        if first - _first_of_text(stream) <= 4:
            signs.add("first:start")
    share = len(places) / max(1, len(stream.words))
    signs.add(f"dense:{sum(share > limit for limit in (0.01, 0.025, 0.05, 0.1))}")
    signs.add(f"spread:{min(len({sentences[place] for place in places}), 3)}")
    signs.add(f"long:{sum(len(stream.words) > limit for limit in (15, 40, 100, 250))}")
    return signs


def _first_of_text(stream: Stream) -> int:
    return next((at for at, place in enumerate(stream.places) if place[0] != "title"), 0)


def _in_list(stream: Stream, place: int) -> bool:
    """Whether a name stands in an enumeration: two commas near, with names between."""
    breaks = stream.breaks
    low, high = max(0, place - _NEAR_LIST_WORDS), min(len(breaks), place + _NEAR_LIST_WORDS)
    low = next((at for at in range(place, low, -1) if breaks[at] == STOP), low)
    stop = next((at for at in range(place + 1, high) if breaks[at] == STOP), high)
    if breaks[low + 1 : stop].count(COMMA) < 2:
        return False
    named = sum(
        1
        for at in range(low, stop)
        if at != place
        and stream.capital[at]
        and (breaks[at] == COMMA or stream.words[at - 1] in {"et", "ou", "and", "chez"})
    )
    return named >= 2


def _senses(stream: Stream, occurrences: Sequence[Occurrence], names: Names) -> set[str]:
    """Return signs that what stands there is not the entity: a common word, a person, a place, another firm."""
    signs: set[str] = set()
    own = names.own
    places = [one.start for one in occurrences]
    tests = {
        "hyphen": {place for place in places if _in_compound(stream, place)},
        "title-of-person": {place for place in places if _after(stream, place) in listed("addresses")},
        "person": {place for place in places if _is_surname(stream, place, own)},
        "extended": {place for place in places if _is_extended(stream, place)},
        "trade": {place for place in places if _other_trade(stream, place, own, names.about)},
        "article": {place for place in places if _after(stream, place) in listed("articles")},
    }
    for name, hit in tests.items():
        if hit:
            signs.add(f"sense:{name}={_share(hit, places)}")
    signs |= _letters(occurrences)
    signs |= _known(stream, places, names)
    if names.whole and len(names.whole[0]) == 1:
        signs.add("one-word")
    return signs


def _known(stream: Stream, places: Sequence[int], names: Names) -> set[str]:
    """Return signs that a document speaks of what the entity is."""
    if not names.about:
        return {"about:nothing"}
    at = [
        number for number, word in enumerate(stream.words) if len(word) > 3 and stem_of(word) in names.about
    ]
    signs = {f"about:{min(len({stem_of(stream.words[number]) for number in at}), 2)}"}
    if any(place - number in {1, 2, 3} for number in at for place in places):
        signs.add("about:in-front")
    if any(stream.places[number][0] == "title" for number in at):
        signs.add("about:title")
    return signs


def _letters(occurrences: Sequence[Occurrence]) -> set[str]:
    """Return how names are written, where a capital tells anything."""
    telling = [one for one in occurrences if not one.opens]
    small = [one for one in telling if not one.capital]
    signs = {f"kinds:{kind}" for kind in {one.kind for one in occurrences}}
    if not telling:
        return signs | {"sense:opens"}
    if small:
        return signs | {f"sense:small={'all' if len(small) == len(telling) else 'some'}"}
    return signs | {"sense:capital"}


def _in_compound(stream: Stream, place: int) -> bool:
    """Whether a hyphen ties a name to more letters (``Sainte-Aurore-du-Lac``)."""
    field, start, end = stream.places[place]
    text = getattr(stream.document, field)
    return (text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha()) or (
        text[start - 1 : start] == "-" and start > 1 and text[start - 2].isalpha()
    )


def _after(stream: Stream, place: int) -> str:
    """Return the word in front of a place, "" across a break."""
    return stream.words[place - 1] if place and stream.breaks[place] == 0 else ""


def _is_surname(stream: Stream, place: int, own: frozenset[str]) -> bool:
    before = _after(stream, place)
    return before in listed("first_names") and before not in own and stream.capital[place - 1]


def _is_extended(stream: Stream, place: int) -> bool:
    """Whether a capital or a legal form follows at once: a longer name, somebody else's perhaps."""
    after = place + 1
    if after >= len(stream.words) or stream.breaks[after] != 0:
        return False
    return (stream.capital[after] and len(stream.words[after]) > 1) or stream.words[after] in listed("legal")


def _other_trade(stream: Stream, place: int, own: frozenset[str], about: frozenset[str]) -> bool:
    """Whether a trade stands in front that is not the entity's (``garage Martin``)."""
    at = place - 1
    while at >= 0 and stream.words[at] in listed("small") and place - at <= 3:
        at -= 1
    if at >= 0 and stem_of(stream.words[at]) in about:
        return False
    crossed = any(stream.breaks[between] != 0 for between in range(max(at, 0) + 1, place + 1))
    return at >= 0 and not crossed and stream.words[at] in listed("trades") and stream.words[at] not in own
