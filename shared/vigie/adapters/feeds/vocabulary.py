"""What elements and attributes of feeds are called, whatever their namespaces' prefixes, and where they stand."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.sax.saxutils import escape, quoteattr

from lxml import etree


class Doubt(Exception):  # noqa: N818 - no error: the feed is read by the tolerant reader instead
    """The fast reader is not sure to read this as the tolerant one does."""


# "" holds the elements of RSS and Atom of every version. A namespace that is not here keeps the prefix that the
# document gives it, and none when it gives none: feeds misspell these addresses.
_PREFIXES = {
    "": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://purl.org/atom/ns#": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/dc/elements/1.1/": "dc_",
    "http://purl.org/dc/terms/": "dcterms_",
    "http://purl.org/rss/1.0/modules/content/": "content_",
    "http://search.yahoo.com/mrss": "media_",
    "http://search.yahoo.com/mrss/": "media_",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes_",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner_",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf_",
    "http://www.w3.org/1999/xhtml": "xhtml_",
    "http://www.w3.org/xml/1998/namespace": "xml_",
}
_NONE: Mapping[str, str] = {}
_NAMES: dict[str, str] = {}
_ATTRIBUTES: dict[str | bytes, str] = {}
_NAMES_KEPT = 2_000

# Windows-1252 in what is said to be ISO 8859-1: a browser reads the former.
_WINDOWS_1252 = {
    code: character for code in range(0x80, 0xA0) if (character := bytes([code]).decode("cp1252", "ignore"))
}
_C1_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_SHORT_TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "html": "text/html",
    "xhtml": "application/xhtml+xml",
}

# Joining such an address with a base gives it back.
_ABSOLUTE = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*/(?:[a-zA-Z0-9_~%&=+,:@!$*()-]|\.(?!\.?(?:/|\Z))|/(?!/))*"
)

_AMPERSAND_TAKEN_FOR_ENTITY = re.compile("&([A-Za-z0-9_]+);")


def name_of(element: etree._Element) -> str:
    """Return an element's name in lower case with the usual prefix: ``title``, ``dc_creator``, ``rdf_rdf``."""
    return _NAMES.get(element.tag) or _learn(element)


def is_learned(tag: str) -> bool:
    """Tell whether an element's name depends on nothing but ``tag``, as lxml gives it."""
    return tag in _NAMES


def _learn(element: etree._Element) -> str:
    namespace, _, local = element.tag.rpartition("}")
    prefix = _PREFIXES.get(namespace[1:].lower())
    if prefix is None:
        return f"{element.prefix}_{local}".lower() if element.prefix else local.lower()
    name = prefix + local.lower()
    if len(_NAMES) < _NAMES_KEPT:
        _NAMES[element.tag] = name
    return name


def attributes_of(element: etree._Element) -> Mapping[str, str]:
    """Return the attributes by names in lower case; ``rel`` and ``type`` have values in lower case too."""
    items = element.items()
    if not items:
        return _NONE
    found: dict[str, str] = {}
    for key, value in items:
        name = _ATTRIBUTES.get(key) or _learn_attribute(str(key))
        found[name] = str(value).lower() if name in {"rel", "type"} else str(value)
    return found


def _learn_attribute(key: str) -> str:
    namespace, _, local = key.rpartition("}")
    name = _PREFIXES.get(namespace[1:].lower(), "") + local.lower()
    if len(_ATTRIBUTES) < _NAMES_KEPT:
        _ATTRIBUTES[key] = name
    return name


@dataclass(frozen=True, slots=True)
class Place:
    """What an element inherits: the base of its relative links (RFC 3986 §5.1.1) and its language."""

    base: str = ""
    language: str | None = None

    def inside(self, attributes: Mapping[str, str]) -> "Place":
        """Return the place of an element that stands here with these attributes."""
        if not attributes:
            return self
        base = attributes.get("xml_base", attributes.get("base"))
        language = attributes.get("xml_lang", attributes.get("lang"))
        if base is None and language is None:
            return self
        language = self.language if language is None else language.replace("_", "-") or None
        return Place(self._based(base) if base else self.base, language)

    def resolve(self, link: str) -> str:
        """Return a link of an element that stands here, absolute when there is a base."""
        if ":///" in link:
            raise Doubt("a link with too many slashes")
        return link if not self.base or _ABSOLUTE.fullmatch(link) else urljoin(self.base, link)

    def _based(self, base: str) -> str:
        joined = self.resolve(base)
        if not joined.startswith(("http://", "https://")):
            raise Doubt("a base that is no address")
        return joined


