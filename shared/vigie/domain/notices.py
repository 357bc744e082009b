"""Notices: what a client's own systems are told as it happens, signed so that they can tell it from anybody's.

The form is that of Standard Webhooks (standardwebhooks.com): headers ``webhook-id``, ``webhook-timestamp`` and
``webhook-signature`` (``v1,`` and the base64 of HMAC-SHA256 over id, timestamp and body, joined by dots), secrets
that begin with ``whsec_``. A secret is derived from the stack's: nothing of it is kept with the endpoint.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

EventKind = Literal["mention.recorded", "alert.opened", "alert.changed", "digest.ready", "ping"]
Subscribed = Literal["mention.recorded", "alert.opened", "alert.changed", "digest.ready"]
SUBSCRIBED: Final[tuple[Subscribed, ...]] = get_args(Subscribed)

Outcome = Literal["delivered", "failed", "refused", "given_up"]
"""``failed``: tried again later. ``refused``: its receiver wants no more (410). ``given_up``: a day has passed."""

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what every secret begins with
BOTH_SECRETS: Final = timedelta(hours=24)
"""After a rotation, what is sent bears the signatures of the new secret and of the one before, for so long."""

GIVE_UP_AFTER: Final = timedelta(hours=24)
LEASE: Final = timedelta(seconds=30)  # longer than a receiver may take
ENDPOINTS_LIMIT: Final = 10  # of one client
_PAUSE_SECONDS: Final = (30, 60, 120, 240, 480, 900)
_GONE: Final = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a client is told what, and how that goes.

    ``disabled_at``: its receiver answered 410, or somebody switched it off. ``failing_since``: the first of the
    failures in a row, the last of which is ``trouble``; nothing is tried before ``next_try_at``, nor by two at once
    (``held_until``).
    """

    client_id: str
    endpoint_id: str
    url: str
    events: tuple[Subscribed, ...]
    created_at: datetime
    secret_version: int = 1
    rotated_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    trouble: str = ""
    next_try_at: datetime | None = None
    held_until: datetime | None = None
    disabled_at: datetime | None = None

    @property
    def standing(self) -> Literal["active", "failing", "disabled"]:
        """How it goes."""
        if self.disabled_at:
            return "disabled"
        return "failing" if self.failing_since else "active"

    def free_at(self, now: datetime) -> datetime:
        """Return when the next try may be made: now, or when a pause or somebody else's try ends."""
        return max([now, *filter(None, (self.next_try_at, self.held_until))])

    def versions(self, now: datetime) -> tuple[int, ...]:
        """Return the versions of the secret that sign now, the newest first."""
        both = self.rotated_at is not None and now < self.rotated_at + BOTH_SECRETS
        return (self.secret_version, self.secret_version - 1) if both else (self.secret_version,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one event at one endpoint: the last try, and how many there were."""

    event_id: str
    event: EventKind
    happened_at: datetime
    tried_at: datetime
    tries: int
    outcome: Outcome
    status: int | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a receiver answered: a status, or why there is none."""

    status: int | None
    trouble: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


def event_id_of(client_id: str, kind: str, what: str) -> str:
    """Return an event's id: told again, it has the same, and its receiver can leave it."""
    return "evt_" + hashlib.sha256(f"{client_id}\0{kind}\0{what}".encode()).hexdigest()[:32]


def secret_of(stack_secret: str, client_id: str, endpoint_id: str, version: int) -> str:
    """Return an endpoint's secret, as its owner is shown it once."""
    told = f"webhook\0{client_id}\0{endpoint_id}\0{version}"
    key = hmac.digest(stack_secret.encode(), told.encode(), "sha256")
    return SECRET_PREFIX + base64.b64encode(key).decode()


def signed(secrets: Sequence[str], event_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that let a receiver tell that a body is ours, and when it was sent."""
    timestamp = str(int(at.timestamp()))
    content = b".".join((event_id.encode(), timestamp.encode(), body))
    signatures = [
        hmac.digest(base64.b64decode(secret.removeprefix(SECRET_PREFIX)), content, "sha256")
        for secret in secrets
    ]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in signatures),
    }


def taken_up(endpoint: Endpoint, now: datetime) -> Endpoint:
    """Return the endpoint held for one try."""
    return replace(endpoint, held_until=now + LEASE)


def settled(endpoint: Endpoint, posted: Posted, now: datetime) -> Endpoint:
    """Return the endpoint after a try: a success forgets the failures, a failure makes the next wait longer."""
    if posted.is_taken:
        return replace(
            endpoint, failures=0, failing_since=None, trouble="", next_try_at=None, held_until=None
        )
    pause = _PAUSE_SECONDS[min(endpoint.failures, len(_PAUSE_SECONDS) - 1)]
    return replace(
        endpoint,
        failures=endpoint.failures + 1,
        failing_since=endpoint.failing_since or now,
        trouble=trouble_of(posted),
        next_try_at=now + timedelta(seconds=pause),
        held_until=None,
        disabled_at=now if posted.status == _GONE else endpoint.disabled_at,
    )


def outcome_of(posted: Posted, happened_at: datetime, now: datetime) -> Outcome:
    """Return what a try came to."""
    if posted.is_taken:
        return "delivered"
    if posted.status == _GONE:
        return "refused"
    return "given_up" if now >= happened_at + GIVE_UP_AFTER else "failed"


def trouble_of(posted: Posted) -> str:
    """Return why a try failed, in a sentence."""
    return posted.trouble or f"it answered {posted.status}"
