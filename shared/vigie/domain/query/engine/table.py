"""Strings and their numbers, in bytes that are used as they lie: nothing is built when a file is loaded."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b


def _slot(written: bytes) -> int:
    return int.from_bytes(blake2b(written, digest_size=4).digest(), "little")


@dataclass(frozen=True, slots=True)
class StringTable:
    """An open-addressing hash table: string ``n`` (from 1) is ``content[ends[n - 1]:ends[n]]`` in UTF-8.

    ``slots`` are a power of two in number, half of them empty (0) or more; a string lies in the first free slot
    from the one that its BLAKE2b hash names.
    """

    content: bytes
    start: int  # where the first string begins in ``content``
    ends: Sequence[int]
    slots: Sequence[int]

    @classmethod
    def of(cls, written: Sequence[bytes]) -> "StringTable":
        """Return the table of distinct strings, each in UTF-8, numbered from 1 in the order given."""
        slots = array("I", [0]) * (2 << max(len(written), 1).bit_length())
        last = len(slots) - 1
        ends = array("I", [0])
        for number, string in enumerate(written, 1):
            ends.append(ends[-1] + len(string))
            slot = _slot(string) & last
            while slots[slot]:
                slot = slot + 1 & last
            slots[slot] = number
        return cls(b"".join(written), 0, ends, slots)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def number(self, wanted: bytes) -> int:
        """Return the number of a string (in UTF-8), 0 when it has none."""
        last = len(self.slots) - 1
        slot = _slot(wanted) & last
        while number := self.slots[slot]:
            if self.written(number) == wanted:
                return number
            slot = slot + 1 & last
        return 0

    def written(self, number: int) -> bytes:
        """Return the string with a number, in UTF-8."""
        return self.content[self.start + self.ends[number - 1] : self.start + self.ends[number]]
