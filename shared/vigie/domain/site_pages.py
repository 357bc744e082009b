"""What the pages of the site show, as content: no sentence and no markup."""

from dataclasses import dataclass
from datetime import datetime

from vigie.domain.digest import Digest, StoryEntry, SubjectLine
from vigie.domain.feedback import Correction
from vigie.domain.mentions import Mention
from vigie.domain.payments import Invoice
from vigie.domain.plans import Plan
from vigie.domain.quotas import QuotaUse
from vigie.domain.subscriptions import Subscription
from vigie.domain.week import DayCount


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The digest before or after another: its id, and when it closed."""

    digest_id: str
    closed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A digest as its page shows it, with the week it closes and the neighbours its link opens."""

    digest: Digest
    week: tuple[DayCount, ...]
    before: Neighbour | None
    after: Neighbour | None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A digest, and the mentions kept out of it."""

    digest: Digest
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a question found, newest first; ``since`` is how far back it was looked for, ``cursor`` goes on.

    ``is_whole`` is False when a part of what was to be searched could not be read; ``is_cut`` says that the client's
    plan goes no further back than ``since``.
    """

    question: str
    mentions: tuple[Mention, ...]
    since: datetime
    cursor: str | None = None
    is_whole: bool = True
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class ToldStory:
    """One story of a digest, and the subject it belongs to."""

    digest: Digest
    subject: SubjectLine
    story: StoryEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What people and machine say today of a story that a digest told.

    ``value`` is what stands of the label asked about; ``correction`` the one that made it so, None when nobody did.
    """

    told: ToldStory
    value: str
    correction: Correction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A subscription as its page shows it. ``invoices`` is None when they cannot be read now."""

    subscription: Subscription
    use: QuotaUse
    watches: int
    plans: tuple[Plan, ...]
    invoices: tuple[Invoice, ...] | None
    now: datetime
