"""What a health report says of clients: their new mentions, their digests, the alerts nobody took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.domain.clients import Client
from vigie.domain.cutoffs import Interval
from vigie.domain.health.report import DigestHealth
from vigie.domain.lateness import LATE_AFTER
from vigie.domain.mentions import Mention
from vigie.ports import AccountStore, DigestEntry, DigestStore, DueDigest, MentionStore
from vigie.ports.alerts import AlertStore

UNTAKEN_AFTER = timedelta(minutes=30)
_DAY = timedelta(days=1)
_ENTRIES_A_DAY = 12
_ALERTS_LOOKED_AT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientsSeen:
    """What was found. ``mails`` and ``wrong`` (digests whose sums fail) are of digests built since last time."""

    clients: int
    recorded: Sequence[Mention]
    digests: DigestHealth
    digest_names: frozenset[str]
    wrong: tuple[str, ...]
    mails: int
    alerts_unacknowledged: int

    @property
    def mentions(self) -> int:
        """How many mentions were recorded since last time."""
        return len(self.recorded)


def look_at_clients(
    accounts: AccountStore,
    mentions: MentionStore,
    digests: DigestStore,
    alerts: AlertStore,
    recorded: Interval,
) -> ClientsSeen:
    """Look at every client; ``recorded`` is the time since last looked."""
    now, clients = recorded.until, accounts.clients()
    to_come = digests.due(now + _DAY)
    entries = list(_entries(clients, digests, to_come, now))
    new = [entry for entry in entries if recorded.since <= entry.built_at < now]
    recipients = {client.client_id: len(client.recipients) for client in clients}
    return ClientsSeen(
        clients=len(clients),
        recorded=[
            mention for client in clients for mention in mentions.recorded_in(client.client_id, recorded)
        ],
        digests=_digests(digests, to_come, entries, now),
        digest_names=frozenset(map(_name, entries)),
        wrong=tuple(_name(entry) for entry in new if _is_wrong(digests, entry)),
        mails=sum(recipients[entry.client_id] for entry in new),
        alerts_unacknowledged=sum(_untaken(alerts, client.client_id, now) for client in clients),
    )


def _entries(
    clients: Sequence[Client], digests: DigestStore, to_come: Sequence[DueDigest], now: datetime
) -> Iterator[DigestEntry]:
    """Yield what was built within a day, of every rhythm that has another digest to come within one."""
    rhythms = {(client.client_id, "") for client in clients}
    rhythms |= {(due.client_id, due.rhythm) for due in to_come if not due.is_bridge}
    known = {client.client_id for client in clients}
    for client_id, rhythm in sorted(rhythms):
        if client_id in known:
            found = digests.entries(client_id, _ENTRIES_A_DAY, rhythm)
            yield from (entry for entry in found if entry.built_at > now - _DAY)


def _digests(
    digests: DigestStore, to_come: Sequence[DueDigest], entries: Sequence[DigestEntry], now: datetime
) -> DigestHealth:
    """Return how digests are; late are those built and not all sent, and those not even built."""
    limit = now - LATE_AFTER
    unsent = digests.unsent(now)
    late = sum(ready.send_at <= limit for ready in unsent) + sum(due.send_at <= limit for due in to_come)
    waiting = {(ready.client_id, ready.digest_id) for ready in unsent}
    waiting |= {(entry.client_id, entry.digest_id) for entry in entries if entry.send_at > now}
    built = {(entry.client_id, entry.digest_id) for entry in entries}
    return DigestHealth(due=len(to_come), built=len(built), unsent=len(built & waiting), late=late)


def _is_wrong(digests: DigestStore, entry: DigestEntry) -> bool:
    digest = digests.get(entry.client_id, entry.digest_id)
    return digest is not None and bool(digest.check())


def _name(entry: DigestEntry) -> str:
    return f"{entry.client_id}/{entry.digest_id}"


def _untaken(alerts: AlertStore, client_id: str, now: datetime) -> int:
    """Return how many alerts of a client are open, and have been for half an hour."""
    return sum(
        alert.state == "open" and alert.opened_at <= now - UNTAKEN_AFTER
        for alert in alerts.alerts(client_id, _ALERTS_LOOKED_AT)
    )
