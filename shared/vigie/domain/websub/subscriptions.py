"""The life of a subscription: when to ask the hub for what, and how far to trust what it pushes (WebSub §5).

::

    wanted ──asked──▶ pending ──hub verifies──▶ active ──not renewed──▶ (lapsed: polled as before)
       ▲                 │                        │
       └──try later──────┴──────denied────────────┴──▶ refused ──weeks later──▶ pending
    any ──source gone, hub changed──▶ leaving ──hub verifies, or lease over──▶ left (forgotten)

Pushing is proven by pushes. An article that a poll finds, and that should have been pushed, takes the trust away:
after the n-th such miss, 2ⁿ pushes in a row give it back. A hub that was merely late is forgiven.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from vigie.domain.polling.policy import chance
from vigie.domain.websub.offers import PushOffer

Status = Literal["wanted", "pending", "active", "refused", "leaving", "left"]
Standing = Literal["asked", "active", "proven", "distrusted", "lapsed", "refused", "leaving"]

LEASE_SECONDS = 864_000  # what we ask for; hubs grant what they like, mostly five to ten days
LEASE_BOUNDS_SECONDS = (60, 30 * 86_400)  # what we believe
RENEW_AT = 0.7  # of the lease, and up to a fifth of it later: a third is left for the hub's bad days
RETRY_SECONDS = (3_600, 7 * 86_400)  # doubles from the first to the second
REFUSED_SECONDS = 14 * 86_400
LATE_BY = timedelta(minutes=30)  # a hub that pushes so soon after a poll found the article was only late
_LEAVING_TRIES = 3
_MISSES_COUNTED = 6
_TROUBLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class PushKey:
    """What names a subscription: its shard, its source, its offer."""

    shard: str
    source_id: str
    offer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What we asked a hub for, for one source. Instants are aware UTC.

    ``ask_at`` is when to ask the hub (again); ``tries`` counts asking since the hub last confirmed. ``since`` is
    when it first confirmed, ``trouble`` its last refusal or failure, in one line. ``heard`` counts pushes since the
    last miss (up to what trust needs), ``missed_at`` is when that was, ``misses`` how many count.
    """

    shard: str
    source_id: str
    hub: str
    topic: str
    status: Status = "wanted"
    ask_at: datetime | None = None
    tries: int = 0
    since: datetime | None = None
    leased_until: datetime | None = None
    trouble: str | None = None
    pushed_at: datetime | None = None
    heard: int = 0
    missed_at: datetime | None = None
    misses: int = 0

    @property
    def offer(self) -> PushOffer:
        """The hub and the topic."""
        return PushOffer(self.hub, self.topic)

    @property
    def key(self) -> PushKey:
        """What names it."""
        return PushKey(self.shard, self.source_id, self.offer.offer_id)

    @property
    def mode(self) -> Literal["subscribe", "unsubscribe"]:
        """What the hub is asked for."""
        return "unsubscribe" if self.status == "leaving" else "subscribe"


def wanted(shard: str, source_id: str, offer: PushOffer, now: datetime) -> Subscription:
    """Return the subscription a new offer is worth."""
    return Subscription(shard=shard, source_id=source_id, hub=offer.hub, topic=offer.topic, ask_at=now)


def is_kept(subscription: Subscription) -> bool:
    """Say whether we still want what this subscription brings."""
    return subscription.status not in {"leaving", "left"}


def must_ask(subscription: Subscription, now: datetime) -> bool:
    """Say whether the hub is to be asked now."""
    return subscription.ask_at is not None and subscription.ask_at <= now and subscription.status != "left"


# -- asking -------------------------------------------------------------------------------------------------


def asking(subscription: Subscription, now: datetime) -> Subscription:
    """Return the state to keep before the hub is asked: a worker that dies does not ask again at once.

    A subscription that was left is forgotten when the hub has let several requests go by, or its lease is over.
    """
    if subscription.status == "leaving" and _may_be_forgotten(subscription, now):
        return forgotten(subscription)
    asked = replace(subscription, tries=subscription.tries + 1, ask_at=now + _retry_wait(subscription, now))
    return replace(asked, status="pending") if subscription.status in {"wanted", "refused"} else asked


def not_heard(subscription: Subscription, trouble: str) -> Subscription:
    """Return the state after the hub could not be asked, or refused: it is asked again later.

    A subscription that is active, or that the hub verified before it answered, stays so.
    """
    status: Status = "wanted" if subscription.status == "pending" else subscription.status
    return replace(subscription, status=status, trouble=_one_line(trouble))


def left_behind(subscription: Subscription, now: datetime) -> Subscription:
    """Return the state of a subscription nobody wants any more: the source is gone, or another hub pushes it."""
    if subscription.status in {"leaving", "left"}:
        return subscription
    if subscription.status == "wanted" and not subscription.tries:
        return forgotten(subscription)  # the hub never heard of it
    return replace(subscription, status="leaving", ask_at=now, tries=0)


