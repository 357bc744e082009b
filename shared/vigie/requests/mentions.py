"""Which mentions are asked for."""

from dataclasses import fields
from typing import Annotated, Literal

import msgspec

from vigie.domain.clients import Purpose
from vigie.domain.digest import Channel as DigestChannel
from vigie.domain.digest import Tone
from vigie.domain.mention_questions import Wanted
from vigie.errors import BadField
from vigie.requests.fields import PAGE_LIMIT, Crisis, Impact, Instant, PageLimit, Relevance, SearchText

EXPORT_LIMIT = 2_000


REVIEW_LIMIT = 100


class IntervalQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of an address: from when (included) until when (excluded)."""

    since: Instant | None = None
    until: Instant | None = None


class PageQuery(IntervalQuery, frozen=True, forbid_unknown_fields=True):
    """An interval, a page at a time."""

    limit: PageLimit = PAGE_LIMIT
    cursor: str | None = None


class MentionFilter(IntervalQuery, frozen=True, forbid_unknown_fields=True):
    """Which mentions: when they were recorded, what they hold, what was found of them."""

    q: SearchText | None = None
    watch: str | None = None
    purpose: Purpose | None = None
    channel: DigestChannel | None = None
    platform: str | None = None
    source: str | None = None
    tone: Tone | None = None
    impact: Impact | None = None
    relevance: Relevance | None = None
    crisis: Crisis | None = None
    status: Literal["kept", "held", "all"] = "all"

    def to_wanted(self) -> Wanted:
        """Return which mentions are wanted."""
        names = [each.name for each in fields(Wanted)]
        return Wanted(**{name: getattr(self, name) for name in names})


class MentionsQuery(MentionFilter, frozen=True, forbid_unknown_fields=True):
    """Which mentions to list, a page at a time."""

    limit: PageLimit = PAGE_LIMIT
    cursor: str | None = None


class ExportQuery(MentionFilter, frozen=True, forbid_unknown_fields=True):
    """Which mentions to take away, a file at a time."""

    status: Literal["kept", "held", "all"] = "kept"
    limit: Annotated[int, msgspec.Meta(ge=1, le=EXPORT_LIMIT, description="How many at most.")] = EXPORT_LIMIT
    cursor: str | None = None


class ReviewQuery(MentionFilter, frozen=True, forbid_unknown_fields=True):
    """Which mentions a press review is made of: those that are wanted, or those that are named."""

    status: Literal["kept", "held", "all"] = "kept"
    ids: (
        Annotated[
            str, msgspec.Meta(min_length=1, max_length=20_000, description="Ids of mentions, with commas.")
        ]
        | None
    ) = None

    def chosen(self) -> list[str]:
        """Return the ids named, each once. Raises BadField when they are too many."""
        ids = list(dict.fromkeys(filter(None, (self.ids or "").split(","))))
        if len(ids) > REVIEW_LIMIT:
            raise BadField("ids", f"are more than {REVIEW_LIMIT}", f"Name {REVIEW_LIMIT} at most.")
        return ids
