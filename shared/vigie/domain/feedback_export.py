"""What people corrected, as examples to train and to be judged by, and how often they agreed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vigie.domain.digest_stories import NAMING
from vigie.domain.extracts import shown_text
from vigie.domain.feedback import VALUES, Correction, by_hand
from vigie.domain.mentions import Assessment, Mention, WatchHit

LABELS: tuple[str, ...] = tuple(VALUES)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEntity:
    """Whom the labels are about: the name, and how the text calls it."""

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackExample:
    """One text with the labels a person gave it, of one entity; in the form of ``training/examples``."""

    id: str
    text: str
    title: str
    lang: str
    platform: str
    entity: NamedEntity
    labels: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of one label: how many corrections stand, how many confirm what stood before, and what became what.

    People correct what they notice: this counts mistakes, it is no measure of how often the classifier is right.
    """

    label: str
    given: int
    confirmed: int
    changed: dict[str, int] = field(default_factory=dict)  # "neutral → favourable": 3


def examples_of(recorded: Mention, read: Mention, client_name: str) -> Iterator[FeedbackExample]:
    """Yield an example for each watch of a mention that somebody labelled by hand, none when its text is gone.

    ``recorded`` is as it was found, with all its watches, ``read`` as corrected. No more of the text is given than
    its source's terms let us show.
    """
    document = recorded.document
    text = document.body if len(document.body) > len(document.summary) else document.summary
    text = shown_text(document, text)
    if recorded.held_reason == "withdrawn" or not (document.title or text):
        return
    hits = {hit.watch_id: hit for hit in recorded.hits}
    for assessment in read.labels.assessments:
        labels = _given(assessment)
        if labels and assessment.watch_id in hits:
            yield FeedbackExample(
                id=f"{recorded.client_id}/{recorded.mention_id}/{assessment.watch_id}",
                text=text,
                title=document.title,
                lang=document.language or "",
                platform=document.platform,
                entity=_entity(hits[assessment.watch_id], client_name),
                labels=labels,
            )


def agreements(corrections: Iterable[Correction]) -> list[Agreement]:
    """Return what the corrections that stand say of each label, in the order of the labels specification."""
    pairs: dict[str, Counter[tuple[str, str]]] = {label: Counter() for label in LABELS}
    for correction in corrections:
        if correction.undone is None:
            pairs[correction.label][correction.before, correction.after] += 1
    return [
        Agreement(
            label=label,
            given=found.total(),
            confirmed=sum(count for (before, after), count in found.items() if before == after),
            changed={
                f"{before or 'none'} → {after}": count
                for (before, after), count in sorted(found.items())
                if before != after
            },
        )
        for label, found in pairs.items()
        if found
    ]


def _given(assessment: Assessment) -> dict[str, str]:
    labels = {name: getattr(assessment, name).value for name in LABELS if by_hand(getattr(assessment, name))}
    if "crisis" in labels and assessment.crisis_type:
        labels["crisis_type"] = assessment.crisis_type
    return labels


def _entity(hit: WatchHit, client_name: str) -> NamedEntity:
    name = client_name if hit.purpose in NAMING else hit.watch_name
    terms = dict.fromkeys(span.term for span in hit.evidence)
    return NamedEntity(name=name, aliases=tuple(term for term in terms if term != name))
