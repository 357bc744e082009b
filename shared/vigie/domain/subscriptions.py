"""The life of a self-serve client's subscription.

::

    trial ──paid──▶ active ◀──paid── past_due ──grace over──▶ paused (unpaid)
      │              │ ▲  └──payment fails──▲                    │  │
      │        asked ▼ │ resumed                            paid │  │ provider gives up
      │             paused (asked)              active ◀─────────┘  │
      └──over, no card──▶ cancelled ◀──period over, after cancel────┘
                             │ ──pays again──▶ active
                             └──kept days over──▶ erased

What was paid is the provider's to say: ``billed`` applies its state as read a moment ago, in whatever order its
events come. What time does is ours: ``advance``. Whatever the state, watching goes on until the data is erased; only
trial, active and past_due are mailed.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from vigie.domain.plans import TRIAL, Plan, plan_named

State = Literal["trial", "active", "past_due", "paused", "cancelled"]
PauseReason = Literal["asked", "unpaid"]
Need = Literal["action", "card"]
Notice = Literal[
    "trial_ends_soon",
    "trial_ends_tomorrow",
    "trial_ended",
    "payment_needs_action",
    "payment_failed",
    "payment_failed_again",
    "paused_unpaid",
    "cancelled",
    "erased_soon",
]

TRIAL_REMINDERS: tuple[tuple[Notice, timedelta], ...] = (
    ("trial_ends_soon", timedelta(days=4)),
    ("trial_ends_tomorrow", timedelta(days=1)),
)
GRACE = timedelta(days=10)
REMIND_AGAIN_AFTER = timedelta(days=5)
KEPT = timedelta(days=30)
ERASED_SOON = timedelta(days=7)

_NOTICES_KEPT = 20
_LIVE: frozenset[str] = frozenset({"active", "past_due", "paused"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One client's subscription as it stands.

    ``needs`` is what a payment waits for: ``action``, the bank wants its holder to confirm it (3-D Secure), or
    ``card``, another means of payment; ``pay_url`` is the provider's page for it. ``cancels_at`` is the end of the
    period that was paid when its owner cancelled. ``erase_at`` is when everything goes. ``notices`` are those
    already mailed, each with the instant it is about, so that each is mailed once.
    """

    client_id: str
    plan_id: str
    state: State
    since: datetime
    trial_ends_at: datetime | None = None
    period_ends_at: datetime | None = None
    past_due_since: datetime | None = None
    pause_reason: PauseReason | None = None
    cancels_at: datetime | None = None
    erase_at: datetime | None = None
    needs: Need | None = None
    pay_url: str = ""
    customer_id: str = ""
    billing_id: str = ""
    notices: tuple[str, ...] = ()

    @property
    def plan(self) -> Plan:
        """What it includes; a pause or an end changes nothing of what is watched meanwhile."""
        return plan_named(self.plan_id)

    @property
    def is_mailed(self) -> bool:
        """Whether digests and alerts leave. Those that do not are kept, and shown on the pages."""
        return self.state in {"trial", "active", "past_due"}

    @property
    def is_paying(self) -> bool:
        """Whether the provider holds a subscription that is not over."""
        return bool(self.billing_id) and self.state in _LIVE


