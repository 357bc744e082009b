"""Read markup that is so plain that no browser would read it otherwise, without building a tree.

Plain is: tags of known elements only, every quote closed, no "<" that is not a tag's, and nothing in what a browser
runs or hides but text. On such markup this gives what ``nh3`` would; for any other it gives nothing.
"""

import re
from itertools import repeat
from typing import NamedTuple

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tr", "ul",
})  # fmt: skip
CELLS = frozenset({"td", "th"})
CARRIERS = {"a": {"href"}, "img": {"src", "width", "height"}, "iframe": {"src"}, "video": {"src"}}
DROPPED_WITH_CONTENT = frozenset({"script", "style", "template"})

# Stands for an end of line until the entities are decoded, one of which may be an end of line and then is a space.
NEW_LINE = "\x1e"

_INLINE = frozenset({
    "a", "abbr", "audio", "b", "bdi", "big", "button", "cite", "code", "col", "colgroup", "del", "dfn", "em", "font",
    "i", "img", "input", "ins", "kbd", "label", "link", "mark", "meta", "object", "param", "picture", "q", "s",
    "small", "source", "span", "strike", "strong", "sub", "sup", "tbody", "tfoot", "thead", "time", "tt", "u", "var",
    "video", "wbr",
})  # fmt: skip
# Drawings and formulas: nothing of them is shown but their text, which is all they are read for.
_DRAWN = frozenset({
    "circle", "defs", "ellipse", "g", "line", "lineargradient", "math", "mfrac", "mi", "mn", "mo", "mrow", "msqrt",
    "msub", "msup", "mtext", "path", "polygon", "polyline", "radialgradient", "rect", "stop", "svg", "symbol", "text",
    "tspan", "use",
})  # fmt: skip
# Only text may stand in these: it is not shown. Anything else in them is read differently here and there.
_UNSHOWN = frozenset({"script", "style", "iframe"})

SEPARATORS = {
    f"{slash}{name}": separator
    for names, separator in ((BLOCKS, NEW_LINE), (CELLS, " "), (_INLINE | _DRAWN, ""))
    for name in names
    for slash in ("", "/")
} | {f"/{name}": "" for name in _UNSHOWN}
# Most tags are without attributes: what stands between "<" and ">", as people write it.
_BARE = {
    written: separator
    for tag, separator in SEPARATORS.items()
    if tag not in {"img", "video"}  # which carry something even so
    for written in (tag, tag.upper(), f"{tag}/", f"{tag} /")
}
_NOT_BARE = "<"
_PIECE = re.compile("<([^>]*)>")
# No part can be read in two ways: no backtracking. A value without quotes holds none.
_TAG = re.compile(
    r"""(/?[a-zA-Z][a-zA-Z0-9]*)"""
    r"""([ /][^"'=<]*+(?:= *+(?:"[^"<]*+"|'[^'<]*+'|[^ "'<][^ "'<]*+(?= |$)|$)[^"'=<]*+)*+)?"""
)
_MAY_HIDE = re.compile("<(?:script|style|iframe)", re.IGNORECASE)
# A comment that ends where everybody sees it end.
_COMMENT = re.compile(r"<!--(?!-?>)[^-]*+(?:-(?!-)[^-]*+)*+-->")


class PlainMarkup(NamedTuple):
    """What plain markup says: text with ``NEW_LINE`` where lines end, and its ``CARRIERS`` with their attributes."""

    text: str
    carriers: list[tuple[str, str]]


def without_comments(markup: str) -> str:
    """Return markup without its comments, where none can be anything else (script, text of a frame)."""
    return markup if "<!--" not in markup or _MAY_HIDE.search(markup) else _COMMENT.sub("", markup)


def read_plainly(markup: str) -> PlainMarkup | None:
    """Read markup that is on one line, or return None when it is not plain."""
    if markup.rfind("<") > markup.rfind(">"):
        return None  # and every "<" below finds its ">": one pass
    pieces = _PIECE.split(markup)  # text, tag, text, tag… text
    separators = list(map(_BARE.get, pieces[1::2], repeat(_NOT_BARE)))
    carriers: list[tuple[str, str]] = []
    known: dict[str, str] = {}
    for number, separator in enumerate(separators):
        if separator is _NOT_BARE:
            at = 2 * number + 1
            found = known.get(pieces[at])
            if found is None:
                found = _separator(pieces, at, known, carriers)
                if found is None:
                    return None
            separators[number] = found
    pieces[1::2] = separators
    text = "".join(pieces)
    return None if "<" in text else PlainMarkup(text, carriers)


def _separator(
    pieces: list[str], at: int, known: dict[str, str], carriers: list[tuple[str, str]]
) -> str | None:
    """Return what a tag puts between texts, or None when it is not plain; note it, and what it carries."""
    tag = _TAG.fullmatch(pieces[at])
    name = tag[1].lower() if tag else ""
    if tag and name in CARRIERS:
        carriers.append((name, tag[2] or ""))
    if name in _UNSHOWN:
        return "" if _hide(pieces, at + 1, name) else None
    if name in SEPARATORS:
        known[pieces[at]] = SEPARATORS[name]
    return SEPARATORS.get(name)


def _hide(pieces: list[str], at: int, name: str) -> bool:
    """Take out what an element holds, and tell whether it was only text."""
    ends = len(pieces) > at + 1 and pieces[at + 1].lower() == f"/{name}"
    if not ends or "<" in pieces[at] or (name == "iframe" and pieces[at].strip()):
        return False
    pieces[at] = ""
    return True
