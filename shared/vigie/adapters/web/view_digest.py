"""A digest turned into its page: the words of the mail, every subject with all its stories, and the week."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from vigie.adapters.mail.links import web_link
from vigie.adapters.mail.printer import Printer
from vigie.adapters.mail.view import DigestView, LinkView, Shown, view_of
from vigie.adapters.mail.view_asks import alert_views
from vigie.adapters.mail.view_stories import CardView, LineView, card_view, line_view
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.view_chart import Chart, chart_of
from vigie.domain.digest import Publication, StoryEntry, SubjectCard, SubjectLine
from vigie.domain.site_links import ACTIONS
from vigie.domain.site_pages import Neighbour, Sheet
from vigie.domain.typography import long_date

ActLink = Callable[[str], str]
"""From a story's id to the address of its actions, without the action."""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One place where a story was published."""

    name: str
    url: str | None
    title: str
    moment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryBlock:
    """One story of a subject, with every place that carried it."""

    title: str
    url: str | None
    origin: str
    places_label: str
    places: tuple[PlaceView, ...]
    actions: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectBlock:
    """A subject with all its stories; ``first`` tells it, ``others`` unfold."""

    rank: int
    line: LineView
    origin: str
    extract: str
    found_by: str
    notes: tuple[str, ...]
    read: str
    first: StoryBlock
    others_label: str
    others: tuple[StoryBlock, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPage:
    """Everything on the page of a digest."""

    digest: DigestView
    subjects: tuple[SubjectBlock, ...]
    chart: Chart | None
    before: LinkView | None
    after: LinkView | None
    held: LinkView | None
    search: str
    preferences: LinkView | None
    back: LinkView | None


def _nowhere(_id: str) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestAddresses:
    """Where the page's links lead; what leads nowhere is not on the page. ``day`` is another digest's, by its id."""

    day: Callable[[str], str] = _nowhere
    alert: Callable[[str], str] = _nowhere
    held: str = ""
    search: str = ""
    act: ActLink = _nowhere
    preferences: str = ""
    back: str = ""


def digest_page(sheet: Sheet, addresses: DigestAddresses) -> DigestPage:
    """Return what the page shows of a digest."""
    digest = sheet.digest
    printer = Printer(site_catalogue(digest.locale), digest)
    view = view_of(digest, None, Shown(len(digest.subjects), 0))
    subjects = tuple(
        _subject(printer, rank, subject, addresses.act)
        for rank, subject in enumerate((*digest.subjects, *digest.others), 1)
    )
    held = digest.ledger.held_back
    return DigestPage(
        digest=replace(view, alerts=alert_views(printer, addresses.alert)),
        subjects=subjects,
        chart=chart_of(printer.catalogue, sheet.week) if sheet.week and printer.span != "opening" else None,
        before=_neighbour(printer, sheet.before, addresses),
        after=_neighbour(printer, sheet.after, addresses),
        held=_link(printer.count("held_see", held), addresses.held) if held else None,
        search=addresses.search,
        preferences=_link(printer.say("settings"), addresses.preferences),
        back=_link(printer.say("back_to_review"), addresses.back),
    )


def _link(label: str, url: str) -> LinkView | None:
    return LinkView(label, url) if url else None


def _neighbour(printer: Printer, other: Neighbour | None, addresses: DigestAddresses) -> LinkView | None:
    if other is None:
        return None
    day = printer.local(other.closed_at).date()
    return LinkView(long_date(day, printer.digest.locale), addresses.day(other.digest_id))


def _subject(printer: Printer, rank: int, subject: SubjectLine, act: ActLink) -> SubjectBlock:
    line: LineView = line_view(printer, subject)
    card = card_view(printer, rank, subject) if isinstance(subject, SubjectCard) else None
    first, *others = subject.stories or (_told_alone(subject),)
    return SubjectBlock(
        rank=rank,
        line=card or line,
        origin=card.origin if isinstance(card, CardView) else "",
        extract=card.extract if card else "",
        found_by=card.found_by if card else "",
        notes=card.notes if card else (),
        read=printer.say("read"),
        first=story_block(printer, first, act),
        others_label=printer.count("also_stories", len(others)) if others else "",
        others=tuple(story_block(printer, story, act) for story in others),
    )


def story_block(printer: Printer, story: StoryEntry, act: ActLink) -> StoryBlock:
    """Return a story with every place that carried it and what a reader may do about it."""
    origin = [printer.title(story.source_name, 60)]
    if story.published_at:
        origin.append(printer.moment(story.published_at))
    address = act(story.story_id)
    actions = tuple(LinkView(printer.say(f"act_{name}"), f"{address}/{name}") for name in ACTIONS)
    return StoryBlock(
        title=printer.title(story.title),
        url=web_link(story.url),
        origin=", ".join(origin),
        places_label=printer.count("carried_by", len(story.reprints)) if story.reprints else "",
        places=tuple(_place(printer, place) for place in story.reprints),
        actions=actions if address else (),
    )


def _place(printer: Printer, place: Publication) -> PlaceView:
    return PlaceView(
        name=printer.title(place.source_name, 60),
        url=web_link(place.url),
        title=printer.title(place.title),
        moment=printer.moment(place.published_at) if place.published_at else "",
    )


def _told_alone(subject: SubjectLine) -> StoryEntry:
    """Return the one story of a subject stored before subjects told theirs."""
    return StoryEntry(
        story_id=subject.story_id,
        title=subject.title,
        source_name=subject.source_name,
        url=subject.url,
        published_at=subject.published_at,
        tone=subject.tone,
    )
