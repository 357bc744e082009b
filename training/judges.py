"""What the model card measures: each task, by the classifier as it runs, on sets that nothing was learnt from.

A task with an artefact brings its sets (``Task.judge``). What is told of an entity is judged on the ``test`` and
``fresh`` parts of ``training/examples``: nobody chooses anything by them. A judge more is a ``Judge`` more in
``JUDGES``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from training.examples import Example, Labelled, Sources
from training.task import Task
from training.tasks import entity, language, tone, topic
from vigie.domain.classification import classify
from vigie.domain.documents import Document
from vigie.domain.entities import Entity
from vigie.domain.mentions import Assessment, Label, Labels

_NOW = datetime(2026, 1, 1, tzinfo=UTC)  # labels hang on no date


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """One table of the card: ``sets`` gives what is judged, ``answer`` what the classifier says of an example."""

    title: str
    about: str
    sets: Callable[[Sources], dict[str, list[Labelled]]]
    answer: Callable[[Example], Label]
    heads: tuple[str, ...] = ()  # whose training sets are told
    watched: tuple[str, ...] = ()  # labels whose recall is told
    failures: tuple[str, ...] = ()


def document_of(example: Example) -> Document:
    """Return the document of an example; its language is not given away."""
    return Document(
        document_id=example.id,
        source_id="",
        source_name="",
        url="",
        canonical_url="",
        title=example.title,
        body=example.text,
        seen_at=_NOW,
        platform="press" if example.family == "press" else "social",
    )


def entity_of(given: Mapping[str, Any]) -> Entity:
    """Return the entity of an example."""
    return Entity("entity", given["name"], tuple(given.get("aliases") or ()), given.get("about") or "")


def labels_of(example: Example) -> Labels:
    """Return what the classifier says of an example and its entity."""
    return classify(document_of(example), [entity_of(example.entity)] if example.entity else [])


def assessed(example: Example) -> Assessment:
    """Return what the classifier says of the example's entity."""
    return labels_of(example).assessments[0]


def _of_entities(task: str) -> Callable[[Sources], dict[str, list[Labelled]]]:
    def sets(sources: Sources) -> dict[str, list[Labelled]]:
        return {
            "own held-back texts": entity.labelled(("test",), task)(sources),
            "own fresh texts": entity.labelled(("fresh",), task)(sources),
        }

    return sets


def _of(*tasks: Task) -> Callable[[Sources], dict[str, list[Labelled]]]:
    return lambda sources: {name: rows for task in tasks for name, rows in task.judge(sources).items()}


JUDGES = (
    Judge(
        title="Language",
        about="Nine languages and `und`. UMSAB's Hindi set holds tweets in English: those are left out.",
        sets=_of(language.LANGUAGE),
        answer=lambda example: labels_of(example).language,
        heads=("language",),
        failures=(
            "Languages in Latin letters beyond the nine are meant to be `und`, learnt from a few dozen sentences.",
            "A short text in one of them may be taken for its neighbour: Catalan for Spanish, Swedish for Dutch.",
            "What is left in UMSAB of tweets in another language than their set's counts as errors here.",
            "Dutch is judged on twenty own sentences; romanised Hindi is often half English.",
        ),
    ),
    Judge(
        title="Topic",
        about="First level of IPTC Media Topics. No labelled press could be had: learnt from own short texts and "
        "lists of telling words, and judged on own titles in words that were avoided there, most of them short. "
        "What the press at large would give is unknown; titles with a summary tell more than titles alone.",
        sets=_of(topic.TOPIC),
        answer=lambda example: labels_of(example).topic,
        heads=("topic",),
        failures=(
            "A title without a telling word is guessed by its characters; it abstains on most of those.",
            "Neighbours are taken for each other: economy and labour, society and human interest, politics and all.",
            "Texts in other languages than French and English are told by words they share, or not at all.",
        ),
    ),
    Judge(
        title="Tone",
        about="How a text is written. Posts in French, posts in other languages and press are three heads. UMSAB is "
        "a third of each label by design; real mentions are mostly neutral.",
        sets=_of(tone.FRENCH_POSTS, tone.PRESS, tone.OTHER_POSTS),
        answer=lambda example: labels_of(example).tone,
        heads=("tone_social", "tone_press", "tone_world"),
        failures=(
            "UMSAB's French tweets are about ecology and politics, and their labels follow opinion more than words.",
            "Irony is read as it is written, but for the signs that the rules know.",
            "Press is learnt from few opinionated texts: columns and reviews are often taken for sober news.",
            "The Hindi set is a third right: a guess. Portuguese and English stay under 0.6.",
        ),
    ),
    Judge(
        title="Relevance",
        about="Whether the entity is the subject, plays a part, is named in passing, or is not meant at all.",
        sets=_of_entities("relevance"),
        answer=lambda example: assessed(example).relevance,
        failures=(
            "A part played in a text about somebody else is taken for a passing mention or for the subject.",
            "A first name or a place that is a brand too, written with a capital, is often taken for the brand.",
        ),
    ),
    Judge(
        title="Impact",
        about="Effect on the entity's reputation in a fair reader's eyes.",
        sets=_of_entities("impact"),
        answer=lambda example: assessed(example).impact,
        failures=(
            "Good and bad news in one sentence: which of them weighs more is guessed.",
            "Praise told as a scene, without a word of praise; a counterspeech that repeats what it denies.",
            "Who suffers a crime or a fire reads at times as harmed in reputation.",
        ),
    ),
    Judge(
        title="Tone of texts about an entity",
        about="Tone of the same texts, press and posts together.",
        sets=_of_entities("tone"),
        answer=lambda example: assessed(example).tone,
    ),
    Judge(
        title="Crisis",
        about="Whether it burns, or may; judged by the text alone.",
        sets=_of_entities("crisis"),
        answer=lambda example: assessed(example).crisis,
        watched=("alert", "watch"),
        failures=(
            "An alert is told for what missing it would cost: many of those told are a watch or nothing.",
            "A watch, one unconfirmed signal, is the least well told: half of them read as nothing or as an alert.",
            "Harm told without a word of it, innuendo, understatement; crises told in English.",
        ),
    ),
)
