"""Digests to come and digests stored.

::

    DUE               <cutoff>#<client>   every digest to come, in order of cut-off
    CLIENT#<client>   UPCOMING            the client's one digest to come; both are changed together
    CLIENT#<client>   DIGEST#<digest_id>  a stored digest's entry, and where its content is

A content goes to ``clients/<client>/digests/`` in the bucket, under its own hash, before its entry is
written: an entry always has its content, and of two workers the first to write the entry wins.
"""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.table import ABSENT, Cancelled, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.digest import Digest
from vigie.errors import Permanent, Transient
from vigie.messages import decode_value, encode
from vigie.ports import Blobs, DigestEntry, DigestStore, DueDigest

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TRIES = 5


class DynamoDigests(DigestStore):
    """``DigestStore`` on DigestsTable and a bucket. An entry goes ``retention_days`` after it was built."""

    def __init__(self, client: "DynamoDBClient", table: str, blobs: Blobs, *, retention_days: int) -> None:
        self._table = Table(client, table)
        self._blobs = blobs
        self._retention_days = retention_days

    # -- to come --------------------------------------------------------------------------------------------

    def schedule(self, due: DueDigest) -> None:
        """Set the client's next digest, replacing the one that was to come."""
        new_due: Item = {"pk": "DUE", "sk": _due_sk(due), "data": pack(due)}
        upcoming: Item = {
            "pk": f"CLIENT#{due.client_id}",
            "sk": "UPCOMING",
            "due_sk": _due_sk(due),
            "data": pack(due),
        }
        for _ in attempts(_TRIES):
            old = self._table.get(f"CLIENT#{due.client_id}", "UPCOMING")
            writes = [
                self._table.put_in(upcoming, _still(old["due_sk"]) if old else ABSENT),
                self._table.put_in(new_due),
            ]
            if old and old["due_sk"] != _due_sk(due):
                writes.append(self._table.delete_in("DUE", old["due_sk"]))
            try:
                self._table.transact(writes)
            except Cancelled:
                continue  # another worker replaced it meanwhile: replace what it set
            return
        raise Transient(f"the next digest of {due.client_id} changes too often")

    def cancel(self, due: DueDigest) -> None:
        """Forget a digest to come; no effect when another one is to come."""
        try:
            self._table.transact(
                [
                    self._table.delete_in(f"CLIENT#{due.client_id}", "UPCOMING", _still(_due_sk(due))),
                    self._table.delete_in("DUE", _due_sk(due)),
                ]
            )
        except Cancelled:
            return

    def upcoming(self, client_id: str) -> DueDigest | None:
        """Return the client's next digest."""
        item = self._table.get(f"CLIENT#{client_id}", "UPCOMING")
        return unpack(item["data"], DueDigest) if item else None

    def due(self, now: datetime) -> list[DueDigest]:
        """Return digests whose interval closed at or before ``now``, oldest first."""
        after_hash = "$"  # the character that follows the # between instant and client
        items = self._table.query("DUE", high=stamp(now) + after_hash)
        return [unpack(item["data"], DueDigest) for item in items]

    # -- stored ---------------------------------------------------------------------------------------------

    def put(self, digest: Digest, built_at: datetime, send_at: datetime) -> Digest:
        """Store a digest unless one closes at the same instant; return the one stored."""
        content = encode(digest)
        key = (
            f"clients/{digest.client_id}/digests/"
            f"{digest.digest_id}-{hashlib.sha256(content).hexdigest()[:16]}.json"
        )
        self._blobs.put(key, content, "application/json")
        entry = DigestEntry(
            client_id=digest.client_id,
            digest_id=digest.digest_id,
            interval=digest.interval,
            built_at=built_at,
            send_at=send_at,
            mentions=digest.totals.retained,
        )
        item: Item = {
            "pk": f"CLIENT#{digest.client_id}",
            "sk": f"DIGEST#{digest.digest_id}",
            "content_key": key,
            "data": pack(entry),
            "expires_at": expiry(built_at, self._retention_days),
        }
        try:
            self._table.put(item, ABSENT)
        except ConditionFailed as failed:
            return self._stored(failed.item)
        return digest

    def get(self, client_id: str, digest_id: str) -> Digest | None:
        """Return one stored digest of the client. Raises Permanent when its content is not kept any more."""
        item = self._table.get(f"CLIENT#{client_id}", f"DIGEST#{digest_id}")
        return self._stored(item) if item else None

    def entry(self, client_id: str, digest_id: str) -> DigestEntry | None:
        """Return what the list says of one stored digest."""
        item = self._table.get(f"CLIENT#{client_id}", f"DIGEST#{digest_id}")
        return unpack(item["data"], DigestEntry) if item else None

    def entries(self, client_id: str, limit: int = 60) -> list[DigestEntry]:
        """Return the client's digests, newest first (their ids sort as their cut-offs do)."""
        items = self._table.query(
            f"CLIENT#{client_id}", low="DIGEST#", high="DIGEST$", newest_first=True, limit=limit
        )
        return [unpack(item["data"], DigestEntry) for item in items]

    def _stored(self, item: Item) -> Digest:
        content = self._blobs.get(item["content_key"])
        if content is None:
            raise Permanent(f"the content of {item['pk']}/{item['sk']} is not kept any more")
        return decode_value(content, Digest)


def _due_sk(due: DueDigest) -> str:
    return f"{stamp(due.interval.until)}#{due.client_id}"


def _still(due_sk: str) -> Condition:
    return Condition("due_sk = :due_sk", {":due_sk": due_sk})
