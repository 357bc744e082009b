"""Clients, watches and hashed API keys.

::

    CLIENT#<client>   PROFILE         the client
    CLIENT#<client>   WATCH#<id>      a watch
    CLIENT#<client>   KEY#<sha256>    an API key's hash and what it may do
    CLIENTS           <client>        the directory
    STACK             WATCHES         a number that grows in the very write that changes a watch
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from vigie.adapters.dynamo.table import PRESENT, Cancelled, Table
from vigie.adapters.dynamo.values import pack, stamp, unpack
from vigie.domain.clients import Client, Watch
from vigie.ports import AccountStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoAccounts(AccountStore):
    """``AccountStore`` on AccountsTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def put_client(self, client: Client) -> None:
        """Add or replace a client, in the directory too."""
        self._table.transact(
            [
                self._table.put_in(
                    {"pk": f"CLIENT#{client.client_id}", "sk": "PROFILE", "data": pack(client)}
                ),
                self._table.put_in({"pk": "CLIENTS", "sk": client.client_id}),
            ]
        )

    def client(self, client_id: str) -> Client | None:
        """Return a client."""
        item = self._table.get(f"CLIENT#{client_id}", "PROFILE")
        return unpack(item["data"], Client) if item else None

    def clients(self) -> list[Client]:
        """Return every client, by id."""
        directory = self._table.query("CLIENTS")
        profiles = self._table.get_many((f"CLIENT#{item['sk']}", "PROFILE") for item in directory)
        clients = (unpack(item["data"], Client) for item in profiles.values())
        return sorted(clients, key=lambda client: client.client_id)

    def put_watch(self, watch: Watch) -> None:
        """Add or replace a watch, and move the version in the same write."""
        item = {"pk": f"CLIENT#{watch.client_id}", "sk": f"WATCH#{watch.watch_id}", "data": pack(watch)}
        self._table.transact([self._table.put_in(item), self._next_version()])

    def remove_watch(self, client_id: str, watch_id: str) -> bool:
        """Remove a watch, and move the version in the same write; return whether it was there."""
        removal = self._table.delete_in(f"CLIENT#{client_id}", f"WATCH#{watch_id}", PRESENT)
        try:
            self._table.transact([removal, self._next_version()])
        except Cancelled:
            return False
        return True

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
        item = self._table.get("STACK", "WATCHES")
        return str(item["version"]) if item else "0"

    def put_key(self, client_id: str, key_sha256: str, scopes: Sequence[str], now: datetime) -> None:
        """Keep the hash of a client's API key; the scopes given last stand."""
        self._table.put(
            {
                "pk": f"CLIENT#{client_id}",
                "sk": f"KEY#{key_sha256}",
                "scopes": list(scopes),
                "created_at": stamp(now),
            }
        )

    def key_scopes(self, client_id: str, key_sha256: str) -> tuple[str, ...] | None:
        """Return what a client's key may do, or None for a key that is not the client's."""
        item = self._table.get(f"CLIENT#{client_id}", f"KEY#{key_sha256}")
        return tuple(item["scopes"]) if item else None

    def _next_version(self) -> dict[str, object]:
        return self._table.add_in("STACK", "WATCHES", {"version": 1})
