"""Bring a table back from a backup: ``python -m infra.restore --stack vigie-ponant --table MentionsTable --at …``.

A restored table has a new name, and a stack's tables are its template's; so what was restored is copied into the
table of a stack: the one it came from, or a new one. Nothing that stands there is overwritten unless ``--overwrite``
says so. The restored table is then deleted, unless ``--keep``. ``--drill`` restores, compares with what stands and
deletes: nothing is copied. Rehearse it once a quarter.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

import boto3

WAIT_SECONDS = 5.0
TABLES = ("SourcesTable", "StoriesTable", "LedgerTable", "MentionsTable", "DigestsTable", "AccountsTable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore came to. ``missing`` are items of the backup that the stack's table lacks, after copying too."""

    table: str
    into: str
    at: str
    items: int
    copied: int
    missing: int
    seconds: float


def restore(client: Any, source: str, at: datetime | None, name: str) -> None:
    """Restore a table as it was at an instant (the latest possible) under another name; return when it is there."""
    when = {"UseLatestRestorableTime": True} if at is None else {"RestoreDateTime": at}
    client.restore_table_to_point_in_time(SourceTableName=source, TargetTableName=name, **when)
    while client.describe_table(TableName=name)["Table"]["TableStatus"] != "ACTIVE":
        time.sleep(WAIT_SECONDS)


def copy(client: Any, source: str, target: str, *, overwrite: bool) -> int:
    """Copy the items that ``target`` lacks, or all; return how many."""
    copied = 0
    for item in items_of(client, source):
        condition = {} if overwrite else {"ConditionExpression": "attribute_not_exists(pk)"}
        try:
            client.put_item(TableName=target, Item=item, **condition)
        except client.exceptions.ConditionalCheckFailedException:
            continue
        copied += 1
    return copied


def missing(client: Any, source: str, target: str) -> tuple[int, int]:
    """Return how many items ``source`` has, and how many of their keys ``target`` lacks."""
    there = {_key(item) for item in items_of(client, target)}
    found = [_key(item) for item in items_of(client, source)]
    return len(found), sum(key not in there for key in found)


def items_of(client: Any, table: str) -> Iterator[dict[str, Any]]:
    """Yield every item of a table, as DynamoDB writes it."""
    request: dict[str, Any] = {"TableName": table, "ConsistentRead": True}
    while True:
        answer = client.scan(**request)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def bring_back(
    client: Any, source: str, target: str, at: datetime | None, *, drill: bool, keep: bool, overwrite: bool
) -> Restored:
    """Restore, copy unless it is a drill, compare, and delete what was restored unless it is kept."""
    began = time.monotonic()
    name = f"{source}-restored-{datetime.now(UTC):%Y%m%d%H%M%S}"[:255]
    restore(client, source, at, name)
    try:
        copied = 0 if drill else copy(client, name, target, overwrite=overwrite)
        items, lacking = missing(client, name, target)
    finally:
        if not keep:
            client.update_table(TableName=name, DeletionProtectionEnabled=False)
            client.delete_table(TableName=name)
    return Restored(
        table=source,
        into=target,
        at=at.isoformat() if at else "latest",
        items=items,
        copied=copied,
        missing=lacking,
        seconds=round(time.monotonic() - began, 1),
    )


def run(arguments: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Restore what the arguments name; print a JSON line a table. Return 1 when something is missing after it."""
    args = parser().parse_args(arguments)
    at = datetime.fromisoformat(args.at) if args.at else None
    if at is not None and at.tzinfo is None:
        sys.exit(f"--at: {args.at!r} has no zone. Write it as 2026-11-22T06:15:00Z.")
    endpoint_url = os.environ.get("AWS_ENDPOINT_URL")
    client = boto3.client("dynamodb", endpoint_url=endpoint_url)
    formation = boto3.client("cloudformation", endpoint_url=endpoint_url)
    lacking = 0
    for table in args.table or TABLES:
        source, target = _name(formation, args.stack, table), _name(formation, args.into or args.stack, table)
        done = bring_back(
            client, source, target, at, drill=args.drill, keep=args.keep, overwrite=args.overwrite
        )
        lacking += 0 if args.drill else done.missing
        print(json.dumps(asdict(done)), file=out, flush=True)
    return int(lacking > 0)


def parser() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = argparse.ArgumentParser(prog="python -m infra.restore", description=__doc__)
    parser.add_argument("--stack", required=True, help="the stack whose backups are read")
    parser.add_argument("--into", help="the stack that is written to (the same)")
    parser.add_argument("--table", action="append", choices=TABLES, help="once for each (all)")
    parser.add_argument("--at", help="the instant to go back to, with its zone (the latest possible)")
    parser.add_argument("--drill", action="store_true", help="restore and compare; copy nothing")
    parser.add_argument("--overwrite", action="store_true", help="what stands gives way to the backup")
    parser.add_argument("--keep", action="store_true", help="leave the restored table")
    return parser


def _name(formation: Any, stack: str, output: str) -> str:
    (found,) = formation.describe_stacks(StackName=stack)["Stacks"]
    outputs = {item["OutputKey"]: item["OutputValue"] for item in found.get("Outputs", [])}
    return str(outputs[output])


def _key(item: dict[str, Any]) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


if __name__ == "__main__":
    sys.exit(run())
