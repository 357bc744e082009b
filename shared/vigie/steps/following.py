"""Mentions read by the stories of today: those recorded before two stories turned out to be one follow the merge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Place
from vigie.domain.mentions import Mention
from vigie.ports import MentionStore, Page, Recording, StoryRoots


@dataclass(frozen=True, slots=True)
class FollowedMentions(MentionStore):
    """``mentions`` as recorded, each in the story that ``stories`` say it is part of today."""

    mentions: MentionStore
    stories: StoryRoots

    def record(self, mentions: Sequence[Mention]) -> Recording:
        """Record mentions as they are: a story id given once is kept, and followed by whoever reads it."""
        return self.mentions.record(mentions)

    def withdraw(self, client_id: str, document_id: str, now: datetime) -> None:
        """Blank a client's mentions of a document."""
        self.mentions.withdraw(client_id, document_id, now)

    def recorded_in(self, client_id: str, interval: Interval) -> list[Mention]:
        """Return the client's mentions recorded in the interval, oldest first."""
        return self._followed(self.mentions.recorded_in(client_id, interval))

    def page(self, client_id: str, interval: Interval, limit: int, cursor: str | None = None) -> Page:
        """Return a page of the client's mentions, newest first."""
        page = self.mentions.page(client_id, interval, limit, cursor)
        return replace(page, mentions=self._followed(page.mentions))

    def cursor_after(self, client_id: str, place: Place) -> str:
        """Return the cursor that goes on after a place."""
        return self.mentions.cursor_after(client_id, place)

    def at(self, client_id: str, places: Sequence[Place]) -> list[Mention]:
        """Return the client's mentions at some places."""
        return self._followed(self.mentions.at(client_id, places))

    def get(self, client_id: str, mention_id: str) -> Mention | None:
        """Return one mention of the client."""
        mention = self.mentions.get(client_id, mention_id)
        return self._followed([mention])[0] if mention else None

    def _followed(self, mentions: Iterable[Mention]) -> list[Mention]:
        found = list(mentions)
        roots = self.stories.roots({mention.story.story_id for mention in found})
        return [_in_story(mention, roots[mention.story.story_id]) for mention in found]


def _in_story(mention: Mention, story_id: str) -> Mention:
    if story_id == mention.story.story_id:
        return mention
    return replace(mention, story=replace(mention.story, story_id=story_id))
