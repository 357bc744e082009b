"""One DynamoDB table in Python's types: items are dicts, a failed condition shows the item that stands there.

What has expired is not there: DynamoDB lets go of it up to days later, and reads do not wait for that.

Raises  ``ConditionFailed`` and ``Cancelled`` (private to the stores), Transient when DynamoDB cannot now,
        Permanent when an item is larger than DynamoDB keeps (400 KB)
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from vigie.adapters.aws import TRANSIENT_CODES, error_code, transient_failures
from vigie.adapters.backoff import attempts
from vigie.errors import Permanent, Transient

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Item = dict[str, Any]
Key = tuple[str, str]
T = TypeVar("T")

_BATCH_GETS = 100
_BATCH_WRITES = 25
_TRIES = 8
_SIZE = "size"  # of "Item size has exceeded the maximum allowed size", the one such fault data can cause
_PASSING = TRANSIENT_CODES | {
    "None",
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
}
_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


class ConditionFailed(Exception):  # noqa: N818 - an answer, not an error
    """A write's condition did not hold; ``item`` is what stands there (empty when nothing does)."""

    def __init__(self, item: Item) -> None:
        super().__init__("the condition did not hold")
        self.item = item


class Cancelled(Exception):  # noqa: N818 - an answer, not an error
    """A transaction wrote nothing; ``failed`` maps the place of each failed condition to the item there."""

    def __init__(self, failed: dict[int, Item]) -> None:
        super().__init__(f"conditions {sorted(failed)} did not hold")
        self.failed = failed


class _Time:
    """The time by which reads tell what has expired, in seconds since 1970."""

    now: Callable[[], float] = staticmethod(time.time)


@contextmanager
def time_is(now: Callable[[], float]) -> Iterator[None]:
    """Let reads of this process tell by another clock what has expired: a simulation's, a test's."""
    before = _Time.now
    _Time.now = staticmethod(now)
    try:
        yield
    finally:
        _Time.now = staticmethod(before)


