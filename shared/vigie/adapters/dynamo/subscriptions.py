"""What hubs were asked to push: cold items beside the sources they belong to, in the sources table.

::

    SHARD#<shard>   PUSH#<source>#<offer>     a subscription, and its revision

A source that changes hubs has two for a while. They are not part of the hot state: a poll that finds nothing new
reads a shard's in one query, and writes none.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.table import ABSENT, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import pack, unpack
from vigie.domain.websub.subscriptions import PushKey, Subscription
from vigie.errors import Transient
from vigie.ports import SubscriptionStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TRIES = 8


class DynamoSubscriptions(SubscriptionStore):
    """``SubscriptionStore`` on SourcesTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def of(self, shard: str) -> list[Subscription]:
        """Return a shard's subscriptions, by source and offer."""
        items = self._table.query_prefix(f"SHARD#{shard}", "PUSH#")
        return [unpack(item["data"], Subscription) for item in items]

    def all(self) -> list[Subscription]:
        """Return every subscription: a query per shard."""
        return [found for head in self._table.query("SHARDS") for found in self.of(str(head["sk"]))]

    def get(self, key: PushKey) -> Subscription | None:
        """Return one subscription."""
        return _opened(self._table.get(*_place(key)))

    def change(
        self, key: PushKey, decide: Callable[[Subscription | None], Subscription | None]
    ) -> Subscription | None:
        """Replace a subscription, unless another worker did meanwhile: then what it left is looked at again."""
        pk, sk = _place(key)
        for _ in attempts(_TRIES):
            item = self._table.get(pk, sk)
            before = _opened(item)
            after = decide(before)
            if after == before or after is None:
                return before
            revision = 0 if item is None else int(item["revision"])
            unchanged = ABSENT if item is None else Condition("revision = :r", {":r": revision})
            try:
                if after.status != "left":
                    new = {"pk": pk, "sk": sk, "revision": revision + 1, "data": pack(after)}
                    self._table.put(new, unchanged)
                elif item is not None:
                    self._table.delete(pk, sk, unchanged)
            except ConditionFailed:
                continue
            return after
        raise Transient(f"the subscription {pk}/{sk} changes too often")


def _place(key: PushKey) -> tuple[str, str]:
    return f"SHARD#{key.shard}", f"PUSH#{key.source_id}#{key.offer_id}"


def _opened(item: Item | None) -> Subscription | None:
    return None if item is None else unpack(item["data"], Subscription)