BillingStatus = Literal["incomplete", "incomplete_expired", "active", "past_due", "unpaid", "canceled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """A subscription as the payment provider has it now."""

    client_id: str
    customer_id: str
    billing_id: str
    plan_id: str
    status: BillingStatus
    period_ends_at: datetime | None = None
    cancels_at: datetime | None = None
    is_paused: bool = False
    needs: Need | None = None
    pay_url: str = ""


def trial_of(client_id: str, now: datetime) -> Subscription:
    """Return a trial that begins now."""
    return Subscription(
        client_id=client_id,
        plan_id=TRIAL,
        state="trial",
        since=now,
        trial_ends_at=now + timedelta(days=plan_named(TRIAL).days or 0),
    )


def billed(standing: Subscription, billing: Billing, now: datetime) -> Subscription:
    """Return the subscription after the provider's state was read; reading it again changes nothing.

    One that is over, or that never began, says nothing of a client who has another.
    """
    if billing.status in {"canceled", "incomplete_expired"} and billing.billing_id != standing.billing_id:
        return standing
    known = replace(standing, customer_id=billing.customer_id, billing_id=billing.billing_id)
    if billing.status == "incomplete":
        return replace(known, needs=billing.needs, pay_url=billing.pay_url)
    if billing.status == "incomplete_expired":
        return replace(known, billing_id="", needs=None, pay_url="")
    if billing.status == "canceled":
        return standing if standing.state == "cancelled" else _ended(known, now)
    known = replace(
        known,
        plan_id=billing.plan_id,
        period_ends_at=billing.period_ends_at,
        cancels_at=billing.cancels_at,
        erase_at=None,
        needs=billing.needs,
        pay_url=billing.pay_url,
    )
    if billing.status == "active":
        state: State = "paused" if billing.is_paused else "active"
        reason: PauseReason | None = "asked" if billing.is_paused else None
        return _in(replace(known, pause_reason=reason, past_due_since=None), state, now)
    return _unpaid(known, now, over=billing.status == "unpaid")


def _unpaid(standing: Subscription, now: datetime, *, over: bool) -> Subscription:
    since = standing.past_due_since or now
    owing = replace(standing, past_due_since=since)
    if over or now >= since + GRACE:
        return _in(replace(owing, pause_reason="unpaid"), "paused", now)
    return _in(replace(owing, pause_reason=None), "past_due", now)


def advance(standing: Subscription, now: datetime) -> Subscription:
    """Return the subscription as time leaves it: a trial that is over, a grace that is over."""
    if standing.state == "trial" and standing.trial_ends_at is not None and now >= standing.trial_ends_at:
        return _ended(standing, now)
    if standing.state == "past_due":
        return _unpaid(standing, now, over=False)
    return standing


def _ended(standing: Subscription, now: datetime) -> Subscription:
    over = replace(
        standing, erase_at=now + KEPT, needs=None, pay_url="", past_due_since=None, pause_reason=None
    )
    return _in(over, "cancelled", now)


def to_erase(standing: Subscription, now: datetime) -> Subscription:
    """Return the subscription of who wants everything erased at once: over, and due to go."""
    return replace(_ended(standing, now), erase_at=now)


def _in(standing: Subscription, state: State, now: datetime) -> Subscription:
    return standing if standing.state == state else replace(standing, state=state, since=now)


def notices_due(standing: Subscription, now: datetime) -> list[tuple[Notice, str]]:
    """Return what is to be mailed now and was not: each with the mark that ``noticed`` keeps of it.

    Of several that are due only the last is told: a stack that slept does not mail twice at once.
    """
    passed = [(name, _mark(name, at)) for name, at in _timetable(standing) if at <= now]
    return [(name, mark) for name, mark in passed[-1:] if mark not in standing.notices]


def _mark(name: Notice, at: datetime) -> str:
    return f"{name}@{at:%Y-%m-%dT%H:%M:%S}"


def noticed(standing: Subscription, mark: str) -> Subscription:
    """Return the subscription with a notice that was mailed."""
    if mark in standing.notices:
        return standing
    return replace(standing, notices=(*standing.notices[1 - _NOTICES_KEPT :], mark))


def next_change_at(standing: Subscription, now: datetime) -> datetime | None:
    """Return when time next has something to do: a notice, an end, an erasure. It may be past; None when never."""
    instants = [at for _, at in _timetable(standing) if at > now]
    if notices_due(standing, now):
        instants.append(now)
    if standing.state == "trial" and standing.trial_ends_at is not None:
        instants.append(standing.trial_ends_at)
    if standing.state == "past_due" and standing.past_due_since is not None:
        instants.append(standing.past_due_since + GRACE)
    if standing.erase_at is not None:
        instants.append(standing.erase_at)
    return min(instants, default=None)


def _timetable(standing: Subscription) -> list[tuple[Notice, datetime]]:
    """Return what is mailed in the present state and when, in order."""
    if standing.state == "trial" and standing.trial_ends_at is not None:
        return [(name, standing.trial_ends_at - before) for name, before in TRIAL_REMINDERS]
    if standing.state == "past_due" and standing.past_due_since is not None:
        first: Notice = "payment_needs_action" if standing.needs == "action" else "payment_failed"
        again = standing.past_due_since + REMIND_AGAIN_AFTER
        return [(first, standing.past_due_since), ("payment_failed_again", again)]
    if standing.state == "paused" and standing.pause_reason == "unpaid":
        return [("paused_unpaid", standing.since)]
    if standing.state == "cancelled" and standing.erase_at is not None:
        ended: Notice = "cancelled" if standing.billing_id else "trial_ended"
        return [(ended, standing.since), ("erased_soon", standing.erase_at - ERASED_SOON)]
    return []
