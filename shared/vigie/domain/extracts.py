"""Very short extracts: the words around a hit, never an article's lead.

Press law lets us show titles, links and very short extracts; a lead shown whole would stand in for
the article.
"""

import re
from collections.abc import Iterable

from vigie.domain.documents import Document
from vigie.domain.mentions import Evidence

EXTRACT_LIMIT = 160  # characters, ellipses included
LEAD_SHARE = 0.6  # of a lead sentence may be shown, when the hit is nowhere else

_SENTENCE_END = re.compile(r"[.!?…]+[»\"')\]]*(?:\s|$)")
_SHORTEST_LEAD = 40  # characters; before that a full stop belongs to "M." or "St."


def shown_text(document: Document, text: str) -> str:
    """Return as much of a document's text as its source's terms let us show."""
    if document.display == "full" or len(text) <= EXTRACT_LIMIT:
        return text if document.display != "link_only" else ""
    return f"{text[: EXTRACT_LIMIT - 2].rstrip()} …" if document.display == "excerpt" else ""


def extract_of(document: Document, evidence: Iterable[Evidence]) -> str:
    """Return at most 160 characters around the first hit in the summary or the body, or an empty text.

    A hit past the first sentence of its field is preferred. When all hits are in that sentence (the lead),
    less than two thirds of it is shown. Hits in the title give no extract: the title is shown already. A source whose
    terms allow a link alone gives none.
    """
    if document.display == "link_only":
        return ""
    spans = [
        (text, span.start, span.end, _lead_end(text))
        for span in evidence
        if span.field in {"summary", "body"}
        and 0 <= span.start < span.end <= len(text := getattr(document, span.field))
    ]
    if not spans:
        return ""
    text, start, end, lead_end = min(spans, key=lambda span: (span[1] < span[3], span[1]))
    if start >= lead_end:
        return _window(text, (start, end), (lead_end, len(text)), EXTRACT_LIMIT)
    share = int(len(text[:lead_end].strip()) * LEAD_SHARE)
    return _window(text, (start, end), (0, lead_end), min(EXTRACT_LIMIT, share))


def _lead_end(text: str) -> int:
    sentence = _SENTENCE_END.search(text, min(_SHORTEST_LEAD, len(text)))
    return sentence.end() if sentence else len(text)


def _window(text: str, hit: tuple[int, int], bounds: tuple[int, int], limit: int) -> str:
    """Cut ``limit`` characters of ``text`` around ``hit``, inside ``bounds``, at spaces, with ellipses."""
    room = limit - 2
    start, end = hit[0], min(hit[1], bounds[1])
    if end - start > room:
        return ""
    spare = room - (end - start)
    low = max(bounds[0], start - spare // 2)
    high = min(bounds[1], low + room)
    low = max(bounds[0], high - room)
    while low > bounds[0] and low < start and not text[low - 1].isspace():
        low += 1
    while high < bounds[1] and high > end and not text[high].isspace():
        high -= 1
    words = " ".join(text[low:high].split())
    before = "…" if text[:low].strip() else ""
    after = "…" if text[high:].strip() else ""
    return f"{before}{words}{after}"
