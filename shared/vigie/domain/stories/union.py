"""Stories as trees: each document points to one that came before it, the first of all is the story's root.

Ranks never change and a parent's is always lower than its child's, so whatever workers do at once, there is no
ring, and the tree two of them make of the same links is the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vigie.domain.stories.fingerprint import Fingerprint

POSTINGS_AT_MOST = 6  # texts of different stories under one key: more, and the key is a template's
CANDIDATES_AT_MOST = 12

Rank = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """A document in its story. ``arrival`` is when it came, in microseconds, after those it was found like.

    ``parent`` is None for the first document of a story. ``expires_at`` is the store's business.
    """

    document_id: str
    mark: Fingerprint
    arrival: int
    parent: str | None = None
    expires_at: int = field(default=0, compare=False)

    @property
    def rank(self) -> Rank:
        """The order in which trees are linked."""
        return self.arrival, self.document_id


@dataclass(frozen=True, slots=True)
class StoryMerge:
    """Two stories turned out to be one: who reads ``old`` is to read ``new``."""

    old: str
    new: str


def arrival_after(now: datetime, others: Iterable[StoryMember]) -> int:
    """Return the arrival of a document that comes ``now`` and has seen ``others``: after all of them."""
    return max([int(now.timestamp() * 1_000_000), *(other.arrival + 1 for other in others)])


def candidates(postings: Mapping[str, tuple[str, ...]], own: str) -> list[str]:
    """Return the documents to compare with, those met under most keys first."""
    votes: dict[str, int] = {}
    for members in postings.values():
        for member in members:
            if member != own:
                votes[member] = votes.get(member, 0) + 1
    return sorted(votes, key=lambda member: (-votes[member], member))[:CANDIDATES_AT_MOST]
