"""What one asking of a platform came to: documents and where to go on, or why there are none.

Six reasons, for as many reactions. ``RetryAfter`` and ``QuotaUntil`` are no failures: nobody did anything wrong,
the same asking is made later, and what that cut off is said in the digest. ``AuthRevoked`` waits for the client
or for ops, ``QueryRejected`` for us, ``TermsBlocked`` for a contract; ``Unavailable`` is what happens to any
server, and is tried again, later each time.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from vigie.domain.feeds import FeedEntry
from vigie.domain.fetching import Failure

Coverage = Literal["complete", "truncated", "sampled"]
"""All there was; cut off (a budget, a page limit); or never more than a part (hashtags of one instance)."""


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """The platform asks for patience."""

    at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class QuotaUntil:
    """A budget is used up until it fills again."""

    at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class AuthRevoked:
    """The credential is refused: somebody has to authorise us again."""

    detail: str


@dataclass(frozen=True, slots=True)
class QueryRejected:
    """The platform does not understand what we ask: our fault."""

    detail: str


@dataclass(frozen=True, slots=True)
class TermsBlocked:
    """The platform's terms do not allow it, or not without a contract."""

    detail: str


@dataclass(frozen=True, slots=True)
class Unavailable:
    """The platform did not answer, or not with an answer: the failure says what happened."""

    failure: Failure


Refusal: TypeAlias = RetryAfter | QuotaUntil | AuthRevoked | QueryRejected | TermsBlocked | Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What a credential has left, as the platform says it or as we count it."""

    bucket: str
    limit: int | None = None
    remaining: int | None = None
    resets_at: datetime | None = None
    units: int = 0
    micro_usd: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one asking brought, newest or oldest first as the platform likes.

    ``cursor`` is where to go on, opaque and versioned; it is stored only once the entries are durably queued.
    ``more`` says that there is more now. ``deleted`` are native ids that the platform says are gone.
    """

    entries: tuple[FeedEntry, ...] = ()
    deleted: tuple[str, ...] = ()
    cursor: str | None = None
    more: bool = False
    coverage: Coverage = "complete"
    rates: tuple[Rate, ...] = field(default=())
    refusal: Refusal | None = None
