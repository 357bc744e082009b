"""Overdue: digests whose hour is past and whose mails are not all sent are queued again, and counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.domain.lateness import LATE_AFTER
from vigie.ports import Clock, DigestStore, Outbox


@dataclass(frozen=True, slots=True)
class Overdue:
    """A dead man's switch: a message that got lost, or gave up, is not the end of a digest."""

    digests: DigestStore
    outbox: Outbox
    clock: Clock

    def run(self) -> int:
        """Queue the late digests again, each once in a quarter of an hour; return how many are late.

        Those that are not even built are counted with them: building is tried every minute anyway.
        """
        now = self.clock()
        unsent = self.digests.unsent(now - LATE_AFTER)
        self.outbox.send([ready for ready in unsent if _has_its_turn(ready.send_at, now)])
        unbuilt = [due for due in self.digests.due(now - LATE_AFTER) if due.send_at <= now - LATE_AFTER]
        return len(unsent) + len(unbuilt)


def _has_its_turn(send_at: datetime, now: datetime) -> bool:
    """Whether a late digest is tried in this minute: the run is every minute, and remembers nothing."""
    late = now - send_at
    return late % LATE_AFTER < timedelta(minutes=1)
