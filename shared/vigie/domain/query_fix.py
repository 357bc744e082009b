"""From what a client says is not about it to the exclusion that its watch lacks, and what that would have removed.

A person decides: the proposal shows how much it would have taken out of the past, and how much of that was theirs.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from vigie.domain.exclusions import Sample, choose
from vigie.domain.feedback import Undone
from vigie.domain.mentions import Mention
from vigie.domain.query import Query, canonical, evaluate, parse, prepare_document
from vigie.domain.query.nodes import Not, conjunction

Judged = Literal["not_us", "relevant", "passing", "unknown"]
"""What is known of a mention: rejected by hand, about the client, of it in passing only, or nothing sure."""

Decision = Literal["accepted", "refused"]
SAMPLES: Final = 8
_RELEVANT_COUNTS_AS = 4
_SHOWN_FIRST: tuple[Judged, ...] = ("relevant", "passing", "unknown", "not_us")


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A mention that the fix would have kept out."""

    mention_id: str
    title: str
    url: str
    source_name: str
    recorded_at: datetime
    judged: Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A watch's query with exclusions added, in canonical form, and what it would have removed from past mentions.

    ``matched`` is how many of the mentions looked at the query finds as it is, ``removed`` how many of these the fix
    takes out: ``rejected`` by hand, ``relevant`` to the client, the others in passing or not judged. ``uncovered``
    rejected mentions would still be found. ``samples`` show the relevant first.
    """

    fix_id: str
    client_id: str
    watch_id: str
    query_before: str
    query_after: str
    exclusions: tuple[str, ...]
    matched: int
    removed: int
    rejected: int
    relevant: int
    uncovered: int
    samples: tuple[Removed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFix:
    """What somebody decided of a proposal: accepted, the watch asks ``query_after``, until it is ``undone``."""

    fix_id: str
    client_id: str
    watch_id: str
    query_before: str
    query_after: str
    exclusions: tuple[str, ...]
    decision: Decision
    decided_at: datetime
    decided_by: str
    reason: str = ""
    undone: Undone | None = None


def propose(
    *,
    client_id: str,
    watch_id: str,
    query_text: str,
    rejected: Iterable[Mention],
    kept: Iterable[Mention],
    refused: Collection[str] = (),
) -> Proposal | None:
    """Return the fix of a watch's query, None when nothing tells the rejected mentions from the kept ones.

    Mentions are the watch's; those that the query does not find (any more) say nothing. ``refused`` are exclusions
    that somebody did not want. Raises BadQuery for a query that cannot be read.
    """
    query = parse(query_text)
    wrong, right = _found(query, rejected), _found(query, kept)
    exclusions = choose(query, [_sample(m) for m in wrong], [_sample(m) for m in right], refused)
    if not exclusions:
        return None
    after = canonical(Query("", conjunction([query.root, *(Not(each.node) for each in exclusions)])))
    fixed = parse(after)
    rejected_gone = _lost(fixed, wrong)
    kept_gone = _lost(fixed, right)
    return Proposal(
        fix_id=fix_id_of(watch_id, query_text, after),
        client_id=client_id,
        watch_id=watch_id,
        query_before=query_text,
        query_after=after,
        exclusions=tuple(each.text for each in exclusions),
        matched=len(wrong) + len(right),
        removed=len(rejected_gone) + len(kept_gone),
        rejected=len(rejected_gone),
        relevant=sum(_judged(mention) == "relevant" for mention in kept_gone),
        uncovered=len(wrong) - len(rejected_gone),
        samples=_samples(rejected_gone, kept_gone),
    )


def fix_id_of(watch_id: str, query_before: str, query_after: str) -> str:
    """Return the id of a change of a watch's query: the same change has the same."""
    change = f"{watch_id}\0{query_before}\0{query_after}"
    return hashlib.sha256(change.encode()).hexdigest()[:16]


def _found(query: Query, mentions: Iterable[Mention]) -> list[Mention]:
    return [
        mention for mention in mentions if evaluate(query, prepare_document(mention.document)) is not None
    ]


def _lost(fixed: Query, mentions: Iterable[Mention]) -> list[Mention]:
    return [mention for mention in mentions if evaluate(fixed, prepare_document(mention.document)) is None]


def _sample(mention: Mention) -> Sample:
    weight = _RELEVANT_COUNTS_AS if _judged(mention) == "relevant" else 1
    return Sample(mention.mention_id, prepare_document(mention.document), weight)


def _judged(mention: Mention) -> Judged:
    known = [each.relevance for each in mention.labels.assessments if not each.relevance.abstained]
    values = {label.value for label in known}
    if values & {"main", "secondary"}:
        return "relevant"
    return "passing" if "passing" in values else "unknown"


def _samples(rejected: Sequence[Mention], kept: Sequence[Mention]) -> tuple[Removed, ...]:
    removed = [_removed(mention, _judged(mention)) for mention in kept]
    removed += [_removed(mention, "not_us") for mention in rejected]
    removed.sort(key=lambda each: (_SHOWN_FIRST.index(each.judged), -each.recorded_at.timestamp()))
    return tuple(removed[:SAMPLES])


def _removed(mention: Mention, judged: Judged) -> Removed:
    document = mention.document
    return Removed(
        mention_id=mention.mention_id,
        title=document.title,
        url=document.url,
        source_name=document.source_name,
        recorded_at=mention.recorded_at,
        judged=judged,
    )
