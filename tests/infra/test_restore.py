"""Tables brought back from backups, on the emulated cloud."""

import pytest

from infra.restore import bring_back, items_of
from tests.conftest import Cloud
from vigie.adapters import aws
from vigie.adapters.dynamo.table import Table

pytestmark = pytest.mark.emulator


def filled(cloud: Cloud) -> str:
    """Return a table of three items whose backups are on."""
    name = cloud.table()
    table = Table(aws.dynamodb(), name)
    table.write_many([{"pk": "CLIENT#a", "sk": f"{n}", "data": "as it was"} for n in range(3)])
    aws.dynamodb().update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    return name


def names() -> list[str]:
    """Return every table of the cloud."""
    return aws.dynamodb().list_tables()["TableNames"]


def test_a_drill_compares_and_leaves_nothing(cloud: Cloud) -> None:
    """What the backup holds is counted against what stands; the restored table goes."""
    name = filled(cloud)
    before = names()
    done = bring_back(aws.dynamodb(), name, name, None, drill=True, keep=False, overwrite=False)
    assert (done.items, done.copied, done.missing) == (3, 0, 0)
    assert names() == before


def test_a_table_is_brought_back_into_a_new_stack(cloud: Cloud) -> None:
    """Everything the backup holds is in the new stack's table, after; what stands there stays."""
    name, new = filled(cloud), cloud.table()
    Table(aws.dynamodb(), new).put({"pk": "CLIENT#a", "sk": "1", "data": "newer"})
    done = bring_back(aws.dynamodb(), name, new, None, drill=False, keep=False, overwrite=False)
    assert (done.items, done.copied, done.missing) == (3, 2, 0)
    assert Table(aws.dynamodb(), new).get("CLIENT#a", "1") == {"pk": "CLIENT#a", "sk": "1", "data": "newer"}


def test_what_stands_gives_way_when_told_to(cloud: Cloud) -> None:
    """A table whose items were spoilt is as it was."""
    name, spoilt = filled(cloud), cloud.table()
    Table(aws.dynamodb(), spoilt).put({"pk": "CLIENT#a", "sk": "1", "data": "spoilt"})
    bring_back(aws.dynamodb(), name, spoilt, None, drill=False, keep=False, overwrite=True)
    assert {item["data"]["S"] for item in items_of(aws.dynamodb(), spoilt)} == {"as it was"}
