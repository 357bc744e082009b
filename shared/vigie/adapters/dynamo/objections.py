"""Authors who object, in MentionsTable, and their names taken off what is there.

::

    STACK               OBJECTIONS   hashes of the authors' names; nobody is named
    CLIENT#<client>…    …            see mentions.py
"""

from typing import TYPE_CHECKING

from vigie.adapters.dynamo.mention_partitions import guard_key, led_to
from vigie.adapters.dynamo.table import Change, Table
from vigie.adapters.dynamo.values import pack, unpack
from vigie.domain.mentions import Mention
from vigie.domain.objections import unsigned
from vigie.ports import ObjectionStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_LIST = ("STACK", "OBJECTIONS")


class DynamoObjections(ObjectionStore):
    """``ObjectionStore`` on MentionsTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def objected(self) -> frozenset[str]:
        """Return the hashes of the names in the list."""
        return frozenset(name for name in self._table.get(*_LIST) or {} if name.startswith("sha256:"))

    def add(self, name_sha256: str) -> None:
        """Put a name into the list, by its hash: each is an attribute, so that two at once both stay."""
        self._table.update(*_LIST, Change(sets={name_sha256: 1}))

    def unsign(self, client_id: str, document_id: str) -> None:
        """Take the author off a client's mentions of a document."""
        for guard in self._table.query_prefix(*guard_key(client_id, document_id)):
            item = self._table.get(*led_to(guard)) if "at" in guard else None
            if item is not None:
                self._table.put({**item, "data": pack(unsigned(unpack(item["data"], Mention)))})
