"""Read one entry of a well-formed feed, element by element: where two say the same thing, their order decides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from vigie.adapters.feeds.dates import instant
from vigie.adapters.feeds.fields import attached, guid, joined, listed, read_based, readable
from vigie.adapters.feeds.text import Reading, language_tag, one_line, safe_link
from vigie.adapters.feeds.vocabulary import (
    HTML_TYPES,
    Doubt,
    Place,
    attributes_of,
    expect_none_of,
    link_of,
    markup_in,
    name_of,
    text_of,
    unmangled,
)
from vigie.adapters.time_box import time_box
from vigie.domain.feeds import EntryTexts, FeedEntry

# Longer authors are the tolerant reader's to cut.
AUTHOR_LIMIT = 300
AUTHOR_NAMES = ("author", "managingeditor", "dc_author", "dc_creator", "itunes_author")
_TEXTS_SECONDS = 2.0  # of one entry; a feed's own time is over when they are read
_ADDRESS = r"[\w.+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,4}"
_PERSON = re.compile(
    rf"(?P<address>{_ADDRESS})(?:\s*\((?P<after>[^()<>@]*)\))?|(?P<before>[^()<>@]+)<{_ADDRESS}>", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Markup:
    """An entry's texts as written, each with its base, and the media beside them. Called, it reads them."""

    url: str
    summary: tuple[str, str]
    content: tuple[str, str]
    media: frozenset[str]
    raw: bool = False  # as lxml gives them, accidents of charsets included

    def __call__(self) -> EntryTexts:
        """Return the texts, clean. Raises OutOfTime for markup that takes too long."""
        with time_box(_TEXTS_SECONDS):
            return self.read()

    def read(self) -> EntryTexts:
        """Return the texts, clean, however long it takes."""
        summary = self._read(*self.summary)
        body = summary if self.content == self.summary else self._read(*self.content)
        return EntryTexts(
            summary=summary.text,
            body=body.text,
            links=joined(body.links, summary.links),
            media=tuple(sorted(body.media | summary.media | self.media)),
        )

    def _read(self, markup: str, base: str) -> Reading:
        return read_based(unmangled(markup.strip()) if self.raw else markup, base, self.url)


class FastEntry:
    """What an entry says, gathered from the element it is made with."""

    def __init__(self, element: etree._Element, place: Place) -> None:
        attributes = attributes_of(element)
        if attributes.keys() & {"href", "lastmod"}:
            raise Doubt("an entry of the Channel Definition Format")
        self._place = place.inside(attributes)
        self._depths: dict[str, int] = {}
        self._guid = attributes.get("rdf_about", "")
        self._link: str | None = None
        self._original = ""
        self._title = ""
        self._title_depth = -1
        self._title_language: str | None = None
        self._summary: tuple[str, str] | None = None  # with its base
        self._contents: list[tuple[str, str]] = []
        self._has_content = False
        self._authors: list[str] = []
        self._dates: dict[str, datetime | None] = {}
        self._language = ""
        self._files: list[Mapping[str, str]] = []
        self._has_thumbnail = False
        self._is_video = False
        self._read_children(element, 0)

    def finish(self, url: str, feed_language: str | None) -> FeedEntry:
        """Return the entry, its texts unread; what it does not say is as the feed of address ``url`` has it."""
        updated = self._dates.get("updated")
        return FeedEntry(
            guid=guid(self._guid),
            link=safe_link(self._link or "", url),
            original_link=safe_link(self._original, url) if self._original else None,
            title=one_line(self._title),
            author=listed(self._authors),
            published_at=self._dates.get("published") or updated or self._dates.get("created"),
            updated_at=updated,
            language=language_tag(self._language or self._title_language) or feed_language,
            unread=self._texts(url),
        )

    def _texts(self, url: str) -> "Markup":
        media = attached(self._files, thumbnail=self._has_thumbnail, video=self._is_video)
        content = max(self._contents, key=lambda content: len(content[0]), default=("", ""))
        return Markup(url, self._summary or ("", ""), content, frozenset(media))

    def _read_children(self, element: etree._Element, depth: int) -> None:
        for child in element:
            read = _READERS.get(name_of(child))
            if read is not None:
                read(self, child, depth)
            elif len(child):
                expect_none_of(_READERS, child)

    def _counts(self, field: str, depth: int) -> bool:
        """Tell whether a field found at this depth replaces what is known: what is nearer the entry stays."""
        if depth > self._depths.get(field, depth):
            return False
        self._depths[field] = depth
        return True

    # -- readers of elements --------------------------------------------------------------------------------

    def _read_title(self, element: etree._Element, depth: int) -> None:
        title, _, place = markup_in(element, "text/plain", self._place)
        if -1 < self._title_depth <= depth:
            return
        self._title_language = place.language
        if self._counts("title", depth):
            self._title = title
        if title and name_of(element) != "media_title":
            self._title_depth = depth

    def _read_link(self, element: etree._Element, _depth: int) -> None:
        attributes = attributes_of(element)
        self._link = link_of(element, attributes, self._place, self._link)
        if attributes.get("rel") == "enclosure":
            self._files.append(attributes)

    def _read_original(self, element: etree._Element, _depth: int) -> None:
        self._original = text_of(element)

    def _read_guid(self, element: etree._Element, depth: int) -> None:
        attributes = attributes_of(element)
        written = text_of(element)
        is_link = attributes.get("ispermalink", "true") == "true"
        if is_link and written:
            written = self._place.inside(attributes).resolve(written)
        if self._counts("guid", depth):
            self._guid = written
        if is_link and self._link is None:
            self._link = written

    def _read_description(self, element: etree._Element, depth: int) -> None:
        """Read a description: a second one is content, unless there is content already."""
        is_summary = name_of(element).endswith("summary")
        if self._summary is not None and not self._has_content:
            self._read_content(element, depth)
        else:
            self._save_summary(element, depth, "text/plain" if is_summary else "text/html")

    def _read_abstract(self, element: etree._Element, depth: int) -> None:
        self._save_summary(element, depth, "text/plain")

    def _save_summary(self, element: etree._Element, depth: int, default_type: str) -> None:
        markup, _, place = markup_in(element, default_type, self._place)
        if self._counts("summary", depth):
            self._summary = (markup, place.base)
        elif self._summary:
            self._summary = (self._summary[0], place.base)

    def _read_content(self, element: etree._Element, _depth: int) -> None:
        name = name_of(element)
        self._has_content = self._has_content or not name.endswith("body")
        markup, media_type, place = markup_in(element, _CONTENT_TYPES.get(name, "text/plain"), self._place)
        if readable(media_type):
            self._contents.append((markup, place.base))
        if self._summary is None and media_type in HTML_TYPES | {"text/plain"}:
            self._summary = (markup, place.base)

    def _read_author(self, element: etree._Element, depth: int) -> None:
        if depth:
            raise Doubt("an author of a part")
        if not len(element):
            self._authors.append(person_of(text_of(element)))
            return
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            raise Doubt("an author with a name and without")
        name, address = _parts_of_person(element)
        if not name and address and self._authors:
            raise Doubt("an author after another, and without a name")
        self._authors.append(name or address)

    def _read_date(self, element: etree._Element, _depth: int) -> None:
        self._dates[_DATES[name_of(element)]] = instant(text_of(element))

    def _read_language(self, element: etree._Element, depth: int) -> None:
        language = text_of(element)
        if self._counts("language", depth):
            self._language = language

    def _read_file(self, element: etree._Element, depth: int) -> None:
        self._files.append(attributes_of(element))
        self._read_children(element, depth + 1)

    def _read_group(self, element: etree._Element, depth: int) -> None:
        self._read_children(element, depth + 1)

    def _read_thumbnail(self, element: etree._Element, _depth: int) -> None:
        expect_none_of(_READERS, element)
        self._has_thumbnail = True

    def _read_video(self, element: etree._Element, _depth: int) -> None:
        self._is_video = self._is_video or bool(element.attrib or text_of(element))

    def _skip_source(self, element: etree._Element, depth: int) -> None:
        """Skip the feed that an entry was taken from; a title that follows it counts again."""
        titled = any(_ROLES.get(name_of(child)) == "_read_title" for child in element)
        self._title_depth = depth + 1 if titled else -1

    def _skip_image(self, element: etree._Element, _depth: int) -> None:
        text_of(element)
        self._title_depth = -1

    def _refuse(self, element: etree._Element, _depth: int) -> None:
        raise Doubt(f"{name_of(element)} in an entry")


