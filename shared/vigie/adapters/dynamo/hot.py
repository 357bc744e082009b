"""How the hot state of polling is packed: what changes at every poll apart from what changes with news.

A quiet poll changes two instants of a source. Those of a whole shard are one small item (``Times``, about eight
bytes a source), so that polling costs a write unit or two however many sources are due. Everything else of a state
is about 200 bytes beside its window, and is written only when it differs.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from vigie.domain.feeds import PublishingHints
from vigie.domain.rhythm import Rhythm
from vigie.domain.sources import Move, Odometer, SourceState, SourceWindow

_KEY_BYTES = (
    4  # of a source's id: should two of a shard share them, they are polled together, which harms nobody
)
_WINDOW_KEY_BYTES = 8
_SAME = -1  # succeeded when last polled
_encode, _decode = msgspec.msgpack.encode, msgspec.msgpack.decode


@dataclass(frozen=True, slots=True)
class Times:
    """When a shard's sources were polled and will be, what its polls counted; ``poll_id`` names the last one."""

    poll_id: str = ""
    odometer: Odometer = field(default_factory=Odometer)
    polled: Mapping[bytes, tuple[int, int]] = field(default_factory=dict)  # key → next poll, last poll

    def after(self, poll_id: str, counted: Odometer, states: Iterable[SourceState]) -> "Times":
        """Return the times after a poll; the same when it is the one last applied."""
        if poll_id == self.poll_id:
            return self
        seen = {
            _key_of(state.source_id): (_seconds(state.next_poll_at), _seconds(state.polled_at))
            for state in states
        }
        return Times(poll_id, self.odometer.plus(counted), {**self.polled, **seen})

    def without(self, source_id: str) -> "Times":
        """Return the times without a source's; what was counted stays."""
        gone = _key_of(source_id)
        return replace(self, polled={key: pair for key, pair in self.polled.items() if key != gone})

    def of(self, source_id: str) -> tuple[datetime | None, datetime | None]:
        """Return when a source will be polled, and when it was."""
        next_poll, polled = self.polled.get(_key_of(source_id), (0, 0))
        return _instant(next_poll), _instant(polled)

    def pack(self) -> bytes:
        """Return the times as bytes: columns of keys and instants, whose high bytes compress to nothing."""
        keys = sorted(self.polled)
        columns = [_planes([self.polled[key][column] for key in keys]) for column in (0, 1)]
        counts = (self.odometer.polled, self.odometer.fetched, self.odometer.failed)
        return _encode((self.poll_id, *counts, zlib.compress(b"".join([*keys, *columns]), 9)))

    @classmethod
    def unpack(cls, data: bytes) -> "Times":
        """Return what ``pack`` was called on."""
        poll_id, polled, fetched, failed, packed = _decode(data)
        columns = zlib.decompress(packed)
        size = len(columns) // (_KEY_BYTES + 8)
        keys = [columns[n * _KEY_BYTES : (n + 1) * _KEY_BYTES] for n in range(size)]
        start = size * _KEY_BYTES
        next_polls = _unplaned(columns[start : start + 4 * size])
        pairs = zip(next_polls, _unplaned(columns[start + 4 * size :]), strict=True)
        return cls(poll_id, Odometer(polled, fetched, failed), dict(zip(keys, pairs, strict=True)))


def pack_state(state: SourceState) -> bytes:
    """Return what ``Times`` does not hold of a state."""
    rhythm, hints, move = state.rhythm, state.hints, state.move
    return _encode(
        (
            (state.etag, state.last_modified, state.validators_url, _seconds(state.full_at)),
            (state.distrusted, state.gone, state.slow, _seconds(state.gap_at)),
            _shorter(state.body_sha256),
            _SAME if state.succeeded_at == state.polled_at else _seconds(state.succeeded_at),
            (_seconds(state.failing_since), state.failures, state.failure, _seconds(state.quiet_until)),
            (rhythm.per_day, rhythm.peak_per_day, rhythm.window, rhythm.burst),
            (bytes(rhythm.hours), _seconds(rhythm.news_at)),
            (hints.interval_seconds, bytes(hints.skip_hours), bytes(hints.skip_days)),
            move and (move.url, _seconds(move.since), move.polls, move.adopted),
            *_search_of(state),
        )
    )


def unpack_state(source_id: str, data: bytes, times: Times) -> SourceState:
    """Return a state from what ``pack_state`` returned and its shard's times."""
    validators, flags, body, succeeded, failing, rate, hours, hints, move, *search = _decode(data)
    cursor, coverage, limited = search or (None, None, None)
    next_poll_at, polled_at = times.of(source_id)
    return SourceState(
        source_id=source_id,
        etag=validators[0],
        last_modified=validators[1],
        validators_url=validators[2],
        full_at=_instant(validators[3]),
        distrusted=flags[0],
        gone=flags[1],
        slow=flags[2],
        gap_at=_instant(flags[3]),
        body_sha256=body.hex() if isinstance(body, bytes) else body,
        next_poll_at=next_poll_at,
        polled_at=polled_at,
        succeeded_at=polled_at if succeeded == _SAME else _instant(succeeded),
        failing_since=_instant(failing[0]),
        failures=failing[1],
        failure=failing[2],
        quiet_until=_instant(failing[3]),
        rhythm=_rhythm(rate, hours),
        hints=PublishingHints(
            interval_seconds=hints[0], skip_hours=tuple(hints[1]), skip_days=tuple(hints[2])
        ),
        move=_move(move),
        cursor=cursor,
        coverage=coverage,
        limited=limited,
    )


def _search_of(state: SourceState) -> tuple[str | None, ...]:
    """Return what only searches have; feeds, which are nearly all, do not pay for it."""
    own = (state.cursor, state.coverage, state.limited)
    return own if any(own) else ()


def pack_window(window: SourceWindow) -> bytes:
    """Return a window's keys, eight bytes each."""
    return bytes.fromhex("".join(window.keys))


def unpack_window(source_id: str, data: bytes) -> SourceWindow:
    """Return what ``pack_window`` was given."""
    starts = range(0, len(data), _WINDOW_KEY_BYTES)
    return SourceWindow(source_id, tuple(data[start : start + _WINDOW_KEY_BYTES].hex() for start in starts))


def _rhythm(rate: Any, hours: Any) -> Rhythm:
    return Rhythm(
        per_day=rate[0],
        peak_per_day=rate[1],
        window=rate[2],
        burst=rate[3],
        hours=tuple(hours[0]),
        news_at=_instant(hours[1]),
    )


def _move(packed: Any) -> Move | None:
    since = _instant(packed[1]) if packed else None
    return None if since is None else Move(url=packed[0], since=since, polls=packed[2], adopted=packed[3])


def _key_of(source_id: str) -> bytes:
    return hashlib.sha256(source_id.encode()).digest()[:_KEY_BYTES]


def _seconds(instant: datetime | None) -> int:
    return 0 if instant is None else int(instant.timestamp())


def _instant(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _shorter(text: str | None) -> bytes | str | None:
    """Return hexadecimal digits as the bytes they stand for; any other text as it is."""
    try:
        data = bytes.fromhex(text or "")
    except ValueError:
        return text
    return data if data.hex() == text else text


def _planes(numbers: list[int]) -> bytes:
    """Return unsigned 32-bit numbers, all their first bytes first."""
    plain = struct.pack(f">{len(numbers)}I", *numbers)
    return b"".join(plain[plane::4] for plane in range(4))


def _unplaned(planes: bytes) -> tuple[int, ...]:
    size = len(planes) // 4
    plain = b"".join(planes[n::size] for n in range(size))
    return struct.unpack(f">{size}I", plain)
