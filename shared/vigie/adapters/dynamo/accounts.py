"""Clients and watches (their API keys lie beside them: ``keys``).

::

    CLIENT#<client>   PROFILE         the client
    CLIENT#<client>   WATCH#<id>      a watch
    CLIENT#<client>   SUBJECT#<decided_at>#<id>   what somebody decided of its subjects, in order
    CLIENT#<client>   FIX#<watch>#<id>   what was decided of a fix of a watch's query
    CLIENT#<client>   SEARCHES        what is searched for the client on platforms
    CLIENTS           <client>        the directory
    STACK             WATCHES         how many changes the watches have seen; the compiled file that stands
    WATCHES           <number>        a change: which watch, and what it became (nothing: removed)

A change is written in the transaction that makes it, under the number it makes: two at once cannot take the same.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.table import (
    ABSENT,
    PRESENT,
    Cancelled,
    Change,
    Condition,
    ConditionFailed,
    Item,
    Table,
)
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.clients import Client, Watch
from vigie.domain.connectors.followed import ClientPlan
from vigie.domain.query_fix import WatchFix
from vigie.domain.subjects.decisions import SubjectDecision
from vigie.errors import Transient
from vigie.messages import encode
from vigie.ports import AccountStore, WatchChange, WatchesState

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


_CHANGE_TRIES = 8

_DECISIONS_KEPT_DAYS = 60  # subjects are made of the mentions of fewer days


class DynamoAccounts(AccountStore):
    """``AccountStore`` on AccountsTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def put_client(self, client: Client) -> None:
        """Add or replace a client, in the directory too."""
        self._table.transact(
            [
                self._table.put_in(_profile(client)),
                self._table.put_in({"pk": "CLIENTS", "sk": client.client_id}),
            ]
        )

    def client(self, client_id: str) -> Client | None:
        """Return a client."""
        item = self._table.get(f"CLIENT#{client_id}", "PROFILE")
        return unpack(item["data"], Client) if item else None

    def change_client(self, client_id: str, decide: Callable[[Client], Client]) -> Client | None:
        """Replace a client that is there by what ``decide`` makes of it."""
        for _ in attempts(_CHANGE_TRIES, base_seconds=0.02):
            item = self._table.get(f"CLIENT#{client_id}", "PROFILE")
            if item is None:
                return None
            client = unpack(item["data"], Client)
            changed = decide(client)
            if changed == client:
                return client
            try:
                self._table.put(_profile(changed), Condition("etag = :read", {":read": item["etag"]}))
            except ConditionFailed:
                continue
            return changed
        raise Transient(f"the client {client_id} changes too often")

    def clients(self) -> list[Client]:
        """Return every client, by id."""
        directory = self._table.query("CLIENTS")
        profiles = self._table.get_many((f"CLIENT#{item['sk']}", "PROFILE") for item in directory)
        clients = (unpack(item["data"], Client) for item in profiles.values())
        return sorted(clients, key=lambda client: client.client_id)

    def put_watch(self, watch: Watch) -> None:
        """Add or replace a watch, and move the version in the same write."""
        data = pack(watch)
        item = {"pk": f"CLIENT#{watch.client_id}", "sk": f"WATCH#{watch.watch_id}", "data": data}
        self._change(self._table.put_in(item), watch.client_id, watch.watch_id, {"data": data})

    def remove_watch(self, client_id: str, watch_id: str) -> bool:
        """Remove a watch, and move the version in the same write; return whether it was there."""
        removal = self._table.delete_in(f"CLIENT#{client_id}", f"WATCH#{watch_id}", PRESENT)
        return self._change(removal, client_id, watch_id, {})

    def swap_watch(self, before: Watch, after: Watch, fix: WatchFix | None = None) -> bool:
        """Replace a watch, and keep the fix that did it, in the write that moves the version."""
        data = pack(after)
        key = {"pk": f"CLIENT#{after.client_id}", "sk": f"WATCH#{after.watch_id}"}
        return self._change(
            self._table.put_in({**key, "data": data}, PRESENT),
            after.client_id,
            after.watch_id,
            {"data": data},
            also=(self._table.put_in(_fix_item(fix)),) if fix else (),
            still=lambda: self._stands(before),
        )

    def put_fix(self, fix: WatchFix) -> None:
        """Keep what was decided of a fix."""
        self._table.put(_fix_item(fix))

    def fixes(self, client_id: str, watch_id: str) -> list[WatchFix]:
        """Return what was decided of a watch's fixes, oldest first."""
        items = self._table.query_prefix(f"CLIENT#{client_id}", f"FIX#{watch_id}#")
        found = [unpack(item["data"], WatchFix) for item in items]
        return sorted(found, key=lambda fix: (fix.decided_at, fix.fix_id))

    def watches(self, client_id: str) -> list[Watch]:
        """Return a client's watches, by id."""
        items = self._table.query_prefix(f"CLIENT#{client_id}", "WATCH#")
        return [unpack(item["data"], Watch) for item in items]

    def all_watches(self) -> list[Watch]:
        """Return the watches of every client, by client and id.

        One scan, not a query a client: three hundred clients are three pages (0.2 s) instead of three hundred
        round trips, and what else the table holds (profiles, keys) is small beside the watches.
        """
        watches = [unpack(item["data"], Watch) for item in self._table.scan_prefix("WATCH#")]
        return sorted(watches, key=lambda watch: (watch.client_id, watch.watch_id))

    def watches_version(self) -> str:
        """Return a text that changes whenever any watch does. Ask before reading the watches, not after."""
        return str(self.watches_state().version)

    def watches_state(self) -> WatchesState:
        """Return the version, and the compiled file that stands. Ask before reading the watches, not after."""
        item = self._table.get("STACK", "WATCHES") or {}
        compiled_at = item.get("compiled_at")
        return WatchesState(
            version=int(item.get("version", 0)),
            compiled_key=item.get("compiled_key", ""),
            compiled_version=int(item.get("compiled_version", 0)),
            compiled_at=datetime.fromisoformat(compiled_at) if compiled_at else None,
        )

    def watch_changes(self, after: int) -> list[WatchChange]:
        """Return the changes that followed a version, in order."""
        return [
            WatchChange(
                version=int(item["sk"]),
                client_id=item["client_id"],
                watch_id=item["watch_id"],
                watch=unpack(item["data"], Watch) if "data" in item else None,
            )
            for item in self._table.query("WATCHES", low=_numbered(after + 1))
        ]

    def put_compiled(self, key: str, version: int, now: datetime) -> bool:
        """Let a compiled file stand, and forget the changes that it holds."""
        change = Change(
            sets={"compiled_key": key, "compiled_version": version, "compiled_at": stamp(now)},
        )
        not_later = Condition(
            "attribute_not_exists(compiled_version) OR compiled_version <= :mine", {":mine": version}
        )
        try:
            self._table.update("STACK", "WATCHES", change, not_later)
        except ConditionFailed:
            return False
        held = self._table.query("WATCHES", high=_numbered(version))
        self._table.write_many(deletes=[(item["pk"], item["sk"]) for item in held])
        return True

    def put_search_plan(self, plan: ClientPlan) -> None:
        """Replace what is searched for a client."""
        self._table.put({"pk": f"CLIENT#{plan.client_id}", "sk": "SEARCHES", "data": pack(plan)})

    def search_plan(self, client_id: str) -> ClientPlan:
        """Return what is searched for a client."""
        item = self._table.get(f"CLIENT#{client_id}", "SEARCHES")
        return unpack(item["data"], ClientPlan) if item else ClientPlan(client_id=client_id)

    def put_subject_decision(self, decision: SubjectDecision) -> None:
        """Keep a decision; it goes when no mention it speaks of can be left."""
        self._table.put(
            {
                "pk": f"CLIENT#{decision.client_id}",
                "sk": f"SUBJECT#{stamp(decision.decided_at)}#{decision.decision_id}",
                "data": pack(decision),
                "expires_at": expiry(decision.decided_at, _DECISIONS_KEPT_DAYS),
            }
        )

    def subject_decisions(self, client_id: str) -> list[SubjectDecision]:
        """Return what was decided of a client's subjects, oldest first."""
        items = self._table.query_prefix(f"CLIENT#{client_id}", "SUBJECT#")
        return [unpack(item["data"], SubjectDecision) for item in items]

    def _stands(self, watch: Watch) -> bool:
        item = self._table.get(f"CLIENT#{watch.client_id}", f"WATCH#{watch.watch_id}")
        return item is not None and unpack(item["data"], Watch) == watch

    def _change(
        self,
        write: Any,
        client_id: str,
        watch_id: str,
        became: dict[str, Any],
        *,
        also: Sequence[Any] = (),
        still: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Do a write to a watch as the next change; return False when its condition does not hold.

        ``still`` is asked once the number is known: a change made after it takes the number, and all is asked again.
        """
        for _ in attempts(_CHANGE_TRIES, base_seconds=0.02):
            number = _numbered(self.watches_state().version + 1)
            if not still():
                return False
            change = {"pk": "WATCHES", "sk": number, "client_id": client_id, "watch_id": watch_id, **became}
            next_version = self._table.add_in("STACK", "WATCHES", {"version": 1})
            try:
                self._table.transact([write, self._table.put_in(change, ABSENT), next_version, *also])
            except Cancelled as cancelled:
                if 0 in cancelled.failed:
                    return False
                continue  # somebody else took the number
            return True
        raise Transient("other changes of watches are being made at once")


def _fix_item(fix: WatchFix) -> Item:
    return {
        "pk": f"CLIENT#{fix.client_id}",
        "sk": f"FIX#{fix.watch_id}#{fix.fix_id}",
        "data": pack(fix),
    }


def _numbered(version: int) -> str:
    return f"{version:012}"


def _profile(client: Client) -> Item:
    data = encode(client)
    return {
        "pk": f"CLIENT#{client.client_id}",
        "sk": "PROFILE",
        "data": pack(client),
        "etag": hashlib.sha256(data).hexdigest()[:32],
    }
