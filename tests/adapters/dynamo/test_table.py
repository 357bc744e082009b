"""The helpers over DynamoDB: trouble on the line, long answers, limits."""

from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.adapters.dynamo.conftest import Line
from tests.conftest import Cloud
from vigie.adapters.dynamo.table import Table, time_is
from vigie.adapters.dynamo.values import pack, unpack
from vigie.domain.sources import SourceWindow
from vigie.errors import Permanent, Transient

ONE_TRY = Config(retries={"total_max_attempts": 1})


@pytest.mark.emulator
def test_large_values_come_back_through_the_table(line: Line, cloud: Cloud) -> None:
    """A compressed value is stored as bytes, a tenth of its size."""
    table = Table(line.client, cloud.table())
    window = SourceWindow("source", tuple(f"{n:032x}" for n in range(1_000)))
    table.put({"pk": "p", "sk": "s", "data": pack(window)})
    item = table.get("p", "s")
    assert item is not None
    assert unpack(item["data"], SourceWindow) == window
    assert len(pack(window)) < 6_000


@pytest.mark.emulator
def test_throttled_requests_are_asked_again(line: Line, cloud: Cloud) -> None:
    """A moment of throttling is invisible to a store."""
    table = Table(line.client, cloud.table())
    line.throttle("PutItem", 1)
    line.throttle("GetItem", 1)
    table.put({"pk": "p", "sk": "s"})
    assert table.get("p", "s") == {"pk": "p", "sk": "s"}


@pytest.mark.emulator
def test_lasting_throttling_is_transient(cloud: Cloud) -> None:
    """When it does not end, the queue brings the message back later."""
    client = boto3.client("dynamodb", config=ONE_TRY)
    table = Table(client, cloud.table())
    Line(client).throttle("PutItem", 1)
    with pytest.raises(Transient, match="Throughput"):
        table.put({"pk": "p", "sk": "s"})
    client.close()


@pytest.mark.emulator
def test_what_a_batch_left_out_is_sent_again(line: Line, cloud: Cloud) -> None:
    """DynamoDB may do a part of a batch: the rest follows, in reading and in writing."""
    table = Table(line.client, cloud.table())
    left_out(line, "BatchWriteItem", "RequestItems", "UnprocessedItems")
    left_out(line, "BatchGetItem", "RequestItems", "UnprocessedKeys")
    items = [{"pk": "p", "sk": f"{n:03d}"} for n in range(130)]
    table.write_many(puts=items)
    found = table.get_many([("p", f"{n:03d}") for n in range(-1, 130)] * 2)
    assert sorted(found) == [("p", f"{n:03d}") for n in range(130)]
    assert line.requests.count("BatchWriteItem") > 6
    table.write_many(deletes=found)
    assert list(table.query("p")) == []


def left_out(line: Line, operation: str, request_field: str, answer_field: str) -> None:
    """Make DynamoDB do only the first three entries of each second batch."""
    state: dict[str, Any] = {"calls": 0}

    def shorten(params: dict[str, Any], **_: Any) -> None:
        state["calls"] += 1
        (table, entries) = next(iter(params[request_field].items()))
        keys = entries["Keys"] if isinstance(entries, dict) else entries
        cut = 3 if state["calls"] % 2 else len(keys)
        state["rest"] = (table, entries, keys[cut:])
        kept = {**entries, "Keys": keys[:cut]} if isinstance(entries, dict) else keys[:cut]
        params[request_field] = {table: kept}

    def tell(parsed: dict[str, Any], **_: Any) -> None:
        table, entries, rest = state["rest"]
        if rest:
            left = {**entries, "Keys": rest} if isinstance(entries, dict) else rest
            parsed[answer_field] = {table: left}

    line.client.meta.events.register(f"provide-client-params.dynamodb.{operation}", shorten)
    line.client.meta.events.register(f"after-call.dynamodb.{operation}", tell)


@pytest.mark.emulator
def test_a_long_answer_is_read_to_its_end(line: Line, cloud: Cloud) -> None:
    """Pages of 1 MB follow one another, forwards, backwards, limited, and in a scan."""
    table = Table(line.client, cloud.table())
    table.write_many(puts=[{"pk": "p", "sk": f"{n:02d}", "data": "x" * 200_000} for n in range(12)])
    table.write_many(puts=[{"pk": "q", "sk": "13", "data": "x"}])
    names = [f"{n:02d}" for n in range(12)]
    assert [item["sk"] for item in table.query("p")] == names
    assert [item["sk"] for item in table.query("p", newest_first=True, limit=9)] == names[:2:-1]
    assert [item["sk"] for item in table.query("p", low="03", high="07", after="04")] == ["05", "06", "07"]
    assert len(list(table.scan_prefix("1"))) == 3
    assert line.requests.count("Query") >= 6


@pytest.mark.emulator
def test_an_item_too_large_is_permanent(line: Line, cloud: Cloud) -> None:
    """No later try would make it smaller: alone or in a transaction."""
    table = Table(line.client, cloud.table())
    giant = {"pk": "p", "sk": "s", "data": "x" * 500_000}
    with pytest.raises(Permanent, match="size"):
        table.put(giant)
    with pytest.raises(Permanent):
        table.transact([table.put_in(giant)])


@pytest.mark.emulator
def test_no_connection_is_transient(cloud: Cloud) -> None:
    """A network that is down is worth another try."""
    client = boto3.client("dynamodb", endpoint_url="http://127.0.0.1:9", config=ONE_TRY)
    with pytest.raises(Transient, match="read p/s"):
        Table(client, "table").get("p", "s")
    client.close()


@pytest.mark.emulator
def test_what_has_expired_is_not_there(line: Line, cloud: Cloud) -> None:
    """DynamoDB keeps what is past its time for days: no read returns it, and a limit counts what lives."""
    table = Table(line.client, cloud.table())
    for number in range(6):
        table.put({"pk": "p", "sk": f"s{number}", "expires_at": 1_000 + 1_000 * (number % 2)})
    table.put({"pk": "p", "sk": "t", "data": "for good"})
    living = ["s1", "s3", "s5"]
    with time_is(lambda: 1_000):
        assert table.get("p", "s0") is None
        assert table.get("p", "s1") is not None
        assert sorted(sk for _, sk in table.get_many([("p", f"s{n}") for n in range(6)])) == living
        assert [item["sk"] for item in table.query_prefix("p", "s")] == living
        assert [item["sk"] for item in table.query("p", limit=2)] == ["s1", "s3"]
        assert [item["sk"] for item in table.query("p", newest_first=True, limit=2)] == ["t", "s5"]
        assert sorted(item["sk"] for item in table.scan_prefix("s")) == living
    with time_is(lambda: 5_000):
        assert [item["sk"] for item in table.query("p")] == ["t"]
