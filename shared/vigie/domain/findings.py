"""The answer to "what became of this address?": the facts it rests on, and the findings it is made of.

A finding is one line of the answer: ``finding`` names its kind, ``says`` is the sentence for people, the rest
are facts for programs. The kinds, in the order of the flow::

    address   the verdict: seen, not_seen, or not_followed when no source shares the address's site either
    source    a source that shares the site or brought the document: when and how it was polled
    seen      an archived poll that holds the document: from where, when, how long after its own date
    parked    a stage gave the document, or a mail about it, up, and why
    client    what one client got of it: watches, story, held back or kept, and the digest
    watch     one watch of the client asked about: the clauses that held and those that failed it
    others    how many clients it concerns in nothing
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vigie.domain.clients import Watch
from vigie.domain.cutoffs import Interval
from vigie.domain.documents import Document
from vigie.domain.query import Clause
from vigie.domain.sources import Health, Source, SourceState

# -- facts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A source as it stands, and whether it brought a document of this address."""

    source: Source
    state: SourceState | None
    health: Health
    carried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A document of this address in an archived poll; ``queued`` is false while the poll waits to be applied."""

    document: Document
    batch_id: str
    polled_at: datetime
    queued: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How far the archive was read. ``unreadable`` counts the archived polls that could not be."""

    since: datetime
    polls_read: int
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTrial:
    """A watch as it is now put to a document: its clauses, or the ``problem`` that keeps it from being read."""

    watch: Watch
    clause: Clause | None = None
    problem: str | None = None

    @property
    def held(self) -> bool:
        """Whether the watch matches the document."""
        return self.clause is not None and self.clause.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A digest of a client, stored or to come; ``sent_to`` counts today's ``recipients`` who were mailed it."""

    digest_id: str
    interval: Interval
    send_at: datetime
    built: bool
    recipients: int = 0
    sent_to: int = 0


# -- findings -----------------------------------------------------------------------------------------------

AddressOutcome = Literal["seen", "not_seen", "not_followed"]
ClientOutcome = Literal[
    "kept", "held", "backfilled", "not_recorded", "watch_is_newer", "on_its_way", "parked", "not_matched"
]
DigestState = Literal["none", "to_come", "due", "sent", "partly_sent", "unsent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFinding:
    """The verdict, and how far it reaches: ``polls_read`` archived polls since ``since``."""

    finding: Literal["address"] = "address"
    says: str
    url: str
    canonical_url: str
    outcome: AddressOutcome
    documents: int
    since: datetime
    polls_read: int
    unreadable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFinding:
    """How a source does; ``carried`` tells whether it brought the document."""

    finding: Literal["source"] = "source"
    says: str
    source_id: str
    name: str
    url: str
    carried: bool
    health: Health
    polled_at: datetime | None
    succeeded_at: datetime | None
    next_poll_at: datetime | None
    failing_since: datetime | None
    failure: str | None
    gap_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFinding:
    """Where and when the document was seen; ``delay_seconds`` counts from the date it carries, if any."""

    finding: Literal["seen"] = "seen"
    says: str
    document_id: str
    source_id: str
    source_name: str
    title: str
    url: str
    published_at: datetime | None
    seen_at: datetime
    delay_seconds: int | None
    late: bool
    batch_id: str
    queued: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedFinding:
    """What a stage gave up, and why."""

    finding: Literal["parked"] = "parked"
    says: str
    stage: str
    thing_id: str
    reason: str
    parked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFinding:
    """What a client got of a document. ``watches`` are those recorded, or those that match today."""

    finding: Literal["client"] = "client"
    says: str
    client_id: str
    document_id: str
    outcome: ClientOutcome
    watches: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    recorded_at: datetime | None = None
    story_id: str | None = None
    role: str | None = None
    held_reason: str | None = None
    note: str = ""
    competitor_only: bool = False
    digest_id: str | None = None
    digest: DigestState = "none"
    send_at: datetime | None = None
    recipients: int = 0
    sent_to: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFinding:
    """A watch as it is today, put to the document: the clauses that ``failed`` it, and the whole tree."""

    finding: Literal["watch"] = "watch"
    says: str
    client_id: str
    watch_id: str
    watch_name: str
    document_id: str
    matched: bool
    words: tuple[str, ...]
    failed: tuple[str, ...]
    clauses: Clause | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OthersFinding:
    """Clients the document concerns in nothing: ``clients`` counts them."""

    finding: Literal["others"] = "others"
    says: str
    document_id: str
    clients: int


Finding = (
    AddressFinding
    | SourceFinding
    | SeenFinding
    | ParkedFinding
    | ClientFinding
    | WatchFinding
    | OthersFinding
)
