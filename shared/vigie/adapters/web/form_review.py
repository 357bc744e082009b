"""The reviewer's form, read as decisions. Every button sends all of it: nothing typed is lost by moving a line."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from vigie.domain.digest import AddedItem, AddedKind, Digest, Tone
from vigie.domain.review import Review
from vigie.errors import BadField
from vigie.requests import AddedRequest, ReviewRequest, ToneRequest

TONE_FIELD = "tone:"
"""Followed by a story's id, the name of the field that says its tone."""

Form = Mapping[str, Sequence[str]]


def read_review(form: Form, digest: Digest, kept: Review, zone: ZoneInfo) -> ReviewRequest:
    """Return what the form decides of ``digest`` (as it was found), on top of what was ``kept`` when it was made.

    What is both dropped and pinned is dropped; a tone as it was found corrects nothing. Raises BadField for a version
    or an hour that cannot be read; whether ids are the digest's is for ``check_review`` to say.
    """
    dropped = _several(form, "drop")
    return ReviewRequest(
        version=_version(_one(form, "version")),
        dropped=dropped,
        pinned=tuple(subject_id for subject_id in _several(form, "pin") if subject_id not in dropped),
        order=_moved(_several(form, "order"), up=_one(form, "up"), down=_one(form, "down")),
        note=_one(form, "note").replace("\r\n", "\n").strip(),
        corrections=_corrections(form, digest),
        added=_added(form, kept, zone),
    )


def _moved(order: tuple[str, ...], *, up: str, down: str) -> tuple[str, ...]:
    """Return the order with one subject a place higher or lower; the first stays first, the last last."""
    moved = list(order)
    for subject_id, step in ((up, -1), (down, 1)):
        if subject_id in moved:
            place = moved.index(subject_id)
            other = min(max(place + step, 0), len(moved) - 1)
            moved[place], moved[other] = moved[other], moved[place]
    return tuple(moved)


def _corrections(form: Form, digest: Digest) -> tuple[ToneRequest, ...]:
    found = {
        story.story_id: story.tone
        for subject in (*digest.subjects, *digest.others)
        for story in subject.stories
    }
    wished = {
        name.removeprefix(TONE_FIELD): values[-1]
        for name, values in form.items()
        if name.startswith(TONE_FIELD)
    }
    return tuple(
        ToneRequest(story_id, cast("Tone", tone))
        for story_id, tone in wished.items()
        if tone != found.get(story_id)
    )


def _added(form: Form, kept: Review, zone: ZoneInfo) -> tuple[AddedRequest, ...]:
    """Return the items added by hand: those there, less the one taken off, and the one just described."""
    removed = _one(form, "remove")
    items = [_again(item) for item in kept.added if item.item_id != removed]
    title, outlet = _one(form, "added_title").strip(), _one(form, "added_outlet").strip()
    if title or outlet:
        described = AddedRequest(
            kind=cast("AddedKind", _one(form, "added_kind")),
            title=title,
            outlet=outlet,
            at=_instant(_one(form, "added_at"), zone),
            note=_one(form, "added_note").strip(),
        )
        items.append(described)
    return tuple(items)


def _again(item: AddedItem) -> AddedRequest:
    return AddedRequest(kind=item.kind, title=item.title, outlet=item.outlet, at=item.at, note=item.note)


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    except ValueError as error:
        raise BadField("added_at", f"{text!r} is no date and hour", "Choose them in the field.") from error


def _version(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise BadField("version", f"{text!r} is no number", "Open the page again.")
    return int(text)


def _one(form: Form, name: str) -> str:
    return (form.get(name) or ("",))[-1]


def _several(form: Form, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form.get(name, ())))
