"""From the markup of strangers to plain text, safe links and what is carried along.

Every reader of feeds ends here, so that a document holds no markup whichever way it came. ``nh3`` parses as
a browser does and drops what a browser would run; what it leaves is small, and read tag by tag. Markup that is so
plain that nothing would be dropped is read at once.
"""

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import nh3

from vigie.adapters.feeds.tags import (
    BLOCKS,
    CARRIERS,
    CELLS,
    DROPPED_WITH_CONTENT,
    NEW_LINE,
    SEPARATORS,
    read_plainly,
    without_comments,
)

_CLEANER = nh3.Cleaner(
    tags={*BLOCKS, *CELLS, *CARRIERS},
    attributes=CARRIERS,
    clean_content_tags=set(DROPPED_WITH_CONTENT),
    link_rel=None,
    strip_comments=True,
)

# Controls, the byte order mark, non-characters, and the lone surrogates that JSON can smuggle in.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile("  +")
# Something in angle brackets, without attributes, that is no HTML element: a title may say « <Paris> ».
_BRACKETED = re.compile(r"<([^<>=\"'/&]{1,60})>")
_HTML_ELEMENTS = nh3.ALLOWED_TAGS | {
    *BLOCKS, *CELLS, *CARRIERS, *DROPPED_WITH_CONTENT,
    "audio", "base", "big", "blink", "body", "button", "canvas", "embed", "font", "frame", "frameset", "head",
    "html", "input", "label", "link", "marquee", "math", "meta", "noscript", "object", "option", "param",
    "picture", "select", "source", "svg", "textarea", "title", "track", "xml",
}  # fmt: skip

# A tag ends at the first ">" that is not in a quoted value. No part can be read in two ways, and none outside quotes
# goes past the next "<": no backtracking.
_TAG = re.compile(r"""<(/?[a-zA-Z][a-zA-Z0-9]*)(?=[ />])((?:[^<>=]++|= *"[^"]*"|= *'[^']*'|=)*+)>""")
_VALUE = r""" *= *(?:"([^"]*)"|'([^']*)'|([^ "'>]+))"""
_HREF = re.compile(rf"""(?<![^ "'/])(href){_VALUE}""", re.IGNORECASE)
_SOURCE_OR_SIZE = re.compile(rf"""(?<![^ "'/])(src|width|height){_VALUE}""", re.IGNORECASE)
# What a browser does not show; nh3 leaves none of it.
_UNREAD = re.compile(
    r"<!--.*?(?:-->|\Z)|<![^>]*>?|<(script|style|template)\b[^<>]*>.*?(?:</\1\b[^>]*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)

# What ``html.unescape`` looks for. Its answers are kept: feeds write the same few references again and again.
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
_CHARACTERS: dict[str, str] = {}
_CHARACTERS_KEPT = 2_000

_PLAIN_LINK = re.compile(r"https?://[a-zA-Z0-9][a-zA-Z0-9.-]*(?:/[!-~]*)?")
_VIDEO_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "dailymotion.com")
_MAYBE_VIDEO = re.compile("(?:youtu|vimeo|dailymotion)", re.IGNORECASE)
_LINKS_PER_TEXT = 100

# The tree a browser builds can be quadratic: 3,000 unclosed <font> and as many <p> take nh3 16 s, in native code
# that no time box interrupts. Up to this many tags it is harmless; a longer text is read without a tree.
_TAGS_WORTH_A_TREE = 1_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of markup says: its text, its outgoing links in order, and the media it carries."""

    text: str = ""
    links: tuple[str, ...] = ()
    media: frozenset[str] = frozenset()


_NOTHING = Reading()
_NO_MEDIA: frozenset[str] = frozenset()


def read_markup(markup: str, base: str = "") -> Reading:
    """Read HTML as a person would: blocks become lines, entities are decoded once, scripts are not there.

    Links are resolved against ``base``; at most 100 are kept, without repetition.
    """
    markup = _on_one_line(markup).replace(NEW_LINE, "")
    if "<" not in markup:
        return Reading(_lines(markup)) if markup else _NOTHING
    markup = without_comments(markup)
    text, carriers = read_plainly(markup) or _read_cleaned(markup)
    links, media = _carried(carriers, base) if carriers else ((), _NO_MEDIA)
    return Reading(_lines(text), links, media)


def _read_cleaned(markup: str) -> tuple[str, list[tuple[str, str]]]:
    """Read markup once all that is not read is taken out; give what ``read_plainly`` does."""
    markup = _NOT_TEXT.sub("", markup)
    treeable = markup.count("<") <= _TAGS_WORTH_A_TREE
    cleaned = _on_one_line(_CLEANER.clean(markup) if treeable else _UNREAD.sub("", markup))
    parts = _TAG.split(cleaned)  # text, tag, what is written in it, text, tag…
    tags = [tag.lower() for tag in parts[1::3]]
    carriers = [pair for pair in zip(tags, parts[2::3], strict=True) if pair[0] in CARRIERS]
    parts[1::3] = [SEPARATORS.get(tag, "") for tag in tags]
    parts[2::3] = [""] * len(tags)
    return "".join(parts), carriers


def _on_one_line(markup: str) -> str:
    return markup.replace("\t", " ").replace("\r", " ").replace("\n", " ")


def _lines(text: str) -> str:
    """Return text with its entities decoded, one of which may be an end of line and then is a space."""
    if "&" in text:
        text = _on_one_line(_REFERENCE.sub(_character, text))
    return tidy(text.replace(NEW_LINE, "\n"))


def _character(reference: re.Match[str]) -> str:
    written = reference[0]
    known = _CHARACTERS.get(written)
    if known is None:
        known = html.unescape(written)
        if len(_CHARACTERS) < _CHARACTERS_KEPT:
            _CHARACTERS[written] = known
    return known


def _carried(carriers: list[tuple[str, str]], base: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the links and the media of elements, each with the attributes written in it."""
    links: dict[str, None] = {}
    media: set[str] = set()
    for name, inside in carriers:
        if name == "a":
            if (href := _HREF.search(inside)) and (link := safe_link(_value(href), base)):
                links[link] = None
        elif not (name == "img" and "image" in media):
            media |= _shown(
                name, {size[1].lower(): _value(size) for size in _SOURCE_OR_SIZE.finditer(inside)}
            )
    return tuple(links)[:_LINKS_PER_TEXT], frozenset(media) if media else _NO_MEDIA


