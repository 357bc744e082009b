"""What IAM would say to the requests of a test: the emulator knows no leading keys, so we ask ourselves.

Hooks on the clients of DynamoDB and S3 see each request before it is sent, with its scope; the policy of
that scope is the one that credentials are asked for with.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from vigie.adapters import aws, scopes
from vigie.domain.isolation import DOOR, is_allowed, policy_of

_ONE_KEY = {"GetItem": "Key", "DeleteItem": "Key", "UpdateItem": "Key", "PutItem": "Item"}
_OF_TRANSACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


@dataclass(frozen=True, slots=True)
class Touch:
    """One action on the keys of one table."""

    action: str
    table: str
    keys: tuple[str, ...]


@dataclass(slots=True)
class Warden:
    """Holds every request against the policy of its scope. ``tables`` are names by what they hold."""

    tables: dict[str, str]
    denied: list[str] = field(default_factory=list)
    asked: int = 0

    def look_at_object(self, params: dict[str, Any], model: Any, **_: object) -> None:
        """Look at one request to the bucket that is about to be sent."""
        scope = scopes.scope()
        if scope is None or scope == DOOR:  # where a function's own role stands
            return
        self.asked += 1
        name = f"{params['Bucket']}/{params['Key']}" if "Key" in params else params["Bucket"]
        action = {"ListObjectsV2": "ListBucket", "HeadObject": "GetObject"}.get(model.name, model.name)
        if not is_allowed(self._policy(scope), f"s3:{action}", f"arn:aws:s3:::{name}"):
            self.denied.append(f"{scope}: {action} {name}")

    def _policy(self, scope: str) -> Any:
        return json.loads(policy_of(scope, {holds: name for name, holds in self.tables.items()}))

    def look(self, params: dict[str, Any], model: Any, **_: object) -> None:
        """Look at one request to a table that is about to be sent."""
        scope = scopes.scope()
        if scope is None:
            return
        policy = self._policy(scope)
        for touch in touches(model.name, params):
            if touch.table not in self.tables:
                continue
            self.asked += 1
            if not is_allowed(policy, f"dynamodb:{touch.action}", touch.table, touch.keys):
                self.denied.append(f"{scope}: {touch.action} {self.tables[touch.table]} {touch.keys}")


def touches(operation: str, params: dict[str, Any]) -> list[Touch]:
    """Return what a request does, as IAM sees it; an operation that is not known here is denied by its name."""
    if operation in _ONE_KEY:
        return [Touch(operation, params["TableName"], (params[_ONE_KEY[operation]]["pk"]["S"],))]
    if operation == "Query":
        return [Touch("Query", params["TableName"], (params["ExpressionAttributeValues"][":pk"]["S"],))]
    if operation == "BatchGetItem":
        return [
            Touch("BatchGetItem", table, tuple(key["pk"]["S"] for key in asked["Keys"]))
            for table, asked in params["RequestItems"].items()
        ]
    if operation == "TransactWriteItems":
        return _of_transaction(params["TransactItems"])
    return [Touch(operation, params.get("TableName", ""), ())]


def _of_transaction(items: list[dict[str, Any]]) -> list[Touch]:
    """Return each action on a table with all of its keys in the transaction: the stricter of the two readings."""
    keys: dict[tuple[str, str], list[str]] = {}
    for item in items:
        ((name, told),) = item.items()
        key = told["Item" if name == "Put" else "Key"]["pk"]["S"]
        keys.setdefault((_OF_TRANSACTIONS[name], told["TableName"]), []).append(key)
    return [Touch(action, table, tuple(found)) for (action, table), found in keys.items()]


@contextmanager
def watching(tables: dict[str, str]) -> Iterator[Warden]:
    """Watch DynamoDB and S3 while the block runs."""
    warden = Warden(tables)
    to_tables, to_objects = aws.dynamodb().meta.events, aws.s3().meta.events
    to_tables.register("provide-client-params.dynamodb", warden.look)
    to_objects.register("provide-client-params.s3", warden.look_at_object)
    try:
        yield warden
    finally:
        to_tables.unregister("provide-client-params.dynamodb", warden.look)
        to_objects.unregister("provide-client-params.s3", warden.look_at_object)
