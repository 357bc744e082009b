"""The words two documents are compared by, whatever feeds, newsrooms and platforms put around them."""

import re
import unicodedata
from dataclasses import dataclass

from vigie.domain.documents import Document

WORDS_AT_MOST = 20_000
SOCIAL_TYPES = frozenset({"post", "comment", "message", "review"})

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b(?:t\.co|bit\.ly|lnkd\.in|ow\.ly|youtu\.be)/\S+", re.IGNORECASE
)
_REPOST = re.compile(r"(?:\A|(?<=[\s«\"“(|]))(?:RT|MT|QT|via|cc)\s*:?\s*@[\w.@-]+\s*:?", re.IGNORECASE)
_OPENING_REPOST = re.compile(r"\A\W*RT\s*:?\s*@", re.IGNORECASE)
_TAG = re.compile(r"(?<!\w)[#@][\w.@-]*\w")
_BOILERPLATE = re.compile(
    r"[ \t>•*–-]*(?:(?:à )?lire (?:aussi|également|la suite|plus)|à voir aussi|voir aussi|sur le même sujet"
    r"|read (?:more|also|next)|see also|continue reading|(?:cet )?article (?:réservé|est réservé)|abonnez-vous"
    r"|inscrivez-vous|s'abonner|s’abonner|subscribe|sign up|partage[rz]|share this|publicité|advertisement"
    r"|crédits? photos?|photo credit|©|\(c\)|copyright|tous droits|all rights|suivez-nous|follow us"
    r"|l['’]article .{1,120} est apparu en premier|the post .{1,120} appeared first|propos recueillis).{0,160}$",
    re.IGNORECASE,
)
_CUT = re.compile(r"\s*(?:\[?(?:\.{3}|…)\]?|\(\.{3}\)|\(…\))\s*\Z")
_MARKS = re.compile(  # accents, Cyrillic, Hebrew and Arabic points, then what is invisible
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u00ad\u200b-\u200f\u2060\ufeff]+"
)
_PRINTED = (
    ("œ", "oe"),
    ("æ", "ae"),
    ("Œ", "Oe"),
    ("Æ", "Ae"),
    ("’", "'"),
    *((sign, " ") for sign in "«»“”–—"),
)
_OTHER_SIGNS = re.compile(r"[^\w\x00-\x7f]+")
# Scripts written without spaces: a character is a word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_SMALL = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)) + bytes(
    range(128, 256)
)


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text, letters folded but capitals kept, and its words, folded wholly, in UTF-8."""

    letters: str
    words: list[bytes]
    social: bool
    repost: bool


def text_of(document: Document) -> Text:
    """Return what a document says: its body after its lead, its title only when it has neither."""
    social = document.type in SOCIAL_TYPES
    lead, body = (_cleaned(part, social=social) for part in (document.summary, document.body))
    if not lead and not body:
        lead = _cleaned(document.title, social=social)
    said = body if _opens(lead, body) else f"{lead}\n{body}" if body else lead
    original = document.body or document.summary or document.title
    return Text(said, words_of(said), social, repost=bool(social and _OPENING_REPOST.match(original)))


def words_of(letters: str) -> list[bytes]:
    """Return the words of a text whose accents are folded, in lower case."""
    if not letters.isascii():
        letters = _OTHER_SIGNS.sub(" ", letters).casefold()
        if _UNSPACED.search(letters):
            letters = _UNSPACED.sub(r" \g<0> ", letters)
    return letters.encode("utf-8", "surrogatepass").translate(_SMALL).split()[:WORDS_AT_MOST]


def folded(text: str) -> str:
    """Return a text without accents, ligatures, printers' signs and invisible characters, capitals kept."""
    if text.isascii():
        return text
    try:
        western = text.replace("\u202f", " ").encode("cp1252")
    except UnicodeEncodeError:
        return _folded_any(text)
    for ligature, letters in _LIGATURES:
        western = western.replace(ligature, letters)
    if _NOT_ONE_LETTER.search(western):
        return _folded_any(text)
    return western.translate(_WESTERN, b"\xad").decode("ascii")


def _folded_any(text: str) -> str:
    for printed, plain in _PRINTED:
        text = text.replace(printed, plain)
    return _MARKS.sub("", unicodedata.normalize("NFKD", text))


def _western() -> tuple[bytes, bytes]:
    """Return how bytes of Windows-1252 fold to one ASCII letter or sign, and those that do not.

    Most of what western papers print is in it, and folding bytes is five times faster.
    """
    folds, others = bytearray(range(256)), bytearray()
    for code in range(128, 256):
        plain = _folded_any(bytes([code]).decode("cp1252", "ignore")) or " "
        if not any(letter.isalnum() for letter in plain):
            plain = plain if plain in _ASCII_SIGNS else " "
        if len(plain) == 1 and plain.isascii():
            folds[code] = ord(plain)
        else:
            others.append(code)
    return bytes(folds), bytes(others)


def _cleaned(text: str, *, social: bool) -> str:
    if "//" in text or "www." in text or social:
        text = _ADDRESS.sub(" ", text)
    if social:
        text = _TAG.sub(" ", _REPOST.sub(" ", text))
    elif "\n" in text:
        text = "\n".join(["" if _BOILERPLATE.match(line) else line for line in text.split("\n")])
    end = max(len(text) - 20, 0)
    return folded(text[:end] + _CUT.sub("", text[end:])).strip()


def _opens(lead: str, body: str) -> bool:
    """Say whether the body begins with its lead, which feeds cut anywhere."""
    start = lead.rstrip(". ")
    return bool(body) and body.startswith(start[: max(len(start) - 20, 0)] if len(start) > 60 else start)


_LIGATURES = ((b"\x9c", b"oe"), (b"\x8c", b"Oe"), (b"\xe6", b"ae"), (b"\xc6", b"Ae"))
_ASCII_SIGNS = frozenset(map(chr, range(32, 127)))
_WESTERN, _OTHER_BYTES = _western()
_NOT_ONE_LETTER = re.compile(b"[" + re.escape(_OTHER_BYTES) + b"]")
