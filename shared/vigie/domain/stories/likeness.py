"""Whether two fingerprints are of one text."""

from enum import IntEnum

from vigie.domain.stories.fingerprint import SHORT_WORDS, TINY_WORDS, Fingerprint
from vigie.domain.stories.particulars import Agreement, agreement
from vigie.domain.stories.sketch import Overlap, overlap

HOUR = 3600
MEMORY_SECONDS = 30 * 24 * HOUR
CLOSE_CONTAINMENT = 0.75


class Likeness(IntEnum):
    """How alike two documents are: whoever is like a CLOSE one is found through it, and needs no other posted."""

    OTHER = 0
    ALIKE = 1
    CLOSE = 2


def compare_headline(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Compare two documents of one publisher under one title.

    They are one page when one of them is hardly more than that title, as news searches show it, and they are of the
    same day; two whole texts are compared as texts.
    """
    bare = min(one.words, other.words) < TINY_WORDS
    return Likeness.CLOSE if bare and _apart(one, other) <= 24 * HOUR else Likeness.OTHER


def compare_page(mine: Fingerprint, theirs: Fingerprint) -> Likeness:
    """Compare two documents at one address; a page that is rewritten for each day is another story each."""
    if _apart(mine, theirs) > MEMORY_SECONDS:
        return Likeness.OTHER
    if mine.social or theirs.social:
        empty = mine.words == theirs.words == 0
        return Likeness.CLOSE if empty else compare_text(mine, theirs)
    if _apart(mine, theirs) <= 48 * HOUR or min(mine.words, theirs.words) < SHORT_WORDS:
        return Likeness.CLOSE
    return Likeness.CLOSE if overlap(mine.wide, theirs.wide).containment >= 0.2 else Likeness.OTHER


def compare_text(mine: Fingerprint, theirs: Fingerprint) -> Likeness:
    """Say whether one of two texts is the other, cropped, corrected or rewritten in part."""
    if _apart(mine, theirs) > MEMORY_SECONDS:
        return Likeness.OTHER
    fewer = min(mine.words, theirs.words)
    if fewer < TINY_WORDS and max(mine.words, theirs.words) >= SHORT_WORDS:
        return Likeness.OTHER
    short = max(mine.words, theirs.words) < SHORT_WORDS
    shared = overlap(mine.narrow, theirs.narrow) if short else overlap(mine.wide, theirs.wide)
    if mine.social and theirs.social:
        alike = _same_post(mine, theirs, shared, fewer)
    else:
        alike = not _templated(mine, theirs, shared, fewer) and _alike(mine, theirs, shared, fewer)
    if not alike:
        return Likeness.OTHER
    return Likeness.CLOSE if shared.containment >= CLOSE_CONTAINMENT else Likeness.ALIKE


def _same_post(mine: Fingerprint, theirs: Fingerprint, shared: Overlap, fewer: int) -> bool:
    fewest = 4 if mine.repost or theirs.repost else 8
    if fewer < fewest:
        return False
    return shared.containment >= (0.8 if fewer < 12 else 0.65 if fewer < SHORT_WORDS else 0.5)


def _templated(mine: Fingerprint, theirs: Fingerprint, shared: Overlap, fewer: int) -> bool:
    """Say whether two texts are alike as bulletins are."""
    if fewer >= 250:
        return False
    apart = _apart(mine, theirs)
    if apart > 48 * HOUR and shared.containment < 0.97:
        return True
    if apart > 168 * HOUR and fewer < 60:
        return True
    agreed = agreement(mine.particulars, theirs.particulars)
    return agreed.fewer >= 3 and agreed.share < (0.3 if shared.estimate >= 50 else 0.5)


def _alike(mine: Fingerprint, theirs: Fingerprint, shared: Overlap, fewer: int) -> bool:
    if fewer < 8 or (fewer < 15 and shared.containment < 0.95):
        return False
    brief = fewer < SHORT_WORDS
    least = 0.6 if brief or shared.begins or shared.patched else 0.8
    if shared.containment >= least:  # even a brief may be an item that a round-up took up
        return shared.weight >= 0.25 or shared.estimate < 16 or _excerpt(mine, theirs)
    return (
        not brief
        and _sure(mine, theirs)
        and _rewritten(shared, agreement(mine.particulars, theirs.particulars))
    )


def _excerpt(mine: Fingerprint, theirs: Fingerprint) -> bool:
    """Say whether the shorter text came later: a piece of what was out, not an item that a round-up took up."""
    shorter, longer = sorted((mine, theirs), key=lambda mark: mark.words)
    return shorter.at >= longer.at


def _sure(mine: Fingerprint, theirs: Fingerprint) -> bool:
    """Say whether the particulars let a text be known again by less than most of it."""
    agreed = agreement(mine.particulars, theirs.particulars)
    return _apart(mine, theirs) <= 72 * HOUR and (agreed.share >= 0.3 or agreed.fewer < 3)


def _rewritten(shared: Overlap, agreed: Agreement) -> bool:
    """Say whether what two texts share is one text rewritten in part, rather than a passage that both hold.

    A copy begins as the original does, or after a lead of its own; rewritten here and there, it shares a little
    everywhere, with holes. A quotation, a reminder or an item of a round-up lies whole in one place, and the
    texts around it begin otherwise.
    """
    containment = shared.containment
    if shared.patched and shared.estimate >= 30 and containment >= 0.25:
        return True
    if shared.patched and shared.estimate >= 16 and agreed.fewer >= 8 and agreed.share >= 0.8:
        return containment >= 0.2
    if shared.weight < 0.35:
        return False
    if shared.spread >= 6 and containment >= 0.2 and shared.estimate >= 12:
        return True
    least = 0.3 if agreed.fewer >= 3 else 0.5
    return shared.begins and containment >= least and shared.estimate >= 12


def _apart(mine: Fingerprint, theirs: Fingerprint) -> int:
    return abs(mine.at - theirs.at)
