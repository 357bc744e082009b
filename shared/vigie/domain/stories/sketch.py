"""Sketches: from the smallest hashes of a text's shingles, the share it has in common with another.

The ``SKETCH_ENTRIES`` smallest hashes of a set are a sample of it, the same sample for whoever shares its members.
Of two sketches, only what lies under the lower of their two ends is comparable; there the count is exact. Each
entry keeps which eighth of the text its shingle is in, so that a quotation both texts hold can be told from a
text that runs through both.

Broder, On the resemblance and containment of documents, 1997.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from zlib import crc32

SKETCH_ENTRIES = 220  # three bytes each: with the particulars a member stays within a write unit
PLACES = 8
_PLACE_BITS = 3
_HASH_BITS = 21
_END = 1 << (_HASH_BITS + _PLACE_BITS)
_DROPPED_BITS = 32 - _HASH_BITS


@dataclass(frozen=True, slots=True)
class Sketch:
    """``entries``: hash (21 bits) and place (3 bits) of the smallest shingles, ascending; ``size``: of all."""

    size: int
    entries: tuple[int, ...]

    @property
    def end(self) -> int:
        """Every shingle of the text whose entry would be lower is in the sketch."""
        return self.entries[-1] if self.size > len(self.entries) else _END


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts share, among the shingles both sketches can tell of.

    ``mine`` and ``theirs`` count those by place, ``shared_mine`` and ``shared_theirs`` the shared ones;
    ``rate`` is the part of all shingles that can be told of.
    """

    mine: tuple[int, ...]
    theirs: tuple[int, ...]
    shared_mine: tuple[int, ...]
    shared_theirs: tuple[int, ...]
    shared: int
    rate: float

    @property
    def containment(self) -> float:
        """The share of the smaller text that is in the other."""
        smaller = min(sum(self.mine), sum(self.theirs))
        return self.shared / smaller if smaller else 0.0

    @property
    def resemblance(self) -> float:
        """The share of both texts that is in both (Jaccard)."""
        union = sum(self.mine) + sum(self.theirs) - self.shared
        return self.shared / union if union else 0.0

    @property
    def spread(self) -> int:
        """In how many places of the smaller text something is shared."""
        totals, found = min((self.mine, self.shared_mine), (self.theirs, self.shared_theirs), key=_total)
        return sum(1 for total, part in zip(totals, found, strict=True) if part > 0.12 * total)

    @property
    def begins(self) -> bool:
        """Whether what is shared has the beginning of one of the texts."""
        return any(_starts(*side) for side in self._sides)

    @property
    def weight(self) -> float:
        """The share of what is shared in the text that begins otherwise; 1 when both begin with it."""
        others = [side for side in self._sides if not _starts(*side)]
        return min((sum(found) / (sum(totals) or 1) for totals, found in others), default=1.0)

    @property
    def _sides(self) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
        return (self.mine, self.shared_mine), (self.theirs, self.shared_theirs)

    @property
    def estimate(self) -> float:
        """About how many shingles the texts share in all."""
        return self.shared / self.rate


def _total(side: tuple[tuple[int, ...], tuple[int, ...]]) -> int:
    return sum(side[0])


def _starts(totals: tuple[int, ...], found: tuple[int, ...]) -> bool:
    """Say whether enough of a text's first quarter was found."""
    return sum(found[:2]) > 0.2 * sum(totals[:2])


def shingle_hashes(words: Sequence[str], width: int) -> tuple[list[int], bytes, list[int]]:
    """Return the hash of every run of ``width`` words; the words as bytes, a space apart; where each begins.

    CRC-32 serves because it is stable, even and fast; nothing here needs to withstand forgery.
    """
    joined = " ".join(words).encode("utf-8", "surrogatepass")
    starts = [0, *accumulate(len(word) + 1 for word in joined.split(b" "))]
    return [crc32(joined[a : b - 1]) for a, b in zip(starts, starts[width:], strict=False)], joined, starts


def sketch_of(hashes: Sequence[int]) -> Sketch:
    """Return the sketch of a text's shingles, given in reading order."""
    total = len(hashes)
    cuts = [place * total // PLACES for place in range(PLACES + 1)]
    placed: dict[int, int] = {}
    for place in reversed(range(PLACES)):  # of a shingle that comes again, the first place stands
        for value in hashes[cuts[place] : cuts[place + 1]]:
            placed[value >> _DROPPED_BITS] = place
    chosen = sorted(placed)[:SKETCH_ENTRIES]
    return Sketch(len(placed), tuple([value << _PLACE_BITS | placed[value] for value in chosen]))


def overlap(mine: Sketch, theirs: Sketch) -> Overlap:
    """Return what two texts share."""
    end = min(mine.end, theirs.end) >> _PLACE_BITS
    here = {entry >> _PLACE_BITS: entry & 7 for entry in mine.entries if entry >> _PLACE_BITS < end}
    there = {entry >> _PLACE_BITS: entry & 7 for entry in theirs.entries if entry >> _PLACE_BITS < end}
    both = here.keys() & there.keys()
    return Overlap(
        mine=_by_place(here.values()),
        theirs=_by_place(there.values()),
        shared_mine=_by_place(here[value] for value in both),
        shared_theirs=_by_place(there[value] for value in both),
        shared=len(both),
        rate=end / (_END >> _PLACE_BITS),
    )


def _by_place(places: Iterable[int]) -> tuple[int, ...]:
    counts = [0] * PLACES
    for place in places:
        counts[place] += 1
    return tuple(counts)
