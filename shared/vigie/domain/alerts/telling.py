"""One person to be told of one event of an alert, and of what was kept back with it."""

from dataclasses import dataclass

from vigie.domain.alerts.alert import Alert, Event
from vigie.domain.alerts.settings import Channel, Person
from vigie.domain.clients import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Whom to tell what, by which channel; ``key`` is the same on every try. ``also``: alerts told by the way."""

    client: Client
    alert: Alert
    event: Event
    person: Person
    channel: Channel
    key: str
    also: tuple[Alert, ...] = ()
