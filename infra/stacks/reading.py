"""Reading clients' files from disk: what is wrong is told by file, field and remedy."""

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec

from infra.stacks import strict_yaml
from infra.stacks.client_file import StackFile, check
from vigie.errors import BadField, NotFound

CLIENTS = Path(__file__).resolve().parents[1] / "clients"

_PATH = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `(.+)`")
_MISSING = re.compile(r"missing required field `(.+)`")


def read_client_file(path: Path) -> StackFile:
    """Return a client's file, checked. Raises NotFound, or BadField naming the file and the field."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise NotFound(f"There is no {path}. Copy one of its neighbours to begin with.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadField(str(path), f"cannot be read: {error}", "Give a YAML file in UTF-8.") from error
    try:
        return check(convert(strict_yaml.load(text)), path.stem)
    except BadField as error:
        raise BadField(f"{path.name}: {error.field}", error.problem, error.remedy) from error


def client_names(folder: Path = CLIENTS) -> list[str]:
    """Return the clients that have a file, by name."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def convert(value: Any) -> StackFile:
    """Return ``value`` as a client's file. Raises BadField with the field's path and what would do."""
    try:
        return msgspec.convert(value, StackFile)
    except msgspec.ValidationError as error:
        raise _told(error) from error


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a client's file (draft 2020-12), for editors."""
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(StackFile)}
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(described))  # tuples are lists there
    return plain


def _told(error: msgspec.ValidationError) -> BadField:
    text = str(error)
    found = _PATH.search(text)
    path, problem = (found[1] if found else ""), _PATH.sub("", text)
    fields = _fields(path)
    if unknown := _UNKNOWN.search(problem):
        near = difflib.get_close_matches(unknown[1], fields, n=1)
        remedy = f"Did you mean {near[0]}?" if near else f"Use {', '.join(fields)}."
        return BadField(_joined(path, unknown[1]), "is no field of it", remedy)
    if missing := _MISSING.search(problem):
        meaning = fields.get(missing[1], "")
        return BadField(_joined(path, missing[1]), "is missing", meaning or "Add it.")
    parent, _, name = path.rpartition(".")
    meaning = _fields(parent).get(name.partition("[")[0], "")
    return BadField(
        path or "the file", problem[:1].lower() + problem[1:], meaning or "Write what is expected."
    )


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _fields(path: str) -> dict[str, str]:
    """Return the fields of the section at ``path``, each with what is said of it, or what it takes."""
    kind: Any = StackFile
    for name in filter(None, re.sub(r"\[[^\]]*\]", "", path).split(".")):
        kind = next((each.type for each in _struct_fields(kind) if each.name == name), None)
    return {each.name: _meaning(each.type) for each in _struct_fields(kind)}


def _struct_fields(kind: Any) -> tuple[Any, ...]:
    struct = next(_structs(kind), None)
    return msgspec.structs.fields(struct) if struct else ()


def _structs(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """Yield the sections named by an annotation, however deep."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    for part in get_args(kind):
        yield from _structs(part)


def _meaning(kind: Any) -> str:
    metas = list(_metas(kind))
    said = next((meta.description for meta in metas if meta.description), None)
    if said is not None:
        return said
    words = list(_words(kind))
    if words:
        return f"Use one of {', '.join(map(str, words))}."
    bounds = [f"from {meta.ge} to {meta.le}" for meta in metas if meta.ge is not None and meta.le is not None]
    return f"Give a number {bounds[0]}." if bounds else "See the schema for what it takes."


def _metas(kind: Any) -> Iterator[msgspec.Meta]:
    """Yield what is noted at an annotation, from the outside in."""
    yield from (part for part in getattr(kind, "__metadata__", ()) if isinstance(part, msgspec.Meta))
    for part in get_args(kind):
        yield from _metas(part)


def _words(kind: Any) -> Iterator[Any]:
    """Yield the words that an annotation allows."""
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    elif not isinstance(kind, type):
        for part in get_args(kind):
            yield from _words(part)