def _may_be_forgotten(subscription: Subscription, now: datetime) -> bool:
    over = subscription.leased_until is not None and subscription.leased_until <= now
    return over or subscription.tries >= _LEAVING_TRIES


def _retry_wait(subscription: Subscription, now: datetime) -> timedelta:
    low, high = RETRY_SECONDS
    wait = min(low * 2 ** min(subscription.tries, 20), high)
    return timedelta(seconds=round(wait * (0.75 + chance(subscription.source_id, now) / 2)))


# -- what the hub says --------------------------------------------------------------------------------------


def is_expected(subscription: Subscription | None, mode: str, topic: str) -> bool:
    """Say whether a hub's verification of intent is of something we mean (WebSub §5.3).

    A hub may verify long after we asked, even when it seemed not to answer.
    """
    if mode == "unsubscribe":
        return subscription is None or (not is_kept(subscription) and subscription.topic == topic)
    if subscription is None or subscription.topic != topic:
        return False
    asked = subscription.status in {"pending", "active"} or (
        subscription.status == "wanted" and subscription.tries > 0
    )
    return asked if mode == "subscribe" else mode == "denied"


def confirmed(subscription: Subscription, lease_seconds: int | None, now: datetime) -> Subscription:
    """Return the subscription for the lease the hub grants (``None``: it did not say, so what we asked for)."""
    now = now.replace(microsecond=0)
    low, high = LEASE_BOUNDS_SECONDS
    lease = min(max(LEASE_SECONDS if lease_seconds is None else lease_seconds, low), high)
    renewal = lease * (RENEW_AT + 0.2 * chance(subscription.source_id, now))
    return replace(
        subscription,
        status="active",
        ask_at=now + timedelta(seconds=max(round(renewal), RETRY_SECONDS[0])),
        tries=0,
        since=subscription.since if lives(subscription, now) else now,
        leased_until=now + timedelta(seconds=lease),
        trouble=None,
    )


def forgotten(subscription: Subscription) -> Subscription:
    """Return the subscription that is over, for us and the hub."""
    return replace(subscription, status="left", ask_at=None)


def denied(subscription: Subscription, reason: str, now: datetime) -> Subscription:
    """Return the subscription the hub denies or ends: it is asked again, weeks later."""
    if not is_kept(subscription):
        return forgotten(subscription)
    again = now.replace(microsecond=0) + timedelta(seconds=REFUSED_SECONDS)
    trouble = _one_line(f"the hub denied it: {reason}" if reason else "the hub denied it")
    return replace(
        subscription,
        status="refused",
        ask_at=again,
        leased_until=None,
        since=None,
        trouble=trouble,
        tries=0,
        heard=0,
    )


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:_TROUBLE_CHARACTERS]


# -- trust --------------------------------------------------------------------------------------------------


def lives(subscription: Subscription, now: datetime) -> bool:
    """Say whether the hub has promised to push now."""
    until = subscription.leased_until
    return subscription.status == "active" and until is not None and now < until


def trusted_until(subscription: Subscription, now: datetime) -> datetime | None:
    """Return until when pushes stand in for polls, or None when they do not."""
    proven = subscription.heard >= _pushes_needed(subscription.misses)
    return subscription.leased_until if proven and lives(subscription, now) else None


def heard(subscription: Subscription, now: datetime) -> Subscription:
    """Return the subscription after an authentic push. One soon after a miss was that very article, late."""
    now = now.replace(microsecond=0)
    late = subscription.missed_at is not None and now - subscription.missed_at <= LATE_BY
    misses = subscription.misses - 1 if late else subscription.misses
    needed = _pushes_needed(misses)
    count = needed if late else min(subscription.heard + 1, needed)
    return replace(
        subscription,
        pushed_at=now,
        heard=count,
        misses=misses,
        missed_at=None if late else subscription.missed_at,
    )


def missed(subscription: Subscription, polled_before: datetime | None, now: datetime) -> Subscription:
    """Return the subscription after a poll found news, the last poll having been at ``polled_before``.

    News may be older than the subscription unless that poll came after it was confirmed; and what nobody trusts
    yet cannot disappoint.
    """
    if polled_before is None or subscription.since is None or polled_before < subscription.since:
        return subscription
    if trusted_until(subscription, now) is None:
        return subscription
    return replace(
        subscription,
        heard=0,
        missed_at=now.replace(microsecond=0),
        misses=min(subscription.misses + 1, _MISSES_COUNTED),
    )


def _pushes_needed(misses: int) -> int:
    return 1 << misses


def standing(subscription: Subscription, now: datetime) -> Standing:
    """Say how a subscription stands, in one word for people."""
    match subscription.status:
        case "refused":
            return "refused"
        case "leaving" | "left":
            return "leaving"
        case "active" if not lives(subscription, now):
            return "lapsed"
        case "active" if trusted_until(subscription, now) is not None:
            return "proven"
        case "active":
            return "distrusted" if subscription.misses else "active"
        case _:
            return "asked"
