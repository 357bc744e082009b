"""Mentions read with what was said of them since: by a large model where labels were unsure, by people above all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vigie.domain.adjudication.verdicts import judged
from vigie.domain.cutoffs import Interval
from vigie.domain.feedback import REACH, corrected
from vigie.domain.mention_questions import Place
from vigie.domain.mentions import Mention
from vigie.ports import FeedbackStore, MentionStore, Page, Recording, Said, StoryRoots


@dataclass(frozen=True, slots=True)
class CorrectedMentions(MentionStore):
    """``mentions``, each as ``feedback`` says it should be; ``stories`` say which story a correction is of today."""

    mentions: MentionStore
    feedback: FeedbackStore
    stories: StoryRoots

    def record(self, mentions: Sequence[Mention]) -> Recording:
        """Record mentions as they are: corrections are kept apart."""
        return self.mentions.record(mentions)

    def withdraw(self, client_id: str, document_id: str, now: datetime) -> None:
        """Blank a client's mentions of a document."""
        self.mentions.withdraw(client_id, document_id, now)

    def recorded_in(self, client_id: str, interval: Interval) -> list[Mention]:
        """Return the client's mentions recorded in the interval, oldest first."""
        return self._corrected(client_id, self.mentions.recorded_in(client_id, interval))

    def page(self, client_id: str, interval: Interval, limit: int, cursor: str | None = None) -> Page:
        """Return a page of the client's mentions, newest first."""
        page = self.mentions.page(client_id, interval, limit, cursor)
        return replace(page, mentions=self._corrected(client_id, page.mentions))

    def cursor_after(self, client_id: str, place: Place) -> str:
        """Return the cursor that goes on after a place."""
        return self.mentions.cursor_after(client_id, place)

    def at(self, client_id: str, places: Sequence[Place]) -> list[Mention]:
        """Return the client's mentions at some places."""
        return self._corrected(client_id, self.mentions.at(client_id, places))

    def get(self, client_id: str, mention_id: str) -> Mention | None:
        """Return one mention of the client."""
        mention = self.mentions.get(client_id, mention_id)
        return self._corrected(client_id, [mention])[0] if mention else None

    def _corrected(self, client_id: str, mentions: Iterable[Mention]) -> list[Mention]:
        found = list(mentions)
        if not found:
            return found
        instants = [mention.recorded_at for mention in found]
        around = Interval(min(instants) - REACH, max(instants) + REACH)
        said = self._of_today(self.feedback.said_on(client_id, around))
        return [corrected(judged(mention, said.verdicts), said.corrections) for mention in found]

    def _of_today(self, said: Said) -> Said:
        """Return what was said with the ids that its stories have today."""
        told = {each.story_id for each in said.corrections} | {each.case.story_id for each in said.verdicts}
        roots = self.stories.roots(told) if told else {}
        return Said(
            [replace(each, story_id=roots[each.story_id]) for each in said.corrections],
            [
                replace(each, case=replace(each.case, story_id=roots[each.case.story_id]))
                for each in said.verdicts
            ],
        )
