"""What to look at again on platforms, in SourcesTable: ``LOOKOUT#<connector>  <due at>#<id>``, the longest due first.

An item is small (25 things) and written whole; it expires a while after its last thing is let go.
"""

from collections.abc import Iterable
from datetime import datetime

from vigie.adapters.dynamo.table import Item, Key, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.connectors.lookouts import Lookout

_GRACE_DAYS = 1


class Lookouts:
    """The lookouts of a table's connectors."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def due(self, connector: str, now: datetime, limit: int) -> list[Lookout]:
        """Return the lookouts that are due, the longest first."""
        items = self._table.query(_pk(connector), high=f"{stamp(now)}#\U0010ffff", limit=limit)
        return [unpack(item["data"], Lookout) for item in items]

    def change(self, added: Iterable[Lookout], done: Iterable[Lookout]) -> None:
        """Write some, then delete those that are done: a thing is looked at twice rather than never."""
        self._table.write_many(puts=[_item(lookout) for lookout in added])
        self._table.write_many(deletes=[_key(lookout) for lookout in done])


def _item(lookout: Lookout) -> Item:
    pk, sk = _key(lookout)
    last = max(lookout.until.values())
    return {"pk": pk, "sk": sk, "data": pack(lookout), "expires_at": expiry(last, _GRACE_DAYS)}


def _key(lookout: Lookout) -> Key:
    return _pk(lookout.connector), f"{stamp(lookout.due_at)}#{lookout.lookout_id}"


def _pk(connector: str) -> str:
    return f"LOOKOUT#{connector}"
