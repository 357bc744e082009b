"""Alerts: what is remembered to raise them, and who tells them.

Apart from the other ports: a function that has nothing to do with alerts does not load their domain.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from vigie.domain.alerts.alert import Alert
from vigie.domain.alerts.settings import AlertSettings
from vigie.domain.alerts.telling import Telling
from vigie.domain.alerts.watching import Watching


class AlertStore(Protocol):
    """What is remembered of clients to alert them, their alerts, and their settings."""

    def watching(self, client_id: str) -> Watching | None:
        """Return what is remembered of a client."""
        ...

    def keep(
        self, before: Watching | None, after: Watching, alerts: Sequence[Alert], look_at: datetime | None
    ) -> bool:
        """Replace what is remembered, with the alerts that changed and when to look again, all or nothing.

        Return False, and write nothing, when it is not ``before`` any more.
        """
        ...

    def due(self, now: datetime) -> list[str]:
        """Return the clients that are to be looked at by now."""
        ...

    def alerts(self, client_id: str, limit: int) -> list[Alert]:
        """Return a client's alerts, newest first."""
        ...

    def alert(self, client_id: str, alert_id: str) -> Alert | None:
        """Return one alert of a client."""
        ...

    def settings(self, client_id: str) -> AlertSettings:
        """Return a client's settings; the usual ones when it never said."""
        ...

    def change_settings(
        self, client_id: str, decide: Callable[[AlertSettings], AlertSettings]
    ) -> AlertSettings:
        """Replace a client's settings by what is decided of them; asked again when they changed meanwhile."""
        ...


Teller = Callable[[Telling], None]
"""Tells.

Raises Transient (not told; try later), Permanent (not told, and never by this channel) or Unanswered (perhaps told).
"""
