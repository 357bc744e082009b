# ruff: noqa: D102 - the port says what each method does
"""``AlertStore`` in memory, and a teller that keeps what it told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.journal import Journal
from vigie.domain.alerts.alert import Alert
from vigie.domain.alerts.settings import AlertSettings
from vigie.domain.alerts.telling import Telling
from vigie.domain.alerts.watching import Watching
from vigie.messages import decode_value, encode


class FakeAlerts:
    """What is remembered of clients, their alerts and their settings."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._watching: dict[str, bytes] = {}
        self._look_at: dict[str, datetime] = {}
        self._alerts: dict[tuple[str, str], bytes] = {}
        self._settings: dict[str, AlertSettings] = {}

    def watching(self, client_id: str) -> Watching | None:
        found = self._watching.get(client_id)
        return decode_value(found, Watching) if found else None

    def keep(
        self, before: Watching | None, after: Watching, alerts: Sequence[Alert], look_at: datetime | None
    ) -> bool:
        with self._journal.write("alerts.keep"):
            standing = self.watching(after.client_id)
            if (standing.version if standing else None) != (before.version if before else None):
                return False
            self._watching[after.client_id] = encode(after)
            for alert in alerts:
                self._alerts[alert.client_id, alert.alert_id] = encode(alert)
            self._look_at.pop(after.client_id, None)
            if look_at:
                self._look_at[after.client_id] = look_at
            return True

    def due(self, now: datetime) -> list[str]:
        return sorted(client_id for client_id, at in self._look_at.items() if at <= now)

    def alerts(self, client_id: str, limit: int) -> list[Alert]:
        found = [decode_value(each, Alert) for (owner, _), each in self._alerts.items() if owner == client_id]
        return sorted(found, key=lambda alert: alert.alert_id, reverse=True)[:limit]

    def alert(self, client_id: str, alert_id: str) -> Alert | None:
        found = self._alerts.get((client_id, alert_id))
        return decode_value(found, Alert) if found else None

    def settings(self, client_id: str) -> AlertSettings:
        return self._settings.get(client_id, AlertSettings(client_id=client_id))

    def change_settings(
        self, client_id: str, decide: Callable[[AlertSettings], AlertSettings]
    ) -> AlertSettings:
        while True:
            before = self.settings(client_id)
            after = decide(before)
            with self._journal.write("alerts.change_settings"):
                if self.settings(client_id) == before:
                    self._settings[client_id] = after
                    return after


@dataclass
class FakeTeller:
    """Keeps what it told, as (person, channel, event's kind, key), and ``together``, the ids of the alerts of each.

    ``troubles`` are raised, one a call.
    """

    journal: Journal
    told: list[tuple[str, str, str, str]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    together: list[tuple[str, ...]] = field(default_factory=list)

    def __call__(self, telling: Telling) -> None:
        """Tell one thing."""
        if self.troubles:
            raise self.troubles.pop(0)
        with self.journal.write("teller"):
            way = f"{telling.channel.kind}:{telling.channel.to}"
            self.told.append((telling.person.name, way, telling.event.kind, telling.key))
            self.together.append(tuple(alert.alert_id for alert in (telling.alert, *telling.also)))
