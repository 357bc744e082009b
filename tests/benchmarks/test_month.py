"""What the benchmark of a month counts, on requests whose price is known."""

import boto3
import pytest

from benchmarks.month.counting import Meter
from tests.conftest import Cloud
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
