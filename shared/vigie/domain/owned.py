"""What a client owns, as it is taken away, brought elsewhere, or erased; and the receipt of an erasure."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["client", "person", "author"]

BACKUPS_DAYS = 35
NOTES = (
    f"Point-in-time backups of the tables keep what was there for {BACKUPS_DAYS} days, and are not searched.",
    "That a client's watches ended is noted under its id until all watches are compiled anew, a week at most.",
    "Logs name clients and documents, no person's address; they go after their retention.",
    "The archive of what was published belongs to the stack, names no client, and goes after its retention.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedItem:
    """An item under a client's key. ``value`` is what it says, to be read; ``stored`` the item as it is kept."""

    table: str
    key: str
    value: Any
    stored: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was erased, when and by whom. Of a person it holds a hash: who was erased is not written down again."""

    kind: Kind
    subject: str
    erased_at: datetime
    by: str
    erased: dict[str, int] = field(default_factory=dict)
    left: int = 0
    notes: tuple[str, ...] = NOTES

    @property
    def receipt_id(self) -> str:
        """Stable id: of the same erasure, the same."""
        told = f"{self.kind} {self.subject} {self.erased_at.isoformat()}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def hashed(text: str) -> str:
    """Return what stands for a person or an author in a receipt; who knows the address can check it."""
    return "sha256:" + hashlib.sha256(text.strip().casefold().encode()).hexdigest()
