"""Mentions read with what people corrected laid over them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vigie.domain.cutoffs import Interval
from vigie.domain.feedback import REACH, Correction, corrected
from vigie.domain.mention_questions import Place
from vigie.domain.mentions import Mention
from vigie.ports import FeedbackStore, MentionStore, Page, Recording, StoryRoots


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

    def corrections(self, client_id: str, interval: Interval) -> list[Correction]:
        """Return the corrections that may concern mentions recorded in the interval, by the stories of today."""
        around = Interval(interval.since - REACH, interval.until + REACH)
        made = self.feedback.made_on(client_id, around)
        roots = self.stories.roots({correction.story_id for correction in made}) if made else {}
        return [replace(correction, story_id=roots[correction.story_id]) for correction in made]

    def _corrected(self, client_id: str, mentions: Iterable[Mention]) -> list[Mention]:
        found = list(mentions)
        if not found:
            return found
        instants = [mention.recorded_at for mention in found]
        corrections = self.corrections(client_id, Interval(min(instants), max(instants)))
        return [corrected(mention, corrections) for mention in found]
