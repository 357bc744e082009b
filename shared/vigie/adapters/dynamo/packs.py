"""Who follows which packs, in AccountsTable.

::

    CLIENT#<client>   PACK#<name>   a pack that a client follows
    STACK             PACKS         the version: how many changes there were
    STACK             BROUGHT       the sources that packs brought to the stack
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.table import ABSENT, Cancelled, Condition, Item, Table
from vigie.adapters.dynamo.values import pack, unpack
from vigie.domain.packs.following import Brought, Following
from vigie.errors import Transient

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TRIES = 8


class DynamoPacks:
    """Followings on AccountsTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def followings(self, client_id: str) -> list[Following]:
        """Return a client's, by the name of the pack."""
        return [_opened(item) for item in self._table.query_prefix(f"CLIENT#{client_id}", "PACK#")]

    def all_followings(self) -> list[Following]:
        """Return everybody's."""
        found = (_opened(item) for item in self._table.scan_prefix("PACK#"))
        return sorted(found, key=lambda each: (each.client_id, each.pack))

    def change(
        self, client_id: str, pack: str, decide: Callable[[Following | None], Following | None]
    ) -> Following | None:
        """Replace a following and move the version, unless somebody else did meanwhile: then look again."""
        pk, sk = f"CLIENT#{client_id}", f"PACK#{pack}"
        for _ in attempts(_TRIES):
            item = self._table.get(pk, sk)
            before = _opened(item) if item else None
            after = decide(before)
            if after == before:
                return before
            try:
                moved = self._table.add_in("STACK", "PACKS", {"version": 1})
                self._table.transact([self._write(pk, sk, item, after), moved])
            except Cancelled:
                continue
            return after
        raise Transient(f"the pack {pk}/{sk} changes too often")

    def _write(self, pk: str, sk: str, item: Item | None, after: Following | None) -> dict[str, object]:
        revision = 0 if item is None else int(item["revision"])
        unchanged = ABSENT if item is None else Condition("revision = :r", {":r": revision})
        if after is None:
            return self._table.delete_in(pk, sk, unchanged)
        return self._table.put_in(
            {"pk": pk, "sk": sk, "revision": revision + 1, "data": pack(after)}, unchanged
        )

    def version(self) -> int:
        """Return how many changes there were."""
        return int((self._table.get("STACK", "PACKS") or {}).get("version", 0))

    def brought(self) -> Brought:
        """Return what packs brought."""
        item = self._table.get("STACK", "BROUGHT")
        return unpack(item["data"], Brought) if item else Brought()

    def keep_brought(self, brought: Brought) -> None:
        """Remember what packs brought."""
        self._table.put({"pk": "STACK", "sk": "BROUGHT", "data": pack(brought)})


def _opened(item: Item) -> Following:
    return unpack(item["data"], Following)
