"""What the documents of a story say together: who was first, who reprinted it, whose text it is, what changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from vigie.domain.documents import Document
from vigie.domain.mentions import Mention
from vigie.domain.sources import Tier
from vigie.domain.stories.corrections import Change, corrections
from vigie.domain.stories.publishers import Family, agencies_of, family_of

_TIERS: tuple[str, ...] = get_args(Tier)


@dataclass(frozen=True, slots=True)
class Correction:
    """A document whose text differs from what its own page said before."""

    document_id: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFacts:
    """A story as a whole. ``families`` counts documents by press group, the largest first."""

    document_ids: tuple[str, ...]
    first_source: str
    first_at: datetime
    families: tuple[tuple[Family, int], ...]
    best_tier: str | None
    agencies: tuple[str, ...]
    corrections: tuple[Correction, ...]

    @property
    def reprints(self) -> int:
        """How many press groups printed it after the first."""
        return len(self.families) - 1


@dataclass(frozen=True, slots=True)
class FoundStory:
    """A story as far as a client's watches found it: its mentions, oldest first, those held back included."""

    story_id: str
    mentions: Sequence[Mention]
    facts: StoryFacts


def facts_of(documents: Iterable[Document]) -> StoryFacts:
    """Return what a story's documents (one at least) say together, the same in any order."""
    in_order = sorted(
        documents, key=lambda document: (_out(document), document.seen_at, document.document_id)
    )
    families = {family.family_id: family for family in map(family_of, in_order)}
    counts = Counter(family_of(document).family_id for document in in_order)
    tiers = [document.outlet_tier for document in in_order if document.outlet_tier in _TIERS]
    agencies = dict.fromkeys(agency for document in in_order for agency in agencies_of(document))
    return StoryFacts(
        document_ids=tuple(document.document_id for document in in_order),
        first_source=in_order[0].source_name,
        first_at=_out(in_order[0]),
        families=tuple((families[family_id], count) for family_id, count in counts.most_common()),
        best_tier=min(tiers, key=_TIERS.index, default=None),
        agencies=tuple(agencies),
        corrections=tuple(_corrections(in_order)),
    )


def _corrections(in_order: Sequence[Document]) -> Iterable[Correction]:
    """Yield what each page changed since it was last seen."""
    last: dict[str, Document] = {}
    for document in in_order:
        before = last.get(document.canonical_url)
        if before is not None and (changes := corrections(_said(before), _said(document))):
            yield Correction(document.document_id, changes)
        if document.canonical_url:
            last[document.canonical_url] = document


def _said(document: Document) -> str:
    return f"{document.title}\n{document.body or document.summary}"


def _out(document: Document) -> datetime:
    return min(document.published_at or document.seen_at, document.seen_at)
