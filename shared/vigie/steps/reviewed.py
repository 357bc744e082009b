"""Digests as they left: what their reviewers decided laid over what was stored."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest
from vigie.domain.review import apply_review
from vigie.messages import DigestReady
from vigie.ports import DigestEntry, DigestStore, DueDigest, ReviewStore


@dataclass(frozen=True, slots=True)
class ReviewedDigests(DigestStore):
    """A ``DigestStore`` whose readers see each digest as its recipients do: a review counts once it is closed.

    Digests that closed before what the client's plan shows (``history_edge``) are not there.
    """

    digests: DigestStore
    reviews: ReviewStore
    history_edge: Callable[[str, datetime], datetime | None] = lambda _client_id, _since: None

    def get(self, client_id: str, digest_id: str) -> Digest | None:
        """Return one stored digest of the client, as it left."""
        digest = self.digests.get(client_id, digest_id)
        if digest is None or not self._is_shown(client_id, digest.interval):
            return None
        state = self.reviews.get(client_id, digest_id)
        return apply_review(digest, state.review) if state.closed_at else digest

    def entry(self, client_id: str, digest_id: str) -> DigestEntry | None:
        """Return what the list says of one stored digest."""
        entry = self.digests.entry(client_id, digest_id)
        return entry if entry and self._is_shown(client_id, entry.interval) else None

    def entries(self, client_id: str, limit: int = 60, rhythm: str = "") -> list[DigestEntry]:
        """Return the digests of a rhythm, newest first."""
        found = self.digests.entries(client_id, limit, rhythm)
        oldest = min((entry.interval.until for entry in found), default=None)
        since = self.history_edge(client_id, oldest) if oldest else None
        return [entry for entry in found if since is None or entry.interval.until >= since]

    def _is_shown(self, client_id: str, interval: Interval) -> bool:
        return self.history_edge(client_id, interval.until) is None

    def schedule(self, due: DueDigest) -> None:
        """Set the next digest of a rhythm."""
        self.digests.schedule(due)

    def cancel(self, due: DueDigest) -> None:
        """Forget a digest to come."""
        self.digests.cancel(due)

    def upcoming(self, client_id: str, rhythm: str = "") -> DueDigest | None:
        """Return the next digest of a rhythm."""
        return self.digests.upcoming(client_id, rhythm)

    def appointments(self, client_id: str) -> list[DueDigest]:
        """Return the client's digests to come."""
        return self.digests.appointments(client_id)

    def expect(self, ready: DigestReady) -> None:
        """Remember that a stored digest is to be mailed."""
        self.digests.expect(ready)

    def settle(self, ready: DigestReady) -> None:
        """Forget it: its mails are sent."""
        self.digests.settle(ready)

    def unsent(self, before: datetime) -> list[DigestReady]:
        """Return the digests whose mails are not all sent."""
        return self.digests.unsent(before)

    def due(self, now: datetime) -> list[DueDigest]:
        """Return digests whose interval closed at or before ``now``."""
        return self.digests.due(now)

    def put(self, digest: Digest, built_at: datetime, send_at: datetime) -> Digest:
        """Store a digest unless one closes at the same instant."""
        return self.digests.put(digest, built_at, send_at)
