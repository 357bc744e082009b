"""Stores in memory: for the command line, benchmarks and tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from threading import RLock
from typing import Any

from vigie.domain.stories.union import StoryMember
from vigie.errors import Transient
from vigie.ports import Posting, StoryStore

_DAY_SECONDS = 24 * 3600
_NOTHING: tuple[tuple[str, ...], int] = (), 0


class MemoryStories(StoryStore):
    """``StoryStore`` of one process; its threads may share it."""

    def __init__(self, *, retention_days: int = 30, alias_days: int = 395) -> None:
        self._posted = retention_days * _DAY_SECONDS
        self._kept = 2 * self._posted  # a member outlives what it posted, a root what its members have
        self._aliases = alias_days * _DAY_SECONDS
        self._members: dict[str, StoryMember] = {}
        self._postings: dict[str, tuple[tuple[str, ...], int]] = {}
        self._lock = RLock()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _lock=RLock())

    def postings(self, keys: Sequence[str], now: datetime) -> dict[str, tuple[str, ...]]:
        """Return the documents posted under each key."""
        at = now.timestamp()
        found = ((key, self._postings.get(key)) for key in keys)
        return {key: posted[0] for key, posted in found if posted and posted[1] > at}

    def members(self, document_ids: Sequence[str], now: datetime) -> dict[str, StoryMember]:
        """Return the members that are there."""
        at = now.timestamp()
        found = {document_id: self._members.get(document_id) for document_id in document_ids}
        return {id_: member for id_, member in found.items() if member and member.expires_at > at}

    def add(self, member: StoryMember, now: datetime) -> StoryMember:
        """Record a member unless its document is recorded."""
        with self._lock:
            standing = self.members([member.document_id], now).get(member.document_id)
            if standing is None:
                standing = replace(member, expires_at=_epoch(now) + self._kept)
                self._members[member.document_id] = standing
            return standing

    def post(self, postings: Mapping[str, Posting], now: datetime) -> dict[str, tuple[str, ...]]:
        """Replace the documents under each key, if they are still those seen."""
        return {key: self.post_one(key, posting, now) for key, posting in postings.items()}

    def post_one(self, key: str, posting: Posting, now: datetime) -> tuple[str, ...]:
        """Replace the documents under a key, if they are still those seen; return those that stand."""
        at = now.timestamp()
        with self._lock:
            standing, expires_at = self._postings.get(key, _NOTHING)
            if expires_at <= at:
                standing = ()
            if standing != posting.seen:
                return standing
            self._postings[key] = posting.wanted, int(at) + self._posted
            return posting.wanted

    def link(self, root_id: str, parent_id: str, now: datetime) -> str:
        """Give a root its parent, unless it has one."""
        with self._lock:
            root = self._members.get(root_id)
            if root is None:
                raise Transient(f"story {root_id} was forgotten meanwhile")
            if root.parent is None:
                until = max(root.expires_at, _epoch(now) + self._aliases)
                self._members[root_id] = replace(root, parent=parent_id, expires_at=until)
                return parent_id
            return root.parent

    def keep(self, root: StoryMember, now: datetime) -> None:
        """See to it that a root outlives what its members have posted."""
        if root.expires_at < _epoch(now) + self._posted:
            with self._lock:
                standing = self._members[root.document_id]
                self._members[root.document_id] = replace(standing, expires_at=_epoch(now) + self._kept)

    def roots(self, story_ids: Iterable[str]) -> dict[str, str]:
        """Return the story each id is part of today."""
        return {story_id: self._root(story_id) for story_id in story_ids}

    def _root(self, member: str) -> str:
        while (standing := self._members.get(member)) and standing.parent:
            member = standing.parent
        return member


def _epoch(instant: datetime) -> int:
    return int(instant.timestamp())
