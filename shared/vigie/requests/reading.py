"""Bodies and addresses read as what they ought to be; what is wrong is named as the caller wrote it."""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from vigie.domain.clients import LOCALES, Locale
from vigie.errors import BadField

_PATH = re.compile(r" - at `\$\.?([^`]*)`$")


_NAMED = re.compile(r"field `(.+)`$")


_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{0,3})?)", re.IGNORECASE)


T = TypeVar("T")


def language_of(accept_language: str | None) -> Locale | None:
    """Return which of our languages a caller prefers (RFC 9110, section 12.5.4), None when it names neither."""
    best: Locale | None = None
    best_weight = 0.0
    for choice in (accept_language or "").split(","):
        tag, _, parameter = choice.partition(";")
        weight = _WEIGHT.fullmatch(parameter.strip()) if parameter else None
        value = float(weight[1]) if weight else 1.0
        for locale in LOCALES:
            if tag.strip().lower().split("-")[0] == locale and value > best_weight:
                best, best_weight = locale, value
    return best


def read(body: bytes, kind: type[T]) -> T:
    """Return a request body read as ``kind``. Raises BadField with the path of the field and what it takes."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        field, problem = _named(error)
        raise BadField(
            field or "body", problem, "See the description of this route for what it takes."
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadField("body", f"is no JSON: {error}", "Send one JSON object, in UTF-8.") from error


def read_query(query: Mapping[str, str], kind: type[T]) -> T:
    """Return an address's parameters read as ``kind``. Raises BadField naming the parameter and what it takes."""
    try:
        found = msgspec.convert(dict(query), kind, strict=False)
    except msgspec.ValidationError as error:
        field, problem = _named(error)
        raise BadField(
            field or "query", problem, "See the description of this route for what it takes."
        ) from error
    for name, text in query.items():
        if getattr(found, name) is None:  # msgspec takes null, of any case, for None
            raise BadField(name, f"{text!r} is no value", "Leave it out to ask for all.")
    return found


def _named(error: msgspec.ValidationError) -> tuple[str, str]:
    """Return the path of the field that is wrong, and what is wrong with it."""
    text = str(error)
    path = _PATH.search(text)
    problem = _PATH.sub("", text)
    named = _NAMED.search(problem)  # a field that is missing or unknown: the path stops above it
    return ".".join(part[1] for part in (path, named) if part and part[1]), problem
