"""Which labels are unsure enough to be asked about, and what is asked."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vigie.domain.documents import Document
from vigie.domain.mentions import Assessment, Label, Mention

TEXT_LIMIT_CHARACTERS: Final = 6_000
"""Of summary or body; what decides whom a text is about stands at its beginning."""

ASKED: Final = ("relevance", "impact", "tone", "crisis")
WORTH_ASKING: Final = {
    "none": (),
    "bedrock": ("relevance", "impact", "crisis"),  # not for a tone alone
    "comprehend": ("tone",),  # all it can tell of a French text, beside its language
}
"""Which unsure labels are worth a question, by kind of model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Of whom a question is: the name, other names, and a sentence on what it is and where."""

    name: str
    aliases: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One story and one watched entity of one client, by the mention that was unsure first."""

    client_id: str
    story_id: str
    watch_id: str
    mention_id: str
    recorded_at: datetime

    @property
    def name(self) -> str:
        """What it is called in the ledger."""
        return f"{self.client_id}/{self.story_id}/{self.watch_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a model is asked: a text, and of whom."""

    title: str
    text: str
    language: str
    whom: Whom

    @classmethod
    def of(cls, document: Document, whom: Whom) -> "Question":
        """Return the question on a document: its title and the beginning of the longer of its texts."""
        text = document.body if len(document.body) > len(document.summary) else document.summary
        return cls(
            title=document.title,
            text=text[:TEXT_LIMIT_CHARACTERS],
            language=document.language or "",
            whom=whom,
        )

    def key(self, source: str) -> str:
        """Return what an answer of ``source`` is kept under: the same text and entity, the same answer."""
        parts = (source, self.title, self.text, self.language, self.whom.name, *self.whom.aliases)
        told = "\0".join((*parts, "", self.whom.about))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def unsure_labels(assessment: Assessment) -> tuple[str, ...]:
    """Return which labels of an assessment its classifier abstained on."""
    return tuple(name for name in ASKED if _label(assessment, name).abstained)


def unsure_of(mention: Mention, worth: Collection[str]) -> tuple[str, ...]:
    """Return the watches for which a mention needs a second opinion: unsure of a label that is ``worth`` a question.

    Only what is kept, public and new is asked about.
    """
    if mention.status != "kept" or mention.backfilled or mention.document.visibility != "public":
        return ()
    found = [hit.watch_id for hit in mention.hits]
    return tuple(
        each.watch_id
        for each in mention.labels.assessments
        if each.watch_id in found and set(unsure_labels(each)) & set(worth)
    )


def _label(assessment: Assessment, name: str) -> Label:
    label: Label = getattr(assessment, name)
    return label