def _value(attribute: re.Match[str]) -> str:
    return html.unescape(attribute[2] or attribute[3] or attribute[4] or "")


def one_line(markup: str) -> str:
    """Return a title or a name as one line of plain text, markup and controls taken out."""
    if "<" in markup:
        markup = _BRACKETED.sub(_escape_unless_html, markup)
    text = read_markup(markup).text if "<" in markup or "&" in markup else tidy(markup)
    return text.replace("\n", " ")


def plain_lines(text: str) -> str:
    """Return a text that claims to be plain with its lines kept, and without the markup some put there."""
    return read_markup(text.replace("\n", "<br>")).text if "<" in text else tidy(text)


def tidy(text: str) -> str:
    """Take out controls, blank lines and doubled spaces; no-break spaces are French and stay."""
    # Ends of lines and no-break spaces alone keep most French texts from being printable.
    if not text.isprintable() and not text.replace("\n", " ").replace("\u00a0", " ").isprintable():
        text = _NOT_TEXT.sub("", text).replace("\t", " ")
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if "\n" not in text:
        return text.strip()
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))


def opaque(identifier: str) -> str | None:
    """Return an identifier as written, only without blanks around it and controls; None when that is nothing."""
    return (identifier if identifier.isprintable() else _NOT_TEXT.sub("", identifier)).strip() or None


@lru_cache(500)
def language_tag(tag: str | None) -> str | None:
    """Return a language tag when it has the form of one (RFC 5646)."""
    return tag if tag and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}", tag) else None


def safe_link(link: str, base: str = "") -> str | None:
    """Return an http(s) link, resolved against ``base``, or None for any other scheme and for nonsense.

    Without a base a relative link stays relative.
    """
    if _PLAIN_LINK.fullmatch(link):
        return link
    link = _NOT_TEXT.sub("", link).strip()
    # Browsers ignore these inside an address: "java\nscript:" is what they would run.
    link = re.sub(r"[\t\n]", "", link)
    if not link:
        return None
    try:
        resolved = link if re.match(r"(?i)https?://", link) else urljoin(base, link)
        parts = urlsplit(resolved)
    except ValueError:
        return None
    if parts.scheme in {"http", "https"}:
        return resolved if parts.hostname and " " not in parts.hostname else None
    return resolved if not parts.scheme and not base else None


def video_host(link: str) -> bool:
    """Tell whether a link leads to a site whose pages and frames are videos."""
    if not _MAYBE_VIDEO.search(link):
        return False
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return False
    return any(host == known or host.endswith(f".{known}") for known in _VIDEO_HOSTS)


def _shown(name: str, attributes: dict[str, str]) -> set[str]:
    if name == "img":
        pixel = attributes.get("width") in {"0", "1"} or attributes.get("height") in {"0", "1"}
        return set() if pixel else {"image"}  # a pixel counts readers, it shows nothing
    if name == "video" or (name == "iframe" and video_host(attributes.get("src", ""))):
        return {"video"}
    return set()


def _escape_unless_html(bracketed: re.Match[str]) -> str:
    words = bracketed[1].split()
    is_html = bool(words) and words[0].lower() in _HTML_ELEMENTS
    return bracketed[0] if is_html or bracketed[1].startswith("!") else html.escape(bracketed[0])
