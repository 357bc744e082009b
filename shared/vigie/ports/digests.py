"""Digests, their review and their deliveries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vigie.domain.addresses import Address
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest
from vigie.domain.review import Review, ReviewState
from vigie.domain.sources import Odometer
from vigie.messages import DigestReady
from vigie.ports.sources import NOTHING_COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDigest:
    """A digest to build: the interval of one of the client's rhythms, and when the mail may leave.

    ``opening`` is the reading of the polls' odometers when the interval opened, ``carried_in`` the
    correspondences then still on their way. One with ``closing``, the reading when it closed, is a bridge: built
    once, for ``emails`` alone, who changed rhythm.
    """

    client_id: str
    interval: Interval
    send_at: datetime
    rhythm: str = ""
    opening: Odometer = NOTHING_COUNTED
    carried_in: int = 0
    closing: Odometer | None = None
    emails: tuple[str, ...] = ()

    @property
    def is_bridge(self) -> bool:
        """Whether no other digest follows it."""
        return self.closing is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """What the list of a client's digests says of each."""

    client_id: str
    digest_id: str
    interval: Interval
    built_at: datetime
    send_at: datetime
    mentions: int


class DigestStore(Protocol):
    """Digests to come, digests stored, and the reading of the odometers each closed with."""

    def schedule(self, due: DueDigest) -> None:
        """Set the next digest of a rhythm, replacing the one that was to come; none that opens later is replaced."""
        ...

    def cancel(self, due: DueDigest) -> None:
        """Forget a digest to come (its client is gone)."""
        ...

    def upcoming(self, client_id: str, rhythm: str = "") -> DueDigest | None:
        """Return the next digest of a rhythm, the client's own unless told."""
        ...

    def appointments(self, client_id: str) -> list[DueDigest]:
        """Return the client's digests to come, by the name of their rhythm."""
        ...

    def due(self, now: datetime) -> list[DueDigest]:
        """Return digests whose interval closed at or before ``now``, oldest first."""
        ...

    def put(self, digest: Digest, built_at: datetime, send_at: datetime) -> Digest:
        """Store a digest unless one closes at the same instant; return the one stored."""
        ...

    def get(self, client_id: str, digest_id: str) -> Digest | None:
        """Return one stored digest of the client."""
        ...

    def entry(self, client_id: str, digest_id: str) -> DigestEntry | None:
        """Return what the list says of one stored digest."""
        ...

    def entries(self, client_id: str, limit: int = 60, rhythm: str = "") -> list[DigestEntry]:
        """Return the digests of a rhythm, the client's own unless told, newest first."""
        ...

    def expect(self, ready: DigestReady) -> None:
        """Remember that a stored digest is to be mailed."""
        ...

    def settle(self, ready: DigestReady) -> None:
        """Forget it: its mails are sent."""
        ...

    def unsent(self, before: datetime) -> list[DigestReady]:
        """Return the digests that were to leave before an instant and whose mails are not all sent, oldest first."""
        ...


class ReviewStore(Protocol):
    """What reviewers decided of digests before these left."""

    def get(self, client_id: str, digest_id: str) -> ReviewState:
        """Return how the review of a digest stands; one of version 0 when nobody decided anything."""
        ...

    def keep(self, review: Review, now: datetime) -> Review:
        """Keep a review, one version further, and return it as kept.

        Raises Outdated when another version than ``review.version`` stands, and Expired when the review is closed.
        """
        ...

    def close(self, client_id: str, digest_id: str, now: datetime) -> Review:
        """Close the review for good, and return what was decided; the same answer ever after."""
        ...


class DeliveryStore(Protocol):
    """Who was sent which digest: claimed, then sent; and what the provider says it accepted."""

    def claim(self, client_id: str, delivery_key: str, now: datetime, lease_seconds: int) -> str:
        """Claim a delivery and return how it stands.

        ``claimed``: go on. ``sent``: done. ``held``: another worker is at it. ``doubtful``: a claim ran out
        without a word, it may have been sent or not; it is claimed again for whoever asks next.
        """
        ...

    def give_back(self, client_id: str, delivery_key: str) -> None:
        """Undo a claim whose mail the provider refused for now; no effect once sent."""
        ...

    def mark_sent(self, client_id: str, delivery_key: str, provider_id: str, now: datetime) -> None:
        """Record that the provider accepted it: by us, or by the provider's own event."""
        ...

    def is_sent(self, client_id: str, delivery_key: str) -> bool:
        """Return whether a delivery is done with, without claiming it."""
        ...

    def count_sent(self, client_id: str, prefix: str) -> int:
        """Return how many of a client's deliveries were sent whose key starts so."""
        ...


class AddressStore(Protocol):
    """How addresses take our mails. Belongs to the stack."""

    def forget(self, email: str) -> bool:
        """Forget an address; return whether anything was known of it."""
        ...

    def get(self, email: str) -> Address:
        """Return an address as it stands, in any case of letters."""
        ...

    def all(self) -> list[Address]:
        """Return every address that something happened to, in order."""
        ...

    def change(self, email: str, decide: Callable[[Address], Address]) -> Address:
        """Replace an address by what ``decide`` makes of it, and return that; asked again if it changed meanwhile."""
        ...
