"""Deduplicate: which story each matched document belongs to."""

from dataclasses import dataclass

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
from vigie.ports import Clock, LedgerStore, Outbox, StoryStore
from vigie.steps.parking import park_unreadable
from vigie.steps.stories import StoryAssigner


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupReport:
    """What one batch came to, by role; ``merged`` counts stories that turned out to be parts of others."""

    batch_id: str
    first: int = 0
    reprint: int = 0
    same_address: int = 0
    merged: int = 0
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
        grouped: list[GroupedDocument] = []
        unreadable = merged = 0
        for position, item in enumerate(open_each(message.items, MatchedDocument)):
            if isinstance(item, Unreadable):
                thing_id = f"{message.batch_id}#{position}"
                park_unreadable(self.ledger, "deduplicate", thing_id, item, self.clock())
                unreadable += 1
            else:
                document, merges = self._group(item)
                grouped.append(document)
                merged += merges
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
            merged=merged,
            parked=unreadable,
        )

    def _group(self, item: MatchedDocument) -> tuple[GroupedDocument, int]:
        assignment = StoryAssigner(self.stories).assign(item.document, self.clock())
        grouped = GroupedDocument(document=item.document, matches=item.matches, story=assignment.story)
        return grouped, len(assignment.merges)
