"""Read units are counted as DynamoDB bills them."""

import pytest

from infra.read_units import counted
from tests.conftest import Cloud
from vigie.adapters import aws
from vigie.adapters.dynamo.table import Table

pytestmark = pytest.mark.emulator


def test_each_read_costs_what_the_guide_says(cloud: Cloud) -> None:
    """Strong or eventual, added up in a query, one by one in a batch, the smallest for what is not there."""
    table = Table(aws.dynamodb(), cloud.table())
    for n in range(4):
        table.put({"pk": "p", "sk": f"{n}", "data": "x" * 3_000})
    keys = [("p", f"{n}") for n in range(4)]
    with counted(aws.dynamodb()) as strong:
        table.get("p", "0")
        table.get("p", "none")
        list(table.query("p"))
    assert (strong.calls, strong.units) == (3, 1 + 1 + 3)
    with counted(aws.dynamodb()) as eventual:
        list(table.query("p", consistent=False))
        table.get_many([*keys, ("p", "none")], consistent=False)
    assert eventual.units == 1.5 + 5 * 0.5
    table.get("p", "0")
    assert eventual.calls == 2
