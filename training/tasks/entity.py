"""What a text does to a watched entity: relevance, impact, crisis and its type, from words and what rules found.

Rules and settings were chosen on the ``train`` and ``dev`` examples, so heads learn from both; ``test`` is only
measured on.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from training.examples import Example, Labelled, Sources
from training.task import Blocks, Task, words_blocks
from vigie.domain.classification.assess import Findings, features_of, findings_of, relevance_features_of
from vigie.domain.classification.features import name_hashes
from vigie.domain.crisis_types import CRISIS_TYPES
from vigie.domain.documents import Document
from vigie.domain.entities import Entity
from vigie.domain.stream import read_stream

_READ_AT = datetime(2026, 11, 23, tzinfo=UTC)


_COUNTS_FOR = {"alert": 1.6, "favourable": 1.3}  # to miss one costs more than to raise one too many


def _blocks(example: Example) -> Blocks:
    findings = _findings(example)
    return [*words_blocks(example), name_hashes(features_of(findings) if findings else [])]


def _blocks_of_relevance(example: Example) -> Blocks:
    findings = _findings(example)
    names = features_of(findings) + relevance_features_of(findings) if findings else []
    return [*words_blocks(example), name_hashes(names)]


def _findings(example: Example) -> Findings | None:
    entity = example.entity or {}
    document = Document(
        document_id=example.id,
        source_id="",
        source_name="",
        url="",
        canonical_url="",
        title=example.title,
        summary=example.text,
        seen_at=_READ_AT,
        platform=example.platform or ("press" if example.title else "forum"),
    )
    named = Entity("", entity["name"], tuple(entity.get("aliases") or ()), entity.get("about") or "")
    return findings_of(read_stream(document), named)


def labelled(splits: tuple[str, ...], label: str) -> Callable[[Sources], list[Labelled]]:
    """Return what reads the texts of those splits that name an entity and have that label."""

    def chosen(sources: Sources) -> list[Labelled]:
        examples = sources.own(lambda example: example.split in splits and example.entity is not None)
        return [Labelled(each, each.labels[label]) for each in examples if each.labels.get(label)]

    return chosen


def _balanced(label: str, evenness: float) -> Callable[[Sources], list[Labelled]]:
    """Return what reads the examples to learn from, rare labels counting for more: at ``evenness`` 1 all alike."""

    def chosen(sources: Sources) -> list[Labelled]:
        learnt = labelled(("train", "dev"), label)(sources)
        counts = Counter(each.label for each in learnt)
        even = len(learnt) / len(counts)
        return [
            replace(each, weight=(even / counts[each.label]) ** evenness * _COUNTS_FOR.get(each.label, 1.0))
            for each in learnt
        ]

    return chosen


def _task(
    name: str,
    labels: tuple[str, ...],
    *,
    blocks: Callable[[Example], Blocks] = _blocks,
    named_gain: float = 0.6,
    evenness: float = 0.5,
    penalty: float = 1e-4,
    recalls: dict[str, float] | None = None,
    coverage: float = 0.7,
) -> Task:
    def judged(sources: Sources) -> dict[str, list[Labelled]]:
        return {"own held-back test": labelled(("test",), name)(sources)}

    return Task(
        name=name,
        labels=labels,
        learn=_balanced(name, evenness),
        judge=judged,
        blocks=blocks,
        bits=15,
        penalty=penalty,
        named_gain=named_gain,
        recalls=recalls or {},
        rarity=False,
        coverage={"press": coverage, "social": coverage},
    )


RELEVANCE = _task(
    "relevance",
    ("main", "secondary", "passing", "homonym"),
    blocks=_blocks_of_relevance,
    named_gain=1.0,
    evenness=0.75,
)
IMPACT = _task("impact", ("unfavourable", "neutral", "favourable", "mixed"), evenness=0.75, penalty=2e-4)
CRISIS = _task("crisis", ("none", "watch", "alert"), recalls={"alert": 0.85})
CRISIS_TYPE = _task("crisis_type", CRISIS_TYPES, coverage=1.0)
