"""Start ministack as the local run does, with a share of requests going wrong as AWS's do under load.

Run by the emulator's own interpreter. Of DynamoDB's requests some are throttled, of its batches some come back with
an item not done, and of SQS's batches some with a message not taken. What went wrong is counted in
``$STATE_DIR/faults-<process>.json`` at the end. Nothing that was answered as done is undone: losing it would be ours.
"""

import atexit
import importlib
import json
import os
import random
import runpy
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

SHARE = 0.01
DATA_REQUESTS = frozenset(
    {
        "PutItem",
        "GetItem",
        "UpdateItem",
        "DeleteItem",
        "Query",
        "TransactWriteItems",
        "BatchWriteItem",
        "BatchGetItem",
    }
)

Answer = tuple[int, dict[str, str], bytes]
Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Answer]]
chance = random.Random(7)
counts: Counter[str] = Counter()


def throttling(handle: Handler) -> Handler:
    """Return a handler of DynamoDB's requests that throttles some, and leaves an item of some batches undone."""

    async def handler(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Answer:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if action in DATA_REQUESTS and chance.random() < SHARE:
            counts[f"throttled {action}"] += 1
            kind = "ProvisionedThroughputExceededException"
            told = {"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "message": "planted"}
            return 400, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(told).encode()
        one_left_out: dict[str, Callable[[dict[str, Any]], dict[str, Any]]]
        one_left_out = {"BatchWriteItem": _one_write, "BatchGetItem": _one_key}
        wanted = one_left_out.get(action)
        if wanted is None or chance.random() >= 5 * SHARE:
            return await handle(method, path, headers, body, query)
        asked = json.loads(body)
        undone = wanted(asked["RequestItems"])
        if not asked["RequestItems"]:  # it was the only one: nothing is left to ask
            return await handle(method, path, headers, body, query)
        status, told_headers, content = await handle(method, path, headers, json.dumps(asked).encode(), query)
        if status != 200:
            return status, told_headers, content
        counts[f"undone in {action}"] += 1
        name = "UnprocessedItems" if action == "BatchWriteItem" else "UnprocessedKeys"
        answer = json.loads(content)
        answer[name] = undone | answer.get(name, {})
        return status, _without_length(told_headers), json.dumps(answer).encode()

    return handler


def _one_write(items: dict[str, list[Any]]) -> dict[str, Any]:
    table = next(iter(items))
    last = items[table].pop()
    if not items[table]:
        del items[table]
    return {table: [last]}


def _one_key(items: dict[str, dict[str, Any]]) -> dict[str, Any]:
    table = next(iter(items))
    last = items[table]["Keys"].pop()
    undone = {table: {**items[table], "Keys": [last]}}
    if not items[table]["Keys"]:
        del items[table]
    return undone


def refusing(handle: Handler) -> Handler:
    """Return a handler of SQS's requests that takes all messages of some batches but one."""

    async def handler(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Answer:
        batch = headers.get("x-amz-target", "").endswith(".SendMessageBatch")
        asked = json.loads(body) if batch and chance.random() < 5 * SHARE else {"Entries": []}
        if len(asked["Entries"]) < 2:
            return await handle(method, path, headers, body, query)
        left = asked["Entries"].pop()
        status, told_headers, content = await handle(method, path, headers, json.dumps(asked).encode(), query)
        if status != 200:
            return status, told_headers, content
        counts["not taken in SendMessageBatch"] += 1
        answer = json.loads(content)
        failed = {"Id": left["Id"], "SenderFault": False, "Code": "InternalError", "Message": "planted"}
        answer["Failed"] = [*answer.get("Failed", []), failed]
        return status, _without_length(told_headers), json.dumps(answer).encode()

    return handler


def _without_length(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() != "content-length"}


def _keep_counts() -> None:
    path = Path(os.environ["STATE_DIR"]) / f"faults-{os.getpid()}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(counts))


def main() -> None:
    """Plant the faults and start as ever."""
    for name, planted in (("dynamodb", throttling), ("sqs", refusing)):
        module = importlib.import_module(f"ministack.services.{name}")
        module.__dict__["handle_request"] = planted(module.__dict__["handle_request"])
    atexit.register(_keep_counts)
    launcher = Path(__file__).parents[1] / "infra" / "local" / "ministack_sharing.py"
    runpy.run_path(str(launcher), run_name="__main__")


if __name__ == "__main__":
    main()
