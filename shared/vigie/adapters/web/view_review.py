"""A digest as its reviewer sees it before it leaves: every subject a line to keep, move, pin, drop or correct."""

from dataclasses import dataclass
from datetime import datetime

from vigie.adapters.mail.links import web_link
from vigie.adapters.mail.printer import Printer
from vigie.adapters.mail.view_stories import LineView, line_view
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.form_review import TONE_FIELD
from vigie.domain.digest import ADDED_KINDS, TONES, AddedItem, Digest, StoryEntry, SubjectCard, SubjectLine
from vigie.domain.review import NOTE_LIMIT_CHARACTERS, TEXT_LIMIT_CHARACTERS, Review
from vigie.domain.typography import day_and_date, hour, long_date


@dataclass(frozen=True, slots=True)
class ToneChoice:
    """One tone a story may be given."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStory:
    """One story of a subject, with the field that corrects its tone."""

    title: str
    url: str | None
    origin: str
    field: str
    choices: tuple[ToneChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """One subject to decide about; ``rank`` is its place in the mail, 0 for one that is dropped."""

    subject_id: str
    rank: int
    line: LineView
    is_in_full: bool
    is_pinned: bool
    is_dropped: bool
    is_first: bool
    is_last: bool
    stories: tuple[ReviewStory, ...]
    stories_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedView:
    """An item added by hand."""

    item_id: str
    title: str
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """The reviewer's page. Once the mail has left (``is_open`` False) it only shows what was decided."""

    heading: str
    client: str
    title: str
    date: str
    leaves: str
    state: str
    is_open: bool
    version: int
    note: str
    note_limit: int
    text_limit: int
    lines: tuple[ReviewLine, ...]
    dropped: tuple[ReviewLine, ...]
    added: tuple[AddedView, ...]
    kinds: tuple[tuple[str, str], ...]
    preview: str
    problem: str


def review_page(
    digest: Digest, review: Review, *, leaves_at: datetime, is_open: bool, preview: str, problem: str = ""
) -> ReviewPage:
    """Return the page of a digest as it leaves with ``review``; ``preview`` is where it can be read so.

    ``problem`` names the sentence that says why what was just sent was not kept.
    """
    printer = Printer(site_catalogue(digest.locale), digest)
    say = printer.say
    shown = (*digest.subjects, *digest.others)
    lines = tuple(
        _line(printer, review, subject, rank, last=len(shown)) for rank, subject in enumerate(shown, 1)
    )
    dropped = digest.review.dropped if digest.review else ()
    local = printer.local(leaves_at)
    moment = {"day": day_and_date(local.date(), digest.locale), "hour": hour(local, digest.locale)}
    return ReviewPage(
        heading=say("review_title"),
        client=printer.client,
        title=say("review_page_title", client=printer.client),
        date=long_date(printer.day, digest.locale),
        leaves=say("review_leaves" if is_open else "review_left", **moment),
        state=_state(printer, review, is_open=is_open),
        is_open=is_open,
        version=review.version,
        note=review.note,
        note_limit=NOTE_LIMIT_CHARACTERS,
        text_limit=TEXT_LIMIT_CHARACTERS,
        lines=lines,
        dropped=tuple(_line(printer, review, subject, 0, last=0) for subject in dropped),
        added=tuple(_added(printer, item) for item in review.added),
        kinds=tuple((kind, say(f"added_{kind}").capitalize()) for kind in ADDED_KINDS),
        preview=preview,
        problem=say(problem) if problem else "",
    )


def _state(printer: Printer, review: Review, *, is_open: bool) -> str:
    if review.at is None:
        return printer.say("review_untouched" if is_open else "review_left_alone")
    return printer.say("review_by", by=printer.title(review.by, 80), moment=printer.moment(review.at))


def _line(printer: Printer, review: Review, subject: SubjectLine, rank: int, *, last: int) -> ReviewLine:
    stories = tuple(_story(printer, story) for story in subject.stories)
    return ReviewLine(
        subject_id=subject.subject_id,
        rank=rank,
        line=line_view(printer, subject),
        is_in_full=isinstance(subject, SubjectCard),
        is_pinned=subject.subject_id in review.pinned,
        is_dropped=subject.subject_id in review.dropped,
        is_first=rank <= 1,
        is_last=rank == last,
        stories=stories,
        stories_label=printer.count("review_tones", len(stories)),
    )


def _story(printer: Printer, story: StoryEntry) -> ReviewStory:
    return ReviewStory(
        title=printer.title(story.title),
        url=web_link(story.url),
        origin=printer.title(story.source_name, 60),
        field=f"{TONE_FIELD}{story.story_id}",
        choices=tuple(ToneChoice(each, printer.say(f"tone_{each}"), each == story.tone) for each in TONES),
    )


def _added(printer: Printer, item: AddedItem) -> AddedView:
    facts = [printer.say(f"added_{item.kind}").capitalize(), printer.title(item.outlet, 60)]
    facts += [printer.moment(item.at)] if item.at else []
    facts += [printer.title(item.note, TEXT_LIMIT_CHARACTERS)] if item.note else []
    return AddedView(item_id=item.item_id, title=printer.title(item.title), facts=" · ".join(facts))
