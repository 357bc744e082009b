"""Finding: the words of a reader, looked for in the client's own mentions."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from vigie.domain.cutoffs import Interval
from vigie.domain.mentions import Mention
from vigie.domain.site_pages import Found
from vigie.ports import Clock, MentionStore
from vigie.steps.site.reading import DAYS_BEFORE
from vigie.steps.site.visits import Visit

QUESTION_LIMIT_CHARACTERS = 200
FOUND_LIMIT = 50
_PAGE = 100
_PAGES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Looks through the latest mentions of a client: a month of them, or the latest 500."""

    mentions: MentionStore
    clock: Clock

    def find(self, visit: Visit, question: str) -> Found:
        """Return the mentions that hold every word of a question, whatever its accents and capitals."""
        asked = " ".join(question[:QUESTION_LIMIT_CHARACTERS].split())
        words = _plain(asked).split()
        now = self.clock()
        since = now - timedelta(days=DAYS_BEFORE)
        found: list[Mention] = []
        cursor: str | None = None
        for _ in range(_PAGES if words else 0):
            page = self.mentions.page(visit.client.client_id, Interval(since, now), _PAGE, cursor)
            found += [mention for mention in page.mentions if _holds(mention, words, now)]
            cursor = page.cursor
            if cursor is None or len(found) > FOUND_LIMIT:
                break
        shown = tuple(found[:FOUND_LIMIT])
        return Found(
            question=asked, mentions=shown, since=since, is_cut=cursor is not None or len(found) > len(shown)
        )


def _holds(mention: Mention, words: list[str], now: datetime) -> bool:
    if mention.status != "kept" or not mention.may_be_shown(now):
        return False
    document = mention.document
    text = _plain(f"{document.title} {document.summary} {document.body} {document.source_name}")
    return all(word in text for word in words)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text).casefold().replace("’", "'")
    return "".join(character for character in apart if not unicodedata.combining(character))
