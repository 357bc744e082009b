"""Everything under a client's key, whichever store wrote it: taken away, brought in, erased.

Complete by the rule that every key of a client's begins with ``CLIENT#<client>``: its own partition, and those of its
mentions (``mention_partitions``), which its own names and therefore outlives. Beside these, the lists of what is due
name clients in their sort keys; those entries are made anew, or go.

::

    ERASURES   <erased_at>#<receipt>   a receipt, in LedgerTable, for good
"""

import base64
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

from vigie.adapters.dynamo.mention_partitions import partitions
from vigie.adapters.dynamo.table import Item, Table
from vigie.adapters.dynamo.values import pack, readable, stamp
from vigie.domain.owned import OwnedItem, Receipt

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_LISTS: dict[str, tuple[str, ...]] = {
    "accounts": ("CLIENTS", "DUE", "WATCHES"),
    "digests": ("DUE", "UNSENT", "ALERTDUE"),
}
_serialize, _deserialize = TypeSerializer().serialize, TypeDeserializer().deserialize


class DynamoOwned:
    """A client's items in some tables, by the name of their concern (``mentions``)."""

    def __init__(self, client: "DynamoDBClient", tables: Mapping[str, str]) -> None:
        self._tables = {name: Table(client, table) for name, table in tables.items()}

    def of(self, client_id: str) -> Iterator[OwnedItem]:
        """Yield every item under a client's key, by table and key."""
        for name, table in self._tables.items():
            for partition_key in partitions(table, client_id):
                for item in table.query(partition_key):
                    yield OwnedItem(table=name, key=item["sk"], value=_value(item), stored=_stored(item))

    def put(self, owned: OwnedItem) -> None:
        """Write an item as it was stored."""
        item = {name: _deserialize(_unstored(value)) for name, value in owned.stored.items()}
        self._tables[owned.table].put(item)

    def erase(self, client_id: str) -> dict[str, int]:
        """Delete every item under a client's key, and what lists say of it; return how many, by table."""
        erased = {}
        for name, table in self._tables.items():
            listed = [
                (pk, item["sk"])
                for pk in _LISTS.get(name, ())
                for item in table.query(pk)
                if _names(item, client_id)
            ]
            table.write_many(deletes=listed)
            erased[name] = len(listed)
            for partition_key in partitions(table, client_id):
                keys = [(partition_key, item["sk"]) for item in table.query(partition_key)]
                table.write_many(deletes=keys)
                erased[name] += len(keys)
        return erased

    def keep_receipt(self, receipt: Receipt) -> None:
        """Keep a receipt for good: it names nobody."""
        sk = f"{stamp(receipt.erased_at)}#{receipt.receipt_id}"
        self._tables["ledger"].put({"pk": "ERASURES", "sk": sk, "data": pack(receipt)})


def _names(item: Item, client_id: str) -> bool:
    """Whether an entry of a list is of a client; that a watch of its ended stays: matchers have yet to hear of it."""
    if item["pk"] == "WATCHES":
        return item.get("client_id") == client_id and "data" in item
    return client_id in str(item["sk"]).split("#") or item.get("client_id") == client_id


def _value(item: Item) -> Any:
    """Return what an item says, without its keys."""
    attributes = {name: readable(value) for name, value in item.items() if name not in {"pk", "sk"}}
    return (
        attributes["data"]
        if set(attributes) <= {"data", "expires_at"} and "data" in attributes
        else attributes
    )


def _stored(item: Item) -> Any:
    return {name: _textual(_serialize(value)) for name, value in item.items()}


def _textual(typed: Mapping[str, Any]) -> Any:
    """Return DynamoDB's JSON with bytes as base64, as its own exports write them."""
    ((kind, value),) = typed.items()
    if kind == "B":
        return {"B": base64.b64encode(bytes(value)).decode()}
    if kind == "L":
        return {"L": [_textual(each) for each in value]}
    if kind == "M":
        return {"M": {name: _textual(each) for name, each in value.items()}}
    return {kind: value}


def _unstored(typed: Mapping[str, Any]) -> Any:
    ((kind, value),) = typed.items()
    if kind == "B":
        return {"B": Binary(base64.b64decode(value)).value}  # type: ignore[attr-defined]  # the stubs forget it
    if kind == "L":
        return {"L": [_unstored(each) for each in value]}
    if kind == "M":
        return {"M": {name: _unstored(each) for name, each in value.items()}}
    return {kind: value}
