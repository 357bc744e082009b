"""Reading what platforms answer: hostile, and not always what their contracts say."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from vigie.domain.connectors.outcomes import Rate

T = TypeVar("T")


def when(text: Any) -> datetime | None:
    """Return an ISO instant as aware UTC, or None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def stamp(moment: datetime) -> str:
    """Return an instant as platforms read it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def record(value: Any) -> dict[str, Any]:
    """Return an object, an empty one where there should be one."""
    return value if isinstance(value, dict) else {}


def records(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, without what else is in it."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """Return a text, an empty one where there should be one."""
    return value if isinstance(value, str) else ""


def counts(value: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, int]:
    """Return the counts that are there, under our names; platforms write some as text."""
    found = {name: value.get(key) for name, key in names.items()}
    return {
        name: int(count)
        for name, count in found.items()
        if (isinstance(count, int) and not isinstance(count, bool))
        or (isinstance(count, str) and count.isdecimal())
    }


def read_cursor(cursor: str | None, kind: type[T]) -> T | None:
    """Return a cursor, or None at first and for one of another version."""
    try:
        return None if cursor is None else msgspec.json.decode(cursor, type=kind)
    except msgspec.MsgspecError:
        return None


def write_cursor(cursor: Any) -> str:
    """Return a cursor as text."""
    return msgspec.json.encode(cursor).decode()


def rates(headers: Mapping[str, str], bucket: str, prefix: str = "RateLimit") -> tuple[Rate, ...]:
    """Return what the answer's headers say is left, if they do."""
    limit, remaining = headers.get(f"{prefix}-Limit", ""), headers.get(f"{prefix}-Remaining", "")
    if not (limit.isdecimal() and remaining.isdecimal()):
        return ()
    return (Rate(bucket=bucket, limit=int(limit), remaining=int(remaining), units=1),)
