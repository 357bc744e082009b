"""API Gateway in front of the API, in this process: finds the route of an address, and hands over its event.

``send`` answers a request; ``wsgi`` is the same as a WSGI application; ``check`` holds an answer against the OpenAPI
document, to the field: what the document does not name may not be shown.
"""

import base64
import copy
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote

from jsonschema import Draft202012Validator

from functions.api.app import app, handler
from tests.functions.conftest import Context
from vigie.api.openapi import document
from vigie.api.table import ROUTES

REQUEST_ID = "5f0c1f3e-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Reply:
    """What API Gateway would send back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """Return the body read."""
        return json.loads(self.text)


def event_of(
    method: str, path: str, headers: Mapping[str, str], query: Mapping[str, list[str]], body: bytes | None
) -> dict[str, Any]:
    """Return the event that API Gateway makes of a request; a path that no route has is its own resource."""
    resource, parameters = route_of(path)
    return {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": dict(query) or None,
        "pathParameters": parameters or None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "requestId": REQUEST_ID,
            "path": path,
        },
        "body": None if body is None else base64.b64encode(body).decode(),
        "isBase64Encoded": body is not None,
        "stageVariables": None,
    }


def route_of(path: str) -> tuple[str, dict[str, str]]:
    """Return the resource of a path, and what its places hold; a fixed part wins over a place."""
    for resource in sorted(app.routes, key=lambda each: (each.count("{"), each)):
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(resource))
        if found := re.fullmatch(pattern, path):
            return resource, {name: unquote(value) for name, value in found.groupdict().items()}
    return path, {}


def send(
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, list[str]] | None = None,
    body: bytes | None = None,
) -> Reply:
    """Answer a request through the real handler."""
    reply = handler(event_of(method, path, headers or {}, query or {}, body), Context())  # type: ignore[arg-type]
    text = reply["body"] if isinstance(reply["body"], str) else json.dumps(reply["body"])
    return Reply(reply["statusCode"], reply["headers"], text)


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a WSGI request."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["content-type"] = environ["CONTENT_TYPE"]
    size = int(environ.get("CONTENT_LENGTH") or 0)
    raw_path = environ.get("REQUEST_URI", environ["PATH_INFO"]).partition("?")[0]
    reply = send(
        environ["REQUEST_METHOD"],
        raw_path,
        headers=headers,
        query=parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True),
        body=environ["wsgi.input"].read(size) if size else None,
    )
    start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", list(reply.headers.items()))
    return [reply.text.encode()]


def check(method: str, resource: str, reply: Reply) -> None:
    """Hold a reply against the document: its status, type, headers, and every field of its body."""
    operation = _document()["paths"][resource][method.lower()]
    described = operation["responses"].get(str(reply.status))
    assert described is not None, (
        f"{method} {resource} answers {reply.status}, which the document does not say"
    )
    assert set(described["headers"]) <= set(reply.headers), (set(described["headers"]), reply.headers)
    content = described.get("content")
    if content is None:
        assert reply.text == ""
        return
    media = reply.headers["Content-Type"].partition(";")[0]
    assert media in content, (media, list(content))
    if media.endswith("json"):
        schema = {**content[media]["schema"], "components": _document()["components"]}
        faults = [
            f"{'/'.join(map(str, fault.path))}: {fault.message}"
            for fault in Draft202012Validator(schema).iter_errors(reply.json)
        ]
        assert not faults, (method, resource, faults[:5])


@cache
def _document() -> dict[str, Any]:
    """Return the document, strict: an object has no field but those described."""
    told = copy.deepcopy(document(ROUTES))
    for schema in told["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return told
