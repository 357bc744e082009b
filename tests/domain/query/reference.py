"""The meaning of the query language, a second time: slow, naive, and sharing nothing with the engine.

Written from the language's page alone. Queries are plain tuples, so that not even the parser is shared (``spelling``
writes them as people would); documents are plain dicts of texts as published::

    ("term", text)  ("raw", text)  ("slop", text, n)  ("in", field, tree)  ("filter", name, values)
    ("near", left, right, n, ordered)  ("not", tree)  ("and", tree, …)  ("or", tree, …)

Where the page leaves a choice, the reading taken is marked "read as".
"""

import html
import re
import unicodedata
from functools import cache, lru_cache
from html.entities import html5
from itertools import product
from typing import Any, NamedTuple

Tree = tuple[Any, ...]
Doc = dict[str, Any]
Span = tuple[int, int]

FIELDS = ("title", "summary", "body", "author")
EMOJI = "👍❤🎉🇫🇷😀"  # those the tests use
_DROPPED = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a\u202c\u2066\u2069\u0640\ufe0e\ufe0f"
_SKIN_TONES = "🏻🏼🏽🏾🏿"
# Read as: a URL goes on to a space, an angle bracket or a quote, and holds one character at least after its head.
_URL = re.compile(r'(https?://|www\.)[^\s<>"“”„«»]+', re.IGNORECASE)
_ALONE = ("CJK UNIFIED IDEOGRAPH", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
_STRIPPED = (
    "COMBINING",
    "HEBREW POINT",
    *(f"ARABIC {name}" for name in ("FATHA", "DAMMA", "KASRA", "SHADDA", "SUKUN")),
)


# -- section 2: characters -------------------------------------------------------------------------------------


def clean(text: str, *, is_document: bool) -> str:
    """Return a text as the language sees it."""
    if is_document:
        text = re.sub(r"&(#?\w+);", _decoded, text)
    text = "".join(c for c in text if c not in _DROPPED + _SKIN_TONES)
    for wide, plain in (("™®©℠", " "), ("’ʼ‘`´′", "'"), ("\u2010\u2011", "-"), ("＃", "#"), ("＠", "@")):
        for character in wide:
            text = text.replace(character, plain)
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", text))


def _decoded(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]) if entity[1][0] == "#" else html5.get(f"{entity[1]};", entity[0])


@cache
def kind(character: str) -> str:
    """Return what a character is to the tokenizer: letter, digit, mark, alone, emoji, or nothing."""
    if character in EMOJI:
        return "emoji"
    category = unicodedata.category(character)
    if category[0] in "LMN" and unicodedata.name(character, "").removeprefix("HALFWIDTH ").startswith(_ALONE):
        return "alone"
    if category[0] == "L":
        return "letter"
    return {"Nd": "digit", "Mn": "mark", "Mc": "mark", "Me": "mark"}.get(category, "")


def is_word(character: str) -> bool:
    """Tell whether something may be glued to a character (read as: what stands alone, underscores too, glues not)."""
    return kind(character) in {"letter", "digit", "mark"}


@cache
def fold(token: str) -> str:
    """Return a token in the form that is compared."""
    folded = ""
    for character in unicodedata.normalize("NFKD", token).casefold():
        name = unicodedata.name(character, "")
        is_mark = unicodedata.category(character)[0] == "M"
        if not (is_mark and name.startswith(_STRIPPED) and "KANA" not in name):
            folded += character
    for letter, plain in zip("œæøđðłħıþ", ("oe", "ae", "o", "d", "d", "l", "h", "i", "th"), strict=True):
        folded = folded.replace(letter, plain)
    return "".join(c for c in unicodedata.normalize("NFC", folded) if kind(c) or c in "*?")


# -- section 3: tokens -----------------------------------------------------------------------------------------


class Position(NamedTuple):
    """One token: everything a term may call it (nothing, for a URL), and its characters in the cleaned text."""

    names: tuple[str, ...]
    start: int
    end: int


@lru_cache(maxsize=4096)
def positions(text: str, *, wildcards: bool = False) -> tuple[Position, ...]:
    """Return the tokens of a cleaned text, character by character; ``*`` and ``?`` make words in a query."""

    def joins(character: str) -> bool:
        return is_word(character) or (wildcards and character in "*?")

    found: list[Position] = []
    at = 0
    tag = ""
    while at < len(text):
        end = at + 1
        before = text[at - 1] if at else " "
        url = None if is_word(before) else _URL.match(text, at)
        if url:
            end = url.end()
            found.append(Position((), at, end))
        elif text[at] in "#@" and not is_word(before) and (written := _tag(text, at, joins)):
            tag = text[at] + "_".join(fold(part) for part in written.split("_"))
        elif joins(text[at]):
            while end < len(text) and joins(text[end]):
                end += 1
        if not url and (joins(text[at]) or kind(text[at])) and fold(text[at:end]):
            found.append(Position((fold(text[at:end]), tag) if tag else (fold(text[at:end]),), at, end))
            tag = ""
        at = end
    return tuple(found)


