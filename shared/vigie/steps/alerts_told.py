"""What alerts have to say in a digest."""

from collections.abc import Callable
from dataclasses import dataclass

from vigie.domain.alerts.alert import Alert
from vigie.domain.alerts.banding import bands_of, is_rising
from vigie.domain.clients import Client, Locale
from vigie.domain.cutoffs import Interval
from vigie.domain.digest_blocks import ToldAlerts
from vigie.ports.alerts import AlertStore

LOOKED_AT = 100  # alerts of a client, newest first: three a day are told


@dataclass(frozen=True, slots=True)
class AlertsTold:
    """Reads a client's alerts for its digests. ``title`` says in a few words what one is about."""

    alerts: AlertStore
    title: Callable[[Alert, Locale], str]

    def __call__(self, client: Client, interval: Interval) -> ToldAlerts:
        """Return what the digest of an interval tells of alerts."""
        found = self.alerts.alerts(client.client_id, LOOKED_AT)
        return ToldAlerts(
            bands=bands_of(found, interval, lambda alert: self.title(alert, client.locale)),
            is_rising=is_rising(self.alerts.watching(client.client_id), interval.until),
        )
