"""Every head in one table: a feature costs one look-up for all labels of all tasks.

A *row* is what one feature weighs for each label, side by side in one large integer, 16 bits a label: adding two
rows is one addition, whatever the number of labels. Weights are stored plus 128, so that no lane is ever negative
and none borrows from its neighbour; one lane more, of ones, counts the rows added, which takes it out again. Sums of
words and of named features have lanes of 32 bits, where they cannot run over: integers, to be added up. They are kept
for the words seen lately: most words of a document were in the one before.
"""

import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from vigie.domain.classification.features import name_hash, pair_hashes, word_hashes

BIAS: Final = 128
"""What is added to every weight of a row."""

_NARROW_BYTES, _WIDE_BYTES = 2, 4  # of a lane: in a row, and in a sum
_WIDE_BITS: Final = 8 * _WIDE_BYTES
_MOST_ROWS: Final = 250  # whose sum fits a narrow lane: 250 × 255 < 65,536
_KEPT_WORDS: Final = 1 << 14
_KEPT_NAMES: Final = 1 << 12
_KEPT_SUMS: Final = 8  # every head of a document asks for the same


class Table:
    """The columns of all heads, row by row; ``width`` is the number of lanes of a sum, ``counter`` the last place."""

    def __init__(self, columns: Sequence[bytes]) -> None:
        """Interleave columns, each of 2**bits bytes of weights plus 128; the shorter ones repeat."""
        rows = max(len(column) for column in columns)
        lanes = len(columns) + 1
        self._mask = rows - 1
        self._row_bytes = lanes * _NARROW_BYTES
        table = bytearray(rows * self._row_bytes)
        for lane, column in enumerate((*columns, b"\1")):
            table[lane * _NARROW_BYTES :: self._row_bytes] = column * (rows // len(column))
        self._rows = bytes(table)
        self._half = (lanes + 1) // 2
        self._even = int.from_bytes(b"\xff\xff\0\0" * self._half, "little")
        self._odd_shift = _WIDE_BITS * self._half
        self.width = 2 * self._half
        self.counter = self.place(lanes - 1)
        self.of_word = lru_cache(maxsize=_KEPT_WORDS)(self._of_word)
        self.of_name = lru_cache(maxsize=_KEPT_NAMES)(self._of_name)
        self._lanes_of = lru_cache(maxsize=_KEPT_SUMS)(self._split)

    def of_words(self, marked: Sequence[str]) -> int:
        """Return what the words of a text weigh: each by itself, and two by two."""
        return sum(map(self.of_word, marked)) + self.of_hashes(pair_hashes(marked))

    def of_names(self, names: Iterable[str]) -> int:
        """Return what named features weigh."""
        return sum(map(self.of_name, names))

    def of_hashes(self, hashes: Sequence[int]) -> int:
        """Return what features weigh, by their hashes."""
        mask, size, table, total = self._mask, self._row_bytes, self._rows, 0
        for first in range(0, len(hashes), _MOST_ROWS):
            starts = [(hashed & mask) * size for hashed in hashes[first : first + _MOST_ROWS]]
            rows = [int.from_bytes(table[start : start + size], "little") for start in starts]
            total += self._widened(sum(rows))
        return total

    def place(self, lane: int) -> int:
        """Return where a column's lane stands in a sum: the even ones come first."""
        return lane >> 1 if lane % 2 == 0 else (lane >> 1) + self._half

    def lanes(self, weighed: int) -> Sequence[int]:
        """Return all lanes of a sum by their places, each ``BIAS`` a row too high."""
        return self._lanes_of(weighed)

    def side_by_side(self, sums: Iterable[int]) -> memoryview:
        """Return the lanes of several sums, ``width`` of each in a row."""
        size = self.width * _WIDE_BYTES
        return memoryview(b"".join([one.to_bytes(size, sys.byteorder) for one in sums])).cast("I")

    def _split(self, weighed: int) -> Sequence[int]:
        return self.side_by_side([weighed]).tolist()

    def _of_word(self, marked: str) -> int:
        return self.of_hashes(word_hashes(marked))

    def _of_name(self, name: str) -> int:
        return self.of_hashes([name_hash(name)])

    def _widened(self, narrow: int) -> int:
        """Return a sum of rows with its even lanes first, then its odd ones, 32 bits each."""
        return (narrow & self._even) | ((narrow >> 8 * _NARROW_BYTES & self._even) << self._odd_shift)
