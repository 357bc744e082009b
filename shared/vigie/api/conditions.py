"""Requests on a condition: entity tags, If-None-Match and If-Match (RFC 9110, section 13)."""

import base64
import hashlib

from vigie.api.answers import Answer, as_json
from vigie.api.routing import Call
from vigie.errors import Outdated


def tag_of(answer: Answer) -> str:
    """Return the entity tag of an answer: strong, made of its bytes and their type (RFC 9110, section 8.8.3)."""
    digest = hashlib.sha256(f"{answer.content_type}\n{answer.text}".encode()).digest()
    return f'"{base64.urlsafe_b64encode(digest[:15]).decode()}"'


def demand_unchanged(call: Call, shown: object) -> None:
    """Let a change pass whose If-Match names what stands, shown as its GET shows it. Raises Outdated."""
    wanted = call.headers.get("if-match")
    if wanted and not is_named(tag_of(as_json(shown)), wanted, strong=True):
        raise Outdated("It is no longer what you had read; read it again.")


def is_named(tag: str, header: str, *, strong: bool = False) -> bool:
    """Return whether a list of entity tags names this one (RFC 9110, sections 13.1.1 and 13.1.2)."""
    named = [each.strip() for each in header.split(",")]
    return "*" in named or tag in (named if strong else [each.removeprefix("W/") for each in named])
