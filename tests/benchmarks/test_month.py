"""What the benchmark of a month counts, on requests whose price is known."""

from threading import Barrier

import boto3
import pytest

from benchmarks.month.counting import Meter
from tests.conftest import Cloud
from vigie.adapters.dynamo.concurrent import at_once
from vigie.adapters.dynamo.table import ABSENT, PRESENT, Change, Table

pytestmark = pytest.mark.emulator


@pytest.fixture
def metered(cloud: Cloud) -> tuple[Meter, Table]:
    """Return a table on a client of its own, and what counts its requests: hooks stay on a client for good."""
    client = boto3.client("dynamodb")
    return Meter(client, boto3.client("s3")), Table(client, cloud.table())


def test_requests_are_counted_as_billed(metered: tuple[Meter, Table]) -> None:
    """A unit for each KB begun, two in a transaction; a read by 4 KB, half of it when it need not be consistent."""
    meter, table = metered
    with meter.at("x"):
        table.put({"pk": "p", "sk": "a", "data": "x" * 1_500})
        table.transact([table.put_in({"pk": "p", "sk": "b"}, ABSENT), table.put_in({"pk": "p", "sk": "c"})])
        table.update("p", "b", Change({"n": 1}), PRESENT)
        list(table.query("p"))
        list(table.query("p", consistent=False))
    counts = meter.counts["x"]
    assert (counts["dynamodb_write_units"], counts["dynamodb_read_units"], counts["calls"]) == (7, 1.5, 5)


def test_calls_made_at_once_are_waited_for_once(metered: tuple[Meter, Table]) -> None:
    """Time on Lambda is paid while a worker waits, however many calls it waits for."""
    meter, table = metered
    both = Barrier(2)

    def answered(**_: object) -> None:
        both.wait(5)

    table.client.meta.events.register("after-call.dynamodb.PutItem", answered)
    with meter.at("x"):
        list(at_once(table.put, [{"pk": "p", "sk": "a"}, {"pk": "p", "sk": "b"}]))
    table.client.meta.events.unregister("after-call.dynamodb.PutItem", answered)
    with meter.at("x"):
        table.put({"pk": "p", "sk": "c"})
        list(table.query("p"))
    assert (meter.counts["x"]["calls"], meter.counts["x"]["waits"]) == (4, 3)


def test_what_every_tick_writes_is_told_from_what_news_write(metered: tuple[Meter, Table]) -> None:
    """A state is quiet as long as its window is as it was; a shard's times always are."""
    meter, table = metered
    with meter.at("poll"):
        table.write_many(
            [{"pk": "SHARD#1", "sk": "STATE#a", "window": b"1"}, {"pk": "SHARD#1", "sk": "TIMES"}]
        )
        before = dict(meter.counts["poll"])
        table.write_many([{"pk": "SHARD#1", "sk": "STATE#a", "window": b"2"}])
    assert (before["quiet"], meter.counts["poll"]["news"]) == (2, 1)
