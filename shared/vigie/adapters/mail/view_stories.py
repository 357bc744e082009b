"""Subjects and their stories as the words a client reads."""

from dataclasses import dataclass

from vigie.adapters.mail.links import MailLinks, web_link
from vigie.adapters.mail.printer import Printer
from vigie.adapters.mail.view_notes import (
    NamedLink,
    articles,
    card_facts,
    found_by,
    publications,
    reprints,
    text_notes,
)
from vigie.domain.digest import StoryEntry, SubjectCard, SubjectLine
from vigie.domain.site_links import ACTIONS
from vigie.domain.typography import quoted

LINE_TITLE_LIMIT = 100
_STORIES_NAMED = 4
_SYMBOLS = {"negative": "▼", "mixed": "◈", "neutral": "■", "positive": "▲", "to_verify": "◆"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A tone: its kind (chooses the colour), its mark and its word, so that colour is never alone."""

    kind: str
    mark: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A subject in a line; its rank among all of the digest's is 0 where it does not matter."""

    rank: int
    title: str
    url: str | None
    tag: Tag
    facts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """Another story of a subject, in a line: its title, and who published it."""

    title: str
    url: str | None
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView(LineView):
    """A subject in full; texts that do not apply are empty."""

    origin: str
    extract: str
    reprinted_label: str
    reprints: tuple[NamedLink, ...]
    reprinted_more: str
    stories_label: str
    stories: tuple[StoryView, ...]
    stories_more: str
    found_by: str
    notes: tuple[str, ...]
    read: str
    actions: tuple[NamedLink, ...]


def line_view(printer: Printer, subject: SubjectLine, rank: int = 0) -> LineView:
    """Return a subject's line."""
    facts = [publications(printer, subject), *articles(printer, subject), _origin(printer, subject)]
    return LineView(
        rank=rank,
        title=printer.title(subject.title, LINE_TITLE_LIMIT),
        url=web_link(subject.url),
        tag=_tag(printer, subject),
        facts=" · ".join(fact for fact in facts if fact),
    )


def card_view(printer: Printer, rank: int, card: SubjectCard, links: MailLinks | None = None) -> CardView:
    """Return a subject's card; with links, what a reader may do about its first story."""
    named, more = reprints(printer, card)
    others = card.stories[1:]
    left = len(others) - _STORIES_NAMED
    return CardView(
        title=printer.title(card.title),
        url=web_link(card.url),
        tag=_tag(printer, card),
        facts=" · ".join(card_facts(printer, card)),
        rank=rank,
        origin=_origin(printer, card, card.tier),
        extract=quoted(printer.title(card.extract, 160), printer.digest.locale) if card.extract else "",
        reprinted_label=printer.say("reprinted") if named else "",
        reprints=named,
        reprinted_more=more,
        stories_label=printer.count("also_stories", len(others)) if others else "",
        stories=tuple(_story_view(printer, story) for story in others[:_STORIES_NAMED]),
        stories_more=printer.count("also_more", left) if left > 0 else "",
        found_by=found_by(printer, card.found_by),
        notes=text_notes(printer, card),
        read=printer.say("read"),
        actions=tuple(
            NamedLink(printer.say(f"act_{action}"), links.act(card.story_id, action)) for action in ACTIONS
        )
        if links
        else (),
    )


def _story_view(printer: Printer, story: StoryEntry) -> StoryView:
    origin = [printer.title(story.source_name, 60)]
    if story.published_at:
        origin.append(printer.moment(story.published_at))
    if story.reprints:
        origin.append(printer.count("publications", story.publications))
    return StoryView(
        title=printer.title(story.title, LINE_TITLE_LIMIT),
        url=web_link(story.url),
        origin=", ".join(origin),
    )


def _tag(printer: Printer, story: SubjectLine) -> Tag:
    return Tag(story.tone, _SYMBOLS[story.tone], printer.say(f"tone_{story.tone}"))


def _origin(printer: Printer, story: SubjectLine, tier: str | None = None) -> str:
    name = printer.title(story.source_name, 60)
    if tier is not None and f"tier_{tier}" in printer.catalogue:
        name = f"{name} ({printer.say(f'tier_{tier}')})"
    if story.published_at:
        name = f"{name}, {printer.moment(story.published_at)}"
    return f"{name} {printer.say('for_subscribers')}" if story.for_subscribers else name
