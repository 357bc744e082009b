"""Looking again at what platforms brought lately: what is gone there is to be withdrawn here. Nothing is written.

A search is worth more than a second look: whatever goes wrong here waits, and is said in the poll's report.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vigie.domain.connectors.budgets import spent
from vigie.domain.connectors.lookouts import Looked, believed, settled, taken_of, things_of
from vigie.domain.connectors.outcomes import QueryRejected, Refusal, RetryAfter, Unavailable
from vigie.errors import Permanent, Transient
from vigie.ports import Budgets, Clock, Rechecks, SourceStore

THINGS_AT_ONCE = 50  # of one connector in one poll
CALLS_AT_ONCE = 10  # for them, where things are asked about one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecker:
    """Asks a platform about the longest due of what it brought, within its budget."""

    sources: SourceStore
    budgets: Budgets
    clock: Clock
    spacing_seconds: float
    sleep: Callable[[float], Awaitable[None]]

    async def look(self, name: str, connector: Rechecks, deadline: datetime) -> Looked:
        """Look at some of what is due. Never raises for what goes wrong; gone is what the platform says is gone."""
        now = self.clock()
        try:
            due = self.sources.lookouts(name, now, THINGS_AT_ONCE)
        except (Transient, Permanent) as error:
            return Looked(trouble=f"what is due cannot be read: {error}")
        taken = taken_of(due, THINGS_AT_ONCE)
        things = list(things_of(taken, now))[:THINGS_AT_ONCE]
        looked, answered = await self._ask(connector, things, deadline)
        gone = frozenset(looked.gone)
        kept, done = settled(taken, answered, gone, now)
        sure = believed(taken, answered, gone)
        if doubted := len(gone - sure):
            detail = f"{name} says that {doubted} of {len(answered)} things are gone at once: asked again in an hour"
            looked = replace(looked, trouble=looked.trouble or detail)
        return replace(looked, gone=tuple(sorted(sure)), next=kept, done=done)

    async def _ask(
        self, connector: Rechecks, things: Sequence[str], deadline: datetime
    ) -> tuple[Looked, frozenset[str]]:
        """Return what came of asking, and the things there is no need to ask about again today."""
        looked, answered = Looked(), frozenset[str]()
        size = connector.rechecked_at_once
        for start in range(0, min(len(things), size * CALLS_AT_ONCE), size):
            await self.sleep(self.spacing_seconds)
            if self.clock() > deadline:
                break
            some = things[start : start + size]
            missing = await self._missing(connector, some)
            if isinstance(missing, frozenset):
                looked = replace(
                    looked, gone=(*looked.gone, *sorted(missing)), asked=looked.asked + len(some)
                )
            else:
                looked = _troubled(looked, missing)
                if not isinstance(missing, QueryRejected):
                    break
            answered |= frozenset(some)  # what is rejected waits a day too: it must not bar the others' way
        return looked, answered

    async def _missing(self, connector: Rechecks, some: Sequence[str]) -> frozenset[str] | Refusal:
        now = self.clock()
        if not self.budgets.take(connector.recheck.bucket, connector.recheck.units, now):
            return spent(connector.recheck.bucket, now)
        try:
            missing = await connector.missing(some, now)
        except Exception as error:  # noqa: BLE001 - a connector's bug deletes nothing, and is shown in the report
            return QueryRejected(f"our reader failed on it: {error!r}")
        return missing & frozenset(some) if isinstance(missing, frozenset) else missing


def _troubled(looked: Looked, refusal: Refusal) -> Looked:
    detail = refusal.failure.detail if isinstance(refusal, Unavailable) else refusal.detail
    quiet_until = refusal.at.replace(microsecond=0) if isinstance(refusal, RetryAfter) else None
    return replace(looked, trouble=detail, quiet_until=quiet_until)
