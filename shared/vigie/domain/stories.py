"""Which documents carry one text. So far the two exact tiers: the same page, and the same words elsewhere."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from vigie.domain.documents import Document

MIN_WORDS = 15  # under this, equal texts are bulletins and slogans as often as reprints
_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})  # letters to Unicode, a printer's habit to newsrooms


@dataclass(frozen=True, slots=True)
class StoryKeys:
    """Fingerprints of a document: its page, and each of its texts long enough to tell a reprint by."""

    page: str
    texts: tuple[str, ...]


def story_keys(document: Document) -> StoryKeys:
    """Return the keys under which documents of one story meet."""
    texts = (_WORD.findall(_folded(text)) for text in (document.body, document.summary))
    long_enough = (" ".join(words) for words in texts if len(words) >= MIN_WORDS)
    return StoryKeys(
        page=_digest("page", document.canonical_url or document.document_id),
        texts=tuple(dict.fromkeys(_digest("text", text) for text in long_enough)),
    )


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    return "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")


def _digest(kind: str, text: str) -> str:
    return f"{kind}:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
