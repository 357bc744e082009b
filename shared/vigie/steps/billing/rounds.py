"""What time does to subscriptions, every hour: reminders, ends, graces that are over, erasures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from vigie.domain.clients import Client, Recipient
from vigie.domain.subscriptions import Notice, Subscription, advance, noticed, notices_due
from vigie.errors import AddressRefused
from vigie.ports import AccountStore, BillingStore, Clock, DeliveryStore

_LEASE_SECONDS = 120
_AT_ONCE = 200  # of one run: the next hour has the others

Tell = Callable[[Client, Recipient, Notice, Subscription, str], str]
"""Mails a notice to one person under a delivery key; returns the provider's id."""


@dataclass(slots=True)
class RoundReport:
    """What one round came to."""

    looked_at: int = 0
    mails: int = 0
    ended: int = 0
    paused: int = 0
    erased: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingRound:
    """Looks at the subscriptions that are due. A mail is claimed before it is sent, and marked once all are."""

    billing: BillingStore
    accounts: AccountStore
    deliveries: DeliveryStore
    tell: Tell
    erase: Callable[[str], object]
    clock: Clock

    def run(self) -> RoundReport:
        """Do what is due. One client's trouble keeps no other waiting: an ExceptionGroup tells what failed."""
        report, failed = RoundReport(), []
        for client_id in self.billing.due(self.clock())[:_AT_ONCE]:
            report.looked_at += 1
            try:
                self._look_at(client_id, report)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is raised below
                failed.append(error)
        if failed:
            raise ExceptionGroup("subscriptions that could not be looked after", failed)
        return report

    def _look_at(self, client_id: str, report: RoundReport) -> None:
        now, client = self.clock(), self.accounts.client(client_id)
        before = self.billing.subscription(client_id)
        standing = self.billing.change(client_id, now, lambda found: found and advance(found, now))
        if standing is None:
            return
        if client is None or (standing.erase_at is not None and now >= standing.erase_at):
            self.erase(client_id)
            report.erased += 1
            return
        if before is not None and before.state != standing.state:
            report.ended += standing.state == "cancelled"
            report.paused += standing.state == "paused"
        for notice, mark in notices_due(standing, now):
            report.mails += self._tell_all(client, notice, standing, mark, now)
            self._note(client_id, mark, now)

    def _note(self, client_id: str, mark: str, now: datetime) -> None:
        self.billing.change(client_id, now, lambda found: found and noticed(found, mark))

    def _tell_all(
        self, client: Client, notice: Notice, standing: Subscription, mark: str, now: datetime
    ) -> int:
        mailed = 0
        for number, person in enumerate(_whom(client)):
            key = f"{client.client_id}_billing_{mark.translate(_PLAIN)}_{number}"
            if self.deliveries.claim(client.client_id, key, now, _LEASE_SECONDS) != "claimed":
                continue  # sent, or on its way: of the two ways to be wrong the quieter
            try:
                provider_id = self.tell(client, person, notice, standing, key)
            except AddressRefused:
                provider_id = ""  # nothing can be sent there: the others are told
            self.deliveries.mark_sent(client.client_id, key, provider_id, now)
            mailed += bool(provider_id)
        return mailed


_PLAIN = str.maketrans("@:", "--")


def _whom(client: Client) -> list[Recipient]:
    """Return who is told of money: who may change what is watched, or everybody where nobody is named so."""
    managers = [recipient for recipient in client.recipients if recipient.manager]
    return managers or list(client.recipients)
