"""Read an entry written as nearly all are: each thing said once, without bases, languages or markup of XML.

It is a shortcut: what is read here is what ``FastEntry`` reads, element by element and at three times the cost, and
whatever is not so plain is left to it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from lxml import etree

from vigie.adapters.feeds.dates import instant
from vigie.adapters.feeds.fast_entry import AUTHOR_LIMIT, READ_NAMES, Markup
from vigie.adapters.feeds.fields import attached, guid, listed
from vigie.adapters.feeds.text import language_tag, one_line, safe_link
from vigie.adapters.feeds.vocabulary import (
    HTML_TYPES,
    Place,
    attributes_of,
    full_type,
    is_learned,
    name_of,
    unmangled,
)
from vigie.domain.feeds import FeedEntry

_ATOM = "{http://www.w3.org/2005/Atom}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
# What each element is, by its name as lxml gives it; what is read otherwise, or not at all, is learned.
_ONCE = {
    "title": "title",
    "link": "link",
    "description": "summary",
    "{http://purl.org/rss/1.0/modules/content/}encoded": "content",
    "pubDate": "published",
    f"{_ATOM}id": "id",
    f"{_ATOM}published": "published",
    f"{_ATOM}updated": "updated",
}
_TYPED = {f"{_ATOM}title": "title", f"{_ATOM}summary": "summary", f"{_ATOM}content": "content"}
_CREATORS = frozenset({"author", "{http://purl.org/dc/elements/1.1/}creator"})
_FILES = frozenset({"enclosure", f"{_MEDIA}content"})
_SPECIAL = frozenset({"guid", f"{_ATOM}link", f"{_ATOM}author", f"{_MEDIA}thumbnail", *_CREATORS, *_FILES})
_PLAIN_TYPES = frozenset({"text", "html", "text/html", "text/plain"})
_LINK_ATTRIBUTES = frozenset({"href", "rel", "type", "title", "hreflang", "length"})
_PERSON = {f"{_ATOM}{part}" for part in ("name", "uri", "email")}
_UNREAD: set[str] = set()
_UNREAD_KEPT = 1_000


class _NotPlain(Exception):  # noqa: N818 - no error: the entry is read at length
    """The entry is not as plain as that."""


class PlainEntry:
    """What a plain entry says: ``texts`` by field, authors, files and whether there is a thumbnail."""

    __slots__ = ("_authors", "_files", "_has_thumbnail", "_language", "_page", "_permanent", "_texts")

    def __init__(self, language: str | None) -> None:
        self._language = language
        self._texts: dict[str, str | None] = {}
        self._page: str | None = None  # of Atom: the last address of a page
        self._permanent = True
        self._authors: list[str] = []
        self._files: list[Mapping[str, str]] = []
        self._has_thumbnail = False

    @classmethod
    def of(cls, element: etree._Element, place: Place) -> Self | None:
        """Return the entry, or None when it is not plain."""
        if place.base or element.keys():
            return None
        entry = cls(place.language)
        try:
            entry._read(element)
        except _NotPlain:
            return None
        return entry

    def finish(self, url: str, feed_language: str | None) -> FeedEntry:
        """Return the entry, its texts unread; what it does not say is as the feed of address ``url`` has it."""
        said = self._texts.get
        published, updated = _instant(said("published")), _instant(said("updated"))
        written = _clean(said("guid") or said("id"))
        content = said("content")
        summary = said("summary") if "summary" in self._texts else content
        markup = Markup(
            url,
            (summary or "", ""),
            (content or "", ""),
            frozenset(attached(self._files, thumbnail=self._has_thumbnail, video=False))
            if self._files or self._has_thumbnail
            else _NO_MEDIA,
            raw=True,
        )
        language = self._language if "title" in self._texts else None  # as the longer reader has it
        return FeedEntry(
            guid=guid(written),
            link=safe_link(self._link(written), url),
            title=one_line(_clean(said("title"))),
            author=listed(self._authors) if self._authors else "",
            published_at=published or updated,
            updated_at=updated,
            language=language_tag(language) or feed_language,
            unread=markup,
        )

    def _link(self, written: str) -> str:
        if "link" in self._texts:
            return _clean(self._texts["link"])
        return self._page if self._page is not None else written if self._permanent else ""

    def _read(self, element: etree._Element) -> None:
        texts = self._texts
        for child in element:
            tag = child.tag
            field = _ONCE.get(tag)
            if field is not None:
                if field in texts or child.keys() or len(child):
                    raise _NotPlain
                texts[field] = child.text
            elif tag not in _UNREAD:
                self._read_other(tag, child)
            elif len(child):
                raise _NotPlain
        _check(texts)

    def _read_other(self, tag: str, child: etree._Element) -> None:
        if tag in _TYPED:
            self._read_typed(_TYPED[tag], child)
        elif tag == f"{_ATOM}author":
            self._read_person(child)
        elif len(child):
            raise _NotPlain
        elif tag in _SPECIAL:
            self._read_special(tag, child)
        else:
            _learn(tag, child)

    def _read_typed(self, field: str, child: etree._Element) -> None:
        keys = child.keys()
        if field in self._texts or len(child) or (keys and keys != ["type"]):
            raise _NotPlain
        if keys and child.get("type", "").lower() not in _PLAIN_TYPES:
            raise _NotPlain
        self._texts[field] = child.text

    def _read_special(self, tag: str, child: etree._Element) -> None:
        if tag == "guid":
            self._read_guid(child)
        elif tag == f"{_ATOM}link":
            self._read_link(child)
        elif tag in _FILES:
            self._files.append(attributes_of(child))
        elif tag == f"{_MEDIA}thumbnail":
            self._has_thumbnail = True
        else:
            author = _clean(child.text)
            if child.keys() or "@" in author or len(author) > AUTHOR_LIMIT:
                raise _NotPlain
            self._authors.append(author)

    def _read_guid(self, child: etree._Element) -> None:
        keys = child.keys()
        if "guid" in self._texts or (keys and keys != ["isPermaLink"]):
            raise _NotPlain
        self._permanent = child.get("isPermaLink", "true") == "true"
        self._texts["guid"] = child.text

    def _read_link(self, child: etree._Element) -> None:
        href = child.get("href")
        if href is None or ":///" in href or not _LINK_ATTRIBUTES.issuperset(child.keys()):
            raise _NotPlain
        rel = child.get("rel", "alternate").lower()
        if rel == "enclosure":
            self._files.append(attributes_of(child))
        elif rel == "alternate" and full_type(child.get("type", "text/html").lower()) in HTML_TYPES:
            self._page = href

    def _read_person(self, child: etree._Element) -> None:
        """Read an Atom author that has a name."""
        name = None
        for part in child:
            if part.tag not in _PERSON or len(part) or (part.tail or "").strip():
                raise _NotPlain
            if part.tag == f"{_ATOM}name":
                name = (part.text or "").strip()
            elif len(part.text or "") > AUTHOR_LIMIT:
                raise _NotPlain
        if not name or len(name) > AUTHOR_LIMIT or (child.text or "").strip():
            raise _NotPlain
        self._authors.append(name)


_NO_MEDIA: frozenset[str] = frozenset()


def _check(texts: Mapping[str, str | None]) -> None:
    """Leave to the longer reader what it takes a rule to tell."""
    link, written = texts.get("link") or "", texts.get("guid") or texts.get("id") or ""
    if "&" in link or ":///" in link or ":///" in written or ("guid" in texts and "id" in texts):
        raise _NotPlain


def _learn(tag: str, child: etree._Element) -> None:
    """Remember an element that nobody reads."""
    if name_of(child) in READ_NAMES:
        raise _NotPlain
    if is_learned(tag) and len(_UNREAD) < _UNREAD_KEPT:
        _UNREAD.add(tag)


def _clean(text: str | None) -> str:
    return unmangled(text.strip()) if text else ""


def _instant(text: str | None) -> datetime | None:
    return instant(_clean(text)) if text else None
