"""What a document does to one watched entity: found, read by rules, weighed by heads, shown with evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from vigie.domain.classification.heads import Head
from vigie.domain.classification.reading import Reading
from vigie.domain.classification.rules.grammar import Found, grammar
from vigie.domain.classification.rules.signals import Signal, signals_of
from vigie.domain.classification.rules.verdicts import Verdict, verdict_of
from vigie.domain.entities.cues import cues_of
from vigie.domain.entities.entity import Entity
from vigie.domain.entities.find import Occurrence, find
from vigie.domain.entities.names import is_in_full, names_of
from vigie.domain.entities.relevance import is_somebody_else, relevance_by_signs, speaks_for_homonym
from vigie.domain.entities.sectors import field_signs
from vigie.domain.entities.standing import standing_of
from vigie.domain.mentions import Assessment, Clue, Label
from vigie.domain.stream import Stream

_SHOWN: Final = 3
_SURELY: Final = 0.9  # of no crisis, whatever rules say
_PLAIN: Final = 2  # triggers of an alert, for rules to ask that it be looked at
_BY_RULE: Final = 0.75  # the confidence of what a rule decides against the heads
# The odds of a homonym where a name of several words stands in full and no sign speaks for one, beside its odds
# elsewhere: 7 in 772 of the examples that may be learnt from, and 239 in 1,570.
_HOMONYMS_NAMED: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that rules find of one entity in one document; ``stream`` has the entity masked."""

    stream: Stream
    occurrences: tuple[Occurrence, ...]
    signs: frozenset[str]
    cues: tuple[Found, ...]
    signals: tuple[Signal, ...]
    scopes: tuple[Found, ...]
    classes: tuple[Found, ...]
    verdict: Verdict
    relevance: str
    fields: frozenset[str]  # whether its trade is told of, or another
    social: bool
    surely_named: bool  # in full, and nothing says that somebody else is meant


def findings_of(stream: Stream, entity: Entity) -> Findings | None:
    """Return what rules find of an entity, None where the document does not name it."""
    occurrences = find(stream, entity)
    if not occurrences:
        return None
    masked = stream.masked([(one.start, one.end) for one in occurrences])
    moved = _moved(occurrences)
    social = stream.document.platform != "press"
    found = grammar().find(masked)
    signals = signals_of(masked, found)
    names = names_of(entity)
    signs, cues = cues_of(masked, moved, found, names)
    in_full = any(is_in_full(stream.words[one.start : one.end]) for one in occurrences)
    return Findings(
        stream=masked,
        occurrences=tuple(moved),
        signs=frozenset(signs),
        cues=tuple(cues),
        signals=tuple(signals),
        scopes=tuple(one for one in found if one.rule.kind in {"scope", "irony"}),
        classes=tuple(one for one in found if one.rule.kind == "class"),
        verdict=verdict_of(signals, found, social=social),
        relevance=relevance_by_signs(signs, social=social),
        fields=frozenset(field_signs(masked.words, names.sectors)),
        social=social,
        surely_named=in_full and not speaks_for_homonym(signs, social=social),
    )


def _moved(occurrences: Iterable[Occurrence]) -> list[Occurrence]:
    """Return occurrences where they stand in the masked stream, each as one word."""
    moved, shift = [], 0
    for one in occurrences:
        place = one.start - shift
        moved.append(replace(one, start=place, end=place + 1))
        shift += one.end - one.start - 1
    return moved


def features_of(findings: Findings) -> list[str]:
    """Return the named features that heads weigh beside the words."""
    verdict, family = findings.verdict, _family(findings)
    names = sorted(findings.signs)
    names += [f"relevance={findings.relevance}"] * 3 + [
        f"crisis={verdict.crisis}",
        f"impact={verdict.impact}",
    ]
    names += [f"family={family}", f"victim={verdict.victim}", f"ironic={verdict.ironic}"]
    names += [f"type={verdict.crisis_type}", f"harm:{_step(verdict.harm)}", f"good:{_step(verdict.good)}"]
    names += [f"balance:{_step(verdict.harm)}-{_step(verdict.good)}"]
    own = [signal for signal in findings.signals if signal.owner != "other"]
    scopes = sorted({one.rule.name for one in findings.scopes})
    for scope in scopes or ["plain"]:
        names += [
            f"scope={scope}",
            f"{family}:{scope}:{verdict.crisis}",
            f"{family}:{scope}:harm{_step(verdict.harm)}",
        ]
    names += [f"{family}:{verdict.crisis}", f"{family}:{verdict.impact}", f"{family}:{findings.relevance}"]
    names += [f"{findings.relevance}:{verdict.impact}", f"{findings.relevance}:{verdict.crisis}"]
    names += [f"{one.rule.type}:{family}" for one in own if one.rule.type in {"cleared", "solved"}]
    told = {f"{one.rule.kind}{one.rule.level}:{_meant(one)}:{one.owner}" for one in findings.signals}
    named = {f"rule:{one.rule.name}:{_meant(one)}" for one in own}
    typed = {f"type:{one.rule.type}:{one.rule.level}:{family}" for one in own if one.rule.type}
    return names + sorted(told) + sorted(named) + sorted(typed) + sorted(_standing(findings, own))


