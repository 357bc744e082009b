"""Sources, their shards and windows; hubs' subscriptions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vigie.domain.connectors.followed import StackPlan
from vigie.domain.connectors.lookouts import Lookout
from vigie.domain.sources import Odometer, Source, SourceState, SourceWindow
from vigie.domain.websub.subscriptions import PushKey, Subscription

NOTHING_COUNTED = Odometer()


RETIRED_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardHead:
    """A shard's small item: who holds it, when it is due, what it has yet to finish.

    ``pending`` is the key of a committed poll whose effects may not all be applied yet (a redo log).
    """

    shard: str
    next_due_at: datetime | None = None
    lease_until: datetime | None = None
    holder: str = ""
    pending: str | None = None


class SourceStore(Protocol):
    """Sources, shards and their hot state. Belongs to the stack; holds nothing of a client."""

    def put_sources(self, sources: Iterable[Source], shard_count: int) -> int:
        """Add or replace sources by id (a host's shard never changes); return how many were new."""
        ...

    def remove_source(self, source_id: str) -> bool:
        """Stop following a source; return whether it was followed."""
        ...

    def sources(self) -> list[Source]:
        """Return every source, by id."""
        ...

    def place(self, source_id: str) -> str | None:
        """Return the shard of a followed source, or None."""
        ...

    def states(self) -> dict[str, SourceState]:
        """Return the last known state of every source, by source id."""
        ...

    def odometer(self) -> Odometer:
        """Return what all polls have counted since the stack was born."""
        ...

    def search_plan(self) -> StackPlan:
        """Return what searches were last planned from; an empty plan at first."""
        ...

    def keep_search_plan(self, plan: StackPlan) -> None:
        """Remember what searches are planned from."""
        ...

    def heads(self) -> list[ShardHead]:
        """Return the head of every shard that ever had sources: what it counted stays counted."""
        ...

    def acquire(self, shard: str, holder: str, now: datetime, lease_seconds: int) -> ShardHead | None:
        """Take the shard's lease and return its head, or None when somebody holds it."""
        ...

    def load(self, shard: str) -> tuple[list[Source], dict[str, SourceState]]:
        """Return a shard's sources and their states."""
        ...

    def windows(self, shard: str, source_ids: Sequence[str]) -> dict[str, SourceWindow]:
        """Return the identity windows of some sources of a shard."""
        ...

    def retired(self, asked: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
        """Return which of some keys have retired from their source's window, by source; sources without are left out.

        A key is kept for ``RETIRED_DAYS`` at least after it was last seen.
        """
        ...

    def lookouts(self, connector: str, now: datetime, limit: int) -> list[Lookout]:
        """Return at most so many of a connector's lookouts that are due, the longest due first."""
        ...

    def change_lookouts(self, added: Iterable[Lookout], done: Iterable[Lookout]) -> None:
        """Keep some lookouts, then forget those that are done. Doing it again changes nothing."""
        ...

    def commit(self, shard: str, holder: str, pending: str) -> None:
        """Set ``pending``, the key of a poll that has now happened, while holding the lease.

        Raises Busy when the lease is no longer held by ``holder``.
        """
        ...

    def save(
        self,
        shard: str,
        poll_id: str,
        states: Iterable[SourceState],
        windows: Iterable[SourceWindow],
        counted: Odometer,
    ) -> None:
        """Write windows and the keys that retired from them, then states and what the poll counted in one write.

        The shard remembers the last ``poll_id``: saving the same poll again changes nothing.
        """
        ...

    def release(self, shard: str, holder: str, next_due_at: datetime | None) -> None:
        """Clear ``pending``, set the next due time and give the lease back. No effect for another holder."""
        ...


class SubscriptionStore(Protocol):
    """What we asked hubs to push. Belongs to the stack; holds neither secrets nor anything of a client."""

    def of(self, shard: str) -> list[Subscription]:
        """Return a shard's subscriptions, by source and offer."""
        ...

    def all(self) -> list[Subscription]:
        """Return every subscription."""
        ...

    def get(self, key: PushKey) -> Subscription | None:
        """Return one subscription."""
        ...

    def change(
        self, key: PushKey, decide: Callable[[Subscription | None], Subscription | None]
    ) -> Subscription | None:
        """Replace a subscription by what ``decide`` makes of it, and return that; one that is ``left`` goes.

        ``decide`` is pure: it is asked again when somebody else changed the subscription meanwhile. Returning what
        it was given writes nothing.
        """
        ...
