"""Mentions, each key starting with its client.

::

    CLIENT#<client>#SEEN    SEEN#<mention>                    guard: one mention an id, where it is, and its batch
    CLIENT#<client>#<day>   MENTION#<recorded_at>#<mention>   the mention, in the order the digest reads

(How readers know the days: ``mention_partitions``.) The guard is written first, under a condition, then the mention
where the guard says: half the price of both in one transaction. Whoever finds a guard of its own batch without its
mention takes up what another worker left, see ``adapters.dynamo.stamps``. A document withdrawn before it came has a
guard that leads nowhere (``stub``): its mention is recorded blank.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from boto3.dynamodb.types import Binary

from vigie.adapters.dynamo.mention_partitions import (
    MentionDays,
    day_of,
    guard_key,
    instant_of,
    key_of,
    led_to,
    sort_key,
)
from vigie.adapters.dynamo.stamps import Standing, standing
from vigie.adapters.dynamo.table import ABSENT, PRESENT, Change, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Place
from vigie.domain.mentions import Mention, withdrawn
from vigie.errors import BadField, Transient
from vigie.ports import MentionStore, Page, Recording

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_LEADS_NOWHERE = Condition("attribute_exists(stub) AND attribute_not_exists(#at)", names={"#at": "at"})
_TRIES = 5


class DynamoMentions(MentionStore):
    """``MentionStore`` on MentionsTable. A mention goes ``retention_days`` after it was recorded.

    Earlier where its platform's terms say so (``retain_until``).
    """

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int) -> None:
        self._table = Table(client, table)
        self._days = MentionDays(self._table, retention_days=retention_days)
        self._retention_days = retention_days

    def record(self, mentions: Sequence[Mention]) -> Recording:
        """Record each mention unless its id is recorded for that client.

        Raises Transient while another worker may be about to record one of them.
        """
        once = {(mention.client_id, mention.mention_id): mention for mention in reversed(mentions)}
        new, seen_before = 0, list[Mention]()
        marked: set[tuple[str, date]] = set()
        for mention in reversed(once.values()):
            own = self._guard(mention)
            found = self._claim(own)
            if found is not None and found.get("batch") != own["batch"]:
                seen_before.append(mention)
            else:
                new += self._write(mention, found or own, marked)
        return Recording(new, seen_before)

    def _claim(self, guard: Item) -> Item | None:
        """Write a guard; return the one that stands there before it, if one does."""
        try:
            self._table.put(guard, ABSENT)
        except ConditionFailed as failed:
            if "at" in failed.item:
                return failed.item
        else:
            return None
        guard["stub"] = True  # whoever writes the mention, now or after we died, writes it blank
        try:
            self._table.put(guard, _LEADS_NOWHERE)
        except ConditionFailed as failed:
            return failed.item
        return None

    def _write(self, mention: Mention, guard: Item, marked: set[tuple[str, date]]) -> bool:
        """Write the mention where its guard says, unless it is there; return whether it was not."""
        own_at = sort_key((mention.recorded_at, mention.mention_id))
        for _ in range(_TRIES):
            at = guard["at"]
            match standing(instant_of(at), mention.recorded_at):
                case Standing.SHARED:
                    return self._put_new(mention, guard, marked)
                case _ if self._table.get(*led_to(guard)):
                    return False
                case Standing.HELD:
                    raise Transient(f"mention {mention.mention_id} of {mention.client_id} is being recorded")
            moved = Condition("#at = :old", {":old": at}, {"#at": "at"})
            try:
                guard = self._table.update(guard["pk"], guard["sk"], Change({"at": own_at}), moved)
            except ConditionFailed as failed:
                guard = failed.item
        raise Transient(f"the guard of mention {mention.mention_id} of {mention.client_id} kept changing")

    def _put_new(self, mention: Mention, guard: Item, marked: set[tuple[str, date]]) -> bool:
        placed = replace(mention, recorded_at=instant_of(guard["at"]))
        placed = withdrawn(placed) if guard.get("stub") else placed
        pk, sk = led_to(guard)
        item = {"pk": pk, "sk": sk, "expires_at": guard["expires_at"], "data": pack(placed)}
        if (day := (mention.client_id, day_of(sk))) not in marked:
            self._days.mark(*day)
            marked.add(day)
        try:
            self._table.put(item, ABSENT)
        except ConditionFailed:
            return False
        return True

    def _guard(self, mention: Mention) -> Item:
        expires_at = expiry(mention.recorded_at, self._retention_days)
        if mention.document.retain_until is not None:
            expires_at = min(expires_at, int(mention.document.retain_until.timestamp()))
        pk, sk = guard_key(mention.client_id, mention.mention_id)
        return {
            "pk": pk,
            "sk": sk,
            "at": sort_key((mention.recorded_at, mention.mention_id)),
            "batch": mention.batch_id,
            "expires_at": expires_at,
        }

    def withdraw(self, client_id: str, document_id: str, now: datetime) -> None:
        """Blank what is recorded; leave a guard that leads nowhere when nothing is.

        Raises Transient while a mention may be about to be recorded.
        """
        pk, own = guard_key(client_id, document_id)
        stub: Item = {"pk": pk, "sk": own, "stub": True, "expires_at": expiry(now, self._retention_days)}
        try:
            self._table.put(stub, ABSENT)
        except ConditionFailed:
            for guard in self._table.query_prefix(pk, own):
                if "at" in guard:
                    self._blank(guard, now)

    def _blank(self, guard: Item, now: datetime) -> None:
        mention = self._table.get(*led_to(guard))
        if mention is not None:
            self._table.put(_blanked(mention))
            return
        self._table.update(guard["pk"], guard["sk"], Change({"stub": True}), PRESENT)
        if standing(instant_of(guard["at"]), now) is not Standing.SPENT:
            raise Transient(f"what {guard['sk']} of {guard['pk']} leads to is being recorded")

    def recorded_in(self, client_id: str, interval: Interval) -> list[Mention]:
        """Return the client's mentions recorded in the interval, oldest first, held ones included."""
        low, high = _bounds(interval)
        items = self._days.read(client_id, self._days.between(client_id, interval), low, high)
        return [unpack(item["data"], Mention) for item in items]

    def page(self, client_id: str, interval: Interval, limit: int, cursor: str | None = None) -> Page:
        """Return a page, newest first. Raises BadField for a cursor that this question did not give."""
        if limit < 1:
            raise BadField("limit", f"{limit} is no page", "Ask for 1 mention or more.")
        low, high = _bounds(interval)
        after = None if cursor is None else _open_cursor(client_id, cursor, low, high)
        days = self._days.between(client_id, interval)[::-1]
        if after is not None:
            days = [day for day in days if day <= day_of(after)]
        found = self._days.read(
            client_id, days, low, high, newest_first=True, limit=limit + 1, after=after, consistent=False
        )
        items = list(islice(found, limit + 1))
        more = len(items) > limit
        shown = items[:limit]
        return Page(
            [unpack(item["data"], Mention) for item in shown],
            _cursor(client_id, shown[-1]["sk"]) if more else None,
        )

    def cursor_after(self, client_id: str, place: Place) -> str:
        """Return the cursor that goes on after a place."""
        return _cursor(client_id, sort_key(place))

    def at(self, client_id: str, places: Sequence[Place]) -> list[Mention]:
        """Return the client's mentions at some places, in no order."""
        keys = [key_of(client_id, sort_key(place)) for place in places]
        found = self._table.get_many(keys, consistent=False)
        return [unpack(item["data"], Mention) for item in found.values()]

    def get(self, client_id: str, mention_id: str) -> Mention | None:
        """Return one mention of the client."""
        guard = self._table.get(*guard_key(client_id, mention_id))
        item = self._table.get(*led_to(guard)) if guard and "at" in guard else None
        return unpack(item["data"], Mention) if item else None


def _blanked(item: Item) -> Item:
    data = (
        Binary(item["data"]) if isinstance(item["data"], bytes) else item["data"]
    )  # as a table gives it back
    return {**item, "data": pack(withdrawn(unpack(data, Mention)))}


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
