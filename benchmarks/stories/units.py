"""Read and write units of stories, counted on the requests the real store sends to the emulated cloud."""

import math
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import boto3

from benchmarks.stories.grouping import group
from benchmarks.stories.labelled import Labelled
from infra.local.emulator import Emulator
from vigie.adapters.dynamo.stories import DynamoStories
from vigie.adapters.dynamo.table import time_is

_READ_BYTES, _WRITE_BYTES = 4096, 1024


class Meter:
    """Counts what a DynamoDB client asks for, as DynamoDB bills it."""

    def __init__(self, client: Any) -> None:
        self.read = self.written = 0.0
        self.largest_bytes = 0
        client.meta.events.register("before-parameter-build.dynamodb.*", self._before)
        client.meta.events.register("after-call.dynamodb.BatchGetItem", self._after_read)
        self._price = 1.0

    def _before(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        if model.name == "PutItem":
            size = _size(params["Item"])
            self.largest_bytes = max(self.largest_bytes, size)
            self.written += math.ceil(size / _WRITE_BYTES)
        elif model.name == "UpdateItem":
            self.written += 1  # items are within a unit, as the largest shows
        elif model.name == "BatchGetItem":
            (asked,) = params["RequestItems"].values()
            self._price = 1.0 if asked.get("ConsistentRead") else 0.5
            self.read += self._price * len(asked["Keys"])

    def _after_read(self, parsed: Mapping[str, Any], **_: Any) -> None:
        for items in parsed.get("Responses", {}).values():
            self.read += self._price * sum(math.ceil(_size(item) / _READ_BYTES) - 1 for item in items)


def count(documents: Sequence[Labelled]) -> tuple[float, float, int, dict[str, str]]:
    """Return write and read units a document, the largest item in bytes, and the stories found."""
    with Emulator(port=0) as emulator:
        known = emulator.environment()
        client = boto3.client(
            "dynamodb",
            endpoint_url=known["AWS_ENDPOINT_URL"],
            region_name=known["AWS_REGION"],
            aws_access_key_id=known["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=known["AWS_SECRET_ACCESS_KEY"],
        )
        table = f"stories-{uuid4().hex}"
        client.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
        )
        meter = Meter(client)
        store = DynamoStories(client, table, retention_days=30, alias_days=395)
        with time_is(documents[0].at.timestamp):  # the documents', whose postings would have expired since
            found = group(documents, store)
    number = len(documents)
    return meter.written / number, meter.read / number, meter.largest_bytes, found


def _size(item: Mapping[str, Mapping[str, Any]]) -> int:
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "L":
        return 3 + sum(1 + _value_size(element) for element in content)
    return len(content.encode() if isinstance(content, str) else content)
