"""What a change set would do, and which of it nobody may do by the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

HOLDING = frozenset({"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue"})
"""What holds something of a client's, or under way to them: replaced or removed, it leaves that behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One resource that a change set touches. ``replacement``: True, False or Conditional, as CloudFormation says."""

    action: str
    resource: str
    kind: str
    replacement: str = "False"

    @property
    def loses(self) -> bool:
        """Whether what the resource holds may be left behind."""
        return self.kind in HOLDING and (self.action == "Remove" or self.replacement != "False")


def changes_of(described: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Return the changes of a change set as the API describes them (CloudFormation, ``ResourceChange``)."""
    found = [each["ResourceChange"] for each in described if "ResourceChange" in each]
    return sorted(
        (
            Change(
                action=change["Action"],
                resource=change["LogicalResourceId"],
                kind=change["ResourceType"],
                replacement=change.get("Replacement") or "False",
            )
            for change in found
        ),
        key=lambda change: (change.action, change.resource),
    )


def losses(changes: Iterable[Change], allowed: Iterable[str]) -> list[Change]:
    """Return the changes that lose something and were not asked for by the resource's name."""
    named = frozenset(allowed)
    return [change for change in changes if change.loses and change.resource not in named]
