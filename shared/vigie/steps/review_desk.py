"""The review desk: a digest as it was found, what its reviewer decided, and the digest as it will leave."""

from dataclasses import dataclass
from datetime import datetime

from vigie.domain.clients import Client
from vigie.domain.digest import Digest
from vigie.domain.review import Review, apply_review, check_review, review_closed
from vigie.errors import Conflict, NotFound
from vigie.ports import Clock, DigestStore, ReviewStore
from vigie.requests import ReviewRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSheet:
    """One digest on its reviewer's desk.

    ``found`` is the digest as it was built, ``digest`` as it leaves with what is decided so far; ``is_open`` says
    whether more can be decided, until ``leaves_at``.
    """

    found: Digest
    digest: Digest
    review: Review
    leaves_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDesk:
    """Shows a digest before it leaves, and keeps what is decided of it."""

    digests: DigestStore
    reviews: ReviewStore
    clock: Clock

    def sheet(self, client: Client, digest_id: str) -> ReviewSheet:
        """Return a digest with its review. Raises NotFound."""
        found = self.digests.get(client.client_id, digest_id)
        entry = self.digests.entry(client.client_id, digest_id)
        if found is None or entry is None:
            raise NotFound(f"There is no digest {digest_id}.")
        state = self.reviews.get(client.client_id, digest_id)
        in_time = state.closed_at is None and self.clock() < entry.send_at
        return ReviewSheet(
            found=found,
            digest=apply_review(found, state.review),
            review=state.review,
            leaves_at=entry.send_at,
            is_open=client.reviewer is not None and in_time,
        )

    def decide(self, client: Client, digest_id: str, request: ReviewRequest, by: str) -> ReviewSheet:
        """Replace what was decided of a digest, as ``by`` wants it, and return how it leaves now.

        Raises NotFound; BadField naming what the digest does not hold; Outdated when somebody decided meanwhile;
        Expired when the digest has left; Conflict for a client without a reviewer, whose digests wait for nobody.
        """
        if client.reviewer is None:
            raise Conflict("This client has no reviewer; name one first.")
        sheet = self.sheet(client, digest_id)
        if not sheet.is_open:
            raise review_closed()
        now = self.clock()
        wanted = request.to_review(client.client_id, digest_id, by, now)
        self.reviews.keep(check_review(sheet.found, wanted), now)
        return self.sheet(client, digest_id)
