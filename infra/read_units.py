"""Read units as DynamoDB bills them, counted on what a client asks and gets: the emulated cloud bills nothing.

A strongly consistent read costs a unit for each 4 KB begun, another half of that; the items of one query are added up
before they are rounded, those of a batch are rounded one by one, and an item that is not there costs as the smallest.
Source: Amazon DynamoDB Developer Guide, "DynamoDB read and write operations". A filter's refused items are not seen
here, so that a read with a filter would be counted too low: vigie's only one is a scan.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

BLOCK_BYTES = 4_096
_EVENTS = ("Query", "GetItem", "BatchGetItem")


class ReadUnits:
    """What was read since it was made."""

    def __init__(self) -> None:
        self.units = 0.0
        self.calls = 0
        self.seconds = 0.0  # waited for answers

    def asked(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        """Note how consistent a read is to be."""
        tables = list(params.get("RequestItems", {}).values())
        context["asked_at"] = time.perf_counter()
        context["keys"] = sum(len(table["Keys"]) for table in tables)
        context["consistent"] = params.get("ConsistentRead") or any(t.get("ConsistentRead") for t in tables)

    def answered(self, parsed: Mapping[str, Any], context: Mapping[str, Any], **_: Any) -> None:
        """Count what came."""
        price = 1.0 if context.get("consistent") else 0.5
        self.calls += 1
        self.seconds += time.perf_counter() - context["asked_at"]
        blocks = list(_blocks_of(parsed))
        self.units += price * (sum(blocks) + max(0, context.get("keys", 0) - len(blocks)))


@contextmanager
def counted(client: Any) -> Iterator[ReadUnits]:
    """Count what a DynamoDB client reads meanwhile."""
    count, events = ReadUnits(), client.meta.events
    for event in _EVENTS:
        events.register(f"provide-client-params.dynamodb.{event}", count.asked)
        events.register(f"after-call.dynamodb.{event}", count.answered)
    try:
        yield count
    finally:
        for event in _EVENTS:
            events.unregister(f"provide-client-params.dynamodb.{event}", count.asked)
            events.unregister(f"after-call.dynamodb.{event}", count.answered)


def _blocks_of(answer: Mapping[str, Any]) -> Iterator[int]:
    if "Items" in answer:
        yield _blocks(sum(map(size_of, answer["Items"])))
    elif "Responses" in answer:
        yield from (_blocks(size_of(item)) for items in answer["Responses"].values() for item in items)
    else:
        yield _blocks(size_of(answer.get("Item", {})))


def _blocks(size_bytes: int) -> int:
    return max(1, -(-size_bytes // BLOCK_BYTES))


def size_of(item: Mapping[str, Any]) -> int:
    """Return an item's size in bytes: its names and its values."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            size = len(held.encode())
        case "B":
            size = len(held)
        case "N":
            size = len(held.lstrip("-").replace(".", "")) // 2 + 2
        case "L":
            size = 3 + sum(1 + _size(each) for each in held)
        case "M":
            size = 3 + sum(1 + len(name.encode()) + _size(each) for name, each in held.items())
        case "SS":
            size = sum(len(each.encode()) for each in held)
        case _:
            size = 1
    return size
