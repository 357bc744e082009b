"""Every head in one table: a feature costs one look-up for all labels of all tasks.

A *row* is what one feature weighs for each label, side by side in one large integer, 16 bits a label: adding two
rows is one addition, whatever the number of labels. Weights are stored plus 128, so that no lane is ever negative
and none borrows from its neighbour; ``Weighed.count`` says how many rows were added, which takes it out again. Sums
of words are in lanes of 32 bits, where they cannot run over, and are kept for the words seen lately: most words of
a document were in the one before.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vigie.domain.classification.features import pair_hashes, word_hashes

BIAS: Final = 128
"""What is added to every weight of a row."""

_NARROW_BYTES, _WIDE_BYTES = 2, 4  # of a lane: in a row, and in a sum
LANE_BITS, LANE_MASK = 32, 0xFFFFFFFF  # of a sum
_MOST_ROWS: Final = 250  # whose sum fits a narrow lane: 250 × 255 < 65,536
_KEPT_WORDS: Final = 1 << 14
_KEPT_SUMS: Final = 8  # every head of a document asks for the same


class _Rows(dict[int, int]):
    """The rows of a table as integers, each made when it is first asked for: most never are."""

    def __init__(self, table: bytes, row_bytes: int) -> None:
        super().__init__()
        self._table = table
        self._row_bytes = row_bytes

    def __missing__(self, row: int) -> int:
        start = row * self._row_bytes
        made = self[row] = int.from_bytes(self._table[start : start + self._row_bytes], "little")
        return made


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sum of ``count`` rows, in wide lanes."""

    total: int
    count: int

    def __add__(self, other: "Weighed") -> "Weighed":
        return Weighed(self.total + other.total, self.count + other.count)


class Table:
    """The columns of all heads, row by row."""

    def __init__(self, columns: Sequence[bytes]) -> None:
        """Interleave columns, each of 2**bits bytes of weights plus 128; the shorter ones repeat."""
        rows = max(len(column) for column in columns)
        self._lanes = len(columns)
        self._mask = rows - 1
        row_bytes = self._lanes * _NARROW_BYTES
        table = bytearray(rows * row_bytes)
        for lane, column in enumerate(columns):
            table[lane * _NARROW_BYTES :: row_bytes] = column * (rows // len(column))
        self._rows = _Rows(bytes(table), row_bytes)
        self._half = (self._lanes + 1) // 2
        self._even = int.from_bytes(b"\xff\xff\0\0" * self._half, "little")
        self._odd_shift = LANE_BITS * self._half
        self._sum_bytes = 2 * self._half * _WIDE_BYTES
        self.of_word = lru_cache(maxsize=_KEPT_WORDS)(self._of_word)
        self._lanes_of = lru_cache(maxsize=_KEPT_SUMS)(self._split)

    def of_words(self, marked: Sequence[str]) -> Weighed:
        """Return what the words of a text weigh: each by itself, and two by two."""
        alone = list(map(self.of_word, marked))
        return self.of_hashes(pair_hashes(marked)) + Weighed(
            sum(word.total for word in alone), sum(word.count for word in alone)
        )

    def of_hashes(self, hashes: Sequence[int]) -> Weighed:
        """Return what features weigh, by their hashes."""
        mask, row_at, total = self._mask, self._rows.__getitem__, 0
        for start in range(0, len(hashes), _MOST_ROWS):
            rows = [hashed & mask for hashed in hashes[start : start + _MOST_ROWS]]
            total += self._widened(sum(map(row_at, rows)))
        return Weighed(total, len(hashes))

    def place(self, lane: int) -> int:
        """Return where a column's lane stands in a sum: the even ones come first."""
        return lane >> 1 if lane % 2 == 0 else (lane >> 1) + self._half

    def lanes(self, weighed: Weighed) -> Sequence[int]:
        """Return all lanes of a sum by their places, each ``BIAS`` a row too high."""
        return self._lanes_of(weighed.total)

    def _split(self, total: int) -> Sequence[int]:
        return memoryview(total.to_bytes(self._sum_bytes, sys.byteorder)).cast("I")

    def _of_word(self, marked: str) -> Weighed:
        return self.of_hashes(word_hashes(marked))

    def _widened(self, narrow: int) -> int:
        """Return a sum of rows with its even lanes first, then its odd ones, 32 bits each."""
        return (narrow & self._even) | ((narrow >> 8 * _NARROW_BYTES & self._even) << self._odd_shift)
