"""What has expired is not returned: every store reads through the one place that sees to it."""

import ast
from pathlib import Path

import pytest

from infra.template import Template

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "shared" / "vigie"
TABLE = PACKAGE / "adapters" / "dynamo" / "table.py"
READS = {
    "get_item",
    "batch_get_item",
    "query",
    "scan",
    "transact_get_items",
    "execute_statement",
    "get_paginator",
}
MODULES = sorted({*PACKAGE.rglob("*.py"), *(ROOT / "functions").rglob("*.py")} - {TABLE})


def raw_reads(path: Path) -> list[str]:
    """Return the calls of a file that read DynamoDB past the table: a client's, not a ``Table``'s."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        f"line {call.lineno}: {call.func.attr}"
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in READS
        if any(
            keyword.arg in {"TableName", "RequestItems", "KeyConditionExpression"}
            for keyword in call.keywords
        )
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_stores_read_through_the_table(path: Path) -> None:
    """A read that went round it would return what is past its time."""
    assert raw_reads(path) == []


def test_every_table_lets_go_of_what_has_expired() -> None:
    """The attribute that reads look at is the one that DynamoDB is told of."""
    text = TABLE.read_text(encoding="utf-8")
    for properties in Template.read().tables.values():
        assert f'"{properties["TimeToLiveSpecification"]["AttributeName"]}"' in text
