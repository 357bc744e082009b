"""Retired keys: what is written where, and what a worker that dies in the middle leaves."""

import hashlib
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from tests.adapters.dynamo.conftest import Line
from tests.builders import CUTOFF
from tests.conftest import Cloud
from vigie.adapters.dynamo.retired import PARTS, PLACE_KEYS, RUN_KEYS, RetiredKeys
from vigie.adapters.dynamo.table import Table
from vigie.errors import Transient
from vigie.ports import RETIRED_DAYS

pytestmark = pytest.mark.emulator

PK = "RETIRED#courrier"
KEYS = [hashlib.sha256(f"{number}".encode()).hexdigest()[:16] for number in range(2 * RUN_KEYS)]


@pytest.fixture
def table(line: Line, cloud: Cloud) -> Table:
    """Return an empty table."""
    return Table(line.client, cloud.table())


def places(table: Table) -> dict[str, int]:
    """Return how many keys each item holds."""
    return {item["sk"]: len(bytes(item["keys"])) // 8 for item in table.query(PK)}


def test_a_run_fills_its_places_then_spreads(table: Table) -> None:
    """Keys gather in items of one write unit; a whole run goes to its parts, and its places are used again."""
    retired = RetiredKeys(table)
    retired.add("courrier", KEYS[:60], CUTOFF)
    retired.add("courrier", KEYS[60:PLACE_KEYS], CUTOFF)
    retired.add("courrier", KEYS[PLACE_KEYS:200], CUTOFF)
    assert places(table) == {"RECENT#000": PLACE_KEYS, "RECENT#001": 200 - PLACE_KEYS}
    retired.add("courrier", KEYS[200:RUN_KEYS], CUTOFF)
    spread = {sk: count for sk, count in places(table).items() if not sk.startswith("RECENT")}
    assert (sum(spread.values()), len(spread)) == (RUN_KEYS, PARTS)
    retired.add("courrier", KEYS[RUN_KEYS : RUN_KEYS + 5], CUTOFF)
    assert places(table)["RECENT#000"] == 5
    assert retired.find({"courrier": KEYS}) == {"courrier": frozenset(KEYS[: RUN_KEYS + 5])}


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_worker_that_dies_between_two_writes_is_made_good(line: Line, table: Table, lost: int) -> None:
    """Whichever batch of writes fails, adding the same keys again ends as if none had."""
    retired = RetiredKeys(table)
    retired.add("courrier", KEYS[:100], CUTOFF)
    writes = iter(range(1, 99))

    def fail(**_: object) -> None:
        if next(writes) == lost:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "BatchWriteItem")

    line.client.meta.events.register("before-call.dynamodb.BatchWriteItem", fail)
    with pytest.raises((ClientError, Transient)):
        retired.add("courrier", KEYS[100:RUN_KEYS], CUTOFF)
    retired.add("courrier", KEYS[100:RUN_KEYS], CUTOFF)
    spread = [count for sk, count in places(table).items() if not sk.startswith("RECENT")]
    assert (sum(spread), len(spread)) == (RUN_KEYS, PARTS)
    assert retired.find({"courrier": KEYS}) == {"courrier": frozenset(KEYS[:RUN_KEYS])}


def test_keys_expire_only_long_after_they_were_last_seen(table: Table) -> None:
    """What retires again is kept anew for its time, though it was there already."""
    retired = RetiredKeys(table)
    for days in (0, 10, 300):
        at = CUTOFF + timedelta(days=days)
        retired.add("courrier", KEYS[:3], at)
        newest = max(int(item["expires_at"]) for item in table.query(PK))
        assert newest >= (at + timedelta(days=RETIRED_DAYS)).timestamp()
    assert len(places(table)) == 1
