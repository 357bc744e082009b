"""The platforms' own machine-readable contracts: requests and replies are held against them, in tests only.

YouTube's discovery document and Bluesky's lexicons are official. Mastodon publishes none: an OpenAPI document of
ours, written after its documentation, stands in for it (``tests/data/contracts``), beside the typed entities of
Mastodon.py, so that a mistake has to be made twice.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import googleapiclient.discovery_cache
import jsonschema
import yaml
from atproto_client import models
from atproto_client.models.utils import get_or_create
from mastodon import return_types

from infra.local.platforms.server import Exchange

_BLUESKY: dict[str, Any] = {
    "com.atproto.server.createSession": models.ComAtprotoServerCreateSession,
    "com.atproto.server.refreshSession": models.ComAtprotoServerRefreshSession,
    "app.bsky.feed.searchPosts": models.AppBskyFeedSearchPosts,
    "app.bsky.feed.getPosts": models.AppBskyFeedGetPosts,
}
_NOT_EVERYWHERE_YET = frozenset(  # of Mastodon 4.4 and later: instances are slow to follow
    {"collections", "quotes_count", "tagged_collections", "avatar_description", "header_description"}
    | {
        "show_media",
        "show_media_replies",
        "show_featured",
        "feature_approval",
        "authors",
        "image_description",
    }
)
_MASTODON = Path(__file__).parents[2] / "data" / "contracts" / "mastodon.openapi.yaml"


def check(exchange: Exchange) -> None:
    """Raise when a request or a good reply is not what the platform's contract says."""
    path = exchange.asked.path
    if path.startswith("/youtube/v3/"):
        _check_youtube(exchange, path.rpartition("/")[2])
    elif path.startswith("/xrpc/"):
        _check_bluesky(exchange, path.removeprefix("/xrpc/"))
    elif path.startswith("/api/"):
        _check_mastodon(exchange, path)


@lru_cache
def youtube_contract() -> dict[str, Any]:
    """Return YouTube's discovery document."""
    folder = Path(next(iter(googleapiclient.discovery_cache.__path__))) / "documents"
    contract: dict[str, Any] = json.loads((folder / "youtube.v3.json").read_text())
    return contract


def _check_youtube(exchange: Exchange, resource: str) -> None:
    contract = youtube_contract()
    method = contract["resources"][resource]["methods"]["list"]
    asked = exchange.asked
    assert asked.path == f"/{method['path']}"
    known = {**contract["parameters"], **method["parameters"]}
    assert set(asked.query) <= set(known), f"{resource}: no such parameter"
    needed = {name for name, parameter in known.items() if parameter.get("required")}
    assert needed <= set(asked.query)
    for name, value in asked.query.items():
        for part in value.split(",") if known[name].get("repeated") else [value]:
            _check_value(name, part, known[name])
    if _is_good(exchange):
        _check_schema(exchange.data, method["response"]["$ref"])


def _check_value(name: str, value: str, parameter: dict[str, Any]) -> None:
    if parameter["type"] == "integer":
        low, high = int(parameter.get("minimum", 0)), int(parameter.get("maximum", 2**31))
        assert low <= int(value) <= high, f"{name}={value}"
    assert value in parameter.get("enum", [value]), f"{name}={value}"


def _check_schema(data: Any, name: str) -> None:
    wrong = next(_validator(name).iter_errors(data), None)
    assert wrong is None, f"{wrong.json_path}: {wrong.message[:200]}"


@lru_cache
def _validator(name: str) -> jsonschema.Draft7Validator:
    schemas = {key: _closed(schema) for key, schema in youtube_contract()["schemas"].items()}
    return jsonschema.Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": schemas})