def _tag(text: str, at: int, joins: Any) -> str:
    """Return what follows a ``#`` or ``@`` when it makes a tag or a handle."""
    end = at + 1
    while end < len(text) and (text[end] == "_" or joins(text[end]) or kind(text[end]) == "alone"):
        end += 1
    written = text[at + 1 : end]
    return written if any(kind(c) in {"letter", "alone"} and c.isalpha() for c in written) else ""


# -- section 4: what matches -----------------------------------------------------------------------------------


def matches(tree: Tree, doc: Doc, field: str | None = None) -> bool:
    """Tell whether the document matches."""
    match tree:
        case ("and", *operands):
            return all(matches(operand, doc, field) for operand in operands)
        case ("or", *operands):
            return any(matches(operand, doc, field) for operand in operands)
        case ("not", operand):
            return not matches(operand, doc, field)
        case ("in", name, operand):
            return matches(operand, doc, name)
        case _:
            return _answers(tree, doc, field)


def _answers(tree: Tree, doc: Doc, field: str | None) -> bool:
    match tree:
        case ("filter", name, values):
            return any(_passes(name, value, doc) for value in values)
        case ("raw", text):  # one without a token stands nowhere among the tokens, and is found all the same
            return any(_raw(text, _text(doc, name)) for name in _names(field))
        case _:
            return any(occurrences(tree, _text(doc, name), name, field) for name in FIELDS)


def _names(field: str | None) -> tuple[str, ...]:
    return FIELDS[:3] if field in {None, "text"} else (str(field),)


def _text(doc: Doc, name: str) -> str:
    return clean(doc.get(name, ""), is_document=True)


def occurrences(tree: Tree, text: str, name: str, field: str | None) -> set[Span]:
    """Return the first and last position of everything the tree finds in the field called ``name``."""
    match tree:
        case ("in", inner, operand):
            return occurrences(operand, text, name, inner)
        case ("or", *operands):
            return set().union(*(occurrences(operand, text, name, field) for operand in operands))
        case ("near", left, right, distance, ordered):
            sides = (occurrences(side, text, name, field) for side in (left, right))
            return _near(*sides, distance, ordered=ordered)
        case _:
            return _found(tree, text) if name in _names(field) else set()


def _found(tree: Tree, text: str) -> set[Span]:
    there = positions(text)
    match tree:
        case ("term", phrase):
            wanted = _wanted(phrase)
            return {
                (start, start + len(wanted) - 1)
                for start in range(len(there) - len(wanted) + 1)
                if all(_says(word, there[start + offset]) for offset, word in enumerate(wanted))
            }
        case ("slop", phrase, distance):
            wanted = _wanted(phrase)
            places = [[at for at, each in enumerate(there) if _says(word, each)] for word in wanted]
            chosen = [choice for choice in product(*places) if len(set(choice)) == len(choice)]
            spans = {(min(choice), max(choice)) for choice in chosen}
            return {(first, last) for first, last in spans if last - first + 1 - len(wanted) <= distance}
        case ("raw", wanted):
            return {_touched(start, start + len(wanted), there) for start in _raw(wanted, text)}
    raise AssertionError(tree)


def _wanted(phrase: str) -> list[str]:
    found = positions(clean(phrase, is_document=False), wildcards=True)
    return [position.names[-1] for position in found]


def _says(wanted: str, position: Position) -> bool:
    pattern = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in wanted)
    return any(re.fullmatch(pattern, name) for name in position.names)


def _raw(wanted: str, text: str) -> list[int]:
    wanted = clean(wanted, is_document=False)
    urls = [(each.start, each.end) for each in positions(text) if not each.names]
    found = []
    for start in range(len(text) - len(wanted) + 1):
        end = start + len(wanted)
        glued = (is_word(wanted[0]) and start > 0 and is_word(text[start - 1])) or (
            is_word(wanted[-1]) and end < len(text) and is_word(text[end])
        )
        inside = any(start < stop and begin < end for begin, stop in urls)
        if text[start:end] == wanted and not glued and not inside:
            found.append(start)
    return found


def _touched(start: int, end: int, there: tuple[Position, ...]) -> Span:
    touched = [at for at, each in enumerate(there) if each.start < end and start < each.end]
    return touched[0], touched[-1]


def _near(left: set[Span], right: set[Span], distance: int, *, ordered: bool) -> set[Span]:
    pairs = [(a, b) for a in left for b in right]
    if not ordered:
        pairs += [(b, a) for a, b in pairs]
    return {(a[0], b[1]) for a, b in pairs if 0 <= b[0] - a[1] - 1 <= distance}


def _passes(name: str, value: str, doc: Doc) -> bool:
    match name:
        case "site":
            publisher = doc.get("site")
            return _is_under(f"https://{publisher}" if publisher else doc.get("url", ""), value)
        case "links":
            return any(_is_under(link, value) for link in doc.get("links", ()))
        case "lang":
            return (doc.get("lang") or "").lower().split("-")[0] == value.lower()
        case "has":
            return value.lower() in doc.get("has", ()) or (value.lower() == "link" and bool(doc.get("links")))
        case _:
            return bool(doc.get(name, "").lower() == value.lower())


def _is_under(url: str, parent: str) -> bool:
    found = re.match(r"\w+://(?:[^/@]*@)?(?:www\.)?([^/:?#]*)", url.lower())
    return found is not None and f".{found[1]}".endswith("." + parent.lower().removeprefix("www."))
