"""Digests as they left: what their reviewers decided laid over what was stored."""

from dataclasses import dataclass
from datetime import datetime

from vigie.domain.digest import Digest
from vigie.domain.review import apply_review
from vigie.ports import DigestEntry, DigestStore, DueDigest, ReviewStore


@dataclass(frozen=True, slots=True)
class ReviewedDigests(DigestStore):
    """A ``DigestStore`` whose readers see each digest as its recipients do: a review counts once it is closed."""

    digests: DigestStore
    reviews: ReviewStore

    def get(self, client_id: str, digest_id: str) -> Digest | None:
        """Return one stored digest of the client, as it left."""
        digest = self.digests.get(client_id, digest_id)
        if digest is None:
            return None
        state = self.reviews.get(client_id, digest_id)
        return apply_review(digest, state.review) if state.closed_at else digest

    def entry(self, client_id: str, digest_id: str) -> DigestEntry | None:
        """Return what the list says of one stored digest."""
        return self.digests.entry(client_id, digest_id)

    def entries(self, client_id: str, limit: int = 60) -> list[DigestEntry]:
        """Return the client's digests, newest first."""
        return self.digests.entries(client_id, limit)

    def schedule(self, due: DueDigest) -> None:
        """Set the client's next digest."""
        self.digests.schedule(due)

    def cancel(self, due: DueDigest) -> None:
        """Forget a digest to come."""
        self.digests.cancel(due)

    def upcoming(self, client_id: str) -> DueDigest | None:
        """Return the client's next digest."""
        return self.digests.upcoming(client_id)

    def due(self, now: datetime) -> list[DueDigest]:
        """Return digests whose interval closed at or before ``now``."""
        return self.digests.due(now)

    def put(self, digest: Digest, built_at: datetime, send_at: datetime) -> Digest:
        """Store a digest unless one closes at the same instant."""
        return self.digests.put(digest, built_at, send_at)
