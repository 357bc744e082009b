"""CloudFormation, asked as ``vigie stack`` needs it: nothing changes a stack but a change set that was looked at."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from infra.stacks.accounts import Account
from infra.stacks.artefacts import Release
from infra.stacks.changes import Change, changes_of
from infra.template import Template
from vigie.errors import Refused

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
NEVER_CREATED = frozenset(
    {"REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}
)
"""Of such a stack nothing runs, and nothing can update it."""
BEGINNINGS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"})
SOUND = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})


class StackTrouble(Refused):
    """A stack is not what was asked for; the sentence says which, why, and what can be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A stack as it stands."""

    name: str
    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str] = field(default_factory=dict)
    changed_at: datetime | None = None
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """What would happen to a stack; ``creates`` when there is none yet. Without changes there is no id."""

    stack: str
    change_set_id: str | None
    creates: bool
    changes: tuple[Change, ...] = ()


class Formation:
    """The stacks of an account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client = account.client("cloudformation")

    def stack(self, name: str) -> Stack | None:
        """Return a stack, None when nothing of that name runs or ran."""
        described = self._describe(name)
        if described is None or described["StackStatus"] in {"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"}:
            return None
        changed_at: datetime | None = described.get("LastUpdatedTime") or described.get("CreationTime")
        return Stack(
            name=name,
            status=described["StackStatus"],
            parameters={
                each["ParameterKey"]: each.get("ParameterValue", "")
                for each in described.get("Parameters", [])
            },
            outputs={each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])},
            changed_at=changed_at.astimezone(UTC) if changed_at else None,
            protected=bool(described.get("EnableTerminationProtection")),
        )

    def template(self, name: str) -> dict[str, Any]:
        """Return the template that a stack was last deployed from, as it was sent."""
        body = self._client.get_template(StackName=name, TemplateStage="Original")["TemplateBody"]
        # JSON comes read; YAML is what another tool deployed.
        document: dict[str, Any] = dict(Template.parse(body).document if isinstance(body, str) else body)
        return document

    def resources(self, name: str, kind: str) -> list[str]:
        """Return the physical names of a stack's resources of one type."""
        pages = self._client.get_paginator("list_stack_resources").paginate(StackName=name)
        return [
            each["PhysicalResourceId"]
            for page in pages
            for each in page["StackResourceSummaries"]
            if each["ResourceType"] == kind and "PhysicalResourceId" in each
        ]

    # -- change sets ----------------------------------------------------------------------------------------

    def prepare(
        self, name: str, release: Release, parameters: Mapping[str, str], tags: Mapping[str, str]
    ) -> ChangeSet:
        """Return what deploying would change; nothing has changed yet. Raises StackTrouble."""
        self._clear(name)
        creates = self.stack(name) is None
        try:
            change_set_id = self._client.create_change_set(
                StackName=name,
                ChangeSetName=f"vigie-{release.release_id}-{uuid4().hex[:8]}",
                ChangeSetType="CREATE" if creates else "UPDATE",
                TemplateURL=release.url,
                Parameters=_pairs(parameters, "ParameterKey", "ParameterValue"),
                Tags=_pairs(tags, "Key", "Value"),
                Capabilities=CAPABILITIES,
            )["Id"]
        except ClientError as error:
            reason = error.response["Error"]["Message"]
            raise StackTrouble(f"{name}: the template was refused: {reason}") from error
        return self._prepared(name, change_set_id, creates)

    def _prepared(self, name: str, change_set_id: str, creates: bool) -> ChangeSet:
        described = self._until_prepared(change_set_id)
        if described["Status"] == "FAILED":
            reason = described.get("StatusReason", "")
            self.discard(ChangeSet(stack=name, change_set_id=change_set_id, creates=creates))
            if any(each in reason for each in NO_CHANGES):
                return ChangeSet(stack=name, change_set_id=None, creates=creates)
            raise StackTrouble(f"{name}: the template was refused: {reason or 'no reason given'}")
        found = list(described.get("Changes", []))
        while token := described.get("NextToken"):
            described = self._client.describe_change_set(ChangeSetName=change_set_id, NextToken=token)
            found += described.get("Changes", [])
        return ChangeSet(
            stack=name, change_set_id=change_set_id, creates=creates, changes=tuple(changes_of(found))
        )

    def _until_prepared(self, change_set_id: str) -> dict[str, Any]:
        deadline = time.monotonic() + self._account.patience_seconds
        while time.monotonic() < deadline:
            described: dict[str, Any] = self._client.describe_change_set(ChangeSetName=change_set_id)
            if described["Status"] in {"CREATE_COMPLETE", "FAILED"}:
                return described
            time.sleep(self._account.pause_seconds)
        raise StackTrouble("The change set is still not ready: look for it in CloudFormation, and try again.")

    def discard(self, change_set: ChangeSet) -> None:
        """Forget what was prepared, and the empty stack that stands for one to be created."""
        if change_set.change_set_id is not None:
            self._client.delete_change_set(ChangeSetName=change_set.change_set_id)
        if change_set.creates:
            self._clear(change_set.stack)

    def execute(self, change_set: ChangeSet) -> Stack:
        """Do what was prepared and return the stack. Raises StackTrouble when it could not be and was taken back."""
        if change_set.change_set_id is not None:
            self._client.execute_change_set(ChangeSetName=change_set.change_set_id)
            described = self._until_still(change_set.stack)
            if described is None or described["StackStatus"] not in SOUND:
                status = described["StackStatus"] if described else "gone"
                reason = self._first_failure(change_set.stack)
                raise StackTrouble(f"{change_set.stack}: {reason}. CloudFormation left it {status}.")
        stack = self.stack(change_set.stack)
        if stack is None:
            raise StackTrouble(f"{change_set.stack} is not there any more.")
        return stack

    # -- the end ---------------------------------------------------------------------------------------------

    def protect(self, name: str, *, on: bool) -> None:
        """Let nobody delete a stack, or let it be deleted."""
        self._client.update_termination_protection(StackName=name, EnableTerminationProtection=on)

    def delete(self, name: str) -> None:
        """Delete a stack; what the template retains stays. Raises StackTrouble naming what could not go."""
        self._client.delete_stack(StackName=name)
        described = self._until_still(name)
        if described is not None and described["StackStatus"] != "DELETE_COMPLETE":
            raise StackTrouble(f"{name}: {self._first_failure(name)}. It is {described['StackStatus']}.")

    def _clear(self, name: str) -> None:
        """Remove a stack that never came to be."""
        described = self._describe(name)
        if described is not None and described["StackStatus"] in NEVER_CREATED:
            self.delete(name)

    def _until_still(self, name: str) -> dict[str, Any] | None:
        """Return the stack once nothing happens to it any more, None when it is gone."""
        deadline = time.monotonic() + self._account.patience_seconds
        while time.monotonic() < deadline:
            described = self._describe(name)
            if described is None or not described["StackStatus"].endswith("_IN_PROGRESS"):
                return described
            time.sleep(self._account.pause_seconds)
        raise StackTrouble(
            f"{name} still changes after {self._account.patience_seconds:.0f} s: look again later."
        )

    def _describe(self, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return found

    def _first_failure(self, name: str) -> str:
        """Return the first resource that failed in the last operation, and why; the others fell with it."""
        pages = self._client.get_paginator("describe_stack_events").paginate(StackName=name)
        first = None
        for event in (event for page in pages for event in page["StackEvents"]):  # newest first
            if event["ResourceStatus"].endswith("_FAILED"):
                first = event
            if event["LogicalResourceId"] == name and event["ResourceStatus"] in BEGINNINGS:
                break
        if first is None:
            return "no resource says why"
        return f"{first['LogicalResourceId']}: {first.get('ResourceStatusReason', 'no reason given')}"


def _pairs(values: Mapping[str, str], key: str, value: str) -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in sorted(values.items())]
