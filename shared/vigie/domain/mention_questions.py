"""Questions on a client's mentions: which are wanted, and where in their order an answer stopped.

Mentions are listed newest first by when they were recorded, then by their id: a *place* is both. New mentions come
before every place there is, so a cursor stays good while they come in.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from vigie.domain.clients import Purpose
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Channel, Tone
from vigie.domain.digest_stories import channel_of, tone_of
from vigie.domain.mentions import Label, Mention, Status
from vigie.errors import BadField

Place: TypeAlias = tuple[datetime, str]
"""Where a mention stands: when it was recorded, and its id."""

TO_VERIFY = "to_verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which mentions are wanted; a field that is None wants all.

    ``impact``, ``relevance`` and ``crisis`` are what the document does to the client itself. Of a label that
    abstained, ``to_verify`` is the value. ``status`` all wants those held back too.
    """

    watch: str | None = None
    purpose: Purpose | None = None
    channel: Channel | None = None
    platform: str | None = None
    source: str | None = None
    tone: Tone | None = None
    impact: str | None = None
    relevance: str | None = None
    crisis: str | None = None
    status: Status | Literal["all"] = "kept"

    def holds(self, mention: Mention) -> bool:
        """Return whether a mention is wanted."""
        document, own = mention.document, mention.assessment
        told: tuple[tuple[str | None, str | None], ...] = (
            (self.channel, channel_of(document)),
            (self.platform, document.platform),
            (self.source, document.source_id),
            (self.tone, tone_of(mention)),
            (self.impact, _value(own.impact if own else None)),
            (self.relevance, _value(own.relevance if own else None)),
            (self.crisis, _value(own.crisis if own else None)),
            (None if self.status == "all" else self.status, mention.status),
        )
        return (
            (self.watch is None or any(hit.watch_id == self.watch for hit in mention.hits))
            and (self.purpose is None or self.purpose in mention.purposes)
            and all(wanted is None or wanted == value for wanted, value in told)
        )


def _value(label: Label | None) -> str | None:
    if label is None:
        return None
    return TO_VERIFY if label.abstained else label.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Mentions recorded in an interval that are wanted and, where ``words`` are given, match that query."""

    client_id: str
    interval: Interval
    wanted: Wanted = Wanted()
    words: str | None = None

    @property
    def fingerprint(self) -> str:
        """A text that another question does not have; the interval is not part of it."""
        asked = {"client": self.client_id, "words": self.words, **asdict(self.wanted)}
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where an answer stopped: the interval that the first page fixed, and the last place looked at."""

    interval: Interval
    place: Place

    def text(self, question: Question) -> str:
        """Return the cursor as a text that only the same question takes back. It is no secret."""
        instants = [self.interval.since, self.interval.until, self.place[0]]
        parts = [question.fingerprint, *(instant.isoformat() for instant in instants), self.place[1]]
        return base64.urlsafe_b64encode("\n".join(parts).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, question: Question) -> "Cursor":
        """Return the cursor in ``text``. Raises BadField when this question did not give it."""
        try:
            padded = text + "=" * (-len(text) % 4)
            told = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
            asked, since, until, at, mention_id = told.split("\n")
            instants = [datetime.fromisoformat(each) for each in (since, until, at)]
            cursor = cls(Interval(instants[0], instants[1]), (instants[2], mention_id))
        except (binascii.Error, ValueError, TypeError) as error:
            raise _foreign() from error
        if asked != question.fingerprint or any(instant.tzinfo is None for instant in instants):
            raise _foreign()
        if cursor.place[0] not in cursor.interval:
            raise _foreign()
        return cursor


def _foreign() -> BadField:
    return BadField("cursor", "does not belong to this list", "Use the cursor the page before gave.")
