"""A story and what its reader may do about it: say it is not theirs, correct its tonality, share it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from vigie.adapters.mail.printer import Printer
from vigie.adapters.mail.view import LinkView
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.view_digest import StoryBlock, story_block
from vigie.domain.digest import StoryEntry, SubjectCard
from vigie.domain.feedback import VALUES, Correction
from vigie.domain.site_pages import Judged, ToldStory
from vigie.domain.typography import long_date, quoted

_MARKS = {"unfavourable": "▼", "neutral": "■", "favourable": "▲", "mixed": "◆"}
_TONES = {"unfavourable": "negative", "neutral": "neutral", "favourable": "positive", "mixed": "mixed"}


@dataclass(frozen=True, slots=True)
class ActionAddresses:
    """Where the page's links lead."""

    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """One answer to choose."""

    value: str
    label: str
    mark: str
    kind: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPage:
    """A question about a story, or its answer with a way back. ``undo`` is the correction that can be taken back."""

    heading: str
    client: str
    story: StoryBlock
    explained: tuple[str, ...]
    choices: tuple[ChoiceView, ...]
    button: str
    done: str
    undo: str
    undo_button: str
    reason_label: str
    back: LinkView


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePage:
    """A story and the ways to pass it on."""

    heading: str
    client: str
    story: StoryBlock
    link: str
    explained: str
    mailto: str
    back: LinkView


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPage:
    """A story as somebody else is shown it: what was published and where, none of what the client makes of it."""

    heading: str
    client: str
    story: StoryBlock
    extract: str
    until: str
    rights: str


def action_page(
    judged: Judged, question: Literal["irrelevant", "correct"], addresses: ActionAddresses
) -> ActionPage:
    """Return the page of « pas pertinent » or « corriger »."""
    printer = _printer(judged.told)
    say, made = printer.say, judged.correction
    return ActionPage(
        heading=say(f"{question}_title"),
        client=printer.client,
        story=_story(printer, judged.told),
        explained=(say(f"{question}_what"), say("acts_later")),
        choices=_choices(printer, judged) if question == "correct" else (),
        button=say(f"{question}_button"),
        done=_done(printer, made, question) if made else "",
        undo=made.correction_id if made else "",
        undo_button=say("undo_button"),
        reason_label=say("reason_label"),
        back=LinkView(say("back_to_digest"), addresses.back),
    )


def share_page(told: ToldStory, *, link: str, back: str) -> SharePage:
    """Return the page of « partager »; ``link`` is a whole address."""
    printer = _printer(told)
    title = printer.title(told.story.title)
    subject = printer.say("share_subject", title=title)
    source = printer.title(told.story.source_name, 60)
    body = f"{printer.say('share_body', title=title, source=source)}\n\n{link}"
    return SharePage(
        heading=printer.say("share_title"),
        client=printer.client,
        story=_story(printer, told),
        link=link,
        explained=printer.say("share_what"),
        mailto=f"mailto:?subject={quote(subject)}&body={quote(body)}",
        back=LinkView(printer.say("back_to_digest"), back),
    )


def shared_page(told: ToldStory, *, until: datetime) -> SharedPage:
    """Return the page that whoever was given the link reads."""
    printer = _printer(told)
    card = told.subject if isinstance(told.subject, SubjectCard) else None
    extract = card.extract if card and card.story_id == told.story.story_id else ""
    day = long_date(printer.local(until).date(), printer.digest.locale)
    return SharedPage(
        heading=printer.title(told.story.title),
        client=printer.client,
        story=replace(_story(printer, told), origin=_dated(printer, told.story)),
        extract=quoted(printer.title(extract, 160), printer.digest.locale) if extract else "",
        until=printer.say("shared_until", client=printer.client, day=day),
        rights=printer.say("rights"),
    )


def _printer(told: ToldStory) -> Printer:
    return Printer(site_catalogue(told.digest.locale), told.digest)


def _story(printer: Printer, told: ToldStory) -> StoryBlock:
    return story_block(printer, told.story, lambda _story_id: "")


def _dated(printer: Printer, story: StoryEntry) -> str:
    """Return who published a story, and on what day: who reads it may do so weeks later."""
    name = printer.title(story.source_name, 60)
    if story.published_at is None:
        return name
    return f"{name}, {long_date(printer.local(story.published_at).date(), printer.digest.locale)}"


def _choices(printer: Printer, judged: Judged) -> tuple[ChoiceView, ...]:
    return tuple(
        ChoiceView(
            value=value,
            label=printer.say(f"impact_{value}"),
            mark=_MARKS[value],
            kind=_TONES[value],
            is_chosen=value == judged.value,
        )
        for value in VALUES["impact"]
    )


def _done(printer: Printer, made: Correction, question: str) -> str:
    day = printer.moment(made.given_at)
    by = printer.title(made.given_by, 80)
    if question == "irrelevant":
        return printer.say("irrelevant_done", by=by, moment=day)
    return printer.say("correct_done", by=by, moment=day, value=printer.say(f"impact_{made.after}").lower())
