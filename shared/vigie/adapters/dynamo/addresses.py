"""Addresses that something happened to: ``ADDRESSES`` / ``<email>`` in the digests' table.

Most addresses have no item: nothing ever happened to them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.table import ABSENT, PRESENT, Condition, ConditionFailed, Table
from vigie.adapters.dynamo.values import pack, unpack
from vigie.domain.addresses import Address
from vigie.errors import Transient
from vigie.ports import AddressStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TRIES = 8
_PK = "ADDRESSES"


class DynamoAddresses(AddressStore):
    """``AddressStore`` on DigestsTable. Nothing expires: who complained a year ago has not changed their mind."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def get(self, email: str) -> Address:
        """Return an address as it stands."""
        item = self._table.get(_PK, email.lower())
        return unpack(item["data"], Address) if item else Address(email=email.lower())

    def all(self) -> list[Address]:
        """Return every address that something happened to."""
        return [unpack(item["data"], Address) for item in self._table.query(_PK)]

    def forget(self, email: str) -> bool:
        """Forget an address; return whether anything was known of it."""
        try:
            self._table.delete(_PK, email.lower(), PRESENT)
        except ConditionFailed:
            return False
        return True

    def change(self, email: str, decide: Callable[[Address], Address]) -> Address:
        """Replace an address by what ``decide`` makes of it, unless another worker did: then again."""
        for _ in attempts(_TRIES):
            item = self._table.get(_PK, email.lower())
            before = unpack(item["data"], Address) if item else Address(email=email.lower())
            address = decide(before)
            if address == before:
                return before
            revision = int(item["revision"]) if item else 0
            unchanged = Condition("revision = :r", {":r": revision}) if item else ABSENT
            new = {"pk": _PK, "sk": email.lower(), "revision": revision + 1, "data": pack(address)}
            try:
                self._table.put(new, unchanged)
            except ConditionFailed:
                continue
            return address
        raise Transient(f"the address {email} changes too often")
