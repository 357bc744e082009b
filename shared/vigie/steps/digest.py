"""Digest: build one per client and interval, store it, hand it to send, set the next appointment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.domain.clients import Client
from vigie.domain.connectors.followed import StackPlan
from vigie.domain.connectors.standings import standings
from vigie.domain.cutoffs import Interval, next_appointment
from vigie.domain.digest import Digest
from vigie.domain.digest_build import build_digest
from vigie.domain.ledger import close_interval
from vigie.domain.review import PREVIEW_BEFORE
from vigie.domain.rhythms import schedule_of
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
from vigie.steps.subjects import ClientSubjects


@dataclass(frozen=True, slots=True, kw_only=True)
class StackView:
    """What digests built in one run share: the sources and how they do, and the polls' reading."""

    sources: Sequence[Source]
    states: dict[str, SourceState]
    reading: Odometer
    searches: StackPlan


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
    outbox: Outbox
    clock: Clock
    settle_seconds: int
    late_after_seconds: int

    def run(self) -> list[Digest]:
        """Build every digest that is due now."""
        due = self.digests.due(self.clock() - timedelta(seconds=self.settle_seconds))
        if not due:
            return []
        view = self._view()
        built = [self._build(item, view) for item in due]
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
            due = self._early(client, cutoff_at)
            if due is None or (skip_unchanged and self._unchanged(client, due.interval)):
                continue
            built.append(self._build(due, view))
        return [digest for digest in built if digest is not None]

    def enrol(self, client: Client) -> None:
        """Set the first appointment of a client who has none: the interval opens now."""
        if self.digests.upcoming(client.client_id) is None:
            self._schedule_next(client, self.clock(), self._view().reading, carried_in=0)

    def _view(self) -> StackView:
        return StackView(
            sources=self.sources.sources(),
            states=self.sources.states(),
            reading=self.sources.odometer(),
            searches=self.sources.search_plan(),
        )

    def _early(self, client: Client, cutoff_at: datetime) -> DueDigest | None:
        upcoming = self.digests.upcoming(client.client_id)
        if upcoming is None or cutoff_at <= upcoming.interval.since:
            return None
        return DueDigest(
            client_id=client.client_id,
            interval=Interval(upcoming.interval.since, cutoff_at),
            send_at=cutoff_at,
            opening=upcoming.opening,
            carried_in=upcoming.carried_in,
        )

    def _unchanged(self, client: Client, interval: Interval) -> bool:
        day = interval.until.astimezone(client.tz).date()
        entries = self.digests.entries(client.client_id, limit=1)
        had_one = any(entry.interval.until.astimezone(client.tz).date() == day for entry in entries)
        recorded = self.mentions.recorded_in(client.client_id, interval)
        return had_one and all(mention.backfilled for mention in recorded)

    def _build(self, due: DueDigest, view: StackView) -> Digest | None:
        client = self.accounts.client(due.client_id)
        if client is None:
            self.digests.cancel(due)
            return None
        digest = self.digests.put(self._content(client, due, view), self.clock(), due.send_at)
        delay_seconds = max(0, (due.send_at - self.clock()).total_seconds())
        ready = DigestReady(client_id=client.client_id, digest_id=digest.digest_id, send_at=due.send_at)
        if client.reviewer is not None and delay_seconds:
            # First: a worker that dies in between starts again, and the digest cannot have left unseen.
            self._ask_for_review(ready)
        self.outbox.send([ready], delay_seconds=int(min(delay_seconds, LONGEST_DELAY_SECONDS)))
        self._schedule_next(client, due.interval.until, digest.odometer, digest.ledger.carried_out)
        return digest

    def _ask_for_review(self, ready: DigestReady) -> None:
        preview_at = ready.send_at - PREVIEW_BEFORE
        preview = PreviewReady(
            client_id=ready.client_id, digest_id=ready.digest_id, preview_at=preview_at, send_at=ready.send_at
        )
        delay_seconds = max(0, (preview_at - self.clock()).total_seconds())
        self.outbox.send([preview], delay_seconds=int(min(delay_seconds, LONGEST_DELAY_SECONDS)))

    def _content(self, client: Client, due: DueDigest, view: StackView) -> Digest:
        mentions = self.mentions.recorded_in(client.client_id, due.interval)
        entries = self.digests.entries(client.client_id)
        previous = self.digests.get(client.client_id, entries[0].digest_id) if entries else None
        return build_digest(
            client=client,
            watches=self.accounts.watches(client.client_id),
            interval=due.interval,
            mentions=mentions,
            ledger=close_interval(
                polls=view.reading.minus(due.opening),
                evaluated=self.ledger.evaluated(due.interval),
                matched=self.ledger.matched(client.client_id, due.interval),
                mentions=mentions,
                carried_in=due.carried_in,
            ),
            polls_reading=view.reading,
            sources=view.sources,
            states=view.states,
            previous=previous,
            past=[(entry.interval, entry.mentions) for entry in entries],
            subjects=self.subjects.of(client.client_id, due.interval, previous),
            next_send_at=next_appointment(schedule_of(client), client.tz, due.interval.until).send_at,
            now=self.clock(),
            late_after_seconds=self.late_after_seconds,
            searches=standings(
                view.searches, self.accounts.search_plan(client.client_id), view.states, self.clock()
            ),
        )

    def _schedule_next(self, client: Client, since: datetime, opening: Odometer, carried_in: int) -> None:
        appointment = next_appointment(schedule_of(client), client.tz, since)
        self.digests.schedule(
            DueDigest(
                client_id=client.client_id,
                interval=Interval(since, appointment.cutoff_at),
                send_at=appointment.send_at,
                opening=opening,
                carried_in=carried_in,
            )
        )
