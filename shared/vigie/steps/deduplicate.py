"""Deduplicate: which story each matched document belongs to."""

from dataclasses import dataclass

from vigie.domain.documents import Document
from vigie.domain.mentions import StoryRef
from vigie.domain.stories import story_keys
from vigie.messages import (
    DocumentsGrouped,
    DocumentsMatched,
    GroupedDocument,
    MatchedDocument,
    Unreadable,
    open_each,
    raw,
    split,
)
from vigie.ports import Clock, LedgerStore, Outbox, StoryClaim, StoryStore
from vigie.steps.parking import park_unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupReport:
    """What one batch came to, by role."""

    batch_id: str
    first: int = 0
    reprint: int = 0
    same_address: int = 0
    parked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduplicate:
    """Groups documents into stories, once for all clients."""

    stories: StoryStore
    ledger: LedgerStore
    outbox: Outbox
    clock: Clock

    def run(self, message: DocumentsMatched) -> GroupReport:
        """Give every document of the batch its story and queue it; the same on every delivery."""
        grouped = []
        unreadable = 0
        for position, item in enumerate(open_each(message.items, MatchedDocument)):
            if isinstance(item, Unreadable):
                thing_id = f"{message.batch_id}#{position}"
                park_unreadable(self.ledger, "deduplicate", thing_id, item, self.clock())
                unreadable += 1
            else:
                grouped.append(self._group(item))
        messages = split(
            raw(grouped), lambda items, _: DocumentsGrouped(batch_id=message.batch_id, items=items)
        )
        self.outbox.send(messages)
        roles = [item.story.role for item in grouped]
        return GroupReport(
            batch_id=message.batch_id,
            first=roles.count("first"),
            reprint=roles.count("reprint"),
            same_address=roles.count("same_address"),
            parked=unreadable,
        )

    def _group(self, item: MatchedDocument) -> GroupedDocument:
        return GroupedDocument(document=item.document, matches=item.matches, story=self._story(item.document))

    def _story(self, document: Document) -> StoryRef:
        """Return the story of a document: the same page first, then the same words on another page."""
        own = document.document_id
        now = self.clock()
        keys = story_keys(document)
        page = self.stories.claim(keys.page, StoryClaim(own, own), now)
        if page.document_id != own:
            for key in keys.texts:
                self.stories.claim(key, StoryClaim(own, page.story_id), now)
            return StoryRef(page.story_id, "same_address")
        texts = {key: self.stories.claim(key, StoryClaim(own, own), now) for key in keys.texts}
        earlier = next((claim for claim in texts.values() if claim.document_id != own), None)
        if earlier is None:
            return StoryRef(own, "first")
        ours = [key for key, claim in texts.items() if claim.document_id == own]
        for key in (keys.page, *ours):
            self.stories.move(key, StoryClaim(own, earlier.story_id))
        return StoryRef(earlier.story_id, "reprint")
