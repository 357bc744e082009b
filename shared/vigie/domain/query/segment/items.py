"""Many byte strings in one file, deflated a few together, so that some are had without inflating all."""

import zlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from vigie.domain.query.engine.sections import packed, seal, unseal

MAGIC = b"VIGIE-D\n"
VERSION = 1
TOGETHER = 16


class Items:
    """A file of items read. Raises BadFile when it cannot be."""

    def __init__(self, content: bytes) -> None:
        self._sections = unseal(MAGIC, VERSION, content)
        self._starts = self._sections.numbers("starts")
        self._blocks = self._sections.numbers("blocks")
        self._block = lru_cache(maxsize=8)(self._inflated)

    def __len__(self) -> int:
        return max(0, len(self._starts) - 1)

    def __getitem__(self, number: int) -> bytes:
        """Return an item."""
        first = number - number % TOGETHER
        base = self._starts[first]
        return self._block(number // TOGETHER)[self._starts[number] - base : self._starts[number + 1] - base]

    def _inflated(self, block: int) -> bytes:
        start = self._sections.start("items")
        return zlib.decompress(
            self._sections.content[start + self._blocks[block] : start + self._blocks[block + 1]]
        )


def write_items(items: Sequence[bytes]) -> bytes:
    """Return the file of some items, numbered from 0 in the order given; the same items, the same bytes."""
    blocks = [
        zlib.compress(b"".join(items[first : first + TOGETHER])) for first in range(0, len(items), TOGETHER)
    ]
    sections = {
        "starts": packed(list(accumulate(map(len, items), initial=0))),
        "blocks": packed(list(accumulate(map(len, blocks), initial=0))),
        "items": b"".join(blocks),
    }
    return seal(MAGIC, VERSION, sections)