def _closed(schema: Any) -> Any:
    """Return a schema of Google's as JSON Schema, which lets nothing else in."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    said = {
        key: value for key, value in schema.items() if key not in ("id", "required", "description", "default")
    }
    closed = {key: _closed(value) for key, value in said.items()}
    if "$ref" in closed:
        return {"$ref": f"#/definitions/{closed['$ref']}"}
    if isinstance(closed.get("properties"), dict) and "additionalProperties" not in closed:
        closed["properties"] = {key: _closed(value) for key, value in schema["properties"].items()}
        closed["additionalProperties"] = False
    return closed


def _check_bluesky(exchange: Exchange, method: str) -> None:
    model = _BLUESKY[method]
    asked = exchange.asked
    if asked.body:
        get_or_create(json.loads(asked.body), model.Data)
    if asked.query:
        get_or_create(_typed(dict(asked.query)), model.Params)
    if _is_good(exchange):
        answer = get_or_create(exchange.data, model.Response)
        if method == "app.bsky.feed.searchPosts":
            assert len(answer.posts) <= int(asked.query["limit"])


def _typed(query: dict[str, Any]) -> dict[str, Any]:
    if "limit" in query:
        query["limit"] = int(query["limit"])
    if "uris" in query:
        query["uris"] = query["uris"].split(",")
    return query


@lru_cache
def mastodon_contract() -> dict[str, Any]:
    """Return the OpenAPI document of what is asked of Mastodon."""
    contract: dict[str, Any] = yaml.safe_load(_MASTODON.read_text(encoding="utf-8"))
    return contract


def _check_mastodon(exchange: Exchange, path: str) -> None:
    template, in_path = _operation(path)
    operation = mastodon_contract()["paths"][template]["get"]
    asked = {"query": dict(exchange.asked.query), "path": in_path}
    for parameter in operation["parameters"]:
        value = asked[parameter["in"]].pop(parameter["name"], None)
        assert value is not None or not parameter.get("required"), f"{path} lacks {parameter['name']}"
        if value is not None:
            _hold(value, parameter["schema"], f"{path}: {parameter['name']}")
    assert asked == {"query": {}, "path": {}}, f"{path}: no such parameter"
    reply = operation["responses"].get(str(exchange.said.status))
    assert reply is not None, f"{path} never answers {exchange.said.status}"
    if "content" in reply and exchange.said.content_type.startswith("application/json"):
        _hold(exchange.data, reply["content"]["application/json"]["schema"], path)
    if not _is_good(exchange):
        return
    if path.endswith("/search"):
        _check_entity(exchange.data, "SearchV2")
    for status in exchange.data if isinstance(exchange.data, list) else []:
        _check_entity(status, "Status")


def _operation(path: str) -> tuple[str, dict[str, str]]:
    """Return the path of the contract that a path is an instance of, and what stands for its parameter."""
    for template in mastodon_contract()["paths"]:
        start, _, name = template.partition("{")
        if path == template or (name and path.startswith(start)):
            return template, {name.rstrip("}"): path.removeprefix(start)} if name else {}
    raise AssertionError(f"nothing of Mastodon's is asked at {path}")


def _hold(value: Any, schema: dict[str, Any], where: str) -> None:
    whole = {**schema, "components": mastodon_contract()["components"]}
    wrong = next(jsonschema.Draft202012Validator(whole).iter_errors(value), None)
    assert wrong is None, f"{where}{wrong.json_path}: {wrong.message[:200]}"


def _check_entity(data: dict[str, Any], name: str) -> None:
    """Hold an object against an entity: nothing it does not know, nothing missing, plain values of their kind."""
    hints = getattr(return_types, name).__annotations__
    assert set(data) <= set(hints), f"{name} has no {set(data) - set(hints)}"
    for field, hint in hints.items():
        hint = hint.strip("'\"")  # noqa: PLW2901 - some are annotated twice over
        if data.get(field) is None and ("Optional" in hint or field in _NOT_EVERYWHERE_YET):
            continue
        assert field in data, f"{name} lacks {field}"
        _check_hint(data[field], hint, f"{name}.{field}")


def _check_hint(value: Any, hint: str, where: str) -> None:
    inner = hint.removeprefix("Optional[").removesuffix("]") if hint.startswith("Optional[") else hint
    plain = {"str": str, "bool": bool, "int": int, "datetime": str, "MaybeSnowflakeIdType": str}
    if inner in plain:
        assert isinstance(value, plain[inner]), f"{where} is {value!r}"
    elif inner.startswith(("NonPaginatableList[", "EntityList[")):
        each = inner.partition("[")[2].removesuffix("]")
        for item in value:
            _check_hint(item, each, where)
    elif isinstance(value, dict) and hasattr(return_types, inner):
        _check_entity(value, inner)


def _is_good(exchange: Exchange) -> bool:
    return exchange.said.status < 300 and exchange.said.content_type.startswith("application/json")
