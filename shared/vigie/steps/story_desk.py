"""One story as the API shows it: what a client found of it, and what that says together."""

from dataclasses import dataclass
from datetime import timedelta

from vigie.domain.clients import Client
from vigie.domain.cutoffs import Interval
from vigie.domain.stories.facts import FoundStory, facts_of
from vigie.errors import NotFound
from vigie.ports import Clock, MentionStore, StoryRoots

SHOWN_DAYS = 31
"""A story takes new documents for thirty days."""


@dataclass(frozen=True, slots=True)
class StoryDesk:
    """Shows a client the stories of its own mentions; what others found of them is not told."""

    mentions: MentionStore
    stories: StoryRoots
    clock: Clock

    def show(self, client: Client, story_id: str) -> FoundStory:
        """Return a story of the last month by its id, or by one it had before a merge. Raises NotFound."""
        now = self.clock()
        root = self.stories.roots([story_id])[story_id]
        month = Interval(now - timedelta(days=SHOWN_DAYS), now + timedelta(seconds=1))
        found = [
            mention
            for mention in self.mentions.recorded_in(client.client_id, month)
            if mention.story.story_id == root
            and mention.held_reason != "withdrawn"
            and mention.may_be_shown(now)
        ]
        if not found:
            raise NotFound(f"There is no story {story_id} in the mentions of the last {SHOWN_DAYS} days.")
        return FoundStory(root, found, facts_of(mention.document for mention in found))
