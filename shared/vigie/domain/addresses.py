"""How an address takes our mails: what bounced, who complained, and whether we still write to it.

One mistake of ours must not cost every client's mails: a provider judges a sender by all it sends. So an address that
is gone, or whose owner complained, is written to no more by the whole stack, until somebody of the agency lifts that.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Reason = Literal["bounce", "complaint", "soft_bounces"]
"""``bounce``: there is no such mailbox. ``complaint``: its owner called a mail spam. ``soft_bounces``: it was full or
away several times in few days; that one passes by itself."""

SOFT_BOUNCES_AT_MOST = 2
SOFT_BOUNCES_WITHIN = timedelta(days=10)
PAUSE = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class SoftBounce:
    """A mail that did not arrive, though the next may: which, and when."""

    provider_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """Why an address is not written to, since when, until when (None: until lifted), in the provider's words."""

    reason: Reason
    since: datetime
    until: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address, lower case, as the stack knows it. ``lifted_at``: nothing older counts any more."""

    email: str
    soft_bounces: tuple[SoftBounce, ...] = ()
    suppression: Suppression | None = None
    lifted_at: datetime | None = None

    def is_written_to(self, now: datetime) -> bool:
        """Whether a mail may go to it."""
        stop = self.suppression
        return stop is None or (stop.until is not None and stop.until <= now)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvent:
    """What the provider tells of one mail to one address; ``delivery_key`` is ours, empty on mails that had none."""

    kind: Literal["sent", "bounced", "bounced_softly", "complained", "rejected"]
    provider_id: str
    at: datetime
    email: str = ""
    delivery_key: str = ""
    detail: str = ""


def after(address: Address, event: MailEvent) -> Address:
    """Return the address after an event; the same for the same event heard twice, and in any order."""
    if address.lifted_at is not None and event.at <= address.lifted_at:
        return address
    if event.kind == "complained":
        return _stopped(address, Suppression(reason="complaint", since=event.at, detail=event.detail))
    if event.kind == "bounced":
        return _stopped(address, Suppression(reason="bounce", since=event.at, detail=event.detail))
    if event.kind == "bounced_softly":
        return _bounced_softly(address, event)
    return address


def lifted(address: Address, now: datetime) -> Address:
    """Return the address written to again, what it did before forgotten."""
    return Address(email=address.email, lifted_at=now)


def _stopped(address: Address, stop: Suppression) -> Address:
    standing = address.suppression
    weaker = standing is None or standing.until is not None
    graver = standing is not None and standing.reason == "bounce" and stop.reason == "complaint"
    return replace(address, suppression=stop) if weaker or graver else address


def _bounced_softly(address: Address, event: MailEvent) -> Address:
    if any(bounce.provider_id == event.provider_id for bounce in address.soft_bounces):
        return address
    bounces = sorted(
        (*address.soft_bounces, SoftBounce(event.provider_id, event.at)), key=lambda each: each.at
    )
    recent = tuple(each for each in bounces if each.at > bounces[-1].at - SOFT_BOUNCES_WITHIN)
    counted = replace(address, soft_bounces=recent)
    if len(recent) <= SOFT_BOUNCES_AT_MOST or (address.suppression and address.suppression.until is None):
        return counted
    since = recent[-1].at
    pause = Suppression(reason="soft_bounces", since=since, until=since + PAUSE, detail=event.detail)
    return replace(counted, suppression=pause)
