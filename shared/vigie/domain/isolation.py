"""Whose items and objects a request may touch: policies of IAM by scope, and what they come to.

A scope is what one request is about: a client by its id, ``ALL`` of them (the agency's own requests), or ``DOOR``
(nobody is known yet). Each client's policy names that client's keys. It asks three things of a request's partition
keys (``dynamodb:LeadingKeys``): that all of them are the scope's (``ForAllValues:StringLike``), that one is
(``StringLike``), and that there are some (``Null``), because of no key at all ForAllValues holds.

Some keys are the stack's and hold entries of all clients, by which time finds them (what is due, which watches
changed). A client's request writes its own entry there and reads nobody's: IAM sees partition keys only, so that a
scope could take another client's entry away (it would be missed, and made again), never read it.

Objects are by their names: digests and back-tests under ``clients/<client>/``, the search index under
``search/<client>/``. Names may be listed, or a missing object would answer 403 as a forbidden one does.
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


@dataclass(frozen=True, slots=True)
class Objects:
    """What may be done to which objects of the stack's bucket; the role says which bucket that is."""

    actions: tuple[str, ...]
    names: tuple[str, ...]


_OF_THE_STACK: Final = Right(READS, None, ("sources", "stories"))

# Keys tell tables apart, and the role says which tables there are: a session policy has 2,048 characters.
_OF_CLIENT: Final = (
    Right(READS, ("CLIENT#{client}", "CLIENT#{client}#*", "EVALUATED#*")),
    Right(("GetItem",), ("STACK",)),
    Right(WRITES, ("CLIENT#{client}", "CLIENT#{client}#*", "CLIENTS", "STACK", "WATCHES", "DUE", "ALERTDUE")),
    _OF_THE_STACK,
)
_AT_THE_DOOR: Final = (
    Right((*READS, *WRITES), ("ASKED#*", "PERSON#*", "SIGNUP#*", "SIGNUPS", "TOKEN#*")),
    _OF_THE_STACK,
)
_OF_ALL: Final = (
    Right((*READS, *WRITES), None, ("accounts", "mentions", "digests", "ledger", "sources", "stories")),
)


_OBJECTS_OF_CLIENT: Final = (
    Objects(("GetObject", "PutObject"), ("*/clients/{client}/*", "*/search/{client}/*", "*/frequencies/*")),
    Objects(("ListBucket",), ("*",)),
)
_OBJECTS_OF_ALL: Final = (Objects(("GetObject", "ListBucket", "PutObject"), ("*",)),)


def rights_of(scope: str) -> tuple[Right, ...]:
    """Return what a scope may do."""
    if scope == ALL:
        return _OF_ALL
    return _AT_THE_DOOR if scope == DOOR else _OF_CLIENT


def objects_of(scope: str) -> tuple[Objects, ...]:
    """Return which objects a scope may touch."""
    if scope == ALL:
        return _OBJECTS_OF_ALL
    return () if scope == DOOR else _OBJECTS_OF_CLIENT


def policy_of(scope: str, table_arns: Mapping[str, str], partition: str = "aws") -> str:
    """Return a scope's policy as IAM reads it, for the tables whose names are given with their ARNs."""
    statements = [_statement(right, scope, table_arns) for right in rights_of(scope)]
    statements += [_about_objects(right, scope, partition) for right in objects_of(scope)]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


def _about_objects(right: Objects, scope: str, partition: str) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": [f"s3:{action}" for action in right.actions],
        "Resource": [f"arn:{partition}:s3:::{name.format(client=scope)}" for name in right.names],
    }


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


def is_allowed(policy: Mapping[str, Any], action: str, arn: str, leading_keys: Sequence[str] = ()) -> bool:
    """Return what IAM would answer: one statement is to allow the action on the table, for these keys, or object."""
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
