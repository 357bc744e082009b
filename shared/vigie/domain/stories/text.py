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
    r"^[ \t>•*–-]*(?:(?:à )?lire (?:aussi|également|la suite|plus)|à voir aussi|voir aussi|sur le même sujet"
    r"|read (?:more|also|next)|see also|continue reading|(?:cet )?article (?:réservé|est réservé)|abonnez-vous"
    r"|inscrivez-vous|s'abonner|s’abonner|subscribe|sign up|partage[rz]|share this|publicité|advertisement"
    r"|crédits? photos?|photo credit|©|\(c\)|copyright|tous droits|all rights|suivez-nous|follow us"
    r"|l['’]article .{1,120} est apparu en premier|the post .{1,120} appeared first|propos recueillis).{0,160}$",
    re.IGNORECASE | re.MULTILINE,
)
_CUT = re.compile(r"\s*(?:\[?(?:\.{3}|…)\]?|\(\.{3}\)|\(…\))\s*\Z")
_MARKS = re.compile(  # accents, Cyrillic, Hebrew and Arabic points, then what is invisible
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u00ad\u200b-\u200f\u2060\ufeff]+"
)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "Oe", "Æ": "Ae"})
_WORD = re.compile(r"[^\W_]+")
# Scripts written without spaces: a character is a word.
_NO_SPACES = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
_UNSPACED = re.compile(f"[{_NO_SPACES}]")
_UNSPACED_WORD = re.compile(rf"[{_NO_SPACES}]|[^\W_{_NO_SPACES}]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A document's text, letters folded but capitals kept, and its words, folded wholly."""

    letters: str
    words: list[str]
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


def words_of(letters: str) -> list[str]:
    """Return the words of a text whose accents are folded, in lower case."""
    pattern = _UNSPACED_WORD if _UNSPACED.search(letters) else _WORD
    return pattern.findall(letters.casefold())[:WORDS_AT_MOST]


def folded(text: str) -> str:
    """Return a text without accents, ligatures and invisible characters, capitals kept."""
    if text.isascii():
        return text
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_LIGATURES)))


def _cleaned(text: str, *, social: bool) -> str:
    if "//" in text or "www." in text or social:
        text = _ADDRESS.sub(" ", text)
    if social:
        text = _TAG.sub(" ", _REPOST.sub(" ", text))
    elif "\n" in text:
        text = _BOILERPLATE.sub("", text)
    return folded(_CUT.sub("", text)).strip()


def _opens(lead: str, body: str) -> bool:
    """Say whether the body begins with its lead, which feeds cut anywhere."""
    start = lead.rstrip(". ")
    return bool(body) and body.startswith(start[: max(len(start) - 20, 0)] if len(start) > 60 else start)
