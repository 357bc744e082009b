"""How values are written in items: instants as text that sorts, dataclasses as JSON, small."""

import zlib
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from boto3.dynamodb.types import Binary

from vigie.messages import decode_value, encode

T = TypeVar("T")

_PLAIN_BYTES = 800  # under one write unit with its keys: compressing would save nothing


def stamp(instant: datetime) -> str:
    """Return an aware instant as fixed-width UTC text with microseconds, which sorts as time does."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no zone")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def expiry(instant: datetime, days: int) -> int:
    """Return the ``expires_at`` of what may go ``days`` after ``instant``."""
    return int((instant + timedelta(days=days)).timestamp())


def pack(value: object) -> str | bytes:
    """Return ``value`` as JSON text, or as compressed bytes when that makes a large one cheaper to keep."""
    text = encode(value)
    return text.decode() if len(text) <= _PLAIN_BYTES else zlib.compress(text, 9)


def unpack(data: object, kind: type[T]) -> T:
    """Return what ``pack`` was given. Raises BadMessage when it is not (any more) a ``kind``."""
    if isinstance(data, Binary):
        data = zlib.decompress(data.value)  # type: ignore[attr-defined]  # the stubs forget it
    assert isinstance(data, str | bytes)  # noqa: S101 - pack writes nothing else
    return decode_value(data, kind)
