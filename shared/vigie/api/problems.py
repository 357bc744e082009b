"""Refusals as problem documents (RFC 9457), with the field and the remedy where there is one."""

from typing import Any

import msgspec

from vigie.api.answers import Answer
from vigie.domain.clients import Locale
from vigie.domain.query.sentences import told_refusal
from vigie.errors import BadField, BadQuery, Refused

PROBLEM = "application/problem+json"


def problem_of(refusal: Refused, preferred: Locale | None) -> Answer:
    """Return the refusal as a problem document; sentences on a query are in the language preferred."""
    if preferred and isinstance(refusal, BadQuery):
        refusal = told_refusal(refusal, preferred)
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": type(refusal).__name__,
        "status": refusal.status,
        "detail": str(refusal),
    }
    if isinstance(refusal, BadField):
        problem |= {"field": refusal.field, "problem": refusal.problem, "remedy": refusal.remedy}
    if isinstance(refusal, BadQuery):
        problem |= {"code": refusal.code, "position": refusal.position}
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}
    return Answer(
        text=msgspec.json.encode(problem).decode(),
        content_type=PROBLEM,
        status=refusal.status,
        headers=headers,
    )
