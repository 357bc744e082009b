"""Schedule: which shards are due."""

from dataclasses import dataclass

from vigie.messages import ShardDue
from vigie.ports import Clock, Outbox, SourceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Sends one ShardDue per shard that is due and that nobody polls now."""

    sources: SourceStore
    outbox: Outbox
    clock: Clock

    def run(self, *, force: bool = False) -> list[str]:
        """Queue the due shards, all of them with ``force``; return their names.

        A shard under lease is left alone: it becomes due again when the lease is given back or runs out.
        """
        now = self.clock()
        due = [
            head.shard
            for head in self.sources.heads()
            if (force or head.next_due_at is None or head.next_due_at <= now)
            and (head.lease_until is None or head.lease_until <= now)
        ]
        self.outbox.send([ShardDue(shard=shard, due_at=now, force=force) for shard in due])
        return due