def person_of(written: str) -> str:
    """Return the name in « mail (name) » or « name <mail> », else the address or whatever is there."""
    if len(written) > AUTHOR_LIMIT:
        raise Doubt("a long author")
    if "@" not in written:
        return written
    found = _PERSON.fullmatch(written)
    if not found:
        raise Doubt("an author with an unusual address")
    return (found["after"] or found["before"] or "").strip() or found["address"] or written


def _parts_of_person(element: etree._Element) -> tuple[str, str]:
    found = {"name": "", "email": ""}
    for child in element:
        part = name_of(child).removeprefix("itunes_")
        text = (child.text or "").strip()
        if len(child) or len(text) > AUTHOR_LIMIT:
            raise Doubt("an author of an unusual form")
        if part in found:
            found[part] = text
        elif part not in {"uri", "url", "homepage"}:
            expect_none_of(_READERS, element)
    return found["name"], found["email"]


_CONTENT_TYPES = {
    "content": "text/plain",
    "content_encoded": "text/html",
    "fullitem": "text/html",
    "body": "application/xhtml+xml",
    "xhtml_body": "application/xhtml+xml",
}
_DATES = {
    "published": "published", "issued": "published", "pubdate": "published", "dcterms_issued": "published",
    "updated": "updated", "modified": "updated", "lastbuilddate": "updated", "dc_date": "updated",
    "dcterms_modified": "updated", "created": "created", "dcterms_created": "created",
}  # fmt: skip

# What each element is to an entry; the names on the right are of methods. The last are elements of a feed, and names
# under which feedparser keeps its own notes.
_ROLES = {
    **dict.fromkeys(("title", "dc_title", "media_title"), "_read_title"),
    "link": "_read_link",
    "feedburner_origlink": "_read_original",
    **dict.fromkeys(("guid", "id"), "_read_guid"),
    **dict.fromkeys(
        ("description", "dc_description", "media_description", "summary", "itunes_summary"), "_read_description"
    ),
    "abstract": "_read_abstract",
    **dict.fromkeys(_CONTENT_TYPES, "_read_content"),
    **dict.fromkeys(AUTHOR_NAMES, "_read_author"),
    **dict.fromkeys(_DATES, "_read_date"),
    **dict.fromkeys(("language", "dc_language"), "_read_language"),
    **dict.fromkeys(("enclosure", "media_content"), "_read_file"),
    "media_group": "_read_group",
    "media_thumbnail": "_read_thumbnail",
    "yt_videoid": "_read_video",
    "source": "_skip_source",
    "image": "_skip_image",
    **dict.fromkeys(
        (
            "item", "entry", "channel", "feed", "rss", "textinput", "itunes_owner",
            "authors", "links", "enclosures", "title_detail", "summary_detail", "contributors",
        ),
        "_refuse",
    ),
}  # fmt: skip
_READERS = {name: getattr(FastEntry, role) for name, role in _ROLES.items()}
READ_NAMES = frozenset(_READERS)
