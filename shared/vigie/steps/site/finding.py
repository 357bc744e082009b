"""Finding: the words of a reader, looked for in the client's own mentions of the month."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Question, Wanted
from vigie.domain.site_pages import Found
from vigie.errors import BadQuery
from vigie.ports import Clock
from vigie.steps.mention_desk import SEARCH_LIMIT, MentionDesk, MentionPage
from vigie.steps.site.reading import DAYS_BEFORE
from vigie.steps.site.visits import Visit

QUESTION_LIMIT_CHARACTERS = 200
EMPTY_PAGES_AT_MOST = 8
_WORD = re.compile(r"\w(?:[\w'’.-]*\w)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Asks the mention desk in a reader's words."""

    desk: MentionDesk
    clock: Clock

    def find(
        self,
        visit: Visit,
        question: str,
        cursor: str | None = None,
        *,
        days: int = DAYS_BEFORE,
        wanted: Wanted = Wanted(),  # noqa: B008 - frozen
    ) -> Found:
        """Return the mentions of so many days that hold every word of a question, whatever its accents and capitals.

        Signs are no query: whatever is typed is looked for as words. Raises BadField for a cursor of another search.
        """
        asked = " ".join(question[:QUESTION_LIMIT_CHARACTERS].split())
        now = self.clock()
        interval = Interval(now - timedelta(days=days), now + timedelta(seconds=1))
        words = [f'"{word}"' for word in _WORD.findall(asked)]
        if not words:
            return Found(question=asked, mentions=(), since=interval.since)
        put = Question(
            client_id=visit.client.client_id, interval=interval, wanted=wanted, words=" AND ".join(words)
        )
        try:
            page = self._page(put, cursor)
        except BadQuery:  # words that hold nothing to look for, such as a lone accent
            return Found(question=asked, mentions=(), since=interval.since)
        return Found(
            question=asked,
            mentions=tuple(page.mentions),
            since=page.history_since or interval.since,
            cursor=page.cursor,
            is_whole=page.complete,
            is_cut=page.history_since is not None,
        )

    def _page(self, wanted: Question, cursor: str | None) -> MentionPage:
        """Return the first page that holds something: those that hold nothing are no sight for a reader.

        What came within the hour is in no index yet and is read through, so much a page.
        """
        complete = True
        for _ in range(EMPTY_PAGES_AT_MOST):
            page = self.desk.page(wanted, SEARCH_LIMIT, cursor)
            complete &= page.complete
            if page.mentions or page.cursor is None:
                break
            cursor = page.cursor
        return replace(page, complete=complete)
