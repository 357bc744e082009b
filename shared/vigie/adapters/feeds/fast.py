"""Read well-formed RSS, RDF and Atom quickly, and doubt the rest.

The rule: what is read here is what the tolerant reader would have read. Whatever is not sure to be (markup where
text belongs, elements nested where none is expected, entities of the document's own) raises Doubt.
"""

import re
from functools import partial

from lxml import etree

from vigie.adapters.feeds.fast_entry import FastEntry
from vigie.adapters.feeds.plain_entry import PlainEntry
from vigie.adapters.feeds.repair import parts
from vigie.adapters.feeds.text import language_tag, one_line, safe_link
from vigie.adapters.feeds.vocabulary import (
    Doubt,
    Place,
    attributes_of,
    expect_none_of,
    link_of,
    markup_in,
    name_of,
    text_of,
)
from vigie.domain.feeds import ParsedFeed

_ENTRIES = frozenset({"item", "entry"})
_ENTRY_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_TITLES = frozenset({"title", "dc_title", "media_title"})
_LANGUAGES = frozenset({"language", "dc_language"})
_READ = _ENTRIES | _TITLES | _LANGUAGES | {"link", "guid", "id", "channel", "feed", "rss"}
# What these hold is about something else than the feed.
_APART = frozenset({
    "image", "textinput", "author", "contributor", "managingeditor", "dc_creator", "itunes_author", "itunes_owner",
})  # fmt: skip

_PARSER = partial(
    etree.XMLParser,
    encoding="utf-8",
    recover=False,
    resolve_entities=False,
    no_network=True,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)
# Blanks between elements mean something in XHTML only, and take a quarter of the time of a tree. With a DTD their
# meaning would be asked of it, and it is not fetched.
# Not collecting ids spares their table, but makes lxml ask for the DTD.
_WITH_BLANKS, _WITHOUT_BLANKS = _PARSER(), _PARSER(remove_blank_text=True, collect_ids=False)


def read_fast(document: bytes, url: str) -> ParsedFeed:
    """Read a feed in UTF-8. Raises XMLSyntaxError when it is not well-formed, and Doubt."""
    root = _parse(document)
    feed = _FeedReader()
    feed.read(root)
    # The tree's count is quick; the other counts every spelling, which only a document that differs needs.
    if _count_usual(root) != len(feed.entries) and _count_entries(document) != len(feed.entries):
        raise Doubt("entries where none are read")
    return feed.finish(url)


def _count_entries(document: bytes) -> int:
    """Count what is written as an entry, wherever it is, outside CDATA and comments."""
    return sum(len(_ENTRY_TAG.findall(part)) for is_markup, part in parts(document) if is_markup)


def _count_usual(root: etree._Element) -> int:
    """Count the elements named as entries usually are, wherever they are."""
    return sum(1 for _ in root.iter("{*}item", "{*}entry"))


def _parse(document: bytes) -> etree._Element:
    mixed = b"xhtml" in document or b"<!DOCTYPE" in document
    root = etree.fromstring(document, _WITH_BLANKS if mixed else _WITHOUT_BLANKS)
    if root.getroottree().docinfo.internalDTD is not None:
        if b"<!ENTITY" in document:
            raise Doubt("entities of the document's own")
        # With the address of a DTD, which nobody fetches, an unknown entity is well-formed, and would be left out.
        if next(root.iter(etree.Entity), None) is not None:
            raise Doubt("an entity that only a DTD knows")
    return root


def _entry(element: etree._Element, place: Place) -> FastEntry | PlainEntry:
    return PlainEntry.of(element, place) or FastEntry(element, place)


class _FeedReader:
    """Reads a document element by element, in the order in which it is written."""

    def __init__(self) -> None:
        self.entries: list[FastEntry | PlainEntry] = []
        self._title = ""
        self._link: str | None = None
        self._language: str | None = None
        self._found = False

    def read(self, root: etree._Element) -> None:
        """Read the whole document from its root."""
        name = name_of(root)
        place = Place().inside(attributes_of(root))
        if name == "feed":
            self._language = place.language
            self._read_feed(root, place)
        elif name in {"rss", "rdf_rdf"}:
            self._language = place.language if name == "rss" else None
            self._read_root(root, place)
        else:
            raise Doubt(f"a document of {name}")
        if not self._found:
            raise Doubt("no channel")

    def finish(self, url: str) -> ParsedFeed:
        """Return the feed that is at ``url``."""
        language = language_tag(self._language)
        return ParsedFeed(
            title=one_line(self._title),
            language=language,
            entries=tuple(entry.finish(url, language) for entry in self.entries),
            site_url=safe_link(self._link or "", url),
        )

    def _read_root(self, root: etree._Element, place: Place) -> None:
        for child in root:
            name = name_of(child)
            if name == "channel":
                self._read_feed(child, place)
            elif name == "item":
                self.entries.append(_entry(child, place))
            elif name not in _APART:
                expect_none_of(_READ, child)

    def _read_feed(self, feed: etree._Element, place: Place) -> None:
        if self._found:
            raise Doubt("a second channel")
        self._found = True
        attributes = attributes_of(feed)
        if attributes.keys() & {"href", "lastmod"}:
            raise Doubt("a feed of the Channel Definition Format")
        place = place.inside(attributes)
        for child in feed:
            name = name_of(child)
            if name in _ENTRIES:
                self.entries.append(_entry(child, place))
            elif name in _READ:
                self._read_field(name, child, place)
            elif name not in _APART:
                expect_none_of(_READ, child)

    def _read_field(self, name: str, element: etree._Element, place: Place) -> None:
        if name == "link":
            self._link = link_of(element, attributes_of(element), place, self._link)
            return
        if name in _TITLES:
            self._read_title(markup_in(element, "text/plain", place)[0])
            return
        text = text_of(element)
        if name in _LANGUAGES:
            self._language = text
        elif name in {"guid", "id"}:
            if self._link is None and attributes_of(element).get("ispermalink", "true") == "true":
                self._link = place.inside(attributes_of(element)).resolve(text)
        else:
            raise Doubt(f"{name} in a feed")

    def _read_title(self, title: str) -> None:
        if self._title and self._title != title:
            raise Doubt("two titles of a feed")
        self._title = title
