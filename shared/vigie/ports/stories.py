"""Stories."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from vigie.domain.stories.union import StoryMember


class Posting(NamedTuple):
    """The documents seen under a key, and those that are to stand there."""

    seen: tuple[str, ...]
    wanted: tuple[str, ...]


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

    def post(self, postings: Mapping[str, Posting], now: datetime) -> dict[str, tuple[str, ...]]:
        """Replace the documents under each key, if they are still those seen; return those that stand there.

        Each key for itself, in no order: whoever dies here may have posted under some.
        """
        ...

    def link(self, root_id: str, parent_id: str, now: datetime) -> str:
        """Give a root its parent, unless it has one; return the one that stands. Raises Transient without root."""
        ...

    def keep(self, root: StoryMember, now: datetime) -> None:
        """See to it that a root that still gains members outlives what they have posted."""
        ...
