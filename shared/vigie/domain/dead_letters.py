"""Dead letters: messages that failed five times; what they died of, and which are not worth sending again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

Outcome = Literal["redriven", "dropped", "left"]
"""``redriven``: in its queue again. ``dropped``: out of date, parked as evidence. ``left``: a dead letter still."""

UNKNOWN = "nothing was said: it ran out of time or memory, or was never taken up"
_VARYING = re.compile(
    r"0x[0-9a-f]+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b[0-9a-f]{12,}\b|\d+|'[^']*'|\"[^\"]*\"|https?://\S+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a message's last try said."""

    message_id: str
    function: str
    error: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that was set aside. ``kind`` is its schema (``digest-ready/1``); ``error`` what its last try said."""

    message_id: str
    kind: str
    body: str
    sent_at: datetime
    function: str = ""
    error: str = UNKNOWN


@dataclass(frozen=True, slots=True)
class Taken:
    """A dead letter in our hands, with what gives it back or away."""

    letter: DeadLetter
    receipt: str


@dataclass(frozen=True, slots=True)
class Group:
    """Dead letters of one kind that died of the same, oldest first."""

    kind: str
    error: str
    letters: tuple[DeadLetter, ...]


def fingerprint(error: str) -> str:
    """Return what two errors of one cause have in common: without numbers, ids, addresses and quoted names."""
    return _VARYING.sub("…", error.partition("\n")[0]).strip()


def grouped(letters: Iterable[DeadLetter]) -> list[Group]:
    """Return dead letters by kind and cause, the most frequent first."""
    groups: dict[tuple[str, str], list[DeadLetter]] = {}
    for letter in sorted(letters, key=lambda letter: (letter.sent_at, letter.message_id)):
        groups.setdefault((letter.kind, fingerprint(letter.error)), []).append(letter)
    found = [Group(kind, error, tuple(members)) for (kind, error), members in groups.items()]
    return sorted(found, key=lambda group: (-len(group.letters), group.kind, group.error))


def is_stale(send_at: datetime, zone: str, now: datetime) -> bool:
    """Whether a digest's day is over where its client lives: yesterday's news are not sent as this morning's."""
    place = ZoneInfo(zone)
    return now.astimezone(place).date() > send_at.astimezone(place).date()
