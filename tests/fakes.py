# ruff: noqa: D102, ARG002 - the ports say what each method does, and a fake needs not all it is told
"""Every port in memory: small, deterministic, and held to the same contracts as the real ones.

``World()`` holds one of each around one journal; ``copy.deepcopy(world)`` is another world in the same state.
What is stored is what JSON keeps of it, so a fake neither shares objects with its caller nor keeps what a
database could not. Where a real store needs several writes the fake does several, so that a test can die in
between; it may do more of them than the real one, never fewer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar

from tests.fake_alerts import FakeAlerts
from tests.fake_billing import FakeBilling
from tests.fake_collector import FakeCollector
from tests.fake_packs import FakePacks
from tests.fake_sign_in import FakeSignIn
from tests.fake_sign_ups import FakeSignUps
from tests.journal import Journal
from vigie.adapters.memory import MemoryStories
from vigie.domain.addresses import Address
from vigie.domain.adjudication.questions import Case
from vigie.domain.adjudication.replies import Answer
from vigie.domain.adjudication.verdicts import Verdict
from vigie.domain.clients import Client, Watch
from vigie.domain.connectors.budgets import Bucket, allowance, window_of
from vigie.domain.connectors.followed import ClientPlan, StackPlan
from vigie.domain.connectors.lookouts import Lookout
from vigie.domain.costs.spending import Level
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest
from vigie.domain.digest_build import rhythm_in
from vigie.domain.feedback import Correction
from vigie.domain.health.report import HealthReport
from vigie.domain.keys import ApiKey
from vigie.domain.ledger import Evaluated
from vigie.domain.matching import Decision
from vigie.domain.mention_questions import Place as MentionPlace
from vigie.domain.mentions import Mention, Parked, withdrawn
from vigie.domain.notices import Attempt, Endpoint
from vigie.domain.query_fix import WatchFix
from vigie.domain.review import Review, ReviewState, review_closed, review_outdated
from vigie.domain.sources import Odometer, Source, SourceState, SourceWindow, shard_of
from vigie.domain.stories.union import StoryMember
from vigie.domain.subjects.decisions import SubjectDecision
from vigie.domain.websub.subscriptions import PushKey, Subscription
from vigie.errors import BadField, Busy
from vigie.messages import DigestReady, Message, decode_value, encode
from vigie.ports import (
    AccountStore,
    AddressStore,
    Blobs,
    Budgets,
    Corrections,
    DeliveryStore,
    DigestEntry,
    DigestStore,
    DueDigest,
    FeedbackStore,
    KeyStore,
    LedgerStore,
    Mail,
    Mailer,
    MentionStore,
    Outbox,
    Page,
    Recording,
    ReviewStore,
    Said,
    ShardHead,
    SourceStore,
    SubscriptionStore,
    WatchChange,
    WatchesState,
    Workers,
)

T = TypeVar("T")


def kept(value: T) -> T:
    """Return what a database would keep of ``value``."""
    return decode_value(encode(value), type(value))


class FakeClock:
    """A clock that tests set."""

    def __init__(self, instant: datetime = datetime(2026, 12, 8, 6, 0, tzinfo=UTC)) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, seconds: float) -> datetime:
        """Move on and return the new time."""
        self.instant += timedelta(seconds=seconds)
        return self.instant


class FakeBudgets(Budgets):
    """What credentials have spent."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._spent: dict[str, int] = {}

    def take(self, bucket: Bucket, units: int, now: datetime, *, urgent: bool = False) -> bool:
        with self._journal.write("budgets.take"):
            key = window_of(bucket, now).key
            spent = self._spent.get(key, 0) + units
            if spent > allowance(bucket, urgent=urgent):
                return False
            self._spent[key] = spent
            return True

    def spent(self, bucket: Bucket, now: datetime) -> int:
        return self._spent.get(window_of(bucket, now).key, 0)


