"""Story fingerprints: ``KEY#<key>`` / ``KEY``, the first document that showed the key and its story."""

from datetime import datetime
from typing import TYPE_CHECKING

from vigie.adapters.dynamo.table import Change, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import expiry
from vigie.ports import StoryClaim, StoryStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoStories(StoryStore):
    """``StoryStore`` on StoriesTable. A key is forgotten ``retention_days`` after it was claimed."""

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int) -> None:
        self._table = Table(client, table)
        self._retention_days = retention_days

    def claim(self, key: str, claim: StoryClaim, now: datetime) -> StoryClaim:
        """Record ``claim`` unless a living one is there; return the one that stands.

        DynamoDB drops expired items up to two days late: one whose time is over is replaced as if it had.
        """
        item: Item = {
            "pk": f"KEY#{key}",
            "sk": "KEY",
            "document_id": claim.document_id,
            "story_id": claim.story_id,
            "expires_at": expiry(now, self._retention_days),
        }
        free = Condition("attribute_not_exists(pk) OR expires_at <= :now", {":now": int(now.timestamp())})
        try:
            self._table.put(item, free)
        except ConditionFailed as failed:
            return StoryClaim(failed.item["document_id"], failed.item["story_id"])
        return claim

    def move(self, key: str, claim: StoryClaim) -> None:
        """Point ``key`` to another story, when ``claim.document_id`` still owns it."""
        owner = Condition("document_id = :document", {":document": claim.document_id})
        try:
            self._table.update(f"KEY#{key}", "KEY", Change({"story_id": claim.story_id}), owner)
        except ConditionFailed:
            return  # another document's claim stands, or none does
