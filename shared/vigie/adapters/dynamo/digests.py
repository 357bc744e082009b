"""Digests to come and digests stored.

::

    DUE               <cutoff>#<client>   every digest to come, in order of cut-off
    CLIENT#<client>   UPCOMING            the client's one digest to come; both are changed together
    CLIENT#<client>   DIGEST#<digest_id>  a stored digest's entry, and where its content is
    UNSENT            <send_at>#<client>#<digest_id>   a stored digest whose mails are not all sent

Those of another rhythm than the client's own have its name behind: ``<cutoff>#<client>#<rhythm>``,
``UPCOMING#<rhythm>``, ``DIGEST@<rhythm>#<digest_id>``.

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
from vigie.domain.digest_build import rhythm_in
from vigie.errors import Permanent, Transient
from vigie.messages import DigestReady, decode_value, encode
from vigie.ports import Blobs, DigestEntry, DigestStore, DueDigest

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TRIES = 5
_UNSENT_DAYS = 14  # as long as a dead letter is kept


class DynamoDigests(DigestStore):
    """``DigestStore`` on DigestsTable and a bucket. An entry goes ``retention_days`` after it was built."""

    def __init__(self, client: "DynamoDBClient", table: str, blobs: Blobs, *, retention_days: int) -> None:
        self._table = Table(client, table)
        self._blobs = blobs
        self._retention_days = retention_days

    # -- to come --------------------------------------------------------------------------------------------

    def schedule(self, due: DueDigest) -> None:
        """Set the next digest of a rhythm, replacing the one that was to come; none that opens later is replaced."""
        new_due: Item = {"pk": "DUE", "sk": _due_sk(due), "data": pack(due)}
        upcoming: Item = {
            "pk": f"CLIENT#{due.client_id}",
            "sk": _upcoming_sk(due.rhythm),
            "due_sk": _due_sk(due),
            "data": pack(due),
        }
        for _ in attempts(_TRIES):
            old = self._table.get(f"CLIENT#{due.client_id}", _upcoming_sk(due.rhythm))
            if old and unpack(old["data"], DueDigest).interval.since > due.interval.since:
                return  # a worker that was late: the one after this is set already
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
                    self._table.delete_in(
                        f"CLIENT#{due.client_id}", _upcoming_sk(due.rhythm), _still(_due_sk(due))
                    ),
                    self._table.delete_in("DUE", _due_sk(due)),
                ]
            )
        except Cancelled:
            return

    def upcoming(self, client_id: str, rhythm: str = "") -> DueDigest | None:
        """Return the next digest of a rhythm."""
        item = self._table.get(f"CLIENT#{client_id}", _upcoming_sk(rhythm))
        return unpack(item["data"], DueDigest) if item else None

    def appointments(self, client_id: str) -> list[DueDigest]:
        """Return the client's digests to come, by the name of their rhythm."""
        items = self._table.query_prefix(f"CLIENT#{client_id}", "UPCOMING")
        return [unpack(item["data"], DueDigest) for item in items]

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
            "sk": _digest_sk(digest.digest_id),
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
        item = self._table.get(f"CLIENT#{client_id}", _digest_sk(digest_id))
        return self._stored(item) if item else None

    def entry(self, client_id: str, digest_id: str) -> DigestEntry | None:
        """Return what the list says of one stored digest."""
        item = self._table.get(f"CLIENT#{client_id}", _digest_sk(digest_id))
        return unpack(item["data"], DigestEntry) if item else None

    def entries(self, client_id: str, limit: int = 60, rhythm: str = "") -> list[DigestEntry]:
        """Return the digests of a rhythm, newest first (their ids sort as their cut-offs do)."""
        prefix = _digest_prefix(rhythm)
        items = self._table.query(
            f"CLIENT#{client_id}", low=f"{prefix}#", high=f"{prefix}$", newest_first=True, limit=limit
        )
        return [unpack(item["data"], DigestEntry) for item in items]

    # -- to be mailed ---------------------------------------------------------------------------------------

    def expect(self, ready: DigestReady) -> None:
        """Remember that a stored digest is to be mailed."""
        item: Item = {"pk": "UNSENT", "sk": _unsent_sk(ready), "data": pack(ready)}
        self._table.put({**item, "expires_at": expiry(ready.send_at, _UNSENT_DAYS)})

    def settle(self, ready: DigestReady) -> None:
        """Forget it: its mails are sent."""
        self._table.write_many(deletes=[("UNSENT", _unsent_sk(ready))])

    def unsent(self, before: datetime) -> list[DigestReady]:
        """Return the digests that were to leave before an instant and whose mails are not all sent, oldest first."""
        items = self._table.query("UNSENT", high=stamp(before))
        return [unpack(item["data"], DigestReady) for item in items]

    def _stored(self, item: Item) -> Digest:
        content = self._blobs.get(item["content_key"])
        if content is None:
            raise Permanent(f"the content of {item['pk']}/{item['sk']} is not kept any more")
        return decode_value(content, Digest)


def _due_sk(due: DueDigest) -> str:
    own = f"{stamp(due.interval.until)}#{due.client_id}"
    return f"{own}#{due.rhythm}" if due.rhythm else own


def _upcoming_sk(rhythm: str) -> str:
    return f"UPCOMING#{rhythm}" if rhythm else "UPCOMING"


def _digest_sk(digest_id: str) -> str:
    return f"{_digest_prefix(rhythm_in(digest_id))}#{digest_id}"


def _digest_prefix(rhythm: str) -> str:
    return f"DIGEST@{rhythm}" if rhythm else "DIGEST"


def _unsent_sk(ready: DigestReady) -> str:
    return f"{stamp(ready.send_at)}#{ready.client_id}#{ready.digest_id}"


def _still(due_sk: str) -> Condition:
    return Condition("due_sk = :due_sk", {":due_sk": due_sk})
