"""Self-serve clients' subscriptions, in AccountsTable.

::

    CLIENT#<client>   SUBSCRIPTION            the subscription, and its revision
    DUE               BILLING#<at>#<client>   when time next has something to do for it; none: never
    PAYMENTS#<event>  HANDLED                 an event of the payment provider that was dealt with
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.table import ABSENT, Cancelled, Condition, Item, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.subscriptions import Subscription, next_change_at
from vigie.errors import Transient
from vigie.ports import BillingStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TRIES = 8
_HANDLED_KEPT_DAYS = 30  # the provider repeats an event for three
_DUE, _WHEN = "DUE", "BILLING#"
_SK = "SUBSCRIPTION"


class DynamoBilling(BillingStore):
    """``BillingStore`` on AccountsTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def subscription(self, client_id: str) -> Subscription | None:
        """Return a client's subscription."""
        item = self._table.get(f"CLIENT#{client_id}", _SK)
        return unpack(item["data"], Subscription) if item else None

    def change(
        self, client_id: str, now: datetime, decide: Callable[[Subscription | None], Subscription | None]
    ) -> Subscription | None:
        """Replace a subscription, and when it is next due, in one write."""
        for _ in attempts(_TRIES):
            item = self._table.get(f"CLIENT#{client_id}", _SK)
            before = unpack(item["data"], Subscription) if item else None
            after = decide(before)
            if after == before:
                return before
            try:
                self._table.transact(self._writes(client_id, item, after, now))
            except Cancelled:
                continue
            return after
        raise Transient(f"the subscription of {client_id} changes too often")

    def _writes(
        self, client_id: str, item: Item | None, after: Subscription | None, now: datetime
    ) -> list[Any]:
        pk = f"CLIENT#{client_id}"
        revision = 0 if item is None else int(item["revision"])
        unchanged = ABSENT if item is None else Condition("revision = :r", {":r": revision})
        due_before = "" if item is None else item.get("due", "")
        due_at = next_change_at(after, now) if after else None
        due = f"{_WHEN}{stamp(due_at)}#{client_id}" if due_at else ""
        if after is None:
            writes = [self._table.delete_in(pk, _SK, unchanged)]
        else:
            new = {"pk": pk, "sk": _SK, "revision": revision + 1, "data": pack(after), "due": due}
            writes = [self._table.put_in(new, unchanged)]
        if due_before and due_before != due:
            writes.append(self._table.delete_in(_DUE, due_before))
        if due and due != due_before:
            writes.append(self._table.put_in({"pk": _DUE, "sk": due}))
        return writes

    def due(self, now: datetime) -> list[str]:
        """Return the clients whose subscription is due, the longest due first."""
        items = self._table.query(_DUE, low=_WHEN, high=f"{_WHEN}{stamp(now)}$")
        return [_client_of(item) for item in items]

    def is_handled(self, event_id: str) -> bool:
        """Return whether an event was dealt with."""
        return self._table.get(f"PAYMENTS#{event_id}", "HANDLED") is not None

    def handled(self, event_id: str, now: datetime) -> None:
        """Remember that an event was dealt with."""
        self._table.put(
            {
                "pk": f"PAYMENTS#{event_id}",
                "sk": "HANDLED",
                "expires_at": expiry(now, _HANDLED_KEPT_DAYS),
            }
        )


def _client_of(item: Item) -> str:
    return str(item["sk"]).rpartition("#")[2]
