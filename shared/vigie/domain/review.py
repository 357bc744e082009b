"""What a client's reviewer decides of one digest before it leaves, and the digest with that laid over it.

A review is a list of wishes about a stored digest, which itself never changes: it is applied whenever the digest is
read, so that what was found and what was decided of it can both be told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from vigie.domain.digest import (
    ADDED_KINDS,
    TONES,
    AddedItem,
    Digest,
    ReviewedBy,
    StoryEntry,
    SubjectCard,
    SubjectLine,
    Tone,
)
from vigie.domain.digest_stories import GRAVEST_FIRST
from vigie.errors import BadField, Expired, Outdated

PREVIEW_BEFORE = timedelta(minutes=30)
"""How long before a digest leaves its reviewer is asked to look it over."""

NOTE_LIMIT_CHARACTERS = 1_000
TEXT_LIMIT_CHARACTERS = 300
ADDED_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class ToneCorrection:
    """Another tone for one story of the digest."""

    story_id: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a reviewer decided of one digest. Subjects and stories are named by their ids.

    ``version`` counts the times it was kept: who keeps one says which they had read. ``order`` are subjects that
    come first in that order, after those ``pinned``; ``note`` is the word of the agency.
    """

    client_id: str
    digest_id: str
    version: int = 0
    by: str = ""
    at: datetime | None = None
    dropped: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    note: str = ""
    corrections: tuple[ToneCorrection, ...] = ()
    added: tuple[AddedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How the review of a digest stands: what was decided, and since when nothing more can be."""

    review: Review
    closed_at: datetime | None = None


def check_review(digest: Digest, review: Review) -> Review:
    """Return ``review`` when all it names is in ``digest`` and fits. Raises BadField naming what does not."""
    subjects = {subject.subject_id for subject in (*digest.subjects, *digest.others)}
    stories = {entry.story_id for line in (*digest.subjects, *digest.others) for entry in line.stories}
    _check_ids("dropped", review.dropped, subjects)
    _check_ids("pinned", review.pinned, subjects)
    _check_ids("order", review.order, subjects)
    _check_ids("corrections", [correction.story_id for correction in review.corrections], stories)
    both = set(review.dropped) & set(review.pinned)
    if both:
        raise BadField("pinned", f"{min(both)} is dropped too", "Drop a subject or pin it, not both.")
    for correction in review.corrections:
        if correction.tone not in TONES:
            raise BadField(
                "corrections.tone", f"{correction.tone!r} is unknown", f"Use one of {', '.join(TONES)}."
            )
    _check_length("note", review.note, NOTE_LIMIT_CHARACTERS)
    if len(review.added) > ADDED_AT_MOST:
        raise BadField("added", "holds too many", f"Add {ADDED_AT_MOST} at most.")
    for item in review.added:
        _check_item(item)
    return review


def apply_review(digest: Digest, review: Review | None) -> Digest:
    """Return the digest as its reviewer wants it read; one that nobody touched is returned as it is.

    The totals stay the ledger's: what is dropped is told, what is added counts nowhere. A corrected tone moves its
    story's publications from one tone to the other. A subject pinned from below is shown in full, as far as known.
    """
    if review is None or review.at is None:
        return digest
    corrected, tones = _corrected(digest, review.corrections)
    shown = [line for line in corrected if line.subject_id not in review.dropped]
    ranks = {
        subject_id: rank for rank, subject_id in enumerate(dict.fromkeys((*review.pinned, *review.order)))
    }
    ordered = sorted(shown, key=lambda line: _rank(line, review.pinned, ranks))
    full = max(len(digest.subjects), len(review.pinned))
    return replace(
        digest,
        subjects=tuple(_in_full(line) for line in ordered[:full]),
        others=tuple(ordered[full:]),
        totals=replace(digest.totals, tones=tones),
        review=ReviewedBy(
            by=review.by,
            at=review.at,
            note=review.note.strip(),
            dropped=tuple(line for line in corrected if line.subject_id in review.dropped),
            pinned=tuple(line.subject_id for line in ordered if line.subject_id in review.pinned),
            corrected=tuple(line.subject_id for line in ordered if _touches(line, review.corrections)),
            added=review.added,
        ),
    )


def _rank(line: SubjectLine, pinned: Sequence[str], ranks: dict[str, int]) -> tuple[bool, int]:
    """Return a subject's place: pinned ones, then those ordered, then the others as they were (sorting is stable)."""
    return line.subject_id not in pinned, ranks.get(line.subject_id, len(ranks))


def _corrected(
    digest: Digest, corrections: Sequence[ToneCorrection]
) -> tuple[list[SubjectLine], dict[str, int]]:
    """Return the subjects with the tones corrected, and the totals that follow."""
    wanted = {correction.story_id: correction.tone for correction in corrections}
    tones = dict(digest.totals.tones)
    lines: list[SubjectLine] = []
    for line in (*digest.subjects, *digest.others):
        stories = tuple(_with_tone(story, wanted, tones) for story in line.stories)
        if stories != line.stories:
            line = replace(line, stories=stories, tone=_gravest(stories))  # noqa: PLW2901 - the same subject
        lines.append(line)
    return lines, tones


def _with_tone(story: StoryEntry, wanted: dict[str, Tone], tones: dict[str, int]) -> StoryEntry:
    tone = wanted.get(story.story_id, story.tone)
    if tone != story.tone:
        moved = min(story.publications, tones[story.tone])  # a reprint may have had a tone of its own
        tones[story.tone] -= moved
        tones[tone] += moved
    return replace(story, tone=tone)


def _gravest(stories: Sequence[StoryEntry]) -> Tone:
    return min((story.tone for story in stories), key=GRAVEST_FIRST.index)


def _touches(line: SubjectLine, corrections: Sequence[ToneCorrection]) -> bool:
    return bool({story.story_id for story in line.stories} & {each.story_id for each in corrections})


def _in_full(line: SubjectLine) -> SubjectCard:
    """Return a subject as one in full: of one that was a line, what its line says."""
    if isinstance(line, SubjectCard):
        return line
    first = line.stories[0] if line.stories else None
    return SubjectCard(
        **{each.name: getattr(line, each.name) for each in fields(SubjectLine)},
        tier=None,
        channels={},
        last_published_at=line.published_at,
        found_by=(),
        extract="",
        reprints=first.reprints if first else (),
    )


def _check_ids(field: str, ids: Sequence[str], known: set[str]) -> None:
    for given in ids:
        if given not in known:
            raise BadField(field, f"{given} is not in this digest", "Name what the digest holds, by its id.")
    if len(set(ids)) != len(ids):
        raise BadField(field, "names one twice", "Name each once.")


def _check_length(field: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise BadField(field, f"is longer than {limit} characters", "Make it shorter.")


def _check_item(item: AddedItem) -> None:
    if item.kind not in ADDED_KINDS:
        raise BadField("added.kind", f"{item.kind!r} is unknown", f"Use one of {', '.join(ADDED_KINDS)}.")
    for field, text in (("added.title", item.title), ("added.outlet", item.outlet)):
        if not text.strip():
            raise BadField(field, "is empty", "Say what was on, and where.")
        _check_length(field, text, TEXT_LIMIT_CHARACTERS)
    _check_length("added.note", item.note, TEXT_LIMIT_CHARACTERS)


def review_closed() -> Expired:
    """Return what is told of a decision that comes when its digest has left."""
    return Expired("This digest has left; what was decided before stands. The next one can be looked over.")


def review_outdated() -> Outdated:
    """Return what is told of a decision about a review that changed since it was read."""
    return Outdated("This review changed since you read it; read it again and decide again.")
