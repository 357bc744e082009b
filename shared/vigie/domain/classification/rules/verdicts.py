"""What rules alone would say: relevance, impact and crisis from signs and signals, to be weighed with words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from vigie.domain.classification.rules.grammar import Found
from vigie.domain.classification.rules.signals import Signal

_LEVEL_OF_STANCE: Final = {
    "assertion": 2, "quotation": 2, "unconfirmed": 1, "hypothesis": 1, "denial": 1, "past": 0, "resolved": 0,
    "negation": 0, "denounced": 0, "figurative": 0, "howto": 0, "fiction": 0, "exercise": 0,
}  # fmt: skip
_EFFECT_OF_STANCE: Final = {
    "assertion": 1.0, "quotation": 0.8, "unconfirmed": 0.7, "hypothesis": 0.5, "denial": 0.5, "past": 0.3,
    "resolved": 0.2, "denounced": 0.1,
}  # fmt: skip
_WEIGHT_OF_OWNER: Final = {"entity": 1.0, "near": 0.8, "shared": 0.5, "other": 0.1}
_LEVELS: Final = ("none", "watch", "alert")
_TELLING: Final = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What rules say, and the signals that they say it of."""

    crisis: str
    crisis_type: str | None
    impact: str
    harm: float
    good: float
    victim: bool
    ironic: bool
    heated: tuple[Signal, ...]


def verdict_of(signals: Sequence[Signal], found: Iterable[Found], *, social: bool) -> Verdict:
    """Return what the rules say of the entity in a document whose signals and rules are given."""
    names = {(one.rule.kind, one.rule.name) for one in found}
    harmful = any(one.rule.effect < 0 and one.stance != "negation" for one in signals)
    ironic = ("irony", "irony") in names or (("irony", "irony_sign") in names and harmful)
    victim = any(kind == "victim" for kind, _ in names)
    heated = _heated(signals, names, social=social)
    level = max((degree for degree, _ in heated), default=0)
    first = [signal for degree, signal in heated if degree == level and level]
    harm, good = _effects(signals, ironic=ironic)
    return Verdict(
        crisis=_LEVELS[level],
        crisis_type=_type(first),
        impact=_impact(harm, good, victim=victim),
        harm=harm,
        good=good,
        victim=victim,
        ironic=ironic,
        heated=tuple(first),
    )


def _heated(
    signals: Sequence[Signal], names: set[tuple[str, str]], *, social: bool
) -> list[tuple[int, Signal]]:
    """Return each trigger of a crisis that may be the entity's, with its level; one person's trouble is a watch."""
    spread, single = ("scope", "spread") in names, ("scope", "single") in names
    heated = []
    for signal in signals:
        level = min(signal.rule.level, _LEVEL_OF_STANCE[signal.stance])
        if signal.rule.kind != "crisis" or not level or signal.owner == "other":
            continue
        if level == 2 and single and social and not spread:
            level = 1
        heated.append((min(level, 1) if signal.owner == "shared" else level, signal))
    return heated


def _type(signals: Sequence[Signal]) -> str | None:
    """Return the type that most signals tell, the first where they tie."""
    counts: dict[str, float] = {}
    for signal in signals:
        gain = (_WEIGHT_OF_OWNER[signal.owner]) * (0.5 if signal.rule.type in _VAGUE else 1.0)
        counts[signal.rule.type] = counts.get(signal.rule.type, 0.0) + gain
    return max(counts, key=lambda name: counts[name], default=None)


_VAGUE: Final = frozenset({"scandal", "quality", "rumour"})


def _effects(signals: Sequence[Signal], *, ironic: bool) -> tuple[float, float]:
    """Return how much harm and good is told; a good word denied is harm, and praise among irony is none."""
    harm = good = 0.0
    for signal in signals:
        weight = _WEIGHT_OF_OWNER[signal.owner]
        effect = signal.rule.effect * weight
        if effect > 0:
            if signal.stance == "negation":
                harm += 0.7 * effect
            elif not (ironic and signal.rule.name == "praise"):
                good += effect * _EFFECT_OF_STANCE.get(signal.stance, 0.4)
        else:
            harm -= effect * _EFFECT_OF_STANCE.get(signal.stance, 0.0)
            good -= 0.5 * effect if signal.stance == "negation" and signal.rule.kind == "bad" else 0.0
    cleared = any(one.rule.type == "cleared" and one.stance != "negation" for one in signals)
    return (0.3 * harm if cleared else harm), good


def _impact(harm: float, good: float, *, victim: bool) -> str:
    if victim:
        harm *= 0.4
    if harm >= _TELLING and good >= _TELLING and 0.4 <= harm / good <= 2.5:
        return "mixed"
    if max(harm, good) < _TELLING:
        return "neutral"
    return "unfavourable" if harm > good else "favourable"
