"""From the markup of strangers to plain text, safe links and what is carried along.

Every reader of feeds ends here, so that a document holds no markup whichever way it came. ``nh3`` parses as
a browser does and drops what a browser would run; what it leaves is small, and read tag by tag.
"""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import nh3

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_CARRIERS = {"a": {"href"}, "img": {"src", "width", "height"}, "iframe": {"src"}, "video": {"src"}}
_DROPPED_WITH_CONTENT = {"script", "style", "template"}

_CLEANER = nh3.Cleaner(
    tags={*_BLOCKS, *_CELLS, *_CARRIERS},
    attributes=_CARRIERS,
    clean_content_tags=_DROPPED_WITH_CONTENT,
    link_rel=None,
    strip_comments=True,
)

# Controls, the byte order mark, non-characters, and the lone surrogates that JSON can smuggle in.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\r\n\f]+")
# Something in angle brackets, without attributes, that is no HTML element: a title may say « <Paris> ».
_BRACKETED = re.compile(r"<([^<>=\"'/&]{1,60})>")
_HTML_ELEMENTS = nh3.ALLOWED_TAGS | {
    *_BLOCKS, *_CELLS, *_CARRIERS, *_DROPPED_WITH_CONTENT,
    "audio", "base", "big", "blink", "body", "button", "canvas", "embed", "font", "frame", "frameset", "head",
    "html", "input", "label", "link", "marquee", "math", "meta", "noscript", "object", "option", "param",
    "picture", "select", "source", "svg", "textarea", "title", "track", "xml",
}  # fmt: skip

_VIDEO_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "dailymotion.com")
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


def read_markup(markup: str, base: str = "") -> Reading:
    """Read HTML as a person would: blocks become lines, entities are decoded once, scripts are not there.

    Links are resolved against ``base``; at most 100 are kept, without repetition.
    """
    markup = _NOT_TEXT.sub("", markup)
    treeable = markup.count("<") <= _TAGS_WORTH_A_TREE
    # "<![" is what the tokenizer of Python does not survive; nh3 leaves none.
    markup = _CLEANER.clean(markup) if treeable else markup.replace("<![", "&lt;![")
    page = _Page(base)
    page.feed(_SPACES.sub(" ", markup))
    page.close()
    text = tidy("".join(page.pieces))
    return Reading(text, tuple(page.links)[:_LINKS_PER_TEXT], frozenset(page.media))


class _Page(HTMLParser):
    """Collects what a page says, tag after tag."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.links: dict[str, None] = {}
        self.media: set[str] = set()
        self._base = base
        self._dropping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._dropping += tag in _DROPPED_WITH_CONTENT
        self._separate(tag)
        if tag in _CARRIERS:
            attributes = {name: value or "" for name, value in attrs}
            if tag == "a" and (link := safe_link(attributes.get("href", ""), self._base)):
                self.links[link] = None
            self.media |= _carried(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED_WITH_CONTENT and self._dropping:
            self._dropping -= 1
        self._separate(tag)

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.pieces.append(data)

    def _separate(self, tag: str) -> None:
        if tag in _BLOCKS or tag in _CELLS:
            self.pieces.append("\n" if tag in _BLOCKS else " ")


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
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in _NOT_TEXT.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)


def opaque(identifier: str) -> str | None:
    """Return an identifier as written, only without blanks around it and controls; None when that is nothing."""
    return _NOT_TEXT.sub("", identifier).strip() or None


def language_tag(tag: str | None) -> str | None:
    """Return a language tag when it has the form of one (RFC 5646)."""
    return tag if tag and re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}", tag) else None


def safe_link(link: str, base: str = "") -> str | None:
    """Return an http(s) link, resolved against ``base``, or None for any other scheme and for nonsense.

    Without a base a relative link stays relative.
    """
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
        return resolved if parts.hostname else None
    return resolved if not parts.scheme and not base else None


def video_host(link: str) -> bool:
    """Tell whether a link leads to a site whose pages and frames are videos."""
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return False
    return any(host == known or host.endswith(f".{known}") for known in _VIDEO_HOSTS)


def _carried(name: str, attributes: dict[str, str]) -> set[str]:
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
