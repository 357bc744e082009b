# ruff: noqa: D102, ARG002 - the ports say what each method does, and a fake needs not all it is told
"""Digests, reviews, deliveries and addresses that mail does not reach, in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from tests.fake_basics import kept
from tests.journal import Journal
from vigie.domain.addresses import Address
from vigie.domain.digest import Digest
from vigie.domain.digest_build import rhythm_in
from vigie.domain.review import Review, ReviewState, review_closed, review_outdated
from vigie.messages import DigestReady
from vigie.ports import AddressStore, DeliveryStore, DigestEntry, DigestStore, DueDigest, ReviewStore


class FakeDigests(DigestStore):
    """Digests to come and digests stored."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._due: dict[tuple[str, str], DueDigest] = {}
        self._unsent: dict[tuple[datetime, str, str], DigestReady] = {}
        self._stored: dict[tuple[str, str], tuple[DigestEntry, Digest]] = {}

    def schedule(self, due: DueDigest) -> None:
        with self._journal.write("digests.schedule"):
            standing = self._due.get((due.client_id, due.rhythm))
            if standing is None or standing.interval.since <= due.interval.since:
                self._due[due.client_id, due.rhythm] = kept(due)

    def cancel(self, due: DueDigest) -> None:
        with self._journal.write("digests.cancel"):
            standing = self._due.get((due.client_id, due.rhythm))
            if standing is not None and standing.interval.until == due.interval.until:
                del self._due[due.client_id, due.rhythm]

    def upcoming(self, client_id: str, rhythm: str = "") -> DueDigest | None:
        return self._due.get((client_id, rhythm))

    def appointments(self, client_id: str) -> list[DueDigest]:
        return [self._due[key] for key in sorted(self._due) if key[0] == client_id]

    def due(self, now: datetime) -> list[DueDigest]:
        closed = [due for due in self._due.values() if due.interval.until <= now]
        return sorted(closed, key=lambda due: (due.interval.until, due.client_id, due.rhythm))

    def put(self, digest: Digest, built_at: datetime, send_at: datetime) -> Digest:
        entry = DigestEntry(
            client_id=digest.client_id,
            digest_id=digest.digest_id,
            interval=digest.interval,
            built_at=built_at,
            send_at=send_at,
            mentions=digest.totals.retained,
        )
        with self._journal.write("digests.put"):
            key = (digest.client_id, digest.digest_id)
            return kept(self._stored.setdefault(key, (entry, kept(digest)))[1])

    def get(self, client_id: str, digest_id: str) -> Digest | None:
        stored = self._stored.get((client_id, digest_id))
        return kept(stored[1]) if stored else None

    def entry(self, client_id: str, digest_id: str) -> DigestEntry | None:
        stored = self._stored.get((client_id, digest_id))
        return stored[0] if stored else None

    def expect(self, ready: DigestReady) -> None:
        with self._journal.write("digests.expect"):
            self._unsent[ready.send_at, ready.client_id, ready.digest_id] = kept(ready)

    def settle(self, ready: DigestReady) -> None:
        with self._journal.write("digests.settle"):
            self._unsent.pop((ready.send_at, ready.client_id, ready.digest_id), None)

    def unsent(self, before: datetime) -> list[DigestReady]:
        return [self._unsent[key] for key in sorted(self._unsent) if key[0] < before]

    def entries(self, client_id: str, limit: int = 60, rhythm: str = "") -> list[DigestEntry]:
        entries = [
            entry
            for (owner, digest_id), (entry, _) in self._stored.items()
            if owner == client_id and rhythm_in(digest_id) == rhythm
        ]
        return sorted(entries, key=lambda entry: entry.digest_id, reverse=True)[:limit]


class FakeAddresses(AddressStore):
    """How addresses take our mails."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._addresses: dict[str, Address] = {}

    def get(self, email: str) -> Address:
        return self._addresses.get(email.lower(), Address(email=email.lower()))

    def all(self) -> list[Address]:
        return [self._addresses[email] for email in sorted(self._addresses)]

    def forget(self, email: str) -> bool:
        with self._journal.write("addresses.forget"):
            return self._addresses.pop(email.lower(), None) is not None

    def change(self, email: str, decide: Callable[[Address], Address]) -> Address:
        while True:
            before = self.get(email)
            address = kept(decide(before))
            if address == before:
                return before
            with self._journal.write("addresses.change"):
                if self.get(email) != before:
                    continue  # changed meanwhile: decide again
                self._addresses[email.lower()] = address
            return address


class FakeReviews(ReviewStore):
    """What reviewers decided."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._states: dict[tuple[str, str], ReviewState] = {}

    def get(self, client_id: str, digest_id: str) -> ReviewState:
        nothing = ReviewState(Review(client_id=client_id, digest_id=digest_id))
        return self._states.get((client_id, digest_id), nothing)

    def keep(self, review: Review, now: datetime) -> Review:
        with self._journal.write("reviews.keep"):
            standing = self.get(review.client_id, review.digest_id)
            if standing.closed_at is not None:
                raise review_closed()
            if standing.review.version != review.version:
                raise review_outdated()
            review = kept(replace(review, version=review.version + 1))
            self._states[review.client_id, review.digest_id] = ReviewState(review)
            return review

    def close(self, client_id: str, digest_id: str, now: datetime) -> Review:
        with self._journal.write("reviews.close"):
            standing = self.get(client_id, digest_id)
            if standing.closed_at is None:
                standing = self._states[client_id, digest_id] = replace(standing, closed_at=now)
            return standing.review


class FakeDeliveries(DeliveryStore):
    """Claims and what was sent."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._leases: dict[tuple[str, str], datetime] = {}
        self.sent: dict[tuple[str, str], str] = {}  # (client, delivery key) → the provider's id

    def claim(self, client_id: str, delivery_key: str, now: datetime, lease_seconds: int) -> str:
        key = (client_id, delivery_key)
        with self._journal.write("deliveries.claim"):
            lease_until = self._leases.get(key)
            if key in self.sent:
                return "sent"
            if lease_until is not None and lease_until > now:
                return "held"
            self._leases[key] = now + timedelta(seconds=lease_seconds)
            return "claimed" if lease_until is None else "doubtful"

    def give_back(self, client_id: str, delivery_key: str) -> None:
        with self._journal.write("deliveries.give_back"):
            self._leases.pop((client_id, delivery_key), None)

    def mark_sent(self, client_id: str, delivery_key: str, provider_id: str, now: datetime) -> None:
        with self._journal.write("deliveries.mark_sent"):
            self.sent.setdefault((client_id, delivery_key), provider_id)

    def is_sent(self, client_id: str, delivery_key: str) -> bool:
        return (client_id, delivery_key) in self.sent

    def count_sent(self, client_id: str, prefix: str) -> int:
        return sum(owner == client_id and key.startswith(prefix) for owner, key in self.sent)
