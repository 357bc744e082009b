"""Read an entry written as nearly all are: each thing said once, without bases, languages or markup of XML.

It is a shortcut: what is read here is what ``FastEntry`` reads, element by element and at three times the cost, and
whatever is not so plain is left to it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Self

from lxml import etree

from vigie.adapters.feeds.dates import instant
from vigie.adapters.feeds.fast_entry import AUTHOR_LIMIT, AUTHOR_NAMES, READ_NAMES, Markup, person_of
from vigie.adapters.feeds.fields import attached, guid, listed
from vigie.adapters.feeds.text import language_tag, one_line, safe_link
from vigie.adapters.feeds.vocabulary import (
    HTML_TYPES,
    Doubt,
    Place,
    address_of,
    attributes_of,
    full_type,
    is_learned,
    name_of,
    unmangled,
)
from vigie.domain.feeds import FeedEntry

_ATOM = "{http://www.w3.org/2005/Atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
# What each element is, by its name as lxml gives it; what is read otherwise, or not at all, is learned.
_ONCE = {
    **{
        f"{namespace}{tag}": field
        for namespace in ("", "{http://purl.org/rss/1.0/}", "{http://my.netscape.com/rdf/simple/0.9/}")
        for tag, field in (("title", "title"), ("link", "link"), ("description", "summary"))
    },
    "{http://purl.org/rss/1.0/modules/content/}encoded": "content",
    "pubDate": "published",
    f"{_ATOM}id": "id",
    f"{_ATOM}published": "published",
    f"{_ATOM}updated": "updated",
    f"{_DC}date": "updated",
    f"{_DC}language": "language",
    "{http://rssnamespace.org/feedburner/ext/1.0}origLink": "original",
}
_TYPED = {f"{_ATOM}title": "title", f"{_ATOM}summary": "summary", f"{_ATOM}content": "content"}
_CREATORS = frozenset({"author", f"{_DC}creator"})
_FILES = frozenset({"enclosure", f"{_MEDIA}content"})
_APART = frozenset({"source", "image"})  # of another feed, or of nobody
_SPECIAL = frozenset({
    "guid", f"{_ATOM}link", f"{_MEDIA}thumbnail", f"{_MEDIA}title", f"{_DC}title", *_APART, *_CREATORS,
})  # fmt: skip
_PLAIN_TYPES = frozenset({"text", "html", "text/html", "text/plain"})
_LINK_ATTRIBUTES = frozenset({"href", "rel", "type", "title", "hreflang", "length"})
_OTHER_ADDRESSES = frozenset({"url", "uri", "xml_base", "base", "xml_lang", "lang"})  # in a link's attributes
_PERSON = {f"{_ATOM}{part}" for part in ("name", "uri", "email")}
_PARTS_OF_PERSON = {f"{prefix}{part}" for prefix in ("", "itunes_") for part in ("name", "email")}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_TEXT_ATTRIBUTES = frozenset({"type", f"{_XML}base", f"{_XML}lang"})
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_UNREAD: set[str] = set()
_UNREAD_KEPT = 1_000


class _NotPlain(Exception):  # noqa: N818 - no error: the entry is read at length
    """The entry is not as plain as that."""


class PlainEntry:
    """What a plain entry says: ``texts`` by field, authors, files and whether there is a thumbnail."""

    __slots__ = (
        "_about", "_authors", "_bases", "_files", "_has_apart", "_has_media_title", "_has_thumbnail", "_language",
        "_page", "_permanent", "_texts",
    )  # fmt: skip

    def __init__(self, language: str | None, about: str) -> None:
        self._language = language
        self._about = about  # of RDF: a guid, where no other is given
        self._texts: dict[str, str | None] = {}
        self._page: str | None = None  # of Atom: the last address of a page
        self._permanent = True
        self._authors: list[str] = []
        self._bases: dict[str, str] = {}  # of texts, where they have their own
        self._files: list[Mapping[str, str]] = []
        self._has_thumbnail = self._has_media_title = self._has_apart = False

    @classmethod
    def of(cls, element: etree._Element, place: Place) -> Self | None:
        """Return the entry, or None when it is not plain."""
        keys = element.keys()
        if place.base or (keys and keys != [_ABOUT]):
            return None
        entry = cls(place.language, element.get(_ABOUT, "") if keys else "")
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
        told = "summary" if "summary" in self._texts else "content"
        markup = Markup(
            url,
            (said(told) or "", self._bases.get(told, "")),
            (content or "", self._bases.get("content", "")),
            frozenset(attached(self._files, thumbnail=self._has_thumbnail, video=False))
            if self._files or self._has_thumbnail
            else _NO_MEDIA,
            raw=True,
        )
        of_title = self._language if "title" in self._texts else None  # as the longer reader has it
        return FeedEntry(
            guid=guid(written if "guid" in self._texts or "id" in self._texts else self._about),
            link=safe_link(self._link(written), url),
            original_link=safe_link(_clean(said("original")), url) if "original" in self._texts else None,
            title=one_line(_clean(said("title"))),
            author=listed(self._authors) if self._authors else "",
            published_at=published or updated,
            updated_at=updated,
            language=language_tag(_clean(said("language")) or of_title) or feed_language,
            unread=markup,
        )

    def _link(self, written: str) -> str:
        if "link" in self._texts:
            return address_of(_clean(self._texts["link"]))
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
        self._check()

    def _read_other(self, tag: str, child: etree._Element) -> None:
        if tag in _TYPED:
            self._read_typed(_TYPED[tag], child)
        elif tag == f"{_ATOM}author":
            self._read_person(child)
        elif tag in _FILES:
            self._read_file(child)
        elif len(child):
            raise _NotPlain
        elif tag in _SPECIAL:
            self._read_special(tag, child)
        else:
            self._read_named(name_of(child), child)

    def _read_named(self, name: str, child: etree._Element) -> None:
        """Read an element whose namespace is misspelt, as it is in many feeds: its prefix tells."""
        if name in AUTHOR_NAMES:
            self._read_author(child)
        elif name == "content_encoded" and "content" not in self._texts and not child.keys():
            self._texts["content"] = child.text
        else:
            _learn(name, child)

    def _read_typed(self, field: str, child: etree._Element) -> None:
        keys = child.keys()
        if field in self._texts or len(child) or (keys and not self._is_plain_text(field, child)):
            raise _NotPlain
        self._texts[field] = child.text

    def _is_plain_text(self, field: str, child: etree._Element) -> bool:
        """Tell whether the attributes of a text are of the usual kinds, and note its base."""
        if child.get("type", "text").lower() not in _PLAIN_TYPES:
            return False
        keys = child.keys()
        if keys == ["type"]:
            return True
        self._bases[field] = base = child.get(f"{_XML}base", "")
        is_address = not base or (base.startswith(("http://", "https://")) and ":///" not in base)
        return field != "title" and is_address and _TEXT_ATTRIBUTES.issuperset(keys)

    def _read_special(self, tag: str, child: etree._Element) -> None:
        if tag == "guid":
            self._read_guid(child)
        elif tag == f"{_ATOM}link":
            self._read_link(child)
        elif tag == f"{_MEDIA}thumbnail":
            self._has_thumbnail = True
        elif tag == f"{_MEDIA}title":
            self._read_media_title(child)
        elif tag == f"{_DC}title":  # after a title it says nothing new
            if child.keys() or self._has_apart or not _clean(self._texts.get("title")):
                raise _NotPlain
        elif tag in _APART:
            self._has_apart = True
        else:
            self._read_author(child)

    def _read_author(self, child: etree._Element) -> None:
        author = _clean(child.text)
        if child.keys():
            raise _NotPlain
        try:
            self._authors.append(person_of(author))
        except Doubt:
            raise _NotPlain from None

    def _read_media_title(self, child: etree._Element) -> None:
        if child.get("type", "text").lower() not in _PLAIN_TYPES or child.get("mode"):
            raise _NotPlain
        self._has_media_title = True

    def _read_file(self, child: etree._Element) -> None:
        """Read a file beside the text, with what is said of it."""
        self._files.append(attributes_of(child))
        for part in child:
            if len(part):
                raise _NotPlain
            if part.tag == f"{_MEDIA}title":
                self._read_media_title(part)
            elif part.tag == f"{_MEDIA}thumbnail":
                self._has_thumbnail = True
            elif name_of(part) in READ_NAMES:
                raise _NotPlain

    def _read_guid(self, child: etree._Element) -> None:
        keys = child.keys()
        if "guid" in self._texts or (keys and keys != ["isPermaLink"]):
            raise _NotPlain
        self._permanent = child.get("isPermaLink", "true") == "true"
        self._texts["guid"] = child.text

    def _read_link(self, child: etree._Element) -> None:
        href, keys = child.get("href"), child.keys()
        if href is None or ":///" in href:
            raise _NotPlain
        if not _LINK_ATTRIBUTES.issuperset(keys):
            named = attributes_of(child)
            if len(named) < len(keys) or not _OTHER_ADDRESSES.isdisjoint(named):
                raise _NotPlain
        rel = child.get("rel", "alternate").lower()
        if rel == "enclosure":
            self._files.append(attributes_of(child))
        elif rel == "alternate" and full_type(child.get("type", "text/html").lower()) in HTML_TYPES:
            self._page = href

    def _read_person(self, child: etree._Element) -> None:
        """Read an Atom author, by name."""
        name = email = ""
        for part in child:
            if len(part) or (part.tail or "").strip() or len(part.text or "") > AUTHOR_LIMIT:
                raise _NotPlain
            if part.tag == f"{_ATOM}name":
                name = (part.text or "").strip()
            elif part.tag == f"{_ATOM}email":
                email = (part.text or "").strip()
            elif part.tag not in _PERSON and name_of(part) in READ_NAMES | _PARTS_OF_PERSON:
                raise _NotPlain
        if (email and not name) or not len(child) or (child.text or "").strip():
            raise _NotPlain
        self._authors.append(name)

    def _check(self) -> None:
        """Leave to the longer reader what it takes a rule to tell."""
        texts = self._texts
        link, written = texts.get("link") or "", texts.get("guid") or texts.get("id") or ""
        if ":///" in link or ":///" in written or ("guid" in texts and "id" in texts):
            raise _NotPlain
        # A file's title is the entry's where it has none of its own, or after what stands apart.
        if self._has_media_title and (self._has_apart or not _clean(texts.get("title"))):
            raise _NotPlain


_NO_MEDIA: frozenset[str] = frozenset()


def _learn(name: str, child: etree._Element) -> None:
    """Remember an element that nobody reads."""
    if name in READ_NAMES:
        raise _NotPlain
    if is_learned(child.tag) and len(_UNREAD) < _UNREAD_KEPT:
        _UNREAD.add(child.tag)


def _clean(text: str | None) -> str:
    return unmangled(text.strip()) if text else ""


def _instant(text: str | None) -> datetime | None:
    return instant(_clean(text)) if text else None
