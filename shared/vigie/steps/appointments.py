"""Appointments: when each rhythm of a client has its next digest, so that nothing falls between two of them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from vigie.domain.clients import Client, Recipient
from vigie.domain.cutoffs import Interval, next_appointment
from vigie.domain.rhythms import OWN, Rhythm, members, rhythm_name, rhythms_of
from vigie.domain.sources import Odometer
from vigie.ports import Clock, DigestStore, DueDigest, SourceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointments:
    """Keeps a client's digests to come in step with its rhythms.

    Each rhythm is a chain of intervals that touch: the next opens where the last one closed. Doing anything twice
    changes nothing more.
    """

    digests: DigestStore
    sources: SourceStore
    clock: Clock

    def keep(self, client: Client, before: Client | None = None) -> None:
        """Give every rhythm of a client its next digest; ``before`` is the client as it was, when it changed.

        A rhythm that is new opens where the one its readers had left off, or now. One whose hours moved keeps what
        it has open; one that nobody follows any more ends. Who joins a rhythm that others follow already, and had
        less read to them, gets the time between in a digest of its own.
        """
        standing = {due.rhythm: due for due in self.digests.appointments(client.client_id)}
        wanted = rhythms_of(client)
        for name, rhythm in wanted.items():
            due = standing.get(name) or self._opening(client, before, name, standing)
            self._move(due, rhythm)
        for recipient, left in _moved(client, before):
            self._bridge(client, recipient, standing.get(left))
        for name, due in standing.items():
            if name not in wanted and not due.is_bridge:
                self.digests.cancel(due)

    def follow(self, due: DueDigest, rhythm: Rhythm, opening: Odometer, carried_in: int) -> None:
        """Set the appointment after one whose digest is stored."""
        self.digests.schedule(
            _at_next(
                replace(due, opening=opening, carried_in=carried_in),
                rhythm,
                due.interval.until,
                due.interval.until,
            )
        )

    def extend(self, due: DueDigest, rhythm: Rhythm) -> None:
        """Leave an interval open until the next appointment: there was nothing to say."""
        self.digests.schedule(_at_next(due, rhythm, due.interval.since, due.interval.until))

    def _opening(
        self, client: Client, before: Client | None, name: str, standing: dict[str, DueDigest]
    ) -> DueDigest:
        """Return where a new rhythm opens: where the first of its readers were, where the client is, or now."""
        origins = [
            standing[rhythm_name(before, old)]
            for old in (_same(before, recipient) for recipient in members(client, name))
            if before and old and rhythm_name(before, old) in standing
        ]
        origin = min(origins, key=lambda due: due.interval.since, default=standing.get(OWN))
        if origin is not None:
            return replace(origin, rhythm=name)
        now = self.clock().replace(microsecond=0)
        return DueDigest(
            client_id=client.client_id,
            rhythm=name,
            interval=Interval(now, now),
            send_at=now,
            opening=self.sources.odometer(),
        )

    def _move(self, due: DueDigest, rhythm: Rhythm) -> None:
        now = self.clock()
        stands = self.digests.upcoming(due.client_id, due.rhythm)
        if stands is not None and stands.interval.until <= now:
            return  # its interval has closed: it is being built, and what follows is at the new hours
        moved = _at_next(due, rhythm, due.interval.since, max(now, due.interval.since))
        if moved != stands:
            self.digests.schedule(moved)

    def _bridge(self, client: Client, recipient: Recipient, left: DueDigest | None) -> None:
        """Have what a recipient's former rhythm had open sent apart, when the new one does not reach back so far."""
        joined = self.digests.upcoming(client.client_id, rhythm_name(client, recipient))
        if left is None or joined is None or joined.interval.since <= left.interval.since:
            return
        self.digests.schedule(
            DueDigest(
                client_id=client.client_id,
                rhythm=f"b{hashlib.sha256(recipient.email.casefold().encode()).hexdigest()[:10]}",
                interval=Interval(left.interval.since, joined.interval.since),
                send_at=self.clock(),
                opening=left.opening,
                carried_in=left.carried_in,
                closing=joined.opening,
                emails=(recipient.email,),
            )
        )


def _at_next(due: DueDigest, rhythm: Rhythm, since: datetime, after: datetime) -> DueDigest:
    appointment = next_appointment(rhythm.schedule, rhythm.tz, after)
    return replace(due, interval=Interval(since, appointment.cutoff_at), send_at=appointment.send_at)


def _moved(client: Client, before: Client | None) -> Iterator[tuple[Recipient, str]]:
    """Yield the recipients who changed rhythm, and the name of the one they left."""
    for recipient in client.recipients:
        old = _same(before, recipient)
        if before and old and rhythm_name(before, old) != rhythm_name(client, recipient):
            yield recipient, rhythm_name(before, old)


def _same(client: Client | None, recipient: Recipient) -> Recipient | None:
    found = client.recipients if client else ()
    return next((each for each in found if each.email.casefold() == recipient.email.casefold()), None)
