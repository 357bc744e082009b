"""What a stack heard of its collector, in SourcesTable.

::

    COLLECTOR   HEARD   when, since when, and which list of sources: one write unit each time
    COLLECTOR   LIST    that list, written when it changes
"""

import gzip
import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from vigie.adapters.dynamo.table import Table
from vigie.adapters.dynamo.values import stamp
from vigie.domain.collected import Heard

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_PK, _HEARD, _LIST = "COLLECTOR", "HEARD", "LIST"


class DynamoCollector:
    """What was heard, on SourcesTable; the list is read once in a process, and again when it changes."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)
        self._list: tuple[str, frozenset[str]] = ("", frozenset())

    def heard(self) -> Heard | None:
        """Return what was heard last, or None."""
        item = self._table.get(_PK, _HEARD)
        if item is None:
            return None
        return Heard(
            at=datetime.fromisoformat(item["at"]),
            since=datetime.fromisoformat(item["since"]),
            source_ids=self._listed(item["list"]),
            shard_count=int(item["shard_count"]),
        )

    def keep(self, heard: Heard) -> None:
        """Remember it; the list first, so that what is named is there."""
        ids = "\n".join(sorted(heard.source_ids)).encode()
        digest = hashlib.sha256(ids).hexdigest()[:16]
        if digest != (self._table.get(_PK, _HEARD) or {}).get("list"):
            self._table.put({"pk": _PK, "sk": _LIST, "digest": digest, "ids": gzip.compress(ids, mtime=0)})
        self._table.put(
            {
                "pk": _PK,
                "sk": _HEARD,
                "at": stamp(heard.at),
                "since": stamp(heard.since),
                "list": digest,
                "shard_count": heard.shard_count,
            }
        )

    def _listed(self, digest: str) -> frozenset[str]:
        """Return the list of that digest; of one that is being replaced, none: its sources are asked by ourselves."""
        if self._list[0] != digest:
            item = self._table.get(_PK, _LIST)
            if item is None or item["digest"] != digest:
                return frozenset()
            ids = gzip.decompress(bytes(item["ids"])).decode()
            self._list = (digest, frozenset(ids.split("\n") if ids else ()))
        return self._list[1]