def text_of(element: etree._Element) -> str:
    """Return the text of an element that must hold nothing else."""
    if len(element):
        raise Doubt(f"markup in {name_of(element)}")
    return unmangled((element.text or "").strip())


def unmangled(text: str) -> str:
    """Undo the two commonest accidents of charsets: UTF-8 encoded twice, Windows-1252 called ISO 8859-1."""
    if text.isascii():
        return text
    try:
        text = text.encode("latin-1").decode("utf-8")
    except UnicodeError:  # as it should be, and then some C1 controls are the second accident
        return text.translate(_WINDOWS_1252) if _C1_CONTROL.search(text.encode()) else text
    return text.translate(_WINDOWS_1252) if _C1_CONTROL.search(text.encode()) else text


def markup_in(element: etree._Element, default_type: str, place: Place) -> tuple[str, str, Place]:
    """Return the markup in an element that may hold some, its media type and its place (Atom: RFC 4287 §3.1)."""
    attributes = attributes_of(element)
    media_type = full_type(attributes.get("type", default_type))
    is_text = media_type.startswith("text/") or media_type.endswith(("+xml", "/xml"))
    if not is_text or attributes.get("mode") == "base64":
        raise Doubt(f"something else than text in {name_of(element)}")
    if media_type == "application/xhtml+xml":
        markup = _xhtml_in(element)
    elif len(element):
        raise Doubt(f"markup in {name_of(element)}")
    else:
        markup = element.text or ""
    return unmangled(markup.strip()), media_type, place.inside(attributes)


def _xhtml_in(element: etree._Element) -> str:
    """Return what is in an element that holds XHTML, as HTML: no prefixes, every element closed by its tag."""
    pieces = [escape(element.text or "")]
    for child in element:
        name = name_of(child)
        if not name.startswith("xhtml_") or name == "xhtml_body":
            raise Doubt(f"{name} in the midst of XHTML")
        tag = name.removeprefix("xhtml_")
        written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes_of(child).items())
        pieces += [f"<{tag}{written}>", _xhtml_in(child), f"</{tag}>", escape(child.tail or "")]
    return "".join(pieces)


def expect_none_of(names: Container[str], element: etree._Element) -> None:
    """Raise Doubt when an element that is not read has one of these names deep inside."""
    if len(element):
        for descendant in element.iterdescendants(etree.Element):
            if name_of(descendant) in names:
                raise Doubt(f"{name_of(descendant)} inside {name_of(element)}")


def link_of(
    element: etree._Element, attributes: Mapping[str, str], place: Place, known: str | None
) -> str | None:
    """Return the page's address once this ``link`` element is read: a page's own, or what was known before."""
    place = place.inside(attributes)
    # RSS-like extensions write the address in any of these.
    href = attributes.get("url", attributes.get("uri", attributes.get("href"))) or attributes.get("href")
    if href is None:
        return address_of(place.resolve(text_of(element)))
    media_type = attributes.get("type", "text/html")
    is_page = attributes.get("rel", "alternate") == "alternate" and full_type(media_type) in HTML_TYPES
    return place.resolve(href) if is_page else known


def address_of(written: str) -> str:
    """Return the address that a link's text stands for: ampersands are escaped twice, or taken for entities."""
    if "&" not in written:
        return written
    return _AMPERSAND_TAKEN_FOR_ENTITY.sub(r"&\1", written.replace("&amp;", "&"))


def full_type(written: str) -> str:
    """Return the media type that Atom's short names stand for."""
    return _SHORT_TYPES.get(written, written)
