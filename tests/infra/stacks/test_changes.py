"""What a change set would do."""

from typing import Any

import pytest

from infra.stacks.changes import changes_of, losses


def change(action: str, kind: str, replacement: str | None = None, resource: str = "Thing") -> dict[str, Any]:
    """Return a change as CloudFormation describes it."""
    described = {"Action": action, "LogicalResourceId": resource, "ResourceType": kind}
    return {
        "Type": "Resource",
        "ResourceChange": described | ({"Replacement": replacement} if replacement else {}),
    }


@pytest.mark.parametrize(
    ("described", "loses"),
    [
        (change("Modify", "AWS::DynamoDB::Table", "True"), True),
        (change("Modify", "AWS::SQS::Queue", "Conditional"), True),
        (change("Remove", "AWS::S3::Bucket"), True),
        (change("Modify", "AWS::S3::Bucket", "False"), False),
        (change("Add", "AWS::DynamoDB::Table"), False),
        (change("Modify", "AWS::Lambda::Function", "True"), False),
        (change("Remove", "AWS::Lambda::Permission"), False),
    ],
)
def test_what_holds_data_is_not_replaced_by_the_way(described: dict[str, Any], loses: bool) -> None:
    """A table, bucket or queue that goes, or may go, is a loss unless it was named."""
    changes = changes_of([described])
    assert losses(changes, []) == (changes if loses else [])
    assert losses(changes, ["Thing"]) == []


def test_changes_are_told_in_order() -> None:
    """By what is done, then by name: two plans of the same thing read the same."""
    wanted = [("Modify", "B"), ("Add", "C"), ("Modify", "A")]
    described = [change(action, "AWS::SNS::Topic", resource=name) for action, name in wanted]
    assert [each.resource for each in changes_of(described)] == ["C", "A", "B"]
