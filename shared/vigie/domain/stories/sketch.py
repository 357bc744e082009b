"""Sketches: from the smallest hashes of a text's shingles, the share it has in common with another.

The ``SKETCH_ENTRIES`` smallest hashes of a set are a sample of it, the same sample for whoever shares its members.
Of two sketches, only what lies under the lower of their two ends is comparable; there the count is exact. Each
hash is kept with the eighth of the text its shingle is in, so that a quotation both texts hold can be told from a
text that runs through both.

Broder, On the resemblance and containment of documents, 1997.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress
from zlib import crc32

SKETCH_ENTRIES = 220  # three bytes each: with the particulars a member stays within a write unit
PLACES = 8
HASH_BITS = 21
HASH_END = 1 << HASH_BITS
_CUT_BITS = 32 - HASH_BITS


@dataclass(frozen=True, slots=True)
class Sketch:
    """The smallest hashes of a text's shingles, ascending, the place of each, and how many shingles there are."""

    size: int
    hashes: tuple[int, ...]
    places: bytes

    @property
    def end(self) -> int:
        """Every shingle of the text whose hash would be lower is in the sketch."""
        return self.hashes[-1] if self.size > len(self.hashes) else HASH_END


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
    def patched(self) -> bool:
        """Whether what is shared has holes in one of the texts: a passage that is quoted has none."""
        return any(_patched(*side) for side in self._sides)

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
    """Say whether a text's beginning was found."""
    return found[0] > 0.5 * totals[0]


def _patched(totals: tuple[int, ...], found: tuple[int, ...]) -> bool:
    """Say whether what was found has holes: less than half of a place that lies between two others."""
    places = [place for place in range(PLACES) if found[place] > 0.12 * totals[place]]
    inside = places and range(places[0] + 1, places[-1])
    return any(found[place] < 0.5 * totals[place] for place in inside or ())


@dataclass(frozen=True, slots=True)
class Shingles:
    """The hashes of every run of some words of a text, in reading order, and where each comes first."""

    hashes: list[int]
    first: dict[int, int]

    @classmethod
    def of(cls, hashes: list[int]) -> "Shingles":
        """Return the shingles of these hashes."""
        last = len(hashes) - 1
        return cls(hashes, dict(zip(reversed(hashes), range(last, -1, -1), strict=True)))

    def sketch(self) -> Sketch:
        """Return the text's sketch."""
        chosen = sorted(self.first)[:SKETCH_ENTRIES]
        total = len(self.hashes)
        bounds = [place * total // PLACES for place in range(PLACES + 1)]
        places = b"".join(
            [sign * (stop - start) for sign, start, stop in zip(_SIGNS, bounds, bounds[1:], strict=False)]
        )
        where = map(places.__getitem__, map(self.first.__getitem__, chosen))
        return Sketch(len(self.first), tuple(chosen), bytes(where))

    def starts(self, hashes: Iterable[int]) -> list[int]:
        """Return the word at which each of these shingles begins."""
        return [self.first[value] for value in hashes]


_SIGNS = tuple(bytes([place]) for place in range(PLACES))
NONE = Shingles.of([])


class WordRuns:
    """A text's words a line feed apart, to hash runs of them."""

    def __init__(self, words: Sequence[bytes]) -> None:
        self.joined = b"\n".join(words) + b"\n" if words else b""
        self._starts = [0, *accumulate([len(word) + 1 for word in words])]

    def run(self, start: int, width: int) -> bytes:
        """Return ``width`` words from ``start``."""
        return self.joined[self._starts[start] : self._starts[start + width]]

    def shingles(self, width: int) -> Shingles:
        """Return every run of ``width`` words.

        CRC-32 serves because it is stable, even and fast; nothing here needs to withstand forgery.
        """
        joined, starts = self.joined, self._starts
        runs = [joined[start:stop] for start, stop in zip(starts, starts[width:], strict=False)]
        return Shingles.of([value >> _CUT_BITS for value in map(crc32, runs)])


def overlap(mine: Sketch, theirs: Sketch) -> Overlap:
    """Return what two texts share."""
    end = min(mine.end, theirs.end)
    my_hashes = mine.hashes[: bisect_left(mine.hashes, end)]
    their_hashes = theirs.hashes[: bisect_left(theirs.hashes, end)]
    both = frozenset(my_hashes).intersection(their_hashes)
    shared = both.__contains__
    return Overlap(
        mine=_by_place(mine.places[: len(my_hashes)]),
        theirs=_by_place(theirs.places[: len(their_hashes)]),
        shared_mine=_by_place(bytes(compress(mine.places, map(shared, my_hashes)))),
        shared_theirs=_by_place(bytes(compress(theirs.places, map(shared, their_hashes)))),
        shared=len(both),
        rate=end / HASH_END,
    )


def _by_place(places: bytes) -> tuple[int, ...]:
    return tuple(map(places.count, range(PLACES)))
