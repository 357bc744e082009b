"""Digest: build one per client and interval, store it, hand it to send, set the next appointment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from vigie.domain.clients import Client
from vigie.domain.connectors.followed import StackPlan
from vigie.domain.connectors.standings import standings
from vigie.domain.cutoffs import Interval, keeps_waiting, next_appointment
from vigie.domain.digest import Digest
from vigie.domain.digest_blocks import ToldAlerts
from vigie.domain.digest_build import build_digest
from vigie.domain.ledger import Evaluated, Ledger, close_interval, of_history
from vigie.domain.mentions import Mention, as_news
from vigie.domain.review import PREVIEW_BEFORE
from vigie.domain.rhythms import OPENING, OWN, Rhythm, members, rhythms_of
from vigie.domain.sources import Odometer, Source, SourceState
from vigie.messages import DigestReady, PreviewReady
from vigie.ports import (
    LONGEST_DELAY_SECONDS,
    AccountStore,
    Clock,
    DigestStore,
    DueDigest,
    LedgerStore,
    MentionStore,
    Outbox,
    SourceStore,
)
from vigie.steps.appointments import Appointments
from vigie.steps.evaluated import EvaluatedOnce
from vigie.steps.rush import Rush
from vigie.steps.subjects import ClientSubjects


@dataclass(frozen=True, slots=True, kw_only=True)
class StackView:
    """What digests built in one run share: the sources and how they do, and the polls' reading."""

    sources: Sequence[Source]
    states: dict[str, SourceState]
    reading: Odometer
    searches: StackPlan
    evaluated: Callable[[Interval], list[Evaluated]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildDigests:
    """Builds the digests whose interval has closed and settled.

    An interval is settled ``settle_seconds`` after its cut-off: longer than any worker that stamped a mention
    before the cut-off may still take to write it. Every step can be repeated: the digest stored first stands.
    """

    accounts: AccountStore
    mentions: MentionStore
    ledger: LedgerStore
    sources: SourceStore
    digests: DigestStore
    subjects: ClientSubjects
    alerts: Callable[[Client, Interval], ToldAlerts]
    appointments: Appointments
    outbox: Outbox
    clock: Clock
    settle_seconds: int
    late_after_seconds: int
    is_mailed: Callable[[str], bool] = lambda _client_id: True
    budget_seconds: float = 240

    def run(self) -> list[Digest]:
        """Build every digest that is due now, as far as time allows; return those built.

        One that cannot be built keeps no other waiting: all are tried, then an ExceptionGroup tells what failed.
        """
        due = self.digests.due(self.clock() - timedelta(seconds=self.settle_seconds))
        if not due:
            return []
        view = self._view()
        built: list[Digest | None] = []
        failed: list[Exception] = []
        rush = Rush(digests=self.digests, clock=self.clock, budget_seconds=self.budget_seconds)
        for item in rush.share(due):
            try:
                built.append(self._build(item, view))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is raised below
                failed.append(error)
        if failed:
            raise ExceptionGroup("digests that could not be built", failed)
        return [digest for digest in built if digest is not None]

    def run_on_demand(
        self, cutoff_at: datetime, client_ids: Sequence[str] | None = None, *, skip_unchanged: bool = False
    ) -> list[Digest]:
        """Close clients' intervals at ``cutoff_at`` instead of at their hour, and send at once.

        For a pass by hand, once the queues are empty. A cut-off is a whole second: fractions are dropped.
        ``skip_unchanged`` leaves a client alone who has had a digest of the same local day and of whom nothing
        was said since.
        """
        cutoff_at = cutoff_at.replace(microsecond=0)
        view = self._view()
        built = []
        for client in self.accounts.clients():
            if client_ids is not None and client.client_id not in client_ids:
                continue
            for upcoming in self.digests.appointments(client.client_id):
                due = _early(upcoming, cutoff_at)
                if due is None or (skip_unchanged and self._unchanged(client, due)):
                    continue
                built.append(self._build(due, view))
        return [digest for digest in built if digest is not None]

    def _view(self) -> StackView:
        return StackView(
            sources=self.sources.sources(),
            states=self.sources.states(),
            reading=self.sources.odometer(),
            searches=self.sources.search_plan(),
            evaluated=EvaluatedOnce(self.ledger),
        )

    def _unchanged(self, client: Client, due: DueDigest) -> bool:
        day = due.interval.until.astimezone(client.tz).date()
        entries = self.digests.entries(client.client_id, limit=1, rhythm=due.rhythm)
        had_one = any(entry.interval.until.astimezone(client.tz).date() == day for entry in entries)
        recorded = self.mentions.recorded_in(client.client_id, due.interval)
        return had_one and all(mention.backfilled for mention in recorded)

    def _build(self, due: DueDigest, view: StackView) -> Digest | None:
        client = self.accounts.client(due.client_id)
        if client is not None and due.rhythm == OWN:
            self.appointments.keep(client)  # what a worker that died left undone when the client changed
        rhythm = _rhythm_of(client, due) if client else None
        if client is None or rhythm is None:
            self.digests.cancel(due)
            return None
        content = self._content(client, due, rhythm, view)
        if content.is_quiet and _may_wait(due, rhythm):
            self._leave_open(due, rhythm)
            return None
        digest = self.digests.put(content, self.clock(), due.send_at)
        self._hand_over(client, due, digest)
        if due.is_bridge:
            self.digests.cancel(due)
        else:
            self.appointments.follow(due, rhythm, digest.odometer, digest.ledger.carried_out)
        return digest

    def _leave_open(self, due: DueDigest, rhythm: Rhythm) -> None:
        if due.is_bridge:
            self.digests.cancel(due)
        else:
            self.appointments.extend(due, rhythm)

    def _hand_over(self, client: Client, due: DueDigest, digest: Digest) -> None:
        """Have a stored digest looked over and mailed, to those who follow its rhythm now.

        That of a subscription which is paused, or over, is stored for its pages and mailed to nobody.
        """
        if not self.is_mailed(client.client_id):
            return
        ready = DigestReady(
            client_id=client.client_id,
            digest_id=digest.digest_id,
            send_at=due.send_at,
            emails=due.emails or tuple(each.email for each in members(client, due.rhythm)),
        )
        delay_seconds = max(0, (due.send_at - self.clock()).total_seconds())
        if client.reviewer is not None and delay_seconds:
            # First: a worker that dies in between starts again, and the digest cannot have left unseen.
            self._ask_for_review(ready)
        if ready.emails:
            self.digests.expect(ready)
            self.outbox.send([ready], delay_seconds=int(min(delay_seconds, LONGEST_DELAY_SECONDS)))

    def _ask_for_review(self, ready: DigestReady) -> None:
        preview_at = ready.send_at - PREVIEW_BEFORE
        preview = PreviewReady(
            client_id=ready.client_id, digest_id=ready.digest_id, preview_at=preview_at, send_at=ready.send_at
        )
        delay_seconds = max(0, (preview_at - self.clock()).total_seconds())
        self.outbox.send([preview], delay_seconds=int(min(delay_seconds, LONGEST_DELAY_SECONDS)))

    def _content(self, client: Client, due: DueDigest, rhythm: Rhythm, view: StackView) -> Digest:
        reading = due.closing or view.reading
        mentions = self.mentions.recorded_in(client.client_id, due.interval)
        if due.rhythm == OPENING:  # what is new is for the client's own digests
            mentions = as_news(mentions)
        entries = self.digests.entries(client.client_id, rhythm=due.rhythm)
        previous = self.digests.get(client.client_id, entries[0].digest_id) if entries else None
        return build_digest(
            client=replace(client, zone=rhythm.zone),
            rhythm=due.rhythm,
            watches=self.accounts.watches(client.client_id),
            interval=due.interval,
            mentions=mentions,
            ledger=self._ledger(client, due, view, mentions),
            polls_reading=reading,
            sources=view.sources,
            states=view.states,
            previous=previous,
            past=[(entry.interval, entry.mentions) for entry in entries],
            subjects=self.subjects.of(client.client_id, due.interval, previous),
            alerts=self.alerts(client, due.interval),
            next_send_at=next_appointment(rhythm.schedule, rhythm.tz, due.interval.until).send_at,
            now=self.clock(),
            late_after_seconds=self.late_after_seconds,
            searches=standings(
                view.searches, self.accounts.search_plan(client.client_id), view.states, self.clock()
            ),
        )

    def _ledger(self, client: Client, due: DueDigest, view: StackView, mentions: Sequence[Mention]) -> Ledger:
        if due.rhythm == OPENING:
            return of_history(mentions)
        return close_interval(
            polls=(due.closing or view.reading).minus(due.opening),
            evaluated=view.evaluated(due.interval),
            matched=self.ledger.matched(client.client_id, due.interval),
            mentions=mentions,
            carried_in=due.carried_in,
        )


def _early(upcoming: DueDigest, cutoff_at: datetime) -> DueDigest | None:
    """Return a digest to come, closed at ``cutoff_at`` instead; None when it would open later."""
    if upcoming.is_bridge or cutoff_at <= upcoming.interval.since:
        return None
    return replace(upcoming, interval=Interval(upcoming.interval.since, cutoff_at), send_at=cutoff_at)


def _rhythm_of(client: Client, due: DueDigest) -> Rhythm | None:
    """Return the rhythm a digest belongs to, None when nobody follows it; a bridge is in the client's own hours."""
    return rhythms_of(client).get(OWN if due.is_bridge else due.rhythm)


def _may_wait(due: DueDigest, rhythm: Rhythm) -> bool:
    """Whether a digest with nothing to say need not be sent."""
    if due.rhythm == OPENING:
        return False  # who has just signed up is told that nobody spoke
    return due.is_bridge or keeps_waiting(rhythm.schedule, rhythm.tz, due.interval, due.send_at)
