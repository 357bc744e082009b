"""Subjects and their stories as the words a client reads."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from vigie.adapters.mail.catalogue import Catalogue
from vigie.domain.digest import Digest, FoundBy, StoryEntry, SubjectCard, SubjectLine
from vigie.domain.typography import french_spaces, isolated, moment, one_line, quoted

URL_LIMIT = 2_000  # characters; mail clients cut longer ones
TITLE_LIMIT = 140
LINE_TITLE_LIMIT = 100
_REPRINTS_NAMED = 3
_WORDS_NAMED = 3
_STORIES_NAMED = 4
_SYMBOLS = {"negative": "▼", "mixed": "◈", "neutral": "■", "positive": "▲", "to_verify": "◆"}


@dataclass(frozen=True)
class Printer:
    """A digest and the language it is printed in: the way the views ask for words, hours and safe titles."""

    catalogue: Catalogue
    digest: Digest

    @cached_property
    def client(self) -> str:
        """The client's name, fit for one line."""
        return self.title(self.digest.client_name, 60)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The client's zone."""
        return ZoneInfo(self.digest.zone)

    @cached_property
    def day(self) -> date:
        """The local day the digest is of: the one it closes on."""
        return self.local(self.digest.interval.until).date()

    def local(self, at: datetime) -> datetime:
        """Return an instant in the client's zone."""
        return at.astimezone(self.zone)

    def moment(self, at: datetime) -> str:
        """Return when something happened, for a reader of this digest."""
        return moment(self.local(at), self.day, self.digest.locale)

    def say(self, key: str, **fields: str) -> str:
        """Return a message of the catalogue."""
        return self.catalogue.say(key, **fields)

    def count(self, key: str, count: int, **fields: str) -> str:
        """Return a message of the catalogue that agrees with a count."""
        return self.catalogue.count(key, count, **fields)

    def title(self, text: str, limit: int = TITLE_LIMIT) -> str:
        """Return a foreign text on one line, cut, and unable to turn what stands beside it."""
        line = one_line(text, limit)
        if self.digest.locale == "fr":
            line = french_spaces(line)  # a line must not begin with the colon of a title
        return isolated(line) or self.say("untitled")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tone: its kind (chooses the colour), its mark and its word, so that colour is never alone."""

    kind: str
    mark: str
    word: str


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A name, and where it leads when it leads anywhere safe."""

    name: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A subject in a line."""

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

    rank: int
    origin: str
    extract: str
    reprinted_label: str
    reprints: tuple[NamedLink, ...]
    reprinted_more: str
    stories_label: str
    stories: tuple[StoryView, ...]
    stories_more: str
    found_by: str
    read: str


def web_link(url: str) -> str | None:
    """Return ``url`` when a reader may follow it: http or https, a host, nothing hidden; else None.

    A user name in front of the host is how an address pretends to be another's.
    """
    if len(url) > URL_LIMIT or not url.isprintable() or any(character in url for character in ' "<>\\'):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    safe = parts.scheme.lower() in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    return url if safe else None


def line_view(printer: Printer, subject: SubjectLine) -> LineView:
    """Return a subject's line."""
    facts = [_publications(printer, subject), *_articles(printer, subject), _origin(printer, subject)]
    return LineView(
        title=printer.title(subject.title, LINE_TITLE_LIMIT),
        url=web_link(subject.url),
        tag=_tag(printer, subject),
        facts=" · ".join(fact for fact in facts if fact),
    )


def card_view(printer: Printer, rank: int, card: SubjectCard) -> CardView:
    """Return a subject's card."""
    named, more = _reprints(printer, card)
    others = card.stories[1:]
    left = len(others) - _STORIES_NAMED
    return CardView(
        title=printer.title(card.title),
        url=web_link(card.url),
        tag=_tag(printer, card),
        facts=" · ".join(_card_facts(printer, card)),
        rank=rank,
        origin=_origin(printer, card, card.tier),
        extract=quoted(printer.title(card.extract, 160), printer.digest.locale) if card.extract else "",
        reprinted_label=printer.say("reprinted") if named else "",
        reprints=named,
        reprinted_more=more,
        stories_label=printer.count("also_stories", len(others)) if others else "",
        stories=tuple(_story_view(printer, story) for story in others[:_STORIES_NAMED]),
        stories_more=printer.count("also_more", left) if left > 0 else "",
        found_by=_found_by(printer, card.found_by),
        read=printer.say("read"),
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


def _articles(printer: Printer, subject: SubjectLine) -> list[str]:
    """Say how many stories a subject has; a reader of one sees it."""
    return [printer.count("articles", len(subject.stories))] if len(subject.stories) > 1 else []


def _tag(printer: Printer, story: SubjectLine) -> Tag:
    return Tag(story.tone, _SYMBOLS[story.tone], printer.say(f"tone_{story.tone}"))


def _publications(printer: Printer, story: SubjectLine) -> str:
    return printer.count("publications", story.publications)


def _card_facts(printer: Printer, card: SubjectCard) -> list[str]:
    facts = [_publications(printer, card), *_articles(printer, card)]
    if card.publishers > 1:
        facts.append(printer.count("publishers", card.publishers))
    if len(card.channels) > 1:
        facts.append(
            ", ".join(
                f"{printer.say(f'channel_{name}').lower()} {count}" for name, count in card.channels.items()
            )
        )
    if card.last_published_at and card.last_published_at != card.published_at:
        facts.append(printer.say("last_publication", moment=printer.moment(card.last_published_at)))
    if card.place != "elsewhere":
        facts.append(printer.say(f"place_{card.place}"))
    return facts


def _origin(printer: Printer, story: SubjectLine, tier: str | None = None) -> str:
    name = printer.title(story.source_name, 60)
    if tier is not None and f"tier_{tier}" in printer.catalogue:
        name = f"{name} ({printer.say(f'tier_{tier}')})"
    return f"{name}, {printer.moment(story.published_at)}" if story.published_at else name


def _reprints(printer: Printer, card: SubjectCard) -> tuple[tuple[NamedLink, ...], str]:
    """Name the first outlets that carried the story elsewhere, each once, and count the rest."""
    urls = {reprint.source_name: reprint.url for reprint in reversed(card.reprints)}
    others = [reprint.source_name for reprint in card.reprints if reprint.source_name != card.source_name]
    names = list(dict.fromkeys(others))
    named = tuple(
        NamedLink(printer.title(name, 60), web_link(urls[name])) for name in names[:_REPRINTS_NAMED]
    )
    left = len(names) - len(named)
    return named, printer.count("reprinted_more", left) if left else ""


def _found_by(printer: Printer, found: tuple[FoundBy, ...]) -> str:
    watches = [_found_watch(printer, watch) for watch in found[:_WORDS_NAMED]]
    return printer.say("found_by", watches=" · ".join(watches)) if watches else ""


def _found_watch(printer: Printer, found: FoundBy) -> str:
    watch = printer.title(found.watch_name, 60)
    if not found.words:
        return printer.say("found_watch_alone", watch=watch)
    words = [quoted(printer.title(word, 40), printer.digest.locale) for word in found.words[:_WORDS_NAMED]]
    fields = [printer.say(f"field_{name}") for name in found.fields if f"field_{name}" in printer.catalogue]
    more = ", …" if len(found.words) > _WORDS_NAMED else ""
    return printer.say("found_watch", watch=watch, words=", ".join(words) + more, fields=", ".join(fields))
