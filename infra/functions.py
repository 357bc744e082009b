"""Deployed functions, asked from outside: called and waited for, and what they logged last when wrong."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any


class FunctionFailedError(Exception):
    """A function raised; the text is what it said."""


def invoke(client: Any, function: str, event: Mapping[str, Any]) -> Any:
    """Call a function by its name and return its answer. ``client`` is Lambda's. Raises FunctionFailedError."""
    answer = client.invoke(FunctionName=function, Payload=json.dumps(event))
    payload = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        raise FunctionFailedError(str(payload.get("errorMessage", payload)))
    return payload


def get_event(route: str, of: Mapping[str, str], key: str, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the event that API Gateway (proxy integration, version 1) makes of a GET on a route."""
    return {
        "path": route.format(**of),
        "headers": {"authorization": f"Bearer {key}"},
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()},
        "pathParameters": dict(of),
        "requestContext": {"resourcePath": route, "httpMethod": "GET", "requestId": "asked-from-outside"},
        "body": None,
        "stageVariables": None,
    }


def last_error(logs: Any, outputs: Mapping[str, str], since: datetime) -> tuple[str, str] | None:
    """Return the newest error that a stack's functions logged since an instant: which one, and its line as logged.

    ``logs`` is CloudWatch Logs' client; a function is an output whose name says so.
    """
    found = []
    for name, function in outputs.items():
        if name.endswith("Function"):
            for pattern in ("ERROR", "Traceback"):
                answer = logs.filter_log_events(
                    logGroupName=f"/aws/lambda/{function}",
                    filterPattern=pattern,
                    startTime=int(since.timestamp() * 1000),
                )
                found += [(event["timestamp"], function, event["message"]) for event in answer["events"]]
    if not found:
        return None
    _, function, message = max(found)
    return function, message
