"""Errors, by the reaction they call for.

::

    VigieError
    ├─ Transient        worth another try: raise it, the queue brings the message back
    │  ├─ Busy          somebody else holds it now (a lease, a claim)
    │  └─ Unanswered    asked, and no answer came: it may have been done, or not
    ├─ Permanent        another try is useless: park it with its reason, acknowledge
    │  └─ BadMessage    what arrived does not say what its schema promises
    └─ Refused          the caller's doing: a 4xx, or exit 1, with a sentence they can act on
       ├─ BadField      one field is wrong: names it and the remedy
       │  └─ BadQuery   a watch's query: code, position and remedy
       ├─ NotFound
       ├─ Expired       it was there, or allowed, and its time is past
       ├─ Conflict      it exists already, or changed meanwhile
       └─ Forbidden     no key, a wrong key, or another client's

What happens every hour (a 304, a 404, a time-out) is an outcome value, never an exception.
"""

from collections.abc import Mapping


class VigieError(Exception):
    """Root of every error vigie raises on purpose."""


class Transient(VigieError):
    """Worth another try: let it out, and the queue redelivers."""


class Busy(Transient):
    """Another worker holds what this one needs."""


class Unanswered(Transient):
    """What was asked may have been done, or not: trying again may do it twice."""


class Permanent(VigieError):
    """Another try is useless: park the thing with this reason and go on."""


class AddressRefused(Permanent):
    """The provider knows that there is no such mailbox: nothing may be sent there again."""


class BadMessage(Permanent):
    """A message or a part of it does not hold what its schema promises."""


class Refused(VigieError):
    """The caller's doing; the text is a sentence the caller can act on."""

    status = 400


class BadField(Refused):
    """One field of the request is wrong.

    ``field`` is the path the caller used (``schedule.zone``), ``remedy`` says what would be accepted.
    """

    status = 422

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{field}: {problem}. {remedy}")
        self.field = field
        self.problem = problem
        self.remedy = remedy


class BadQuery(BadField):
    """A query is refused: ``code`` as the query language names it, ``position`` in characters from 0.

    ``reason`` and ``fields`` name its sentence in the catalogue of the language, which can tell it in another.
    """

    def __init__(
        self,
        code: str,
        position: int,
        problem: str,
        remedy: str,
        *,
        field: str,
        summary: str,
        reason: str,
        fields: Mapping[str, object],
    ) -> None:
        super().__init__(field, problem, remedy)
        self.args = (summary,)
        self.code = code
        self.position = position
        self.reason = reason
        self.fields = fields


class NotFound(Refused):
    """There is no such thing for this caller (or it belongs to another client: the answer is the same)."""

    status = 404


class Expired(Refused):
    """It was there, or allowed, for a time; that is past."""

    status = 410


class Conflict(Refused):
    """It exists already, or it changed since it was read."""

    status = 409


class Outdated(Conflict):
    """It is no longer what the caller says they had read (RFC 9110, section 13.1.1)."""

    status = 412


class Forbidden(Refused):
    """No key, or one that is unknown, revoked or past its time."""

    status = 401


class NotAllowed(Forbidden):
    """A good key, without the right to do this."""

    status = 403


class TooLarge(Refused):
    """The body is larger than anything this takes."""

    status = 413


class NotAcceptable(Refused):
    """None of the types that the caller wants can be had."""

    status = 406


class WrongType(Refused):
    """The body is of a type that is not read here."""

    status = 415


class TooMany(Refused):
    """Asked too often; ``retry_after_seconds`` says when to come back."""

    status = 429

    def __init__(self, problem: str, retry_after_seconds: int) -> None:
        super().__init__(problem)
        self.retry_after_seconds = retry_after_seconds
