"""What a platform brought lately and is to be looked at again, for its author may have taken it back. Pure.

A *lookout* is a handful of native ids that are due together. Each is looked at once a day for a week; those of
several lookouts that are due are asked about together, and what is still there makes one lookout of the next day.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.domain.documents import Document

LOOKED_EVERY = timedelta(days=1)
LOOKED_FOR = timedelta(days=7)
THINGS_TOGETHER = 25  # with the longest ids some 2 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """Things of one connector to look at again at ``due_at``: native ids, each with the instant it is let go."""

    connector: str
    due_at: datetime
    until: dict[str, datetime]

    @property
    def lookout_id(self) -> str:
        """The same things make the same id: keeping a lookout twice keeps one."""
        return hashlib.sha256("\x1f".join(sorted(self.until)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What looking again came to: things that are gone, what to look at next and what is looked at.

    ``asked`` counts the things the platform told about. ``trouble`` says why the rest waits, when something went
    wrong; before ``quiet_until`` the platform wants no request.
    """

    gone: tuple[str, ...] = ()
    next: tuple[Lookout, ...] = ()
    done: tuple[Lookout, ...] = ()
    asked: int = 0
    trouble: str | None = None
    quiet_until: datetime | None = None


def lookouts_for(connector: str, documents: Iterable[Document]) -> tuple[Lookout, ...]:
    """Return the lookouts for documents that were just brought; those without a native id have none."""
    seen = {document.native_id: document.seen_at for document in documents if document.native_id}
    if not seen:
        return ()
    until = {native_id: at + LOOKED_FOR for native_id, at in seen.items()}
    return _lookouts(connector, max(seen.values()) + LOOKED_EVERY, until)


def taken_of(due: Iterable[Lookout], things: int) -> list[Lookout]:
    """Return the first of some lookouts, whole, until they hold so many things."""
    taken: list[Lookout] = []
    held = set[str]()
    for lookout in due:
        if len(held) >= things:
            break
        taken.append(lookout)
        held |= lookout.until.keys()
    return taken


def things_of(lookouts: Iterable[Lookout], now: datetime) -> dict[str, datetime]:
    """Return the things that are still to be looked at, each once, with the instant it is let go."""
    until: dict[str, datetime] = {}
    for lookout in lookouts:
        for native_id, at in lookout.until.items():
            until[native_id] = max(at, until.get(native_id, at))
    return {native_id: at for native_id, at in until.items() if at > now}


def settled(
    taken: Sequence[Lookout], answered: Set[str], gone: Set[str], now: datetime
) -> tuple[tuple[Lookout, ...], tuple[Lookout, ...]]:
    """Return the lookouts to keep, then those to forget, once some of the things were ``answered`` for.

    Those still there are due a day from ``now``; those nobody answered for stay due as they were.
    """
    if not taken:
        return (), ()
    connector, again_at = taken[0].connector, now + LOOKED_EVERY
    things = things_of(taken, now)
    there = {id_: at for id_, at in things.items() if id_ in answered - gone and at > again_at}
    waiting = {id_: at for id_, at in things.items() if id_ not in answered}
    kept = (
        *_lookouts(connector, again_at, there),
        *_lookouts(connector, min(lookout.due_at for lookout in taken), waiting),
    )
    names = {(lookout.due_at, lookout.lookout_id) for lookout in kept}
    return kept, tuple(each for each in taken if (each.due_at, each.lookout_id) not in names)


def _lookouts(connector: str, due_at: datetime, until: Mapping[str, datetime]) -> tuple[Lookout, ...]:
    things = list(until.items())
    starts = range(0, len(things), THINGS_TOGETHER)
    return tuple(
        Lookout(connector=connector, due_at=due_at, until=dict(things[start : start + THINGS_TOGETHER]))
        for start in starts
    )
