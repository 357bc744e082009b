"""Matches and mentions: from "this document matched these watches" to what the digest counts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from vigie.domain.clients import WatchedEntity
from vigie.domain.documents import Document

Role = Literal["first", "reprint", "same_address"]
"""``first`` opened the story, ``reprint`` carries its text elsewhere, ``same_address`` is the same page again."""

Status = Literal["kept", "held"]
HeldReason = Literal["same_address", "seen_before", "parked", "withdrawn", "not_us", "over_quota"]
"""``same_address``: its page came through another feed. ``seen_before``: its source showed it once more, after we had
forgotten it. ``parked``: we failed on it. ``withdrawn``: who published it took it back.
``not_us``: somebody said that it speaks of something else; never recorded so, see ``domain.feedback``.
``over_quota``: past what its client's plan includes; never recorded so, see ``domain.quotas``.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a term matched: offsets in the field's text as published."""

    field: str  # title, summary, body or author
    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchHit:
    """One watch of one client that matched, with the words that did it.

    ``entity`` is whom the watch names; it travels to where labels are made, and no further.
    """

    watch_id: str
    watch_name: str
    purpose: str
    evidence: tuple[Evidence, ...] = ()
    entity: WatchedEntity | None = None


@dataclass(frozen=True, slots=True)
class ClientMatch:
    """All of one client's watches that matched one document; ``backfilled`` when it was found in the archive."""

    client_id: str
    hits: tuple[WatchHit, ...]
    backfilled: bool = False


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that a label leans on: a rule or a feature by its name, and the words as published.

    ``start`` and ``end`` are offsets in ``field`` (title, summary or body); "" when it stands in no one place.
    """

    name: str
    text: str
    field: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """What a classifier says: a value, how sure it is (0 to 1), and what it leans on.

    ``abstained``: not sure enough to be counted; the value is then its best guess, shown as « à vérifier ».
    """

    value: str
    confidence: float
    evidence: tuple[Clue, ...] = ()
    abstained: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a document does to whom a watch names (a client, a competitor); values as in the labels specification.

    ``crisis_type`` goes with a crisis at ``watch`` or ``alert`` only.
    """

    watch_id: str
    relevance: Label
    impact: Label
    tone: Label
    crisis: Label
    crisis_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Labels of one document, then of each watched entity in it; values as the labels specification has them."""

    language: Label
    tone: Label
    topic: Label = Label("", 0.0, abstained=True)
    assessments: tuple[Assessment, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryRef:
    """The story a document belongs to, and its part in it. ``document_id`` is the story's first document."""

    story_id: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A document that matched at least one watch of a client, as recorded once and for all.

    ``recorded_at`` decides which digest it belongs to; ``held_reason`` says why it is kept out of it;
    ``batch_id`` is the batch that brought it. ``backfilled``: a new watch found it in the archive; it is history,
    counted in no digest.
    """

    client_id: str
    batch_id: str
    document: Document
    hits: tuple[WatchHit, ...]
    story: StoryRef
    labels: Labels
    recorded_at: datetime
    status: Status = "kept"
    held_reason: HeldReason | None = None
    note: str = ""
    backfilled: bool = False

    @property
    def mention_id(self) -> str:
        """Stable id within the client: the document's; the batch is added when the document came before."""
        own = self.document.document_id
        return f"{own}@{self.batch_id}" if self.held_reason == "seen_before" else own

    def may_be_shown(self, now: datetime) -> bool:
        """Whether its platform's terms still let us keep it; a store may take days to let it go."""
        return self.document.retain_until is None or now < self.document.retain_until

    @property
    def assessment(self) -> Assessment | None:
        """What the document does to the client itself: the assessment of its first brand watch that matched."""
        own = [hit.watch_id for hit in self.hits if hit.purpose == "brand"]
        found = [assessed for assessed in self.labels.assessments if assessed.watch_id in own]
        return min(found, key=lambda assessed: own.index(assessed.watch_id), default=None)

    @property
    def purposes(self) -> frozenset[str]:
        """Purposes of the watches that matched."""
        return frozenset(hit.purpose for hit in self.hits)


def as_news(mentions: Iterable[Mention]) -> list[Mention]:
    """Return what was found in the archive, as a digest counts what is new."""
    return [replace(mention, backfilled=False) for mention in mentions if mention.backfilled]


def withdrawn(mention: Mention) -> Mention:
    """Return a mention without anything of what was taken back: only that there was something, where and when."""
    document = replace(
        mention.document,
        title="",
        summary="",
        body="",
        author="",
        url="",
        canonical_url="",
        links=(),
        media=(),
        metrics={},
        native_id=None,
        parent_id=None,
    )
    reason: HeldReason = "seen_before" if mention.held_reason == "seen_before" else "withdrawn"
    hits = tuple(replace(hit, evidence=()) for hit in mention.hits)
    return replace(mention, document=document, hits=hits, status="held", held_reason=reason, note="")


@dataclass(frozen=True, slots=True)
class Parked:
    """A thing that can never succeed, kept with its reason so that ops can see it."""

    stage: str
    thing_id: str
    reason: str
    parked_at: datetime
    content: dict[str, object] = field(default_factory=dict)
