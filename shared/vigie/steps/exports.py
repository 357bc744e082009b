"""Exports: mentions taken away as lines, a page of them at a time, up to what one answer may weigh."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC

from vigie.domain.clients import Client
from vigie.domain.exports import PressReview, press_review
from vigie.domain.mention_questions import Question
from vigie.domain.mentions import Mention
from vigie.errors import BadField
from vigie.requests import REVIEW_LIMIT
from vigie.steps.mention_desk import MentionDesk, MentionPage

BYTES_LIMIT = 4_000_000  # what Lambda may answer is 6 MB
PAGES_LIMIT = 50  # read for one file: of 10,000 mentions, when few are wanted
_PAGE = 100


@dataclass(frozen=True, slots=True)
class Exports:
    """Reads what is to be taken away."""

    desk: MentionDesk

    def lines(
        self, question: Question, line_of: Callable[[Mention], str], limit: int, cursor: str | None
    ) -> tuple[str, str | None]:
        """Return the lines of mentions up to the limits, and the cursor that goes on (None: that was all)."""
        lines: list[str] = []
        left = BYTES_LIMIT
        for page in self._pages(question, limit, cursor):
            lines += map(line_of, page.mentions)
            left -= sum(len(line.encode()) for line in lines[len(lines) - len(page.mentions) :])
            cursor = page.cursor
            if left <= 0:
                break
        return "".join(lines), cursor

    def review(self, client: Client, question: Question) -> PressReview:
        """Return a press review of a selection, which says when it is cut."""
        pages = list(self._pages(question, REVIEW_LIMIT, None))
        mentions = [mention for page in pages for mention in page.mentions]
        return press_review(client, mentions, is_cut=pages[-1].cursor is not None)

    def _pages(self, question: Question, limit: int, cursor: str | None) -> Iterator[MentionPage]:
        """Give pages of mentions until there are so many, or so many pages were read."""
        for _ in range(PAGES_LIMIT):
            page = self.desk.page(question, min(limit, _PAGE), cursor)
            if page.history_since:  # a file is kept: that a part is missing would be seen by nobody
                day = f"{page.history_since.astimezone(UTC):%Y-%m-%d}"
                raise BadField(
                    "since",
                    f"lies before {day}, as far back as the plan shows",
                    "Ask from the day after, or for a plan with a longer history.",
                )
            yield page
            limit, cursor = limit - len(page.mentions), page.cursor
            if not limit or cursor is None:
                return