def _lives(raw: Mapping[str, Any]) -> bool:
    expires_at = raw.get("expires_at")
    return expires_at is None or int(expires_at["N"]) > _Time.now()


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in DynamoDB's words, the values it names, and the attributes it may not name as they are."""

    expression: str
    values: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What an update does to attributes: set, add to a number, remove."""

    sets: Mapping[str, Any] = field(default_factory=dict)
    adds: Mapping[str, int] = field(default_factory=dict)
    removes: Sequence[str] = ()


ABSENT = Condition("attribute_not_exists(pk)")
PRESENT = Condition("attribute_exists(pk)")


@dataclass(frozen=True, slots=True)
class Table:
    """A table by name. Reads are strongly consistent unless told: what a store has written, it sees."""

    client: "DynamoDBClient"
    name: str

    # -- reads ----------------------------------------------------------------------------------------------

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Item | None:
        """Return one item; for half the price as it may have stood a second ago."""
        with transient_failures(f"read {pk}/{sk}"):
            answer = self.client.get_item(TableName=self.name, Key=_key(pk, sk), ConsistentRead=consistent)
        return _item(answer["Item"]) if "Item" in answer and _lives(answer["Item"]) else None

    def get_many(self, keys: Iterable[Key], *, consistent: bool = True) -> dict[Key, Item]:
        """Return the items that exist, by key; for half the price as they may have stood a second ago."""
        found: dict[Key, Item] = {}
        for chunk in chunks(dict.fromkeys(keys), _BATCH_GETS):
            left: list[Any] = [_key(*key) for key in chunk]
            for _ in attempts(_TRIES):
                with transient_failures(f"read {len(left)} items"):
                    answer = self.client.batch_get_item(
                        RequestItems={self.name: {"Keys": left, "ConsistentRead": consistent}}
                    )
                for raw in filter(_lives, answer.get("Responses", {}).get(self.name, [])):
                    item = _item(raw)
                    found[item["pk"], item["sk"]] = item
                unread = answer.get("UnprocessedKeys", {})
                left = list(unread[self.name]["Keys"]) if self.name in unread else []
                if not left:
                    break
            else:
                raise Transient(f"{len(left)} items of {self.name} stayed unread")
        return found

    def query(
        self,
        pk: str,
        *,
        low: str = " ",
        high: str = "\U0010ffff",
        newest_first: bool = False,
        limit: int | None = None,
        after: str | None = None,
        consistent: bool = True,
    ) -> Iterator[Item]:
        """Yield the items under ``pk`` whose ``sk`` lies from ``low`` to ``high``, both included, in order.

        ``after`` skips up to and including that ``sk``; ``limit`` bounds the number yielded. Not ``consistent``,
        they are as they were a moment ago, for half the price.
        """
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :low AND :high",
            "ExpressionAttributeValues": _values({":pk": pk, ":low": low, ":high": high}),
            "ScanIndexForward": not newest_first,
            "ConsistentRead": consistent,
        }
        if limit is not None:
            request["Limit"] = limit
        if after is not None:
            request["ExclusiveStartKey"] = _key(pk, after)
        yield from islice(self._pages(self.client.query, request), limit)

    def query_prefix(self, pk: str, prefix: str, *, consistent: bool = True) -> Iterator[Item]:
        """Yield the items under ``pk`` whose ``sk`` starts with ``prefix``, in order."""
        yield from self.query(pk, low=prefix, high=prefix + "\U0010ffff", consistent=consistent)

    def scan_prefix(self, prefix: str) -> Iterator[Item]:
        """Yield every item whose ``sk`` starts with ``prefix``; the rest of the table is paid for too."""
        request = {
            "TableName": self.name,
            "FilterExpression": "begins_with(sk, :prefix)",
            "ExpressionAttributeValues": _values({":prefix": prefix}),
            "ConsistentRead": True,
        }
        yield from self._pages(self.client.scan, request)

    def _pages(self, ask: Any, request: dict[str, Any]) -> Iterator[Item]:
        while True:
            with transient_failures(f"read a page of {self.name}"):
                answer = ask(**request)
            yield from map(_item, filter(_lives, answer["Items"]))
            if "LastEvaluatedKey" not in answer:
                return
            request = {**request, "ExclusiveStartKey": answer["LastEvaluatedKey"]}

    # -- single writes --------------------------------------------------------------------------------------

    def put(self, item: Item, condition: Condition | None = None) -> None:
        """Write an item. Raises ConditionFailed showing what stands there."""
        with _conditions(f"write {item['pk']}/{item['sk']}"):
            self.client.put_item(**self._put(item, condition))

    def update(self, pk: str, sk: str, change: Change, condition: Condition | None = None) -> Item:
        """Change an item, or make it; return it as it is now. Raises ConditionFailed."""
        request = self._update(pk, sk, change, condition)
        with _conditions(f"update {pk}/{sk}"):
            answer = self.client.update_item(**request, ReturnValues="ALL_NEW")
        return _item(answer["Attributes"])

    def delete(self, pk: str, sk: str, condition: Condition) -> None:
        """Delete an item. Raises ConditionFailed showing what stands there."""
        with _conditions(f"delete {pk}/{sk}"):
            self.client.delete_item(**self.delete_in(pk, sk, condition)["Delete"])

    def write_many(self, puts: Iterable[Item] = (), deletes: Iterable[Key] = ()) -> None:
        """Write and delete without conditions and in no order; each item is whole, all of them are done."""
        requests: list[Any] = [{"PutRequest": {"Item": _attributes(item)}} for item in puts]
        requests += [{"DeleteRequest": {"Key": _key(*key)}} for key in deletes]
        for chunk in chunks(requests, _BATCH_WRITES):
            left = chunk
            for _ in attempts(_TRIES):
                with _conditions(f"write {len(left)} items"):
                    answer = self.client.batch_write_item(RequestItems={self.name: left})
                left = list(answer.get("UnprocessedItems", {}).get(self.name, []))
                if not left:
                    break
            else:
                raise Transient(f"{len(left)} items of {self.name} stayed unwritten")

    # -- transactions ---------------------------------------------------------------------------------------

    def put_in(self, item: Item, condition: Condition | None = None) -> dict[str, Any]:
        """Return a put, to be part of ``transact``."""
        return {"Put": self._put(item, condition)}

    def delete_in(self, pk: str, sk: str, condition: Condition | None = None) -> dict[str, Any]:
        """Return a deletion, to be part of ``transact``."""
        return {"Delete": {"TableName": self.name, "Key": _key(pk, sk), **_conditional(condition, {})}}

    def add_in(self, pk: str, sk: str, adds: Mapping[str, int]) -> dict[str, Any]:
        """Return an addition to counters, to be part of ``transact``."""
        return {"Update": self._update(pk, sk, Change(adds=adds), None)}

    def transact(self, writes: Sequence[Any]) -> None:
        """Do all writes or none (at most 100). Raises Cancelled when a condition did not hold.

        Meeting another transaction on the same item is tried again a few times, then Transient.
        """
        for _ in attempts(_TRIES):
            with _conditions(f"write {len(writes)} items together"):
                try:
                    self.client.transact_write_items(TransactItems=writes)
                except self.client.exceptions.TransactionCanceledException as error:
                    reasons: Any = error.response.get("CancellationReasons", [])
                    _raise_unless_worth_another_try(reasons)
                    continue
                return
        raise Transient(f"{self.name}: other transactions hold the same items")

    # -- requests -------------------------------------------------------------------------------------------

    def _put(self, item: Item, condition: Condition | None) -> dict[str, Any]:
        return {"TableName": self.name, "Item": _attributes(item), **_conditional(condition, {})}

    def _update(self, pk: str, sk: str, change: Change, condition: Condition | None) -> dict[str, Any]:
        names = {name: f"#n{n}" for n, name in enumerate((*change.sets, *change.adds, *change.removes))}
        values = {name: f":v{n}" for n, name in enumerate((*change.sets, *change.adds))}
        clauses = {
            "SET": [f"{names[name]} = {values[name]}" for name in change.sets],
            "ADD": [f"{names[name]} {values[name]}" for name in change.adds],
            "REMOVE": [names[name] for name in change.removes],
        }
        given = {values[name]: value for name, value in {**change.sets, **change.adds}.items()}
        return {
            "TableName": self.name,
            "Key": _key(pk, sk),
            "UpdateExpression": " ".join(f"{verb} {', '.join(c)}" for verb, c in clauses.items() if c),
            **_conditional(condition, given, {mark: name for name, mark in names.items()}),
        }


def chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield ``values`` in lists of at most ``size``."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _conditional(
    condition: Condition | None, values: Mapping[str, Any], names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    request: dict[str, Any] = {}
    names = names or {}
    if condition is not None:
        values, names = {**values, **condition.values}, {**names, **condition.names}
        request["ConditionExpression"] = condition.expression
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if names:
        request["ExpressionAttributeNames"] = names
    if values:
        request["ExpressionAttributeValues"] = _values(values)
    return request


@contextmanager
def _conditions(doing: str) -> Iterator[None]:
    with transient_failures(doing):
        try:
            yield
        except ClientError as error:
            if error_code(error) == "ConditionalCheckFailedException":
                response: Mapping[str, Any] = error.response
                raise ConditionFailed(_item(response.get("Item", {}))) from None
            if error_code(error) == "ValidationException" and _SIZE in str(error).lower():
                raise Permanent(f"{doing}: {error}") from error
            raise


def _raise_unless_worth_another_try(reasons: Sequence[Any]) -> None:
    failed: dict[int, Item] = {}
    for place, reason in enumerate(reasons):
        code = reason.get("Code", "None")
        if code == "ConditionalCheckFailed":
            failed[place] = _item(reason.get("Item") or {})
        elif code not in _PASSING:
            raise Permanent(f"a transaction was cancelled: {code}: {reason.get('Message')}")
    if failed:
        raise Cancelled(failed)


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in values.items()}


def _attributes(item: Item) -> dict[str, Any]:
    return _values({name: value for name, value in item.items() if value is not None})


def _item(raw: Mapping[str, Any]) -> Item:
    return {name: _deserialize(value) for name, value in raw.items()}
