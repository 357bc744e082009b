"""Alerts, beside digests: what a client is told.

::

    CLIENT#<client>   ALERTWATCH                what is remembered to judge by, and its ``version``
    CLIENT#<client>   ALERT#<alert>             an alert, as it stands; its id begins with when it opened
    CLIENT#<client>   ALERTSETTINGS             whom to tell, and of what
    ALERTDUE          <look at>#<client>        clients to look at when time has come

What is remembered, the alerts that changed and the time of the next look are written together.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.table import ABSENT, Cancelled, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.alerts.alert import Alert
from vigie.domain.alerts.settings import AlertSettings
from vigie.domain.alerts.watching import Watching
from vigie.errors import Transient

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_WATCH, _SETTINGS, _DUE = "ALERTWATCH", "ALERTSETTINGS", "ALERTDUE"
_SETTINGS_TRIES = 8


class DynamoAlerts:
    """``AlertStore`` on DigestsTable. An alert goes ``retention_days`` after it opened."""

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int) -> None:
        self._table = Table(client, table)
        self._retention_days = retention_days

    def watching(self, client_id: str) -> Watching | None:
        """Return what is remembered of a client."""
        item = self._table.get(_pk(client_id), _WATCH)
        return unpack(item["data"], Watching) if item else None

    def keep(
        self, before: Watching | None, after: Watching, alerts: Sequence[Alert], look_at: datetime | None
    ) -> bool:
        """Replace what is remembered, with the alerts that changed and when to look again, all or nothing."""
        pk = _pk(after.client_id)
        standing = self._table.get(pk, _WATCH)
        due_sk = f"{stamp(look_at)}#{after.client_id}" if look_at else None
        item: Item = {"pk": pk, "sk": _WATCH, "data": pack(after), "version": after.version, "due_sk": due_sk}
        unchanged = Condition("version = :version", {":version": before.version}) if before else ABSENT
        writes: list[dict[str, Any]] = [self._table.put_in(item, unchanged)]
        writes += [self._table.put_in(self._alert_item(alert)) for alert in alerts]
        old_due = standing.get("due_sk") if standing else None
        if old_due and old_due != due_sk:
            writes.append(self._table.delete_in(_DUE, old_due))
        if due_sk and due_sk != old_due:
            writes.append(self._table.put_in({"pk": _DUE, "sk": due_sk, "client_id": after.client_id}))
        try:
            self._table.transact(writes)
        except Cancelled:
            return False
        return True

    def due(self, now: datetime) -> list[str]:
        """Return the clients that are to be looked at by now."""
        after_hash = "$"  # the character that follows the # between instant and client
        return [str(item["client_id"]) for item in self._table.query(_DUE, high=stamp(now) + after_hash)]

    def alerts(self, client_id: str, limit: int) -> list[Alert]:
        """Return a client's alerts, newest first."""
        items = self._table.query(_pk(client_id), low="ALERT#", high="ALERT$", newest_first=True, limit=limit)
        return [unpack(item["data"], Alert) for item in items]

    def alert(self, client_id: str, alert_id: str) -> Alert | None:
        """Return one alert of a client."""
        item = self._table.get(_pk(client_id), f"ALERT#{alert_id}")
        return unpack(item["data"], Alert) if item else None

    def settings(self, client_id: str) -> AlertSettings:
        """Return a client's settings."""
        item = self._table.get(_pk(client_id), _SETTINGS)
        return unpack(item["data"], AlertSettings) if item else AlertSettings(client_id=client_id)

    def change_settings(
        self, client_id: str, decide: Callable[[AlertSettings], AlertSettings]
    ) -> AlertSettings:
        """Replace a client's settings by what is decided of them; asked again when they changed meanwhile."""
        for _ in attempts(_SETTINGS_TRIES, base_seconds=0.02):
            item = self._table.get(_pk(client_id), _SETTINGS)
            changed = decide(
                unpack(item["data"], AlertSettings) if item else AlertSettings(client_id=client_id)
            )
            unchanged = Condition("version = :read", {":read": item["version"]}) if item else ABSENT
            version = item["version"] + 1 if item else 1
            try:
                self._table.put(
                    {"pk": _pk(client_id), "sk": _SETTINGS, "data": pack(changed), "version": version},
                    unchanged,
                )
            except ConditionFailed:
                continue
            return changed
        raise Transient(f"the alert settings of {client_id} change too often")

    def _alert_item(self, alert: Alert) -> Item:
        return {
            "pk": _pk(alert.client_id),
            "sk": f"ALERT#{alert.alert_id}",  # it begins with when it was opened
            "data": pack(alert),
            "expires_at": expiry(alert.opened_at, self._retention_days),
        }


def _pk(client_id: str) -> str:
    return f"CLIENT#{client_id}"
