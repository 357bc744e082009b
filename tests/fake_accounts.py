# ruff: noqa: D102 - the ports say what each method does, and a fake needs not all it is told
"""Clients, their watches, keys and endpoints, and what is known of the stack's health, in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tests.fake_basics import kept
from tests.journal import Journal
from vigie.domain.clients import Client, Watch
from vigie.domain.connectors.followed import ClientPlan
from vigie.domain.costs.spending import Level
from vigie.domain.health.report import HealthReport
from vigie.domain.keys import ApiKey
from vigie.domain.notices import Attempt, Endpoint
from vigie.domain.query_fix import WatchFix
from vigie.domain.subjects.decisions import SubjectDecision
from vigie.ports import AccountStore, KeyStore, WatchChange, WatchesState


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
