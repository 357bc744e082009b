"""An alert and its life: opened, acknowledged, resolved, reopened; and the notices that each change makes.

An alert is a value. Whoever changes it does so by a function that returns the next value; what people are to be told
of the change rides in ``pending`` until it was told, under a key that is the same on every try.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

State = Literal["open", "acknowledged", "resolved"]
Trigger = Literal["burst", "negative_share", "crisis", "outlet", "watch"]
"""``burst``: far more than usual. ``negative_share``: far more against than usual. ``crisis``: what is said is one.
``outlet``: an outlet the client named wrote. ``watch``: a watch of purpose crisis matched."""

Severity = Literal["serious", "critical"]
EventKind = Literal[
    "opened", "grew", "acknowledged", "escalated", "resolved", "reopened", "false_alarm", "summarised"
]
TOLD: frozenset[EventKind] = frozenset({"opened", "grew", "reopened", "resolved", "escalated", "summarised"})
"""Events that somebody is told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How big: ``value`` where ``baseline`` is usual, ``z`` deviations above it; over ``minutes``."""

    value: float
    baseline: float
    z: float
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDocument:
    """A document that an alert shows."""

    mention_id: str
    title: str
    source_name: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Who carries it: press groups and authors, how many; the most active; the share that is copied word for word."""

    stories: int = 0
    mentions: int = 0
    families: tuple[str, ...] = ()
    authors: int = 0
    loudest: tuple[str, ...] = ()  # authors that posted far more than the others
    copied_share: float = 0.0
    tiers: tuple[str, ...] = ()
    negative: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to an alert; ``number`` counts from 1; ``by`` is who did it, empty for the clock."""

    number: int
    kind: EventKind
    at: datetime
    by: str = ""
    trigger: Trigger | None = None
    detail: str = ""
    measure: Measure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A thing to tell a person of an event, from ``due_at`` on, by their channel number ``channel``."""

    event: int
    person: int
    due_at: datetime
    channel: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert of a client about ``topic`` (its own name, or a watch's id).

    ``chart`` holds counts of the last hours, oldest first; ``told_at`` is when its people last heard of it;
    ``people`` is the chain as it was when it opened, by name.
    """

    client_id: str
    alert_id: str
    topic: str
    topic_name: str
    trigger: Trigger
    severity: Severity
    state: State
    opened_at: datetime
    since: datetime
    measure: Measure
    spread: Spread
    first: KeyDocument | None = None
    documents: tuple[KeyDocument, ...] = ()
    stories: tuple[str, ...] = ()
    chart: tuple[int, ...] = ()
    events: tuple[Event, ...] = ()
    pending: tuple[Notice, ...] = ()
    announced: int = 0  # how many of the events the client's own systems were told of
    told_at: datetime | None = None
    active_at: datetime
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    reopened: int = 0
    learning: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it is not resolved."""
        return self.state != "resolved"


def with_event(alert: Alert, event: Event) -> Alert:
    """Return the alert with one event more, numbered."""
    return replace(alert, events=(*alert.events, replace(event, number=len(alert.events) + 1)))


def all_announced(alert: Alert) -> Alert:
    """Return the alert with nothing left to tell the client's own systems."""
    return replace(alert, announced=len(alert.events))


def notice_key(alert: Alert, notice: Notice) -> str:
    """Return the key under which a notice is told once: letters, digits, ``-`` and ``_``."""
    return f"{alert.client_id}_{alert.alert_id}_{notice.event}_{notice.person}_{notice.channel}"
