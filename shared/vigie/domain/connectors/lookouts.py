"""What a platform brought lately and is to be looked at again, for its author may have taken it back. Pure.

A *lookout* is a handful of native ids that are due together. Each is looked at once a day for a week; those of
several lookouts that are due are asked about together, and what is still there makes one lookout of the next day.

A platform in trouble may answer that nothing is there. When most of what it is asked about is gone at once, it is
not believed: those things are *suspected*, and withdrawn when it says the same an hour later.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.domain.documents import Document

LOOKED_EVERY = timedelta(days=1)
LOOKED_FOR = timedelta(days=7)
DOUBTED_FOR = timedelta(hours=1)
BELIEVED_AT_ONCE = 5  # so many things may go together and be believed the first time
THINGS_TOGETHER = 25  # with the longest ids some 2 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """Things of one connector to look at again at ``due_at``: native ids, each with the instant it is let go.

    ``suspected``: the platform said once that they are gone, among too many to be believed.
    """

    connector: str
    due_at: datetime
    until: dict[str, datetime]
    suspected: bool = False

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


def believed(taken: Iterable[Lookout], answered: Set[str], gone: Set[str]) -> frozenset[str]:
    """Return what of ``gone`` is to be withdrawn: all of it, unless it is most of what was ``answered`` for.

    Then only what was suspected before.
    """
    if len(gone) <= max(BELIEVED_AT_ONCE, len(answered) // 2):
        return frozenset(gone)
    return frozenset(gone) & _suspects(taken)


def settled(
    taken: Sequence[Lookout], answered: Set[str], gone: Set[str], now: datetime
) -> tuple[tuple[Lookout, ...], tuple[Lookout, ...]]:
    """Return the lookouts to keep, then those to forget, once some of the things were ``answered`` for.

    Those still there are due a day from ``now``, those said to be gone and not believed within the hour; those
    nobody answered for stay due as they were.
    """
    if not taken:
        return (), ()
    connector, again_at = taken[0].connector, now + LOOKED_EVERY
    things = things_of(taken, now)
    sure, suspects = believed(taken, answered, gone), _suspects(taken)
    doubted = {id_: at for id_, at in things.items() if id_ in gone - sure}
    there = {id_: at for id_, at in things.items() if id_ in answered - gone and at > again_at}
    waiting = {id_: at for id_, at in things.items() if id_ not in answered}
    due_at = min(lookout.due_at for lookout in taken)
    kept = (
        *_lookouts(connector, again_at, there),
        *_lookouts(connector, now + DOUBTED_FOR, doubted, suspected=True),
        *_lookouts(connector, due_at, {id_: at for id_, at in waiting.items() if id_ not in suspects}),
        *_lookouts(
            connector, due_at, {id_: at for id_, at in waiting.items() if id_ in suspects}, suspected=True
        ),
    )
    names = {(lookout.due_at, lookout.lookout_id) for lookout in kept}
    return kept, tuple(each for each in taken if (each.due_at, each.lookout_id) not in names)


def _suspects(lookouts: Iterable[Lookout]) -> frozenset[str]:
    return frozenset(id_ for lookout in lookouts if lookout.suspected for id_ in lookout.until)


def _lookouts(
    connector: str, due_at: datetime, until: Mapping[str, datetime], *, suspected: bool = False
) -> tuple[Lookout, ...]:
    things = list(until.items())
    starts = range(0, len(things), THINGS_TOGETHER)
    return tuple(
        Lookout(
            connector=connector,
            due_at=due_at,
            until=dict(things[start : start + THINGS_TOGETHER]),
            suspected=suspected,
        )
        for start in starts
    )