def relevance_features_of(findings: Findings) -> list[str]:
    """Return the named features that the head of relevance weighs besides: how the entity stands in its text."""
    return standing_of(
        findings.stream, [one.start for one in findings.occurrences], findings.signs | findings.fields
    )


def _standing(findings: Findings, own: Sequence[Signal]) -> set[str]:
    """Return what a text is about and which side is told, by place: its title, beside the entity, first and last."""
    stream = findings.stream
    sentences = stream.sentences()
    beside = {sentences[one.start] for one in findings.occurrences}
    sides = [("good" if one.rule.effect > 0 else "bad", one.start) for one in own if _meant(one) == "said"]
    told = {(f"class:{one.rule.name}", one.start) for one in findings.classes}
    told |= {(f"side:{side}", start) for side, start in sides}
    names = {name for name, _ in told}
    names |= {f"{name}:{'title' if stream.places[at][0] == 'title' else 'text'}" for name, at in told}
    names |= {f"{name}:beside" for name, at in told if sentences[at] in beside}
    about = sorted({one.rule.name for one in findings.classes})
    names |= {f"class:{name}:{'post' if findings.social else 'press'}" for name in about}
    names |= {f"pair:{one}:{other}" for one, other in combinations(about, 2)}
    if sides:
        ordered = [side for side, _ in sorted(sides, key=lambda one: one[1])]
        names.add(f"order:{ordered[0]}-{ordered[-1]}")
    return names


def _family(findings: Findings) -> str:
    platform = findings.stream.document.platform
    return platform if platform in {"press", "reviews", "forum", "youtube"} else "social"


def _meant(signal: Signal) -> str:
    """Return whether a signal is meant: plainly, perhaps, or not now and not so."""
    if signal.stance in {"assertion", "quotation"}:
        return "said"
    return "perhaps" if signal.stance in {"unconfirmed", "hypothesis", "denial"} else "not"


def _step(amount: float) -> int:
    return sum(amount > limit for limit in (0.0, 0.5, 1.0, 2.0, 3.5, 6.0))


def assess(
    findings: Findings, entity: Entity, tone: Label, reading: Reading, heads: Mapping[str, Head]
) -> Assessment:
    """Return what a document does to an entity: heads weigh its words and what rules found, rules show why."""
    table = heads["crisis"].table
    named = table.of_names(features_of(findings))
    placed = named + table.of_names(relevance_features_of(findings))
    blocks = [reading.weighed, named]

    def told(task: str, clues: tuple[Clue, ...]) -> Label:
        return heads[task].decided(heads[task].probabilities(blocks, reading.family), reading.family, clues)

    own = [signal for signal in findings.signals if signal.owner != "other"]
    relevance = _relevance(findings, heads["relevance"], [reading.weighed, placed], reading)
    impact = told("impact", _clues(findings, sorted(own, key=lambda one: -abs(one.rule.effect))))
    crisis = told("crisis", _clues(findings, findings.verdict.heated))
    if is_somebody_else(set(findings.signs)):
        relevance = Label("homonym", _BY_RULE, relevance.evidence)
    if relevance.value == "homonym" and not relevance.abstained:  # of somebody else, whatever it says
        impact = Label("neutral", max(relevance.confidence, impact.confidence))
        crisis = Label("none", max(relevance.confidence, crisis.confidence))
    elif findings.verdict.ironic and findings.social:
        impact = Label("unfavourable", _BY_RULE, _irony_clues(findings))
        crisis = crisis if crisis.value != "none" else Label("watch", 0.5, impact.evidence, abstained=True)
    else:
        crisis = _raised(_capped(crisis, findings), findings)
        impact = _spared(impact, findings)
    return Assessment(
        watch_id=entity.key,
        relevance=relevance,
        impact=impact,
        tone=_tone(findings, tone),
        crisis=crisis,
        crisis_type=(findings.verdict.crisis_type or told("crisis_type", ()).value)
        if crisis.value != "none"
        else None,  # a rule that names a type is right more often than the head, which has seen few of each
    )


