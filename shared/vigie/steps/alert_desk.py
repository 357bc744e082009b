"""What people do with alerts: see them, take them in charge, close them, say that one was for nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from vigie.domain.alerts.alert import Alert
from vigie.domain.alerts.lifecycle import acknowledged, called_false, next_look, resolved
from vigie.domain.alerts.settings import AlertSettings, after_false_alarm, check_settings
from vigie.domain.clients import Client
from vigie.errors import Conflict, NotFound, Transient
from vigie.ports import AccountStore, Clock
from vigie.ports.alerts import AlertStore

LISTED_AT_MOST = 100
_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDesk:
    """Answers about a client's alerts. What is done twice is done once."""

    accounts: AccountStore
    alerts: AlertStore
    clock: Clock

    def listed(self, client: Client, limit: int = LISTED_AT_MOST) -> list[Alert]:
        """Return the client's alerts, newest first."""
        return self.alerts.alerts(client.client_id, min(limit, LISTED_AT_MOST))

    def alert(self, client: Client, alert_id: str) -> Alert:
        """Return one alert. Raises NotFound."""
        alert = self.alerts.alert(client.client_id, alert_id)
        if alert is None:
            raise NotFound(f"There is no alert {alert_id}.")
        return alert

    def acknowledge(self, client: Client, alert_id: str, by: str) -> Alert:
        """Take an alert in charge; the first to do so stands. Raises NotFound."""
        return self._changed(client, alert_id, lambda alert, now: acknowledged(alert, by, now))

    def resolve(self, client: Client, alert_id: str, by: str) -> Alert:
        """Close an alert by hand. Raises NotFound."""
        people = self.settings(client).chain(client)
        return self._changed(client, alert_id, lambda alert, now: resolved(alert, by, now, people))

    def false_alarm(self, client: Client, alert_id: str, by: str, why: str) -> Alert:
        """Close an alert as a false alarm, once, and alarm a little less from now on. Raises NotFound."""
        before = self.alert(client, alert_id)
        after = self._changed(client, alert_id, lambda alert, now: called_false(alert, by, now, why))
        if len(after.events) > len(before.events):
            self.alerts.change_settings(client.client_id, after_false_alarm)
        return after

    def settings(self, client: Client) -> AlertSettings:
        """Return whom the client wants told, and of what."""
        return self.alerts.settings(client.client_id)

    def name_of(self, client: Client, taker: str) -> str:
        """Return the name of who holds a link, as the chain or the recipients know it; the address without."""
        if person := self.settings(client).person(client, taker):
            return person.name
        known = {each.email.casefold(): each.name for each in client.recipients}
        return known.get(taker.casefold()) or taker

    def change_settings(
        self, client: Client, change: Callable[[AlertSettings], AlertSettings]
    ) -> AlertSettings:
        """Replace them by what ``change`` makes of them as they stand. Raises BadField naming what cannot be kept."""
        return self.alerts.change_settings(
            client.client_id,
            lambda standing: check_settings(replace(change(standing), client_id=client.client_id)),
        )

    def _changed(self, client: Client, alert_id: str, change: Callable[[Alert, datetime], Alert]) -> Alert:
        people = self.settings(client).chain(client)
        for _ in range(_TRIES):
            before = self.alerts.watching(client.client_id)
            standing = {alert.alert_id: alert for alert in before.alerts} if before else {}
            if before is None or alert_id not in standing:
                self.alert(client, alert_id)
                raise Conflict(
                    f"The alert {alert_id} is over, and has been for days: nothing changes any more."
                )
            now = self.clock()
            changed = change(standing[alert_id], now)
            if changed == standing[alert_id]:
                return changed
            standing[alert_id] = changed
            after = replace(before, alerts=tuple(standing.values()), version=before.version + 1)
            times = [at for alert in after.alerts if (at := next_look(alert, people, now, client.tz))]
            if self.alerts.keep(before, after, [changed], min(times, default=None)):
                return changed
        raise Transient(f"what is remembered of {client.client_id} changes too often")
