"""The ledger, mentions and what people and models said of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vigie.domain.adjudication.verdicts import Verdict
from vigie.domain.cutoffs import Interval
from vigie.domain.documents import Document
from vigie.domain.entities import Entity
from vigie.domain.feedback import Correction
from vigie.domain.ledger import Evaluated
from vigie.domain.matching import Decision
from vigie.domain.mention_questions import Place as MentionPlace
from vigie.domain.mentions import Labels, Mention, Parked


class LedgerStore(Protocol):
    """Batch records: what was put before the watches, what matched, what had to be parked."""

    def record_decision(self, decision: Decision) -> Decision:
        """Record a batch's decision with its counts, all or nothing; return the one recorded first."""
        ...

    def evaluated(self, interval: Interval) -> list[Evaluated]:
        """Return the stack's batch records of the interval."""
        ...

    def matched(self, client_id: str, interval: Interval) -> int:
        """Return how many documents matched the client in the interval."""
        ...

    def park(self, parked: Parked) -> None:
        """Keep a thing that can never succeed; once per stage and thing."""
        ...

    def parked(self, limit: int = 100) -> list[Parked]:
        """Return what was parked, newest first."""
        ...


@dataclass(frozen=True, slots=True)
class Page:
    """Mentions newest first; ``cursor`` fetches the next page, None when there is none."""

    mentions: list[Mention]
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What recording came to: how many mentions were new, and those whose document another batch had brought.

    Neither counts those that this same batch had recorded: they are a delivery repeated.
    """

    new: int
    seen_before: list[Mention]


class MentionStore(Protocol):
    """Mentions, each key starting with its client."""

    def record(self, mentions: Sequence[Mention]) -> Recording:
        """Record each mention unless its id is recorded for that client; one withdrawn before, without its texts."""
        ...

    def withdraw(self, client_id: str, document_id: str, now: datetime) -> None:
        """Blank a client's mentions of a document, those there and those that are still to come."""
        ...

    def recorded_in(self, client_id: str, interval: Interval) -> list[Mention]:
        """Return the client's mentions recorded in the interval, oldest first, held ones included."""
        ...

    def page(self, client_id: str, interval: Interval, limit: int, cursor: str | None = None) -> Page:
        """Return a page of the client's mentions recorded in the interval, newest first, as of a moment ago."""
        ...

    def cursor_after(self, client_id: str, place: MentionPlace) -> str:
        """Return the cursor of ``page`` that goes on after a place."""
        ...

    def at(self, client_id: str, places: Sequence[MentionPlace]) -> list[Mention]:
        """Return the client's mentions at some places, those that are there; as they were a moment ago."""
        ...

    def get(self, client_id: str, mention_id: str) -> Mention | None:
        """Return one mention of the client."""
        ...


class ObjectionStore(Protocol):
    """Authors who object to being named, by hashes of their names (``domain.objections``)."""

    def objected(self) -> frozenset[str]:
        """Return the hashes of the names in the list."""
        ...

    def add(self, name_sha256: str) -> None:
        """Put a name into the list, by its hash; for good."""
        ...

    def unsign(self, client_id: str, document_id: str) -> None:
        """Take the author off a client's mentions of a document, as ``domain.objections.unsigned`` does."""
        ...


Corrections = tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of some mentions' labels after they were recorded."""

    corrections: list[Correction]
    verdicts: list[Verdict]


class FeedbackStore(Protocol):
    """What people corrected, beside the mentions and as long as these."""

    def change(
        self,
        client_id: str,
        recorded_at: datetime,
        mention_id: str,
        decide: Callable[[Corrections], Corrections],
    ) -> Corrections:
        """Replace the corrections made on a mention by what ``decide`` makes of them, and return that.

        ``decide`` is pure: it is asked again when somebody else changed them meanwhile. Returning what it was given
        writes nothing.
        """
        ...

    def made_on(self, client_id: str, interval: Interval) -> list[Correction]:
        """Return the corrections made on mentions recorded in the interval, undone ones included."""
        ...

    def said_on(self, client_id: str, interval: Interval) -> Said:
        """Return all that was said of mentions recorded in the interval: by people, and by a large model."""
        ...


class Classifier(Protocol):
    """Labels one document, and what it does to each entity that watches name. Pure."""

    def __call__(self, document: Document, entities: Sequence[Entity] = ()) -> Labels:
        """Return its labels, one assessment for each entity, by its key; abstention is a label too."""
        ...
