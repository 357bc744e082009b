"""Overdue: digests whose hour is past and whose mails are not all sent are queued again, and counted once late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.domain.lateness import LATE_AFTER, TRIED_AGAIN_EVERY
from vigie.ports import Clock, DigestStore, Outbox


@dataclass(frozen=True, slots=True)
class Overdue:
    """A dead man's switch: a message that got lost, or gave up, is not the end of a digest."""

    digests: DigestStore
    outbox: Outbox
    clock: Clock

    def run(self) -> int:
        """Queue digests again that are past their hour and not settled, every five minutes; return how many are late.

        Those that are not even built are counted with them: building is tried every minute anyway.
        """
        now = self.clock()
        unsent = [ready for ready in self.digests.unsent(now) if ready.send_at <= now - TRIED_AGAIN_EVERY]
        self.outbox.send([ready for ready in unsent if _has_its_turn(ready.send_at, now)])
        unbuilt = [due for due in self.digests.due(now - LATE_AFTER) if due.send_at <= now - LATE_AFTER]
        return sum(ready.send_at <= now - LATE_AFTER for ready in unsent) + len(unbuilt)


def _has_its_turn(send_at: datetime, now: datetime) -> bool:
    """Whether a digest is tried again in this minute: the run is every minute, and remembers nothing."""
    return (now - send_at) % TRIED_AGAIN_EVERY < timedelta(minutes=1)
