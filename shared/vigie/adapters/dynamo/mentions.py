"""Mentions, each key starting with its client.

::

    CLIENT#<client>   SEEN#<mention>                    guard: one mention an id, where it is, and its batch
    CLIENT#<client>   MENTION#<recorded_at>#<mention>   the mention, in the order the digest reads

Guard and mention are written together, many of them in one transaction. A document withdrawn before it came has a
guard that leads nowhere: its mention is recorded blank.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary

from vigie.adapters.dynamo.table import (
    ABSENT,
    TRANSACTION_ITEMS,
    Cancelled,
    Condition,
    ConditionFailed,
    Item,
    Table,
    chunks,
)
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Place
from vigie.domain.mentions import Mention, withdrawn
from vigie.errors import BadField
from vigie.ports import MentionStore, Page, Recording

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_LEADS_NOWHERE = Condition("attribute_exists(stub)")
_TOGETHER = TRANSACTION_ITEMS // 2
_TOGETHER_BYTES = 3_000_000  # a transaction holds 4 MB


class DynamoMentions(MentionStore):
    """``MentionStore`` on MentionsTable. A mention goes ``retention_days`` after it was recorded.

    Earlier where its platform's terms say so (``retain_until``).
    """

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int) -> None:
        self._table = Table(client, table)
        self._retention_days = retention_days

    def record(self, mentions: Sequence[Mention]) -> Recording:
        """Record each mention unless its id is recorded for that client."""
        once = {(mention.client_id, mention.mention_id): mention for mention in reversed(mentions)}
        in_order = list(reversed(once.values()))
        pairs = [self._pair(mention) for mention in in_order]
        owners = {(guard["pk"], guard["sk"]): m for (guard, _), m in zip(pairs, in_order, strict=True)}
        seen_before: list[Item] = []
        new = sum(self._record_together(chunk, seen_before) for chunk in _transactions(pairs))
        return Recording(new, [owners[guard["pk"], guard["sk"]] for guard in seen_before])

    def _record_together(self, pairs: list[tuple[Item, Item]], seen_before: list[Item]) -> int:
        """Record what is not recorded: a guard that is there takes its mention out of the transaction.

        One that another batch wrote is noted in ``seen_before``. Each round that fails drops or blanks at least one
        pair, so it ends.
        """
        blank: set[str] = set()
        while pairs:
            writes: list[dict[str, Any]] = []
            for guard, mention in pairs:
                condition = _LEADS_NOWHERE if guard["sk"] in blank else ABSENT
                writes += [self._table.put_in(guard, condition), self._table.put_in(mention)]
            try:
                self._table.transact(writes)
            except Cancelled as cancelled:
                standing = {place // 2: guard for place, guard in cancelled.failed.items()}
                for place in [place for place, guard in standing.items() if "at" not in guard]:
                    del standing[place]
                    guard, mention = pairs[place]
                    blank.add(guard["sk"])
                    pairs[place] = (guard, _blanked(mention))
                seen_before += [
                    guard
                    for place, (guard, _) in enumerate(pairs)
                    if place in standing and standing[place].get("batch") != guard["batch"]
                ]
                pairs = [pair for place, pair in enumerate(pairs) if place not in standing]
                continue
            break
        return len(pairs)

    def _pair(self, mention: Mention) -> tuple[Item, Item]:
        pk = f"CLIENT#{mention.client_id}"
        expires_at = expiry(mention.recorded_at, self._retention_days)
        if mention.document.retain_until is not None:
            expires_at = min(expires_at, int(mention.document.retain_until.timestamp()))
        sk = _sk((mention.recorded_at, mention.mention_id))
        guard: Item = {
            "pk": pk,
            "sk": f"SEEN#{mention.mention_id}",
            "at": sk,
            "batch": mention.batch_id,
            "expires_at": expires_at,
        }
        return guard, {"pk": pk, "sk": sk, "data": pack(mention), "expires_at": expires_at}

    def withdraw(self, client_id: str, document_id: str, now: datetime) -> None:
        """Blank what is recorded; leave a guard that leads nowhere when nothing is."""
        pk, own = f"CLIENT#{client_id}", f"SEEN#{document_id}"
        stub: Item = {"pk": pk, "sk": own, "stub": True, "expires_at": expiry(now, self._retention_days)}
        try:
            self._table.put(stub, ABSENT)
        except ConditionFailed:
            for guard in self._table.query_prefix(pk, own):
                mention = self._table.get(pk, guard["at"]) if "at" in guard else None
                if mention is not None:
                    self._table.put(_blanked(mention))

    def recorded_in(self, client_id: str, interval: Interval) -> list[Mention]:
        """Return the client's mentions recorded in the interval, oldest first, held ones included."""
        low, high = _bounds(interval)
        items = self._table.query(f"CLIENT#{client_id}", low=low, high=high)
        return [unpack(item["data"], Mention) for item in items]

    def page(self, client_id: str, interval: Interval, limit: int, cursor: str | None = None) -> Page:
        """Return a page, newest first. Raises BadField for a cursor that this question did not give."""
        if limit < 1:
            raise BadField("limit", f"{limit} is no page", "Ask for 1 mention or more.")
        low, high = _bounds(interval)
        after = None if cursor is None else _open_cursor(client_id, cursor, low, high)
        found = self._table.query(
            f"CLIENT#{client_id}",
            low=low,
            high=high,
            newest_first=True,
            limit=limit + 1,
            after=after,
            consistent=False,
        )
        items = list(found)
        more = len(items) > limit
        shown = items[:limit]
        return Page(
            [unpack(item["data"], Mention) for item in shown],
            _cursor(client_id, shown[-1]["sk"]) if more else None,
        )

    def cursor_after(self, client_id: str, place: Place) -> str:
        """Return the cursor that goes on after a place."""
        return _cursor(client_id, _sk(place))

    def at(self, client_id: str, places: Sequence[Place]) -> list[Mention]:
        """Return the client's mentions at some places, in no order."""
        keys = [(f"CLIENT#{client_id}", _sk(place)) for place in places]
        found = self._table.get_many(keys, consistent=False)
        return [unpack(item["data"], Mention) for item in found.values()]

    def get(self, client_id: str, mention_id: str) -> Mention | None:
        """Return one mention of the client."""
        guard = self._table.get(f"CLIENT#{client_id}", f"SEEN#{mention_id}")
        item = self._table.get(f"CLIENT#{client_id}", guard["at"]) if guard and "at" in guard else None
        return unpack(item["data"], Mention) if item else None


