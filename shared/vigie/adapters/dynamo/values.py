"""How values are written in items: instants as text that sorts, dataclasses as JSON, small.

Large ones are compressed with a dictionary: what our JSON says again and again, and frequent French words, cost
nothing more in each item. A stream names its dictionary (RFC 1950, section 2.2), so that others may follow: never
change one that was released, add the next. Streams without one are read as well.
"""

import json
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from boto3.dynamodb.types import Binary

from vigie.errors import BadMessage
from vigie.messages import decode_value, encode

T = TypeVar("T")

_PLAIN_BYTES = 800  # under one write unit with its keys: compressing would save nothing
_DICTIONARIES = (Path(__file__).with_name("dictionary-1.txt"),)  # the last is written with
_HAS_DICTIONARY = 0x20  # the flag in a stream's second byte


def stamp(instant: datetime) -> str:
    """Return an aware instant as fixed-width UTC text with microseconds, which sorts as time does."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def instant(text: str) -> datetime:
    """Return what ``stamp`` was given."""
    return datetime.fromisoformat(text)


def expiry(instant: datetime, days: int) -> int:
    """Return the ``expires_at`` of what may go ``days`` after ``instant``."""
    return int((instant + timedelta(days=days)).timestamp())


def pack(value: object) -> str | bytes:
    """Return ``value`` as JSON text, or as compressed bytes when that makes a large one cheaper to keep."""
    text = encode(value)
    if len(text) <= _PLAIN_BYTES:
        return text.decode()
    squeeze = zlib.compressobj(9, zdict=list(_dictionaries().values())[-1])
    return squeeze.compress(text) + squeeze.flush()


def unpack(data: object, kind: type[T]) -> T:
    """Return what ``pack`` was given. Raises BadMessage when it is not (any more) a ``kind``."""
    if isinstance(data, Binary):
        data = _opened(bytes(data.value))  # type: ignore[attr-defined]  # the stubs forget it
    assert isinstance(data, str | bytes)  # noqa: S101 - pack writes nothing else
    return decode_value(data, kind)


def readable(value: Any) -> Any:
    """Return an attribute as JSON values, whatever it holds: what ``pack`` made is opened, bytes are told as hex."""
    match value:
        case Binary():
            return _read(bytes(value.value))  # type: ignore[attr-defined]  # the stubs forget it
        case str() if value[:1] in {"{", "["}:
            with suppress(ValueError):
                return json.loads(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case list() | set():
            return [readable(each) for each in value]
        case dict():
            return {name: readable(each) for name, each in value.items()}
    return value


def _read(content: bytes) -> Any:
    try:
        return json.loads(_opened(content))
    except (zlib.error, ValueError, IndexError):  # packed otherwise: hot state, fingerprints
        return content.hex()


def _opened(stream: bytes) -> bytes:
    """Return what a stream holds. Raises BadMessage for a dictionary that this release does not have."""
    if not stream[1] & _HAS_DICTIONARY:
        return zlib.decompress(stream)
    words = _dictionaries().get(int.from_bytes(stream[2:6]))
    if words is None:
        raise BadMessage("written by a later release, with a dictionary that this one does not have")
    return zlib.decompressobj(zdict=words).decompress(stream)


@cache
def _dictionaries() -> dict[int, bytes]:
    """Return the dictionaries by the checksum that streams name them by, oldest first."""
    texts = [path.read_bytes() for path in _DICTIONARIES]
    return {zlib.adler32(text): text for text in texts}
