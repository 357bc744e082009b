"""Requests on a condition: entity tags, If-None-Match and If-Match (RFC 9110, section 13)."""

import base64
import hashlib
from collections.abc import Callable
from typing import TypeVar

from vigie.api.answers import Answer, as_json
from vigie.api.routing import Call
from vigie.errors import Outdated

T = TypeVar("T")


def tag_of(answer: Answer) -> str:
    """Return the entity tag of an answer: strong, made of its bytes and their type (RFC 9110, section 8.8.3)."""
    digest = hashlib.sha256(f"{answer.content_type}\n{answer.text}".encode()).digest()
    return f'"{base64.urlsafe_b64encode(digest[:15]).decode()}"'


def unless_changed(call: Call, show: Callable[[T], object]) -> Callable[[T], None]:
    """Return what a desk asks of the thing that it is about to replace: that it is what If-Match names.

    ``show`` shows a thing as its GET does. The desk asks in the write itself, so that what changes between the
    reading and the writing is seen; what it asks raises Outdated.
    """
    wanted = call.headers.get("if-match")

    def check(standing: T) -> None:
        if wanted and not is_named(tag_of(as_json(show(standing))), wanted, strong=True):
            raise Outdated("It is no longer what you had read; read it again.")

    return check


def is_named(tag: str, header: str, *, strong: bool = False) -> bool:
    """Return whether a list of entity tags names this one (RFC 9110, sections 13.1.1 and 13.1.2)."""
    named = [each.strip() for each in header.split(",")]
    return "*" in named or tag in (named if strong else [each.removeprefix("W/") for each in named])