def _sk(place: Place) -> str:
    return f"MENTION#{stamp(place[0])}#{place[1]}"


def _blanked(item: Item) -> Item:
    data = (
        Binary(item["data"]) if isinstance(item["data"], bytes) else item["data"]
    )  # as a table gives it back
    return {**item, "data": pack(withdrawn(unpack(data, Mention)))}


def _transactions(pairs: Sequence[tuple[Item, Item]]) -> list[list[tuple[Item, Item]]]:
    """Cut pairs so that each transaction stays within DynamoDB's count and size."""
    cut: list[list[tuple[Item, Item]]] = []
    for chunk in chunks(pairs, _TOGETHER):
        room = 0
        for pair in chunk:
            size = len(pair[1]["data"]) * 2 + 1_000  # text may hold two bytes a character
            if pair is chunk[0] or size > room:
                cut.append([])
                room = _TOGETHER_BYTES
            cut[-1].append(pair)
            room -= size
    return cut


def _bounds(interval: Interval) -> tuple[str, str]:
    """Return bounds of keys; every key holds more after its instant, so the upper one is never met."""
    return f"MENTION#{stamp(interval.since)}", f"MENTION#{stamp(interval.until)}"


def _cursor(client_id: str, sk: str) -> str:
    return base64.urlsafe_b64encode(f"{client_id}\n{sk}".encode()).decode().rstrip("=")


def _open_cursor(client_id: str, cursor: str, low: str, high: str) -> str:
    """Return the key to go on after. A cursor is no secret: it is checked, never trusted with the client."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    owner, _, sk = text.partition("\n")
    if owner != client_id or not low <= sk <= high:
        raise BadField("cursor", "does not belong to this list", "Use the cursor the page before gave.")
    return sk
