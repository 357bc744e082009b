"""Clients, their watches and keys."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vigie.domain.clients import Client, Watch
from vigie.domain.connectors.followed import ClientPlan
from vigie.domain.keys import ApiKey
from vigie.domain.query_fix import WatchFix
from vigie.domain.subjects.decisions import SubjectDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchesState:
    """How many changes the watches have seen, and the compiled file that holds the first of these (none: no key)."""

    version: int = 0
    compiled_key: str = ""
    compiled_version: int = 0
    compiled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchChange:
    """The change that made the watches this version: a watch put, or removed (``watch`` is None)."""

    version: int
    client_id: str
    watch_id: str
    watch: Watch | None


class AccountStore(Protocol):
    """Clients and watches."""

    def put_client(self, client: Client) -> None:
        """Add or replace a client."""
        ...

    def client(self, client_id: str) -> Client | None:
        """Return a client."""
        ...

    def change_client(self, client_id: str, decide: Callable[[Client], Client]) -> Client | None:
        """Replace a client that is there by what ``decide`` makes of it; asked again when it changed meanwhile."""
        ...

    def clients(self) -> list[Client]:
        """Return every client, by id."""
        ...

    def put_watch(self, watch: Watch) -> None:
        """Add or replace a watch."""
        ...

    def remove_watch(self, client_id: str, watch_id: str) -> bool:
        """Remove a watch; return whether it was there."""
        ...

    def watches(self, client_id: str) -> list[Watch]:
        """Return a client's watches, by id."""
        ...

    def all_watches(self) -> list[Watch]:
        """Return the watches of every client."""
        ...

    def swap_watch(self, before: Watch, after: Watch, fix: WatchFix | None = None) -> bool:
        """Replace a watch and keep the fix that did it, both or neither; False when it is not ``before`` any more."""
        ...

    def put_fix(self, fix: WatchFix) -> None:
        """Keep what was decided of a fix that leaves its watch as it is."""
        ...

    def fixes(self, client_id: str, watch_id: str) -> list[WatchFix]:
        """Return what was decided of a watch's fixes, oldest first."""
        ...

    def watches_version(self) -> str:
        """Return a text that changes whenever any watch does; cheap to ask."""
        ...

    def watches_state(self) -> WatchesState:
        """Return the version as a number, and the compiled file that stands; cheap to ask."""
        ...

    def watch_changes(self, after: int) -> list[WatchChange]:
        """Return the changes that followed a version, in order. Those a compiled file holds may be gone."""
        ...

    def put_compiled(self, key: str, version: int, now: datetime) -> bool:
        """Let a compiled file of ``version`` stand, and forget the changes that it holds.

        Return False, and change nothing, when one of a later version stands.
        """
        ...

    def put_search_plan(self, plan: ClientPlan) -> None:
        """Replace what is searched for a client."""
        ...

    def search_plan(self, client_id: str) -> ClientPlan:
        """Return what is searched for a client; an empty plan when none was made yet."""
        ...

    def put_subject_decision(self, decision: SubjectDecision) -> None:
        """Keep what somebody decided of a client's subjects, by its id."""
        ...

    def subject_decisions(self, client_id: str) -> list[SubjectDecision]:
        """Return what was decided of a client's subjects, oldest first."""
        ...


class KeyStore(Protocol):
    """Hashed API keys, under their clients."""

    def put(self, key: ApiKey) -> None:
        """Keep a key, or replace what is kept of it."""
        ...

    def get(self, client_id: str, key_sha256: str) -> ApiKey | None:
        """Return a client's key, None for one that is not the client's."""
        ...

    def of(self, client_id: str) -> list[ApiKey]:
        """Return a client's keys, by id, those past their time for a month."""
        ...

    def remove(self, key: ApiKey) -> bool:
        """Forget a key; return whether it was there."""
        ...

    def note_use(self, key: ApiKey, minute: str, asked: int, now: datetime) -> None:
        """Add to what a key has asked in a minute, and say that it was used; nothing when it is gone."""
        ...
