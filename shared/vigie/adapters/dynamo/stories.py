"""Story fingerprints.

::

    DOC#<document>   DOC   a member: its fingerprint (``mark``), ``arrival``, and ``parent`` unless it is a root
    KEY#<key>        KEY   ``documents`` posted under a key, none a copy of another

Postings and members are read as they may have stood a second ago: a write under a condition tells who came, or which
root was linked, meanwhile. Fingerprints never change.
A member outlives what it posted, and a root what its members did; a root that was linked is kept as long as
mentions may name it. DynamoDB drops expired items up to two days late: they are taken for absent before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from vigie.adapters.dynamo.concurrent import at_once
from vigie.adapters.dynamo.table import PRESENT, Change, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import expiry
from vigie.domain.stories.fingerprint import pack, unpack
from vigie.domain.stories.union import StoryMember
from vigie.errors import Transient
from vigie.ports import Posting, StoryRoots, StoryStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_ROOT = Condition("attribute_exists(pk) AND attribute_not_exists(parent)")


class DynamoStoryRoots(StoryRoots):
    """``StoryRoots`` on StoriesTable, for those who only read."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def roots(self, story_ids: Iterable[str]) -> dict[str, str]:
        """Return the story each id is part of today."""
        roots = {story_id: story_id for story_id in story_ids}
        asked = set(roots)
        while asked:
            found = self._table.get_many((_member_place(member) for member in asked), consistent=False)
            parents = {
                _document_id(item): str(item["parent"]) for item in found.values() if item.get("parent")
            }
            roots = {story_id: parents.get(root, root) for story_id, root in roots.items()}
            asked = set(parents.values())
        return roots


class DynamoStories(DynamoStoryRoots, StoryStore):
    """``StoryStore`` on StoriesTable: remembers texts ``retention_days``, merged stories ``alias_days``."""

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int, alias_days: int) -> None:
        super().__init__(client, table)
        self._posted_days = retention_days
        self._kept_days = 2 * retention_days
        self._alias_days = max(alias_days, self._kept_days)

    def postings(self, keys: Sequence[str], now: datetime) -> dict[str, tuple[str, ...]]:
        """Return the documents posted under each key."""
        found = self._table.get_many((_key_place(key) for key in keys), consistent=False)
        standing = {key: _documents(found.get(_key_place(key), {}), now) for key in keys}
        return {key: documents for key, documents in standing.items() if documents}

    def members(self, document_ids: Sequence[str], now: datetime) -> dict[str, StoryMember]:
        """Return the members that are there."""
        places = [_member_place(document_id) for document_id in document_ids]
        found = self._table.get_many(places, consistent=False)
        # Whoever is posted was recorded before: one that is not there yet is there when asked for the latest.
        found |= self._table.get_many(place for place in places if place not in found)
        living = [item for item in found.values() if _lives(item, now)]
        return {member.document_id: member for member in map(_member, living)}

    def add(self, member: StoryMember, now: datetime) -> StoryMember:
        """Record a member unless its document is recorded."""
        pk, sk = _member_place(member.document_id)
        item: Item = {
            "pk": pk,
            "sk": sk,
            "mark": pack(member.mark),
            "arrival": member.arrival,
            "parent": member.parent,
            "expires_at": expiry(now, self._kept_days),
        }
        try:
            self._table.put(item, _free(now))
        except ConditionFailed as failed:
            return _member(failed.item)
        return member

    def post(self, postings: Mapping[str, Posting], now: datetime) -> dict[str, tuple[str, ...]]:
        """Replace the documents under each key, if they are still those seen; all keys at once."""
        standing = at_once(lambda each: self._post(*each, now), list(postings.items()))
        return dict(zip(postings, standing, strict=True))

    def _post(self, key: str, posting: Posting, now: datetime) -> tuple[str, ...]:
        seen, wanted = posting
        pk, sk = _key_place(key)
        item: Item = {
            "pk": pk,
            "sk": sk,
            "documents": list(wanted),
            "expires_at": expiry(now, self._posted_days),
        }
        unchanged = Condition("documents = :seen", {":seen": list(seen)}) if seen else _free(now)
        try:
            self._table.put(item, unchanged)
        except ConditionFailed as failed:
            return _documents(failed.item, now)
        return wanted

    def link(self, root_id: str, parent_id: str, now: datetime) -> str:
        """Give a root its parent, unless it has one."""
        until = expiry(now, self._alias_days)
        change = Change({"parent": parent_id, "linked_at": int(now.timestamp()), "expires_at": until})
        try:
            self._table.update(*_member_place(root_id), change, _ROOT)
        except ConditionFailed as failed:
            if "parent" not in failed.item:
                raise Transient(f"story {root_id} was forgotten meanwhile") from None
            return str(failed.item["parent"])
        return parent_id

    def keep(self, root: StoryMember, now: datetime) -> None:
        """See to it that a root outlives what its members have posted."""
        if root.expires_at >= expiry(now, self._posted_days):
            return
        later = Change({"expires_at": expiry(now, self._kept_days)})
        try:
            self._table.update(*_member_place(root.document_id), later, PRESENT)
        except ConditionFailed:
            return  # forgotten meanwhile: its id still names the story


def _member_place(document_id: str) -> tuple[str, str]:
    return f"DOC#{document_id}", "DOC"


def _key_place(key: str) -> tuple[str, str]:
    return f"KEY#{key}", "KEY"


def _document_id(item: Item) -> str:
    return str(item["pk"]).removeprefix("DOC#")


def _member(item: Item) -> StoryMember:
    return StoryMember(
        document_id=_document_id(item),
        mark=unpack(bytes(item["mark"].value)),
        arrival=int(item["arrival"]),
        parent=item.get("parent"),
        expires_at=int(item["expires_at"]),
    )


def _documents(item: Item, now: datetime) -> tuple[str, ...]:
    return tuple(item["documents"]) if item and _lives(item, now) else ()


def _lives(item: Item, now: datetime) -> bool:
    return int(item["expires_at"]) > now.timestamp()


def _free(now: datetime) -> Condition:
    return Condition("attribute_not_exists(pk) OR expires_at <= :now", {":now": int(now.timestamp())})
