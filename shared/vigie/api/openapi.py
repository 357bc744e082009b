"""The OpenAPI 3.1 document, made of what the routes declare: nothing is described twice.

A view's name is the operation's id, its docstring the summary and the description; types of bodies, parameters and
answers become schemas (JSON Schema 2020-12, by msgspec), path parameters are described in ``PATH_PARAMETERS``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from vigie.api.examples import EXAMPLES
from vigie.api.notices import NOTICES, webhooks
from vigie.api.problems import KINDS, PROBLEM, Problem
from vigie.api.routing import Route

Json = dict[str, Any]
REF = "#/components/schemas/{name}"

PATH_PARAMETERS: Mapping[str, str] = {
    "client_id": "The client's id.",
    "watch_id": "The watch's id, within its client.",
    "mention_id": "The mention's id, within its client.",
    "story_id": "The story's id: that of its first document.",
    "subject_id": "The subject's id, as the list of subjects gives it.",
    "alert_id": "The alert's id, as the list of alerts gives it.",
    "digest_id": "The digest's id, as the list of digests gives it; `latest` is the newest.",
    "correction_id": "The correction's id, within its mention.",
    "endpoint_id": "The webhook's id, as registering it gave it.",
    "fix_id": "The fix's id, as its proposal gave it.",
    "email": "The recipient's address, in any case.",
    "key_id": "The key's id, as the list of keys gives it: not its secret.",
    "pack": "The pack's name, as the list of packs gives it.",
    "job_id": "The id that asking for the back-test gave.",
}

SCOPES: Mapping[str, str] = {
    "read": "see",
    "write": "change clients, recipients, watches and subjects",
    "feedback": "correct labels, mark mentions",
    "export": "take mentions away as files",
    "admin": "issue and revoke keys",
}

REASONS: Mapping[int, str] = {
    304: "Not modified: the answer is the one that If-None-Match names.",
    401: "No key, or one that is unknown, revoked or past its time.",
    403: "The key has not the scope that this needs.",
    404: "There is no such thing for this key.",
    406: "None of the types that Accept names is there.",
    409: "It is there already.",
    410: "Its time is past: the digest has left.",
    412: "It is no longer what If-Match names.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "A field of the body or a parameter is wrong; the problem names it and the remedy.",
    429: "Asked too often; Retry-After says when to come back.",
    500: "An error of ours; the problem holds its number.",
    503: "Unavailable for a moment.",
}

ABOUT = """\
Media monitoring: clients, their watches, what was found for them, and the daily digests.

**Keys.** `Authorization: Bearer vigie_<client>_…`. A key belongs to one client, or to the agency (ops), and has
scopes. Another client's things do not exist for it: it answers 404.

**Problems.** Whatever is refused is told as RFC 9457 says, in the language of Accept-Language (fr, en), with the
field to blame and the remedy. Every answer carries X-Request-Id; please quote it.

**Limits.** Each key may ask so many times a minute (429 with Retry-After), the whole API so many times a second.

**Versions of things.** Answers carry an ETag: give it back in If-None-Match to be told 304, and in If-Match to change
a thing only if it is still what you had read (412).

