"""Whether two fingerprints are of one text."""

from vigie.domain.stories.fingerprint import SHORT_WORDS, TINY_WORDS, Fingerprint
from vigie.domain.stories.particulars import agreement
from vigie.domain.stories.sketch import Overlap, overlap

HOUR = 3600
MEMORY_SECONDS = 30 * 24 * HOUR


def same_page(mine: Fingerprint, theirs: Fingerprint) -> bool:
    """Say whether two documents at one address are one story; a page that is rewritten for each day is not."""
    if _apart(mine, theirs) > MEMORY_SECONDS:
        return False
    if mine.social or theirs.social:
        return same_text(mine, theirs) or mine.words == theirs.words == 0
    if _apart(mine, theirs) <= 48 * HOUR or min(mine.words, theirs.words) < SHORT_WORDS:
        return True
    return overlap(mine.wide, theirs.wide).containment >= 0.2


def same_text(mine: Fingerprint, theirs: Fingerprint) -> bool:
    """Say whether one of two texts is the other, cropped, corrected or rewritten in part."""
    if _apart(mine, theirs) > MEMORY_SECONDS:
        return False
    fewer = min(mine.words, theirs.words)
    if fewer < TINY_WORDS and max(mine.words, theirs.words) >= SHORT_WORDS:
        return False
    short = max(mine.words, theirs.words) < SHORT_WORDS
    shared = overlap(mine.narrow, theirs.narrow) if short else overlap(mine.wide, theirs.wide)
    if mine.social and theirs.social:
        return _same_post(mine, theirs, shared, fewer)
    return not _templated(mine, theirs, shared, fewer) and _alike(mine, theirs, shared, fewer)


def _same_post(mine: Fingerprint, theirs: Fingerprint, shared: Overlap, fewer: int) -> bool:
    fewest = 4 if mine.repost or theirs.repost else 8
    if fewer < fewest:
        return False
    return shared.containment >= (0.8 if fewer < 12 else 0.65)


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
    return agreed.fewer >= 3 and agreed.share < 0.5


def _alike(mine: Fingerprint, theirs: Fingerprint, shared: Overlap, fewer: int) -> bool:
    if fewer < 8 or (fewer < 15 and shared.containment < 0.95):
        return False
    if fewer < SHORT_WORDS:
        return shared.containment >= 0.65
    return _one_text(shared, certain=_sure(mine, theirs))


def _sure(mine: Fingerprint, theirs: Fingerprint) -> bool:
    """Say whether the particulars let a text be known again by less than most of it."""
    agreed = agreement(mine.particulars, theirs.particulars)
    return _apart(mine, theirs) <= 72 * HOUR and (agreed.share >= 0.5 or agreed.fewer < 3)


def _one_text(shared: Overlap, *, certain: bool) -> bool:
    """Say whether what two texts share is one text from its beginning, rather than a passage in both.

    A copy begins as the original does, or after a lead of its own, or it was rewritten here and there and shares
    a little everywhere. A quotation, a reminder or an item of a round-up lies in one place, and the texts around
    it begin otherwise.
    """
    containment = shared.containment
    if shared.spread >= 6 and containment >= (0.2 if certain else 0.65):
        return shared.estimate >= 8 and (shared.begins or shared.weight >= 0.35 or containment >= 0.8)
    if not shared.begins:
        return False
    return containment >= (0.35 if certain else 0.65) and shared.weight >= 0.35 and shared.estimate >= 16


def _apart(mine: Fingerprint, theirs: Fingerprint) -> int:
    return abs(mine.at - theirs.at)
