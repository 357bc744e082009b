"""What a stack holds, as files: to be kept when it goes, and put back elsewhere.

::

    manifest.json           the stack, its parameters and release, names of tables and bucket, how much of each
    tables/<Table>.jsonl    every item, in DynamoDB's own JSON
    bucket/<key>            what belongs to clients, and what was seeded

The archive of what was published belongs to no client and is left out, as is what can be made anew from the tables.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.stacks.accounts import Account
from infra.stacks.formation import Stack, StackTrouble

KEPT_PREFIXES = ("clients/", "ops/")
MANIFEST = "manifest.json"
_DELETE_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What stays when a stack goes: its tables by logical id, its bucket, the path of its secrets."""

    stack: str
    tables: Mapping[str, str]
    bucket: str

    @classmethod
    def of(cls, stack: Stack) -> "Holdings":
        """Return what a stack holds, as its outputs name it."""
        tables = {name: value for name, value in stack.outputs.items() if name.endswith("Table")}
        return cls(stack=stack.name, tables=tables, bucket=stack.outputs["Bucket"])

    @classmethod
    def read(cls, folder: Path, stack: str) -> "Holdings | None":
        """Return what an export says that a stack held, None when the folder holds no export of it."""
        file = folder / MANIFEST
        if not file.exists():
            return None
        manifest = json.loads(file.read_text("utf-8"))
        if manifest["stack"] != stack:
            raise StackTrouble(
                f"{folder} holds an export of {manifest['stack']}: give another folder with --to."
            )
        return cls(stack=stack, tables=manifest["tables"], bucket=manifest["bucket"])


def export(
    account: Account, stack: Stack, release: str, folder: Path, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Write everything that clients of a stack own into a new folder; return its manifest, which is written last."""
    holdings = Holdings.of(stack)
    if folder.exists() and any(folder.iterdir()):
        raise StackTrouble(f"{folder} is not empty: give a new folder with --to.")
    counts = {}
    for name, table in holdings.tables.items():
        counts[name] = _write_lines(folder / "tables" / f"{name}.jsonl", _items(account, table))
        tell(f"{name}: {counts[name]} items")
    counts["Bucket"] = sum(
        _copy(account, holdings.bucket, folder / "bucket", prefix) for prefix in KEPT_PREFIXES
    )
    tell(f"Bucket: {counts['Bucket']} objects")
    manifest = {
        "stack": stack.name,
        "release": release,
        "parameters": dict(stack.parameters),
        "tables": dict(holdings.tables),
        "bucket": holdings.bucket,
        "counts": counts,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False), "utf-8")
    return manifest


def erase(account: Account, holdings: Holdings) -> list[str]:
    """Delete what a stack that is gone has left: tables, bucket, secrets; return their names. May be done again."""
    gone = [table for table in holdings.tables.values() if _drop_table(account, table)]
    if _drop_bucket(account, holdings.bucket):
        gone.append(holdings.bucket)
    return gone + _drop_secrets(account, f"/{holdings.stack}")


def _items(account: Account, table: str) -> Iterator[dict[str, Any]]:
    for page in (
        account.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    ):
        yield from page["Items"]


def _write_lines(file: Path, items: Iterator[dict[str, Any]]) -> int:
    file.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with file.open("w", encoding="utf-8") as lines:
        for count, item in enumerate(items, start=1):  # noqa: B007 - the last one is the sum
            lines.write(json.dumps(item, ensure_ascii=False, default=_base64) + "\n")
    return count


def _base64(value: object) -> str:
    """Return bytes as DynamoDB's JSON has them."""
    if not isinstance(value, bytes):
        raise TypeError(f"{type(value)} is no value of DynamoDB")
    return base64.b64encode(value).decode()


def _copy(account: Account, bucket: str, folder: Path, prefix: str) -> int:
    s3, count = account.client("s3"), 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for each in page.get("Contents", []):
            file = folder / each["Key"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read())
            count += 1
    return count


def _drop_table(account: Account, table: str) -> bool:
    dynamo = account.client("dynamodb")
    try:
        dynamo.update_table(TableName=table, DeletionProtectionEnabled=False)
        dynamo.get_waiter("table_exists").wait(TableName=table)
        dynamo.delete_table(TableName=table)
    except dynamo.exceptions.ResourceNotFoundException:
        return False
    return True


def _drop_bucket(account: Account, bucket: str) -> bool:
    s3 = account.client("s3")
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            keys = [{"Key": each["Key"]} for each in page.get("Contents", [])]
            if keys:
                s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
        s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
        return False
    return True


def _drop_secrets(account: Account, path: str) -> list[str]:
    ssm = account.client("ssm")
    pages = ssm.get_paginator("get_parameters_by_path").paginate(
        Path=path, Recursive=True, WithDecryption=False
    )
    names = [each["Name"] for page in pages for each in page["Parameters"]]
    for name in names:
        ssm.delete_parameter(Name=name)
    return names
