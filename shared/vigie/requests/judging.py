"""What people say of labels, subjects and digests before they are sent."""

from datetime import datetime

import msgspec

from vigie.domain.digest import AddedItem, AddedKind, Tone
from vigie.domain.feedback import Corrected, Scope, Wish
from vigie.domain.review import Review, ToneCorrection
from vigie.requests.fields import Instant, Name, Reason


class MergeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which subject is the same as the one of the address; who says so, and why."""

    other_subject_id: str
    by: str = ""
    reason: str = ""


class SplitRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which story is not of the subject of the address; who says so, and why."""

    story_id: str
    by: str = ""
    reason: str = ""


class FeedbackRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label as it should be, who says so, and why. "Pas nous" is relevance ``homonym``.

    ``watch_id`` names whom it is about; left out, the client itself. ``scope``: every document with this text
    (``story``), or this mention alone.
    """

    label: Corrected
    value: str
    crisis_type: str | None = None
    watch_id: str | None = None
    scope: Scope = "story"
    by: Name = ""
    reason: Reason = ""

    def to_wish(self, caller: str) -> Wish:
        """Return what is asked, said by ``by`` with the key of ``caller``."""
        return Wish(
            label=self.label,
            value=self.value,
            by=f"{self.by} ({caller})" if self.by else caller,
            reason=self.reason,
            crisis_type=self.crisis_type,
            watch_ids=(self.watch_id,) if self.watch_id else (),
            scope=self.scope,
        )


class UndoRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who takes something back, and why."""

    by: Name = ""
    reason: Reason = ""


class ToneRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another tone for one story."""

    story_id: str
    tone: Tone


class AddedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something heard or read elsewhere: on what, when, in a few words."""

    title: str
    outlet: str
    kind: AddedKind = "other"
    at: Instant | None = None
    note: str = ""


class ReviewRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a reviewer wants of a digest, in place of what they wanted in the ``version`` they had read."""

    version: int = 0
    dropped: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    note: str = ""
    corrections: tuple[ToneRequest, ...] = ()
    added: tuple[AddedRequest, ...] = ()
    by: Name = ""

    def to_review(self, client_id: str, digest_id: str, by: str, at: datetime) -> Review:
        """Return the review asked for. What is added is named by its place."""
        added = tuple(
            AddedItem(
                item_id=f"added-{place}",
                kind=each.kind,
                title=each.title,
                outlet=each.outlet,
                at=each.at,
                note=each.note,
            )
            for place, each in enumerate(self.added, start=1)
        )
        return Review(
            client_id=client_id,
            digest_id=digest_id,
            version=self.version,
            by=by,
            at=at,
            dropped=self.dropped,
            pinned=self.pinned,
            order=self.order,
            note=self.note,
            corrections=tuple(ToneCorrection(each.story_id, each.tone) for each in self.corrections),
            added=added,
        )