**Methods.** HEAD is not offered. A path, or a method of a path, that is not listed here answers 404 (405 where the
API runs without its gateway).
"""


def document(routes: Iterable[Route], server: str = "/") -> Json:
    """Return the whole document; ``server`` is where the routes start."""
    routes = list(routes)
    types = [*_types(routes), *NOTICES.values()]
    schemas, components = msgspec.json.schema_components(types, ref_template=REF, schema_hook=_schema_of)
    found = dict(zip(map(repr, types), schemas, strict=True))
    paths: Json = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, found, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "vigie",
            "version": "1",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "webhooks": webhooks(found),
        "components": {
            "schemas": components,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "bearerFormat": "vigie_<client>_<secret>"}
            },
            "headers": {
                "RequestId": {"description": "Names this request in our logs.", "schema": {"type": "string"}},
                "ETag": {"description": "Names this version of the answer.", "schema": {"type": "string"}},
                "RetryAfter": {
                    "description": "Seconds to wait.",
                    "schema": {"type": "string", "pattern": "^[0-9]+$"},
                },
            },
        },
    }


def _types(routes: Iterable[Route]) -> list[Any]:
    """Return every type that routes name, each once."""
    named: dict[str, Any] = {repr(Problem): Problem}
    for route in routes:
        for kind in (route.takes, route.query, *_answers(route).values()):
            if kind is not None:
                named.setdefault(repr(kind), kind)
    return list(named.values())


def _schema_of(kind: type) -> Json:
    """Return the schema of a type that msgspec does not know."""
    if kind is object:
        return {"description": "Any value."}
    raise NotImplementedError(kind)


def _answers(route: Route) -> Mapping[str, Any]:
    if route.answers is None:
        return {}
    return route.answers if isinstance(route.answers, Mapping) else {"application/json": route.answers}


def _operation(route: Route, schemas: Mapping[str, Json], components: Json) -> Json:
    summary, _, rest = (route.view.__doc__ or "").strip().partition("\n")
    name = route.view.__name__
    example = EXAMPLES.get(name, {})
    operation: Json = {
        "operationId": name,
        "tags": [route.tag],
        "summary": summary.strip(),
        "parameters": [
            *_path_parameters(route),
            *_query_parameters(route, schemas, components),
            *_conditions(route),
        ],
        "responses": _responses(route, schemas, example),
        "security": [{"key": []}] if route.scope else [],
    }
    described = [re.sub(r"\s+", " ", rest).strip(), f"Scope: `{route.scope}`." if route.scope else ""]
    described.append("For the agency's keys." if route.ops else "")
    if text := " ".join(filter(None, described)):
        operation["description"] = text
    if route.takes is not None:
        content: Json = {"schema": schemas[repr(route.takes)]}
        if "request" in example:
            content["example"] = example["request"]
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    return operation


def _path_parameters(route: Route) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PATH_PARAMETERS[name],
            "schema": {"type": "string", "minLength": 1},
        }
        for name in re.findall(r"{(\w+)}", route.path)
    ]


def _query_parameters(route: Route, schemas: Mapping[str, Json], components: Json) -> list[Json]:
    schema = components[schemas[repr(route.query)]["$ref"].rpartition("/")[2]]
    required = schema.get("required", [])
    return [
        _query_parameter(name, dict(told), name in required) for name, told in schema["properties"].items()
    ]


def _query_parameter(name: str, schema: Json, required: bool) -> Json:
    """Return a parameter of the address; one left out is simply not there, so null is not said of it."""
    description = schema.pop("description", None)
    if schema.get("default", 0) is None:
        schema.pop("default")
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        schema.pop("anyOf")
        schema |= kinds[0]
    description = schema.pop("description", description)
    parameter: Json = {"name": name, "in": "query", "schema": schema}
    if required:
        parameter["required"] = True
    return parameter | ({"description": description} if description else {})


def _conditions(route: Route) -> list[Json]:
    header = {"GET": "If-None-Match", "PUT": "If-Match"}.get(route.method)
    if header is None:
        return []
    return [
        {
            "name": header,
            "in": "header",
            "schema": {"type": "string"},
            "description": "An ETag of an answer before.",
        }
    ]


def _responses(route: Route, schemas: Mapping[str, Json], example: Mapping[str, Any]) -> Json:
    headers: Json = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    success: Json = {"description": "Done." if route.method != "GET" else "Found.", "headers": headers}
    if route.status in {200, 201}:
        success["headers"] = headers | {"ETag": {"$ref": "#/components/headers/ETag"}}
    if route.status != 204:
        content = {media: {"schema": schemas[repr(kind)]} for media, kind in _answers(route).items()}
        if "answer" in example:
            content["application/json"]["example"] = example["answer"]
        success["content"] = content
    responses: Json = {str(route.status): success}
    for status in sorted(_refusals(route)):
        responses[str(status)] = _refusal(status, schemas, headers)
    return responses


def _refusals(route: Route) -> set[int]:
    """Return the statuses that a route can answer besides the one it is for."""
    found = {422, 500, 503, *route.refuses}
    if route.scope is not None:
        found |= {401, 403, 429}
    if "{" in route.path:
        found.add(404)
    if route.takes is not None:
        found |= {413, 415}
    return found | {"GET": {304}, "PUT": {412}}.get(route.method, set())


def _refusal(status: int, schemas: Mapping[str, Json], headers: Json) -> Json:
    if status == 304:
        return {"description": REASONS[status], "headers": headers}
    if status in {429, 503}:
        headers = headers | {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
    return {
        "description": REASONS[status],
        "headers": headers,
        "content": {PROBLEM: {"schema": schemas[repr(Problem)]}},
    }


PROBLEM_TYPES = tuple(name for _, name, _, _ in KINDS)
"""The last part of every problem's type."""
