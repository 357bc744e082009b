"""Refusals as problem documents (RFC 9457), in the caller's language, with the field and the remedy."""

from typing import Any

import msgspec

from vigie.api.answers import Answer
from vigie.domain.clients import Locale
from vigie.domain.query.sentences import told_refusal
from vigie.domain.refusals import in_french
from vigie.errors import (
    BadField,
    BadQuery,
    Conflict,
    Forbidden,
    NotAcceptable,
    NotAllowed,
    NotFound,
    Outdated,
    Refused,
    TooLarge,
    TooMany,
    WrongType,
)

PROBLEM = "application/problem+json"
URN = "urn:vigie:problem:"

KINDS: tuple[tuple[type[Refused], str, str, str], ...] = (
    (BadQuery, "bad-query", "This query cannot be kept", "Cette requête ne peut pas être gardée"),
    (BadField, "bad-field", "A field is wrong", "Un champ est erroné"),
    (NotFound, "not-found", "There is no such thing", "Cela n’existe pas"),
    (Outdated, "outdated", "It has changed meanwhile", "Cela a changé entre-temps"),
    (Conflict, "conflict", "It is there already", "Cela existe déjà"),
    (NotAllowed, "not-allowed", "This key has no right to this", "Cette clé n’a pas ce droit"),
    (Forbidden, "no-key", "A good key is missing", "Il manque une clé valable"),
    (TooLarge, "too-large", "The body is too large", "Le contenu est trop gros"),
    (NotAcceptable, "not-acceptable", "It cannot be had as that", "Ce format n’existe pas ici"),
    (WrongType, "wrong-type", "The body is of a type that is not read", "Ce type de contenu n’est pas lu"),
    (TooMany, "too-many", "Asked too often", "Trop de demandes"),
    (Refused, "refused", "This cannot be done", "C’est impossible"),
)
"""Kinds of problem, the narrower before the wider: their type's name and their titles."""


class MethodNotAllowed(Refused):
    """The path is there, but not by this method."""

    status = 405


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why something was refused. ``field``, ``problem`` and ``remedy`` when one field is to blame.

    ``code`` and ``position`` (in characters from 0) when it is a query.
    """

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    field: str | None = None
    problem: str | None = None
    remedy: str | None = None
    code: str | None = None
    position: int | None = None


def problem_of(refusal: Refused, locale: Locale, request_id: str) -> Answer:
    """Return the refusal as a problem document in ``locale``."""
    if isinstance(refusal, BadQuery):
        refusal = told_refusal(refusal, locale)
    _, name, english, french = next(kind for kind in KINDS if isinstance(refusal, kind[0]))
    told: dict[str, Any] = {}
    detail = str(refusal)
    if isinstance(refusal, BadField):
        problem, remedy = refusal.problem, refusal.remedy
        if locale == "fr" and not isinstance(refusal, BadQuery):
            problem, remedy = in_french(problem), in_french(remedy)
            detail = f"{refusal.field} : {problem}. {remedy}"
        told = {"field": refusal.field, "problem": problem, "remedy": remedy}
    elif locale == "fr":
        detail = in_french(detail)
    if isinstance(refusal, BadQuery):
        told |= {"code": refusal.code, "position": refusal.position}
    headers: dict[str, str] = {"Content-Language": locale}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TooMany):
        headers["Retry-After"] = str(refusal.retry_after_seconds)
    title = french if locale == "fr" else english
    return answer_of(
        Problem(
            type=URN + name,
            title=title,
            status=refusal.status,
            detail=detail,
            request_id=request_id,
            **told,
        ),
        headers,
    )


def fault(locale: Locale, request_id: str, *, passing: bool) -> Answer:
    """Return what is said of a failure of ours: 503 when it may pass, else 500; nothing of its cause."""
    if passing:
        title, detail = (
            ("Indisponible un instant", "Recommencez dans quelques secondes.")
            if locale == "fr"
            else ("Unavailable for a moment", "Try again in a few seconds.")
        )
    else:
        title, detail = (
            ("Une erreur de notre part", f"Signalez-la avec ce numéro : {request_id}.")
            if locale == "fr"
            else ("An error of ours", f"Report it with this number: {request_id}.")
        )
    name, status = ("unavailable", 503) if passing else ("fault", 500)
    problem = Problem(type=URN + name, title=title, status=status, detail=detail, request_id=request_id)
    return answer_of(problem, {"Content-Language": locale} | ({"Retry-After": "5"} if passing else {}))


def answer_of(problem: Problem, headers: dict[str, str]) -> Answer:
    """Return a problem as the answer it is."""
    return Answer(
        text=msgspec.json.encode(problem).decode(),
        content_type=PROBLEM,
        status=problem.status,
        headers=headers,
    )
