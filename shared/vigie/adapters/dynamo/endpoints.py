"""Clients' endpoints, and what became of what they were told, in AccountsTable.

::

    CLIENT#<client>   ENDPOINT#<id>                                   an endpoint, and its revision
    CLIENT#<client>   NOTICE#<endpoint>#<happened_at>#<event>         the last try of one event, for a week
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from vigie.adapters.backoff import attempts
from vigie.adapters.dynamo.table import ABSENT, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.notices import Attempt, Endpoint
from vigie.errors import Transient

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_TRIES = 8
_NOTICES_KEPT_DAYS = 7


class DynamoEndpoints:
    """Endpoints on AccountsTable."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def endpoints(self, client_id: str) -> list[Endpoint]:
        """Return a client's endpoints, by id."""
        items = self._table.query_prefix(f"CLIENT#{client_id}", "ENDPOINT#")
        return [unpack(item["data"], Endpoint) for item in items]

    def endpoint(self, client_id: str, endpoint_id: str) -> Endpoint | None:
        """Return one endpoint."""
        return _opened(self._table.get(f"CLIENT#{client_id}", f"ENDPOINT#{endpoint_id}"))

    def change(
        self, client_id: str, endpoint_id: str, decide: Callable[[Endpoint | None], Endpoint | None]
    ) -> Endpoint | None:
        """Replace an endpoint, unless somebody else did meanwhile: then what they left is looked at again."""
        pk, sk = f"CLIENT#{client_id}", f"ENDPOINT#{endpoint_id}"
        for _ in attempts(_TRIES):
            item = self._table.get(pk, sk)
            before = _opened(item)
            after = decide(before)
            if after == before:
                return before
            revision = 0 if item is None else int(item["revision"])
            unchanged = ABSENT if item is None else Condition("revision = :r", {":r": revision})
            try:
                if after is None:
                    self._table.delete(pk, sk, unchanged)
                else:
                    new = {"pk": pk, "sk": sk, "revision": revision + 1, "data": pack(after)}
                    self._table.put(new, unchanged)
            except ConditionFailed:
                continue
            return after
        raise Transient(f"the endpoint {pk}/{sk} changes too often")

    def note(self, client_id: str, endpoint_id: str, attempt: Attempt) -> None:
        """Keep what became of an event."""
        self._table.put(
            {
                "pk": f"CLIENT#{client_id}",
                "sk": f"NOTICE#{endpoint_id}#{stamp(attempt.happened_at)}#{attempt.event_id}",
                "data": pack(attempt),
                "expires_at": expiry(attempt.happened_at, _NOTICES_KEPT_DAYS),
            }
        )

    def attempts(self, client_id: str, endpoint_id: str, limit: int) -> list[Attempt]:
        """Return what became of the latest events, the latest first."""
        prefix = f"NOTICE#{endpoint_id}#"
        items = self._table.query(
            f"CLIENT#{client_id}", low=prefix, high=prefix + "\U0010ffff", newest_first=True, limit=limit
        )
        return [unpack(item["data"], Attempt) for item in items]


def _opened(item: Item | None) -> Endpoint | None:
    return None if item is None else unpack(item["data"], Endpoint)
