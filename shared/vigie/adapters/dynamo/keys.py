"""Hashed API keys, in the accounts table.

::

    CLIENT#<client>   KEY#<sha256>    what a key may do and until when; what it asked lately

What a key asked is one counter, of the minute it was last told of: a new minute begins it anew.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from vigie.adapters.dynamo.table import PRESENT, Change, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import expiry, stamp
from vigie.domain.keys import ALL_SCOPES, ApiKey
from vigie.ports import KeyStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_SHOWN_DAYS = 30  # a key past its time is still listed


class DynamoKeys(KeyStore):
    """``KeyStore`` on AccountsTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def put(self, key: ApiKey) -> None:
        """Keep a key, or replace what is kept of it."""
        item: Item = {
            "pk": f"CLIENT#{key.client_id}",
            "sk": f"KEY#{key.key_sha256}",
            "scopes": list(key.scopes),
            "created_at": stamp(key.created_at),
            "name": key.name,
        }
        if key.good_until is not None:
            item["good_until"] = stamp(key.good_until)
            item["expires_at"] = expiry(key.good_until, _SHOWN_DAYS)
        if key.used_at is not None:
            item |= {"used_at": stamp(key.used_at), "asked": key.asked, "asked_in": key.asked_in}
        self._table.put(item)

    def get(self, client_id: str, key_sha256: str) -> ApiKey | None:
        """Return a client's key."""
        item = self._table.get(f"CLIENT#{client_id}", f"KEY#{key_sha256}")
        return _key(item) if item else None

    def of(self, client_id: str) -> list[ApiKey]:
        """Return a client's keys, by id."""
        return [_key(item) for item in self._table.query_prefix(f"CLIENT#{client_id}", "KEY#")]

    def remove(self, key: ApiKey) -> bool:
        """Forget a key; return whether it was there."""
        try:
            self._table.delete(f"CLIENT#{key.client_id}", f"KEY#{key.key_sha256}", PRESENT)
        except ConditionFailed:
            return False
        return True

    def note_use(self, key: ApiKey, minute: str, asked: int, now: datetime) -> None:
        """Add to the minute's count where it is the one counted, else begin it."""
        pk, sk = f"CLIENT#{key.client_id}", f"KEY#{key.key_sha256}"
        used = {"used_at": stamp(now)}
        same = Condition("asked_in = :minute", {":minute": minute})
        try:
            self._table.update(pk, sk, Change(sets=used, adds={"asked": asked}), same)
        except ConditionFailed:
            anew = Change(sets={**used, "asked": asked, "asked_in": minute})
            try:
                self._table.update(pk, sk, anew, PRESENT)
            except ConditionFailed:
                return  # revoked meanwhile


def _key(item: Item) -> ApiKey:
    return ApiKey(
        client_id=item["pk"].removeprefix("CLIENT#"),
        key_sha256=item["sk"].removeprefix("KEY#"),
        scopes=tuple(scope for scope in ALL_SCOPES if scope in item["scopes"]),
        created_at=datetime.fromisoformat(item["created_at"]),
        name=item.get("name", ""),
        good_until=_instant(item, "good_until"),
        used_at=_instant(item, "used_at"),
        asked=int(item.get("asked", 0)),
        asked_in=item.get("asked_in", ""),
    )


def _instant(item: Item, name: str) -> datetime | None:
    return datetime.fromisoformat(item[name]) if name in item else None
