"""Whose items a request may touch: policies of IAM by scope, and what they come to.

A scope is what one request is about: a client by its id, ``ALL`` of them (the agency's own requests), or ``DOOR``
(nobody is known yet). Each client's policy names that client's keys. It asks three things of a request's partition
keys (``dynamodb:LeadingKeys``): that all of them are the scope's (``ForAllValues:StringLike``), that one is
(``StringLike``), and that there are some (``Null``), because of no key at all ForAllValues holds.

Some keys are the stack's and hold entries of all clients, by which time finds them (what is due, which watches
changed). A client's request writes its own entry there and reads nobody's: IAM sees partition keys only, so that a
scope could take another client's entry away (it would be missed, and made again), never read it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

ALL: Final = "*"
DOOR: Final = ""
"""Neither can be a client's id."""

READS: Final = ("BatchGetItem", "GetItem", "Query")
WRITES: Final = ("DeleteItem", "PutItem", "UpdateItem")


@dataclass(frozen=True, slots=True)
class Right:
    """What may be done to which partition keys; None where no key is a client's, and then in which tables."""

    actions: tuple[str, ...]
    keys: tuple[str, ...] | None
    tables: tuple[str, ...] = ()


_OF_THE_STACK: Final = Right(READS, None, ("sources", "stories"))

# Keys tell tables apart, and the role says which tables there are: a session policy has 2,048 characters.
_OF_CLIENT: Final = (
    Right(READS, ("CLIENT#{client}", "EVALUATED#*")),
    Right(("GetItem",), ("STACK",)),
    Right(WRITES, ("CLIENT#{client}", "CLIENTS", "STACK", "WATCHES", "DUE", "ALERTDUE")),
    _OF_THE_STACK,
)
_AT_THE_DOOR: Final = (
    Right((*READS, *WRITES), ("ASKED#*", "PERSON#*", "SIGNUP#*", "SIGNUPS", "TOKEN#*")),
    _OF_THE_STACK,
)
_OF_ALL: Final = (
    Right((*READS, *WRITES), None, ("accounts", "mentions", "digests", "ledger", "sources", "stories")),
)


def rights_of(scope: str) -> tuple[Right, ...]:
    """Return what a scope may do."""
    if scope == ALL:
        return _OF_ALL
    return _AT_THE_DOOR if scope == DOOR else _OF_CLIENT


def policy_of(scope: str, table_arns: Mapping[str, str]) -> str:
    """Return a scope's policy as IAM reads it, for the tables whose names are given with their ARNs."""
    statements = [_statement(right, scope, table_arns) for right in rights_of(scope)]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


def _statement(right: Right, scope: str, table_arns: Mapping[str, str]) -> dict[str, Any]:
    resources = [table_arns[table] for table in right.tables if table in table_arns]
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": [f"dynamodb:{action}" for action in right.actions],
        "Resource": resources if right.keys is None else ["*"],
    }
    if right.keys is not None:
        leading = {"dynamodb:LeadingKeys": [key.format(client=scope) for key in right.keys]}
        statement["Condition"] = {
            "ForAllValues:StringLike": leading,
            "StringLike": leading,
            "Null": {"dynamodb:LeadingKeys": "false"},
        }
    return statement


def is_allowed(policy: Mapping[str, Any], action: str, arn: str, leading_keys: Sequence[str]) -> bool:
    """Return what IAM would answer: one statement is to allow the action on the table for these keys."""
    return any(
        action in statement["Action"]
        and _like(arn, statement["Resource"])
        and _holds(statement.get("Condition", {}), leading_keys)
        for statement in policy["Statement"]
        if statement["Effect"] == "Allow"
    )


def _holds(condition: Mapping[str, Any], leading_keys: Sequence[str]) -> bool:
    for operator, wanted in condition.items():
        patterns = wanted["dynamodb:LeadingKeys"]
        match operator:
            case "ForAllValues:StringLike":
                held = all(_like(key, patterns) for key in leading_keys)
            case "StringLike":
                held = any(_like(key, patterns) for key in leading_keys)
            case "Null":
                held = bool(leading_keys) == (patterns == "false")
            case _:
                raise ValueError(f"{operator} is not evaluated here")
        if not held:
            return False
    return True


def _like(key: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(key, pattern.replace("[", "[[]")) for pattern in patterns)