class FakeHealth:
    """The last health report, and what the spending lets the stack do."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._latest: HealthReport | None = None
        self._level: Level = "fine"

    def latest(self) -> HealthReport | None:
        return self._latest

    def keep(self, report: HealthReport) -> None:
        with self._journal.write("health.keep"):
            self._latest = kept(report)

    def level(self) -> Level:
        return self._level

    def set_level(self, level: Level) -> None:
        with self._journal.write("health.set_level"):
            self._level = level


class FakeSources(SourceStore):
    """Sources, shards and their hot state."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._hosts: dict[str, str] = {}
        self._sources: dict[str, tuple[str, Source]] = {}
        self._heads: dict[str, ShardHead] = {}
        self._states: dict[str, dict[str, SourceState]] = {}
        self._windows: dict[tuple[str, str], SourceWindow] = {}
        self._retired: dict[str, set[str]] = {}
        self._odometers: dict[str, Odometer] = {}
        self._poll_ids: dict[str, str] = {}
        self._search_plan = StackPlan()
        self._lookouts: dict[tuple[str, datetime, str], Lookout] = {}

    def put_sources(self, sources: Iterable[Source], shard_count: int) -> int:
        new = 0
        for source in {source.source_id: source for source in sources}.values():
            with self._journal.write("sources.put_source"):
                shard = self._hosts.setdefault(source.host, shard_of(source.host, shard_count))
                self._heads.setdefault(shard, ShardHead(shard=shard))
                before = self._sources.get(source.source_id)
                new += before is None
                if before and before[0] != shard:
                    self._forget(before[0], source.source_id)
                self._sources[source.source_id] = (shard, kept(source))
        return new

    def remove_source(self, source_id: str) -> bool:
        with self._journal.write("sources.remove_source"):
            shard, _ = self._sources.pop(source_id, ("", None))
            self._forget(shard, source_id)
            return shard != ""

    def _forget(self, shard: str, source_id: str) -> None:
        self._states.get(shard, {}).pop(source_id, None)
        self._windows.pop((shard, source_id), None)
        self._retired.pop(source_id, None)

    def sources(self) -> list[Source]:
        return [self._sources[source_id][1] for source_id in sorted(self._sources)]

    def search_plan(self) -> StackPlan:
        return self._search_plan

    def keep_search_plan(self, plan: StackPlan) -> None:
        with self._journal.write("sources.keep_search_plan"):
            self._search_plan = kept(plan)

    def place(self, source_id: str) -> str | None:
        return self._sources[source_id][0] if source_id in self._sources else None

    def states(self) -> dict[str, SourceState]:
        return {id_: state for states in self._states.values() for id_, state in states.items()}

    def odometer(self) -> Odometer:
        total = Odometer()
        for counted in self._odometers.values():
            total = total.plus(counted)
        return total

    def heads(self) -> list[ShardHead]:
        return [kept(self._heads[shard]) for shard in sorted(self._heads)]

    def acquire(self, shard: str, holder: str, now: datetime, lease_seconds: int) -> ShardHead | None:
        with self._journal.write("sources.acquire"):
            head = self._heads.get(shard)
            if head is None or (head.lease_until is not None and head.lease_until > now):
                return None
            lease_until = now + timedelta(seconds=lease_seconds)
            self._heads[shard] = replace(head, holder=holder, lease_until=lease_until)
            return kept(self._heads[shard])

    def load(self, shard: str) -> tuple[list[Source], dict[str, SourceState]]:
        sources = [source for place, source in self._sources.values() if place == shard]
        return sorted(sources, key=lambda source: source.source_id), dict(self._states.get(shard, {}))

    def windows(self, shard: str, source_ids: Sequence[str]) -> dict[str, SourceWindow]:
        keys = [(shard, source_id) for source_id in source_ids if (shard, source_id) in self._windows]
        return {key[1]: self._windows[key] for key in keys}

    def retired(self, asked: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
        found = {
            source_id: self._retired.get(source_id, set()) & {*keys} for source_id, keys in asked.items()
        }
        return {source_id: frozenset(keys) for source_id, keys in found.items() if keys}

    def lookouts(self, connector: str, now: datetime, limit: int) -> list[Lookout]:
        due = [key for key in sorted(self._lookouts) if key[0] == connector and key[1] <= now]
        return [kept(self._lookouts[key]) for key in due[:limit]]

    def change_lookouts(self, added: Iterable[Lookout], done: Iterable[Lookout]) -> None:
        for lookout in added:
            with self._journal.write("sources.keep_lookout"):
                self._lookouts[lookout.connector, lookout.due_at, lookout.lookout_id] = kept(lookout)
        for lookout in done:
            with self._journal.write("sources.forget_lookout"):
                self._lookouts.pop((lookout.connector, lookout.due_at, lookout.lookout_id), None)

    def commit(self, shard: str, holder: str, pending: str) -> None:
        with self._journal.write("sources.commit"):
            head = self._heads.get(shard)
            if head is None or head.holder != holder:
                raise Busy(f"shard {shard} is not held by {holder} any more")
            self._heads[shard] = replace(head, pending=pending)

    def save(
        self,
        shard: str,
        poll_id: str,
        states: Iterable[SourceState],
        windows: Iterable[SourceWindow],
        counted: Odometer,
    ) -> None:
        for window in windows:
            with self._journal.write("sources.retire"):
                self._retired.setdefault(window.source_id, set()).update(window.retired)
            with self._journal.write("sources.save_window"):
                self._windows[shard, window.source_id] = kept(replace(window, retired=()))
        with self._journal.write("sources.save_states"):
            if self._poll_ids.get(shard) != poll_id:
                self._poll_ids[shard] = poll_id
                self._odometers[shard] = kept(self._odometers.get(shard, Odometer()).plus(counted))
                changed = {state.source_id: kept(state) for state in states}
                self._states.setdefault(shard, {}).update(changed)

    def release(self, shard: str, holder: str, next_due_at: datetime | None) -> None:
        with self._journal.write("sources.release"):
            head = self._heads.get(shard)
            if head is not None and head.holder == holder:
                self._heads[shard] = ShardHead(shard=shard, next_due_at=next_due_at)


class FakeSubscriptions(SubscriptionStore):
    """What hubs were asked to push."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._kept: dict[PushKey, Subscription] = {}

    def of(self, shard: str) -> list[Subscription]:
        return [found for found in self.all() if found.shard == shard]

    def all(self) -> list[Subscription]:
        keys = sorted(self._kept, key=lambda key: (key.shard, key.source_id, key.offer_id))
        return [self._kept[key] for key in keys]

    def get(self, key: PushKey) -> Subscription | None:
        return self._kept.get(key)

    def change(
        self, key: PushKey, decide: Callable[[Subscription | None], Subscription | None]
    ) -> Subscription | None:
        while True:
            before = self._kept.get(key)
            after = decide(before)
            if after == before or after is None:
                return before
            with self._journal.write("subscriptions.change"):
                if self._kept.get(key) != before:
                    continue  # changed meanwhile: decide again
                if after.status == "left":
                    self._kept.pop(key, None)
                else:
                    self._kept[key] = kept(after)
            return after


class FakeStories(MemoryStories):
    """Story fingerprints, forgotten after a while."""

    def __init__(self, journal: Journal | None = None, *, retention_days: int = 30) -> None:
        super().__init__(retention_days=retention_days)
        self._journal = journal or Journal()

    def add(self, member: StoryMember, now: datetime) -> StoryMember:
        with self._journal.write("stories.add"):
            return super().add(member, now)

    def post(
        self, key: str, seen: tuple[str, ...], posted: tuple[str, ...], now: datetime
    ) -> tuple[str, ...]:
        with self._journal.write("stories.post"):
            return super().post(key, seen, posted, now)

    def link(self, root_id: str, parent_id: str, now: datetime) -> str:
        with self._journal.write("stories.link"):
            return super().link(root_id, parent_id, now)

    def keep(self, root: StoryMember, now: datetime) -> None:
        with self._journal.write("stories.keep"):
            super().keep(root, now)


class FakeLedger(LedgerStore):
    """Batch records."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._decisions: dict[tuple[str, int], Decision] = {}
        self._parked: dict[tuple[str, str], Parked] = {}

    def record_decision(self, decision: Decision) -> Decision:
        with self._journal.write("ledger.record_decision"):
            return self._decisions.setdefault((decision.batch_id, decision.part), kept(decision))

    def evaluated(self, interval: Interval) -> list[Evaluated]:
        decisions = sorted(self._decisions.values(), key=lambda d: (d.decided_at, d.batch_id, d.part))
        return [
            Evaluated(decision.documents, decision.parked)
            for decision in decisions
            if decision.decided_at in interval and (decision.documents or decision.parked)
        ]

    def matched(self, client_id: str, interval: Interval) -> int:
        decisions = (d for d in self._decisions.values() if d.decided_at in interval)
        return sum(decision.matched.get(client_id, 0) for decision in decisions)

    def park(self, parked: Parked) -> None:
        with self._journal.write("ledger.park"):
            self._parked.setdefault((parked.stage, parked.thing_id), kept(parked))

    def parked(self, limit: int = 100) -> list[Parked]:
        newest_first = sorted(self._parked.values(), key=lambda parked: parked.parked_at, reverse=True)
        return [kept(parked) for parked in newest_first[:limit]]


class FakeMentions(MentionStore):
    """Mentions by client."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._mentions: dict[tuple[str, str], Mention] = {}
        self._withdrawn: set[tuple[str, str]] = set()

    def record(self, mentions: Sequence[Mention]) -> Recording:
        new, seen_before = 0, []
        for mention in mentions:
            with self._journal.write("mentions.record"):
                key = (mention.client_id, mention.mention_id)
                new += key not in self._mentions
                if (mention.client_id, mention.document.document_id) in self._withdrawn:
                    mention = withdrawn(mention)  # noqa: PLW2901 - the same mention, without its texts
                if self._mentions.setdefault(key, kept(mention)).batch_id != mention.batch_id:
                    seen_before.append(kept(mention))
        return Recording(new, seen_before)

    def withdraw(self, client_id: str, document_id: str, now: datetime) -> None:
        with self._journal.write("mentions.withdraw"):
            self._withdrawn.add((client_id, document_id))
            for key, mention in self._mentions.items():
                if key[0] == client_id and mention.document.document_id == document_id:
                    self._mentions[key] = withdrawn(mention)

    def recorded_in(self, client_id: str, interval: Interval) -> list[Mention]:
        found = [m for (owner, _), m in self._mentions.items() if owner == client_id]
        return sorted((m for m in found if m.recorded_at in interval), key=_place)

    def page(self, client_id: str, interval: Interval, limit: int, cursor: str | None = None) -> Page:
        if limit < 1:
            raise BadField("limit", f"{limit} is no page", "Ask for 1 mention or more.")
        newest_first = self.recorded_in(client_id, interval)[::-1]
        cursors = [f"{client_id}|{mention.mention_id}" for mention in newest_first]
        if cursor is not None and cursor not in cursors:
            raise BadField("cursor", "does not belong to this list", "Use the cursor the page before gave.")
        start = cursors.index(cursor) + 1 if cursor is not None else 0
        end = start + limit
        return Page(newest_first[start:end], cursors[end - 1] if end < len(cursors) else None)

    def cursor_after(self, client_id: str, place: MentionPlace) -> str:
        return f"{client_id}|{place[1]}"

    def at(self, client_id: str, places: Sequence[MentionPlace]) -> list[Mention]:
        found = [self.get(client_id, mention_id) for _, mention_id in places]
        return [mention for mention in found if mention is not None and _place(mention) in places]

    def get(self, client_id: str, mention_id: str) -> Mention | None:
        return self._mentions.get((client_id, mention_id))


def _place(mention: Mention) -> tuple[datetime, str]:
    return mention.recorded_at, mention.mention_id


class FakeFeedback(FeedbackStore):
    """What people corrected."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._made: dict[tuple[str, datetime, str], Corrections] = {}
        self.verdicts: dict[tuple[str, str, str], Verdict] = {}

    def change(
        self,
        client_id: str,
        recorded_at: datetime,
        mention_id: str,
        decide: Callable[[Corrections], Corrections],
    ) -> Corrections:
        key = (client_id, recorded_at, mention_id)
        while True:
            before = self._made.get(key, ())
            after = decide(before)
            if after == before:
                return before
            with self._journal.write("feedback.change"):
                if self._made.get(key, ()) != before:
                    continue  # changed meanwhile: decide again
                self._made[key] = tuple(kept(each) for each in after)
            return after

    def made_on(self, client_id: str, interval: Interval) -> list[Correction]:
        return self.said_on(client_id, interval).corrections

    def said_on(self, client_id: str, interval: Interval) -> Said:
        keys = sorted(key for key in self._made if key[0] == client_id and key[1] in interval)
        settled = [verdict for verdict in self.verdicts.values() if verdict.case.client_id == client_id]
        return Said(
            [correction for key in keys for correction in self._made[key]],
            [verdict for verdict in settled if verdict.case.recorded_at in interval],
        )


class FakeCases:
    """Cases put to a large model; their verdicts lie beside the corrections."""

    def __init__(self, feedback: FakeFeedback, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._feedback = feedback
        self._held_until: dict[tuple[str, str, str], datetime] = {}
        self._settled: set[tuple[str, str, str]] = set()

    def claim(self, case: Case, now: datetime, lease_seconds: int) -> Literal["claimed", "held", "settled"]:
        with self._journal.write("cases.claim"):
            key = _case_key(case)
            if key in self._settled:
                return "settled"
            if self._held_until.get(key, now) > now:
                return "held"
            self._held_until[key] = now + timedelta(seconds=lease_seconds)
            return "claimed"

    def release(self, case: Case) -> None:
        with self._journal.write("cases.release"):
            self._held_until.pop(_case_key(case), None)

    def settle(self, case: Case, answer: Answer | None, now: datetime) -> None:
        with self._journal.write("cases.settle"):
            if _case_key(case) in self._settled:
                return
            self._settled.add(_case_key(case))
            if answer is not None:
                self._feedback.verdicts[_case_key(case)] = kept(Verdict(case, answer))


def _case_key(case: Case) -> tuple[str, str, str]:
    return case.client_id, case.story_id, case.watch_id


class FakeAnswers:
    """Answers by question."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._kept: dict[str, Answer] = {}

    def answer(self, key: str) -> Answer | None:
        return self._kept.get(key)

    def keep_answer(self, key: str, answer: Answer, now: datetime) -> None:
        with self._journal.write("answers.keep"):
            self._kept[key] = kept(answer)


class FakeEndpoints:
    """Clients' endpoints, and what they were told."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._kept: dict[tuple[str, str], Endpoint] = {}
        self._attempts: dict[tuple[str, str], dict[tuple[datetime, str], Attempt]] = {}

    def endpoints(self, client_id: str) -> list[Endpoint]:
        return [self._kept[key] for key in sorted(self._kept) if key[0] == client_id]

    def endpoint(self, client_id: str, endpoint_id: str) -> Endpoint | None:
        return self._kept.get((client_id, endpoint_id))

    def change(
        self, client_id: str, endpoint_id: str, decide: Callable[[Endpoint | None], Endpoint | None]
    ) -> Endpoint | None:
        key = (client_id, endpoint_id)
        while True:
            before = self._kept.get(key)
            after = decide(before)
            if after == before:
                return before
            with self._journal.write("endpoints.change"):
                if self._kept.get(key) != before:
                    continue  # changed meanwhile: decide again
                if after is None:
                    del self._kept[key]
                else:
                    self._kept[key] = kept(after)
            return after

    def note(self, client_id: str, endpoint_id: str, attempt: Attempt) -> None:
        with self._journal.write("endpoints.note"):
            told = self._attempts.setdefault((client_id, endpoint_id), {})
            told[attempt.happened_at, attempt.event_id] = kept(attempt)

    def attempts(self, client_id: str, endpoint_id: str, limit: int) -> list[Attempt]:
        told = self._attempts.get((client_id, endpoint_id), {})
        return [told[key] for key in sorted(told, reverse=True)][:limit]


class FakeDigests(DigestStore):
    """Digests to come and digests stored."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._due: dict[tuple[str, str], DueDigest] = {}
        self._unsent: dict[tuple[datetime, str, str], DigestReady] = {}
        self._stored: dict[tuple[str, str], tuple[DigestEntry, Digest]] = {}

    def schedule(self, due: DueDigest) -> None:
        with self._journal.write("digests.schedule"):
            standing = self._due.get((due.client_id, due.rhythm))
            if standing is None or standing.interval.since <= due.interval.since:
                self._due[due.client_id, due.rhythm] = kept(due)

    def cancel(self, due: DueDigest) -> None:
        with self._journal.write("digests.cancel"):
            standing = self._due.get((due.client_id, due.rhythm))
            if standing is not None and standing.interval.until == due.interval.until:
                del self._due[due.client_id, due.rhythm]

    def upcoming(self, client_id: str, rhythm: str = "") -> DueDigest | None:
        return self._due.get((client_id, rhythm))

    def appointments(self, client_id: str) -> list[DueDigest]:
        return [self._due[key] for key in sorted(self._due) if key[0] == client_id]

    def due(self, now: datetime) -> list[DueDigest]:
        closed = [due for due in self._due.values() if due.interval.until <= now]
        return sorted(closed, key=lambda due: (due.interval.until, due.client_id, due.rhythm))

    def put(self, digest: Digest, built_at: datetime, send_at: datetime) -> Digest:
        entry = DigestEntry(
            client_id=digest.client_id,
            digest_id=digest.digest_id,
            interval=digest.interval,
            built_at=built_at,
            send_at=send_at,
            mentions=digest.totals.retained,
        )
        with self._journal.write("digests.put"):
            key = (digest.client_id, digest.digest_id)
            return kept(self._stored.setdefault(key, (entry, kept(digest)))[1])

    def get(self, client_id: str, digest_id: str) -> Digest | None:
        stored = self._stored.get((client_id, digest_id))
        return kept(stored[1]) if stored else None

    def entry(self, client_id: str, digest_id: str) -> DigestEntry | None:
        stored = self._stored.get((client_id, digest_id))
        return stored[0] if stored else None

    def expect(self, ready: DigestReady) -> None:
        with self._journal.write("digests.expect"):
            self._unsent[ready.send_at, ready.client_id, ready.digest_id] = kept(ready)

    def settle(self, ready: DigestReady) -> None:
        with self._journal.write("digests.settle"):
            self._unsent.pop((ready.send_at, ready.client_id, ready.digest_id), None)

    def unsent(self, before: datetime) -> list[DigestReady]:
        return [self._unsent[key] for key in sorted(self._unsent) if key[0] < before]

    def entries(self, client_id: str, limit: int = 60, rhythm: str = "") -> list[DigestEntry]:
        entries = [
            entry
            for (owner, digest_id), (entry, _) in self._stored.items()
            if owner == client_id and rhythm_in(digest_id) == rhythm
        ]
        return sorted(entries, key=lambda entry: entry.digest_id, reverse=True)[:limit]


class FakeAddresses(AddressStore):
    """How addresses take our mails."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._addresses: dict[str, Address] = {}

    def get(self, email: str) -> Address:
        return self._addresses.get(email.lower(), Address(email=email.lower()))

    def all(self) -> list[Address]:
        return [self._addresses[email] for email in sorted(self._addresses)]

    def forget(self, email: str) -> bool:
        with self._journal.write("addresses.forget"):
            return self._addresses.pop(email.lower(), None) is not None

    def change(self, email: str, decide: Callable[[Address], Address]) -> Address:
        while True:
            before = self.get(email)
            address = kept(decide(before))
            if address == before:
                return before
            with self._journal.write("addresses.change"):
                if self.get(email) != before:
                    continue  # changed meanwhile: decide again
                self._addresses[email.lower()] = address
            return address


class FakeReviews(ReviewStore):
    """What reviewers decided."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._states: dict[tuple[str, str], ReviewState] = {}

    def get(self, client_id: str, digest_id: str) -> ReviewState:
        nothing = ReviewState(Review(client_id=client_id, digest_id=digest_id))
        return self._states.get((client_id, digest_id), nothing)

    def keep(self, review: Review, now: datetime) -> Review:
        with self._journal.write("reviews.keep"):
            standing = self.get(review.client_id, review.digest_id)
            if standing.closed_at is not None:
                raise review_closed()
            if standing.review.version != review.version:
                raise review_outdated()
            review = kept(replace(review, version=review.version + 1))
            self._states[review.client_id, review.digest_id] = ReviewState(review)
            return review

    def close(self, client_id: str, digest_id: str, now: datetime) -> Review:
        with self._journal.write("reviews.close"):
            standing = self.get(client_id, digest_id)
            if standing.closed_at is None:
                standing = self._states[client_id, digest_id] = replace(standing, closed_at=now)
            return standing.review


class FakeDeliveries(DeliveryStore):
    """Claims and what was sent."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._leases: dict[tuple[str, str], datetime] = {}
        self.sent: dict[tuple[str, str], str] = {}  # (client, delivery key) → the provider's id

    def claim(self, client_id: str, delivery_key: str, now: datetime, lease_seconds: int) -> str:
        key = (client_id, delivery_key)
        with self._journal.write("deliveries.claim"):
            lease_until = self._leases.get(key)
            if key in self.sent:
                return "sent"
            if lease_until is not None and lease_until > now:
                return "held"
            self._leases[key] = now + timedelta(seconds=lease_seconds)
            return "claimed" if lease_until is None else "doubtful"

    def give_back(self, client_id: str, delivery_key: str) -> None:
        with self._journal.write("deliveries.give_back"):
            self._leases.pop((client_id, delivery_key), None)

    def mark_sent(self, client_id: str, delivery_key: str, provider_id: str, now: datetime) -> None:
        with self._journal.write("deliveries.mark_sent"):
            self.sent.setdefault((client_id, delivery_key), provider_id)

    def is_sent(self, client_id: str, delivery_key: str) -> bool:
        return (client_id, delivery_key) in self.sent

    def count_sent(self, client_id: str, prefix: str) -> int:
        return sum(owner == client_id and key.startswith(prefix) for owner, key in self.sent)


class FakeAccounts(AccountStore):
    """Clients, watches and hashed API keys."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._clients: dict[str, Client] = {}
        self._watches: dict[tuple[str, str], Watch] = {}
        self._state = WatchesState()
        self._changes: list[WatchChange] = []
        self._plans: dict[str, ClientPlan] = {}
        self._decisions: dict[tuple[str, datetime, str], SubjectDecision] = {}
        self._fixes: dict[tuple[str, str, str], WatchFix] = {}

    def put_client(self, client: Client) -> None:
        with self._journal.write("accounts.put_client"):
            self._clients[client.client_id] = kept(client)

    def client(self, client_id: str) -> Client | None:
        return self._clients.get(client_id)

    def change_client(self, client_id: str, decide: Callable[[Client], Client]) -> Client | None:
        while (before := self._clients.get(client_id)) is not None:
            after = kept(decide(before))
            if after == before:
                return before
            with self._journal.write("accounts.change_client"):
                if self._clients.get(client_id) != before:
                    continue  # changed meanwhile: decide again
                self._clients[client_id] = after
            return after
        return None

    def clients(self) -> list[Client]:
        return [self._clients[client_id] for client_id in sorted(self._clients)]

    def put_watch(self, watch: Watch) -> None:
        with self._journal.write("accounts.put_watch"):
            self._watches[watch.client_id, watch.watch_id] = kept(watch)
            self._change(watch.client_id, watch.watch_id, kept(watch))

    def remove_watch(self, client_id: str, watch_id: str) -> bool:
        with self._journal.write("accounts.remove_watch"):
            removed = self._watches.pop((client_id, watch_id), None) is not None
            if removed:
                self._change(client_id, watch_id, None)
            return removed

    def swap_watch(self, before: Watch, after: Watch, fix: WatchFix | None = None) -> bool:
        with self._journal.write("accounts.swap_watch"):
            if self._watches.get((before.client_id, before.watch_id)) != before:
                return False
            self._watches[after.client_id, after.watch_id] = kept(after)
            self._change(after.client_id, after.watch_id, kept(after))
            if fix is not None:
                self._fixes[fix.client_id, fix.watch_id, fix.fix_id] = kept(fix)
            return True

    def put_fix(self, fix: WatchFix) -> None:
        with self._journal.write("accounts.put_fix"):
            self._fixes[fix.client_id, fix.watch_id, fix.fix_id] = kept(fix)

    def fixes(self, client_id: str, watch_id: str) -> list[WatchFix]:
        found = [fix for key, fix in self._fixes.items() if key[:2] == (client_id, watch_id)]
        return sorted(found, key=lambda fix: (fix.decided_at, fix.fix_id))

    def watches(self, client_id: str) -> list[Watch]:
        return [watch for watch in self.all_watches() if watch.client_id == client_id]

    def all_watches(self) -> list[Watch]:
        return [self._watches[key] for key in sorted(self._watches)]

    def watches_version(self) -> str:
        return str(self._state.version)

    def watches_state(self) -> WatchesState:
        return self._state

    def watch_changes(self, after: int) -> list[WatchChange]:
        return [change for change in self._changes if change.version > after]

    def put_compiled(self, key: str, version: int, now: datetime) -> bool:
        with self._journal.write("accounts.put_compiled"):
            if version < self._state.compiled_version:
                return False
            self._state = replace(self._state, compiled_key=key, compiled_version=version, compiled_at=now)
        with self._journal.write("accounts.put_compiled.forget"):
            self._changes = self.watch_changes(version)
            return True

    def _change(self, client_id: str, watch_id: str, watch: Watch | None) -> None:
        version = self._state.version + 1
        self._state = replace(self._state, version=version)
        self._changes.append(
            WatchChange(version=version, client_id=client_id, watch_id=watch_id, watch=watch)
        )

    def put_search_plan(self, plan: ClientPlan) -> None:
        with self._journal.write("accounts.put_search_plan"):
            self._plans[plan.client_id] = kept(plan)

    def search_plan(self, client_id: str) -> ClientPlan:
        return self._plans.get(client_id) or ClientPlan(client_id=client_id)

    def put_subject_decision(self, decision: SubjectDecision) -> None:
        with self._journal.write("accounts.put_subject_decision"):
            key = (decision.client_id, decision.decided_at, decision.decision_id)
            self._decisions[key] = kept(decision)

    def subject_decisions(self, client_id: str) -> list[SubjectDecision]:
        return [self._decisions[key] for key in sorted(self._decisions) if key[0] == client_id]


class FakeKeys(KeyStore):
    """Keys by client."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, str], ApiKey] = {}

    def put(self, key: ApiKey) -> None:
        self._keys[key.client_id, key.key_sha256] = kept(key)

    def get(self, client_id: str, key_sha256: str) -> ApiKey | None:
        return self._keys.get((client_id, key_sha256))

    def of(self, client_id: str) -> list[ApiKey]:
        return [self._keys[place] for place in sorted(self._keys) if place[0] == client_id]

    def remove(self, key: ApiKey) -> bool:
        return self._keys.pop((key.client_id, key.key_sha256), None) is not None

    def note_use(self, key: ApiKey, minute: str, asked: int, now: datetime) -> None:
        known = self.get(key.client_id, key.key_sha256)
        if known is not None:
            before = known.asked if known.asked_in == minute else 0
            self.put(replace(known, asked=before + asked, asked_in=minute, used_at=now))


class FakeBlobs(Blobs):
    """A bucket."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self.objects: dict[str, bytes] = {}

    def put(self, key: str, content: bytes, content_type: str) -> None:
        with self._journal.write("blobs.put"):
            self.objects[key] = content

    def get(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def keys(self, prefix: str) -> list[str]:
        return sorted((key for key in self.objects if key.startswith(prefix)), key=str.encode)


class FakeOutbox(Outbox):
    """Queues nobody reads but the test: ``sent`` holds each message as a consumer would get it, and its delay."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self.sent: list[tuple[Message, int]] = []

    def send(self, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        if not 0 <= delay_seconds <= 900:
            raise ValueError(f"a queue delays 0 to 900 s, not {delay_seconds}")
        for message in messages:
            with self._journal.write("outbox.send"):
                self.sent.append((kept(message), delay_seconds))

    def take(self, kind: type[T]) -> list[T]:
        """Return the messages of a kind and forget them, as a consumer does."""
        taken: list[T] = [message for message, _ in self.sent if isinstance(message, kind)]
        self.sent = [entry for entry in self.sent if not isinstance(entry[0], kind)]
        return taken


class FakeWorkers(Workers):
    """A function that nobody runs but the test: ``started`` holds what it was given."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self.started: list[dict[str, Any]] = []

    def start(self, work: Mapping[str, Any]) -> None:
        with self._journal.write("workers.start"):
            self.started.append(dict(work))


class FakeMailer(Mailer):
    """A provider: ``sent`` holds the mails it accepted, ``refusals`` what it says to some recipients."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self.sent: list[Mail] = []
        self.refusals: dict[str, Exception] = {}

    def send(self, mail: Mail) -> str:
        if mail.to in self.refusals:
            raise self.refusals[mail.to]
        with self._journal.write("mailer.send"):
            self.sent.append(mail)
            return f"provider-{len(self.sent)}"


class World:
    """One of each, around one clock and one journal."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.journal = Journal()
        self.sources = FakeSources(self.journal)
        self.budgets = FakeBudgets(self.journal)
        self.health = FakeHealth(self.journal)
        self.subscriptions = FakeSubscriptions(self.journal)
        self.stories = FakeStories(self.journal)
        self.ledger = FakeLedger(self.journal)
        self.mentions = FakeMentions(self.journal)
        self.feedback = FakeFeedback(self.journal)
        self.cases = FakeCases(self.feedback, self.journal)
        self.answers = FakeAnswers(self.journal)
        self.endpoints = FakeEndpoints(self.journal)
        self.packs = FakePacks(self.journal)
        self.collector = FakeCollector(self.journal)
        self.digests = FakeDigests(self.journal)
        self.deliveries = FakeDeliveries(self.journal)
        self.reviews = FakeReviews(self.journal)
        self.addresses = FakeAddresses(self.journal)
        self.alerts = FakeAlerts(self.journal)
        self.accounts = FakeAccounts(self.journal)
        self.billing = FakeBilling(self.journal)
        self.keys = FakeKeys()
        self.sign_in = FakeSignIn(self.journal)
        self.sign_ups = FakeSignUps()
        self.blobs = FakeBlobs(self.journal)
        self.outbox = FakeOutbox(self.journal)
        self.mailer = FakeMailer(self.journal)
