"""Alerts: look at what came for a client, decide what is worth telling, keep it, and tell it.

What is remembered of a client is one item, replaced under its version: of two workers at once one is told to look
again. What people are to be told rides in it until it was told, each thing claimed before it is sent, so that a
worker may die anywhere: the next look tells what is left, and no two tell the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.domain.alerts.alert import Alert, all_announced
from vigie.domain.alerts.deciding import chart_of, decided, shown_of, topic_since
from vigie.domain.alerts.judging import Finding, judge
from vigie.domain.alerts.lifecycle import next_look
from vigie.domain.alerts.settings import AlertSettings, Person
from vigie.domain.alerts.watching import LOOKED_AHEAD, LOOKED_BACK, OWN, Watching, bin_of, closed, taken_in
from vigie.domain.clients import Client
from vigie.domain.cutoffs import Interval
from vigie.domain.mentions import Mention, Parked
from vigie.errors import Permanent, Transient
from vigie.ports import AccountStore, Clock, DeliveryStore, LedgerStore, MentionStore
from vigie.ports.alerts import AlertStore, Teller
from vigie.steps.alert_notices import NoticesTold, Outcomes

_TRIES = 8


@dataclass(slots=True, kw_only=True)
class AlertsReport:
    """What one look came to."""

    client_id: str
    mentions: int = 0
    opened: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Looks at clients: when something came for them, and when time alone makes something of an alert."""

    accounts: AccountStore
    mentions: MentionStore
    alerts: AlertStore
    deliveries: DeliveryStore
    ledger: LedgerStore
    tell: Teller
    clock: Clock
    is_alerted: Callable[[str], bool] = lambda _client_id: True
    # To the client's own systems, where they are told anything.
    announce: Callable[[Alert], int] | None = None
    attempts: Callable[[int], Iterable[int]] = range  # with pauses, where others work at once

    def run(self, client_ids: Sequence[str]) -> list[AlertsReport]:
        """Look at each client; one that fails stops no other. Raises the last failure once all were looked at."""
        reports: list[AlertsReport] = []
        failure: Exception | None = None
        for client_id in client_ids:
            try:
                report = self.look(client_id)
            except Permanent as error:
                self._park(client_id, str(error))
            except Exception as error:  # noqa: BLE001 - the others are looked at first; Lambda then tries again
                failure = error
            else:
                reports += [report] if report else []
        if failure is not None:
            raise failure
        return reports

    def run_due(self) -> list[AlertsReport]:
        """Look at every client for whom time has come."""
        return self.run(self.alerts.due(self.clock()))

    def look(self, client_id: str) -> AlertsReport | None:
        """Look at one client; None when there is no such client any more."""
        client = self.accounts.client(client_id)
        if client is None:
            return None
        report = AlertsReport(client_id=client_id)
        settings = self.alerts.settings(client_id)
        is_alerted = self.is_alerted(client_id)
        # Of a client whose plan has no alerts, or whose mails are paused: decided and shown, told to nobody.
        people = settings.chain(client) if is_alerted else ()
        announce = self.announce if is_alerted else None
        watching = self._decide(client, settings, people, report, announces=announce is not None)
        announced = self._announce(watching, announce, report) if announce else {}
        told = self._told_by(report).tell_all(client, watching.alerts, people)
        if told or announced:
            self._note(client, people, told, announced)
        return report

    def _park(self, client_id: str, reason: str) -> None:
        """Keep that a client cannot be looked at, and why."""
        self.ledger.park(Parked("alert", client_id, reason, self.clock(), {"client_id": client_id}))

    def _decide(
        self,
        client: Client,
        settings: AlertSettings,
        people: Sequence[Person],
        report: AlertsReport,
        *,
        announces: bool,
    ) -> Watching:
        for _ in self.attempts(_TRIES):
            now = self.clock()
            before = self.alerts.watching(client.client_id)
            standing = before or Watching(
                client_id=client.client_id, since=client.created_at, open_bin_at=bin_of(now)
            )
            came = self._came(client.client_id, standing, now)
            seen, new = taken_in(standing, came.values(), now)
            findings = judge(seen, new, settings, now, since=topic_since(seen, OWN))
            came |= self._shown(client.client_id, findings, came)
            after = decided(
                closed(seen, now),
                findings,
                came,
                people,
                now,
                zone=client.tz,
                topic_name=client.name,
            )
            after = _charted(after, now)
            if not announces:
                after = replace(after, alerts=tuple(map(all_announced, after.alerts)))
            if before is not None and after == before:
                return after
            if kept := self._keep(client, before, after, people, now):
                report.mentions = len(came)
                report.opened = [
                    alert.alert_id
                    for alert in kept.alerts
                    if alert not in standing.alerts and len(alert.events) == 1
                ]
                report.changed = [alert.alert_id for alert in kept.alerts if alert not in standing.alerts]
                return kept
        raise Transient(f"what is remembered of {client.client_id} changes too often")

    def _came(self, client_id: str, standing: Watching, now: datetime) -> dict[str, Mention]:
        since = standing.open_bin_at - LOOKED_BACK
        found = self.mentions.recorded_in(client_id, Interval(since, now + LOOKED_AHEAD))
        return {mention.mention_id: mention for mention in found if mention.may_be_shown(now)}

    def _shown(
        self, client_id: str, findings: Sequence[Finding], came: Mapping[str, Mention]
    ) -> dict[str, Mention]:
        """Return the mentions that findings will show and that are not at hand: the first, and a few others."""
        wanted = {seen.mention_id for finding in findings for seen in shown_of(finding.evidence)}
        found = {mention_id: self.mentions.get(client_id, mention_id) for mention_id in wanted - came.keys()}
        return {mention_id: mention for mention_id, mention in found.items() if mention is not None}

    def _keep(
        self,
        client: Client,
        before: Watching | None,
        after: Watching,
        people: Sequence[Person],
        now: datetime,
    ) -> Watching | None:
        after = replace(after, version=(before.version if before else 0) + 1)
        standing = {alert.alert_id: alert for alert in before.alerts} if before else {}
        changed = [alert for alert in after.alerts if standing.get(alert.alert_id) != alert]
        times = [at for alert in after.alerts if (at := next_look(alert, people, now, client.tz))]
        look_at = max(min(times), now + timedelta(seconds=1)) if times else None
        return after if self.alerts.keep(before, after, changed, look_at) else None

    # -- telling --------------------------------------------------------------------------------------------

    def _told_by(self, report: AlertsReport) -> NoticesTold:
        return NoticesTold(
            deliveries=self.deliveries,
            ledger=self.ledger,
            tell=self.tell,
            clock=self.clock,
            told=report.told,
            failed=report.failed,
        )

    def _announce(
        self, watching: Watching, announce: Callable[[Alert], int], report: AlertsReport
    ) -> dict[str, int]:
        """Queue what happened for the client's own systems; return how many events of each alert they then know."""
        announced = {}
        for alert in watching.alerts:
            if alert.announced < len(alert.events):
                try:
                    announce(alert)
                except Transient as error:  # people are told all the same; the next look announces
                    report.failed[f"{alert.alert_id} announced"] = str(error)
                else:
                    announced[alert.alert_id] = len(alert.events)
        return announced

    def _note(
        self,
        client: Client,
        people: Sequence[Person],
        outcomes: Outcomes,
        announced: Mapping[str, int],
    ) -> None:
        for _ in self.attempts(_TRIES):
            before = self.alerts.watching(client.client_id)
            if before is None:
                return
            alerts = tuple(
                replace(
                    alert,
                    pending=tuple(
                        left
                        for notice in alert.pending
                        if (left := outcomes.get((alert.alert_id, notice), notice)) is not None
                    ),
                    announced=max(alert.announced, announced.get(alert.alert_id, 0)),
                )
                for alert in before.alerts
            )
            after = replace(before, alerts=alerts)
            if after == before or self._keep(client, before, after, people, self.clock()):
                return
        raise Transient(f"what is remembered of {client.client_id} changes too often")


def _charted(watching: Watching, now: datetime) -> Watching:
    alerts = tuple(
        replace(alert, chart=chart)
        if alert.is_live and (chart := chart_of(watching, alert.topic, now))
        else alert
        for alert in watching.alerts
    )
    return replace(watching, alerts=alerts)
