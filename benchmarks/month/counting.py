"""What the real adapters ask of the cloud, stage by stage, as it is billed: the emulated cloud bills nothing.

A write costs a unit for each KB begun of the item's larger state, two in a transaction, one when its condition fails.
``waits`` are calls made while no other was under way: those made at once are waited for once.
A poll's writes are told apart: ``quiet`` is what every tick costs, ``news`` what new documents add.
Source: Amazon DynamoDB Developer Guide, "DynamoDB read and write operations".
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from infra.read_units import ReadUnits, size_of

KB = 1_024
_S3_PUTS = {"PutObject", "CopyObject", "ListObjectsV2", "ListObjects"}


class Meter:
    """Counts requests by stage and kind; ``stage`` is what they are put down to."""

    def __init__(self, dynamodb: Any, s3: Any) -> None:
        self.stage = "set-up"
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._windows: dict[tuple[str, str], Any] = {}
        self._reads = ReadUnits()
        self._under_way, self._lock = 0, Lock()
        events = dynamodb.meta.events
        events.register("before-parameter-build.dynamodb.*", self._dynamodb)
        for name in ("Query", "GetItem", "BatchGetItem"):
            events.register(f"provide-client-params.dynamodb.{name}", self._reads.asked)
            events.register(f"after-call.dynamodb.{name}", self._read)
        s3.meta.events.register("before-parameter-build.s3.*", self._s3)
        for service in (dynamodb, s3):
            service.meta.events.register("before-call", self._begin)
            for end in ("after-call", "after-call-error"):
                service.meta.events.register(end, self._end)

    @contextmanager
    def at(self, stage: str) -> Iterator[None]:
        """Put what follows down to a stage."""
        before, self.stage = self.stage, stage
        try:
            yield
        finally:
            self.stage = before

    def add(self, kind: str, number: float = 1) -> None:
        """Count something of the stage."""
        with self._lock:
            self.counts[self.stage][kind] += number  # type: ignore[assignment]  # half units are read, too

    def _begin(self, **_: Any) -> None:
        with self._lock:
            self.counts[self.stage]["waits"] += not self._under_way
            self._under_way += 1

    def _end(self, **_: Any) -> None:
        with self._lock:
            self._under_way -= 1

    def _read(self, **told: Any) -> None:
        before = self._reads.units
        self._reads.answered(**told)
        self.add("dynamodb_read_units", self._reads.units - before)
        self.add("calls")

    def _s3(self, model: Any, **_: Any) -> None:
        self.add("s3_puts" if model.name in _S3_PUTS else "s3_gets")
        self.add("calls")

    def _dynamodb(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        match model.name:
            case "PutItem":
                self._write(params["Item"])
            case "UpdateItem":
                self._update(params)
            case "DeleteItem":
                self.add("dynamodb_write_units")
            case "BatchWriteItem":
                for requests in params["RequestItems"].values():
                    for request in requests:
                        self._write(request.get("PutRequest", {}).get("Item", {}))
            case "TransactWriteItems":
                for write in params["TransactItems"]:
                    self._write(write.get("Put", {}).get("Item", {}), price=2)
            case _:
                return
        self.add("calls")

    def _update(self, params: Mapping[str, Any]) -> None:
        """Count an update; each of vigie's is of an item within a KB."""
        names = set(params.get("ExpressionAttributeNames", {}).values())
        self.add("dynamodb_write_units")
        self.add("news" if "pending" in names and "holder" not in names else "quiet")

    def _write(self, item: Mapping[str, Any], price: int = 1) -> None:
        units = price * max(1, -(-size_of(item) // KB))
        self.add("dynamodb_write_units", units)
        concerns_a_client = item.get("pk", {}).get("S", "").startswith("CLIENT#")
        self.add("client" if concerns_a_client else "quiet" if self._is_quiet(item) else "news", units)

    def _is_quiet(self, item: Mapping[str, Any]) -> bool:
        """Whether a poll writes this item though it found nothing: a shard's times, a state with its old window."""
        sk = item.get("sk", {}).get("S", "")
        if sk == "TIMES":
            return True
        if not sk.startswith("STATE#"):
            return False
        key, window = (item["pk"]["S"], sk), item.get("window")
        return self._windows.setdefault(key, window) == window or self._replace(key, window)

    def _replace(self, key: tuple[str, str], window: Any) -> bool:
        self._windows[key] = window
        return False
