"""Stories."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from vigie.domain.stories.union import StoryMember


class StoryRoots(Protocol):
    """Which stories turned out to be parts of others."""

    def roots(self, story_ids: Iterable[str]) -> dict[str, str]:
        """Return, for each story id ever given, that of the story it is part of today."""
        ...


class StoryStore(StoryRoots, Protocol):
    """Story fingerprints of the stack: members by document, postings by key. What is past its time is not there."""

    def postings(self, keys: Sequence[str], now: datetime) -> dict[str, tuple[str, ...]]:
        """Return the documents posted under each key, keys without any left out; may lag behind ``post``."""
        ...

    def members(self, document_ids: Sequence[str], now: datetime) -> dict[str, StoryMember]:
        """Return the members that are there; which stories were linked may be a second old: ``link`` tells."""
        ...

    def add(self, member: StoryMember, now: datetime) -> StoryMember:
        """Record a member unless its document is recorded; return the one that stands."""
        ...

    def post(
        self, key: str, seen: tuple[str, ...], posted: tuple[str, ...], now: datetime
    ) -> tuple[str, ...]:
        """Replace the documents under ``key``, if they are still ``seen``; return those that stand."""
        ...

    def link(self, root_id: str, parent_id: str, now: datetime) -> str:
        """Give a root its parent, unless it has one; return the one that stands. Raises Transient without root."""
        ...

    def keep(self, root: StoryMember, now: datetime) -> None:
        """See to it that a root that still gains members outlives what they have posted."""
        ...