def _relevance(findings: Findings, head: Head, blocks: Sequence[int], reading: Reading) -> Label:
    """Return what heads make of relevance, homonyms being rare where a name of several words stands in full."""
    probabilities = head.probabilities(blocks, reading.family)
    if findings.surely_named:
        homonym = head.header.labels.index("homonym")
        probabilities[homonym] *= _HOMONYMS_NAMED
        whole = sum(probabilities)
        probabilities = [each / whole for each in probabilities]
    return head.decided(probabilities, reading.family, _relevance_clues(findings))


def _capped(crisis: Label, findings: Findings) -> Label:
    """Return a crisis no hotter than its triggers are meant: what is denied is a watch, an exercise is none."""
    own = [one for one in findings.signals if one.owner != "other" and one.rule.kind == "crisis"]
    named = [one for one in own if one.rule.type != "rumour"] or own  # a denial is of the thing that it names
    meant = {_meant(one) for one in named}
    clues = _clues(findings, own)
    if crisis.value != "none" and meant == {"not"}:
        return Label("none", _BY_RULE, clues)
    if crisis.value == "alert" and "said" not in meant and "perhaps" in meant:
        return Label("watch", _BY_RULE, clues)
    return crisis


def _raised(crisis: Label, findings: Findings) -> Label:
    """Return an alert to be verified where a head is not sure of none and rules plainly say one, more than once."""
    plain = [one for one in findings.verdict.heated if one.rule.level > 1 and one.stance == "assertion"]
    if crisis.value != "none" or crisis.confidence > _SURELY or len(plain) < _PLAIN:
        return crisis
    if findings.verdict.crisis != "alert" or findings.verdict.victim:
        return crisis
    return Label("alert", round(1 - crisis.confidence, 3), _clues(findings, plain), abstained=True)


def _spared(impact: Label, findings: Findings) -> Label:
    """Return a harm that heads are not sure of as neutral, to be verified, where rules say that others did it."""
    if not (findings.verdict.victim and impact.abstained and impact.value == "unfavourable"):
        return impact
    return replace(impact, value="neutral", confidence=round(1 - impact.confidence, 3))


def _irony_clues(findings: Findings) -> tuple[Clue, ...]:
    ironies = [one for one in findings.scopes if one.rule.kind == "irony"]
    return tuple(findings.stream.clue("rule:irony", one.start, one.end) for one in ironies)[:_SHOWN]


def absent(entity: Entity, tone: Label) -> Assessment:
    """Return the assessment of an entity that a document does not name: guesses, and said to be."""
    return Assessment(
        watch_id=entity.key,
        relevance=Label("passing", 0.3, abstained=True),
        impact=Label("neutral", 0.5, abstained=True),
        tone=replace(tone, evidence=()),
        crisis=Label("none", 0.6),
    )


def _tone(findings: Findings, tone: Label) -> Label:
    """Return the tone towards an entity: the document's, except that irony is negative."""
    if not findings.verdict.ironic:
        return replace(tone, evidence=())
    return Label("negative", _BY_RULE, _irony_clues(findings))


def _relevance_clues(findings: Findings) -> tuple[Clue, ...]:
    first = findings.occurrences[0]
    named = findings.stream.clue("entity", first.start, first.end)
    return (
        named,
        *(findings.stream.clue(f"rule:{one.rule.name}", one.start, one.end) for one in findings.cues),
    )[:_SHOWN]


def _clues(findings: Findings, signals: Iterable[Signal]) -> tuple[Clue, ...]:
    return tuple(
        findings.stream.clue(f"rule:{signal.rule.name}{_told(signal)}", signal.start, signal.end)
        for signal in list(signals)[:_SHOWN]
    )


def _told(signal: Signal) -> str:
    """Return the stance of a signal, where it is not plainly said."""
    return "" if signal.stance == "assertion" else f"/{signal.stance}"
