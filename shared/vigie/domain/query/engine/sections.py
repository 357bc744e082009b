"""Bytes in named sections under one checksum: the envelope of a compiled file.

::

    8   magic            4   version (u32)      4   length of the table of contents (u32)
    4   length and       4   CRC-32 (both u32) of everything after these 24 bytes
    …   table of contents: JSON, {"section": [offset, length], …}; offsets from the end of it
    …   sections, each at a multiple of 4

Whole numbers are little-endian. The checksum finds damage, quickly. Nothing in a file is ever executed, so that one
from elsewhere is at worst refused.
"""

import json
import struct
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from zlib import crc32

from vigie.errors import Permanent

_HEAD = struct.Struct("<8sIIII")


class BadFile(Permanent):
    """The bytes are no file of this kind and version, or not all of it: make it anew."""


@dataclass(frozen=True, slots=True)
class Sections:
    """A file read: sections stay where they lie in ``content``."""

    content: bytes
    spans: Mapping[str, tuple[int, int]]

    def start(self, name: str) -> int:
        """Return where a section begins in ``content``."""
        return self.spans[name][0]

    def raw(self, name: str) -> bytes:
        """Return a copy of a section."""
        start, length = self.spans[name]
        return self.content[start : start + length]

    def numbers(self, name: str) -> memoryview:
        """Return a section of u32, not copied."""
        start, length = self.spans[name]
        return memoryview(self.content)[start : start + length].cast("I")


def seal(magic: bytes, version: int, sections: Mapping[str, bytes]) -> bytes:
    """Return the bytes of a file. Raises NotImplementedError on a big-endian machine."""
    if sys.byteorder != "little":
        raise NotImplementedError("compiled files are written on little-endian machines only")
    padded = [content + b"\0" * (-len(content) % 4) for content in sections.values()]
    starts = accumulate(map(len, padded), initial=0)
    table = {
        name: [start, len(content)] for (name, content), start in zip(sections.items(), starts, strict=False)
    }
    contents = json.dumps(table, separators=(",", ":")).encode()
    contents += b" " * (-len(contents) % 4)
    body = b"".join([contents, *padded])
    return _HEAD.pack(magic, version, len(contents), len(body), crc32(body)) + body


def unseal(magic: bytes, version: int, content: bytes) -> Sections:
    """Return the sections of a file. Raises BadFile, saying what is wrong with it."""
    if len(content) < _HEAD.size:
        raise BadFile(f"a compiled file begins with {_HEAD.size} bytes, this holds {len(content)}")
    found, written, length, size, checksum = _HEAD.unpack_from(content)
    if found != magic:
        raise BadFile(f"a compiled file begins with {magic!r}, this with {found!r}")
    if written != version:
        raise BadFile(f"this file is of version {written}, today's is {version}")
    if len(content) != _HEAD.size + size:
        raise BadFile(f"the file is cut short or overlong: {len(content)} bytes of {_HEAD.size + size}")
    if crc32(memoryview(content)[_HEAD.size :]) != checksum:
        raise BadFile("the checksum differs: the file is damaged")
    first = _HEAD.size + length
    table = json.loads(content[_HEAD.size : first])
    return Sections(content, {name: (first + start, size) for name, (start, size) in table.items()})


def packed(numbers: "array[int] | list[int] | tuple[int, ...]") -> bytes:
    """Return u32 numbers as a section."""
    return array("I", numbers).tobytes()
