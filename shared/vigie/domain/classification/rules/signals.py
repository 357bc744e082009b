"""Signals: what each trigger of a document says once it is known whose it is and how it is meant."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from vigie.domain.classification.rules.grammar import Found
from vigie.domain.classification.rules.patterns import Rule
from vigie.domain.stream import COMMA, ENTITY, NO_BREAK, Stream

Owner = Literal["entity", "near", "shared", "other"]
"""The entity itself; the entity, which the text is about; perhaps it, among others; somebody else."""

Stance = Literal[
    "assertion", "quotation", "unconfirmed", "hypothesis", "past", "resolved", "negation", "denial",
    "denounced", "figurative", "howto", "fiction", "exercise",
]  # fmt: skip

_STRONGEST: Final[tuple[Stance, ...]] = (
    "exercise", "fiction", "howto", "figurative", "denial", "denounced", "negation", "resolved", "past",
    "hypothesis", "unconfirmed",
)  # fmt: skip
_SENTENCE, _DOCUMENT, _OPENING_WORDS = 99, 999, 30
_TRIGGERS: Final = frozenset({"crisis", "good", "bad"})
_CARRY_SENTENCES: Final = 3
_AFTER_WORDS: Final = 7


@dataclass(frozen=True, slots=True)
class Signal:
    """A trigger with its stance and owner, at words ``start`` to ``end`` (excluded) of the masked stream."""

    rule: Rule
    start: int
    end: int
    stance: Stance
    owner: Owner


def signals_of(stream: Stream, found: Sequence[Found]) -> list[Signal]:
    """Return what the triggers found in a masked stream say, those with an innocent sense left out."""
    triggers = _apart([one for one in found if one.rule.kind in _TRIGGERS], _innocent(found))
    if not triggers:
        return []
    sentences = stream.sentences()
    stances = [one for one in found if one.rule.kind == "stance"]
    owners = _Owners(stream, sentences)
    return [
        Signal(
            trigger.rule,
            trigger.start,
            trigger.end,
            _stance(stream, sentences, trigger, stances),
            owners.of(trigger),
        )
        for trigger in triggers
    ]


def _innocent(found: Iterable[Found]) -> list[Found]:
    return [one for one in found if one.rule.kind == "innocent"]


def _apart(triggers: list[Found], innocent: list[Found]) -> list[Found]:
    """Return triggers, the longest winning where two of one sign overlap; none inside an innocent sense."""
    kept: list[Found] = []
    for one in sorted(triggers, key=lambda one: (one.start - one.end, -one.rule.level)):
        length = one.end - one.start
        if any(_overlap(one, sense) and length <= sense.end - sense.start for sense in innocent):
            continue
        if any(_overlap(one, other) and one.rule.effect * other.rule.effect > 0 for other in kept):
            continue
        kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _stance(stream: Stream, sentences: list[int], trigger: Found, stances: Iterable[Found]) -> Stance:
    held = {one.rule.name for one in stances if _governs(stream, sentences, one, trigger)}
    for name in _STRONGEST:
        if name in held:
            return name
    return "quotation" if stream.quoted[trigger.start] else "assertion"


def _governs(stream: Stream, sentences: list[int], stance: Found, trigger: Found) -> bool:
    if _overlap(stance, trigger):
        return False
    rule = stance.rule
    same = sentences[stance.start] == sentences[trigger.start]
    if rule.reach >= _DOCUMENT and (same or stance.start < _OPENING_WORDS):
        return True
    if not same:
        return False
    ahead = stance.end <= trigger.start
    between = (stance.end, trigger.start) if ahead else (trigger.end, stance.start)
    limit = rule.reach if ahead else rule.back
    if limit >= _SENTENCE:
        return True
    crossed = COMMA in stream.breaks[between[0] : between[1] + 1]
    return between[1] - between[0] <= limit and not (crossed and limit < 10)


class _Owners:
    """Says whose a trigger is, from who is named before it."""

    def __init__(self, stream: Stream, sentences: list[int]) -> None:
        self._stream, self._sentences = stream, sentences
        self._own = [place for place, word in enumerate(stream.words) if word == ENTITY]
        self._others = [place for place in stream.names() if stream.breaks[place] == NO_BREAK]

    def of(self, trigger: Found) -> Owner:
        """Return the owner of a trigger."""
        sentence = self._sentences[trigger.start]
        if any(trigger.start <= place < trigger.end for place in self._own):
            return "entity"
        own = [place for place in self._own if self._sentences[place] == sentence]
        others = [place for place in self._others if self._sentences[place] == sentence]
        if own:
            return self._inside(trigger, own, others)
        if not self._own:
            return "other"
        last = max((place for place in self._own if place < trigger.start), default=None)
        if last is None:
            return "near" if sentence == 0 and not others else "shared"
        far = sentence - self._sentences[last]
        if any(place < trigger.start for place in others):
            return "shared" if far == 1 else "other"
        return "near" if far <= _CARRY_SENTENCES else "shared"

    def _inside(self, trigger: Found, own: list[int], others: list[int]) -> Owner:
        before = max((place for place in own if place < trigger.start), default=None)
        rival = max((place for place in others if place < trigger.start), default=None)
        after = min((place for place in own if place >= trigger.end), default=None)
        if after is not None and after - trigger.end <= _AFTER_WORDS:
            return "entity"
        if before is not None and (rival is None or rival < before):
            return "entity"
        return "shared" if before is not None or rival is None else "other"
