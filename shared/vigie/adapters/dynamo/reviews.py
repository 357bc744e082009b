"""Reviews: ``CLIENT#<client>`` / ``REVIEW#<digest_id>`` in the digests' table, kept by version and then closed."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from vigie.adapters.dynamo.table import Change, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.review import Review, ReviewState, review_closed, review_outdated
from vigie.ports import ReviewStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoReviews(ReviewStore):
    """``ReviewStore`` on DigestsTable. A review is forgotten ``retention_days`` after its last change."""

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int) -> None:
        self._table = Table(client, table)
        self._retention_days = retention_days

    def get(self, client_id: str, digest_id: str) -> ReviewState:
        """Return how the review of a digest stands."""
        item = self._table.get(*_key(client_id, digest_id))
        return _state(client_id, digest_id, item or {})

    def keep(self, review: Review, now: datetime) -> Review:
        """Keep a review, one version further. Raises Outdated or Expired."""
        next_one = replace(review, version=review.version + 1)
        sets = {
            "version": next_one.version,
            "data": pack(next_one),
            "expires_at": expiry(now, self._retention_days),
        }
        still = "version = :read" if review.version else "attribute_not_exists(version)"
        condition = Condition(
            f"{still} AND attribute_not_exists(closed_at)",
            {":read": review.version} if review.version else {},
        )
        try:
            self._table.update(*_key(review.client_id, review.digest_id), Change(sets), condition)
        except ConditionFailed as failed:
            state = _state(review.client_id, review.digest_id, failed.item)
            if state.review == next_one:
                return next_one  # ours: the answer got lost and boto3 asked again
            raise (review_closed() if state.closed_at else review_outdated()) from None
        return next_one

    def close(self, client_id: str, digest_id: str, now: datetime) -> Review:
        """Close the review for good, and return what was decided."""
        sets = {"closed_at": stamp(now), "expires_at": expiry(now, self._retention_days)}
        try:
            item = self._table.update(
                *_key(client_id, digest_id), Change(sets), Condition("attribute_not_exists(closed_at)")
            )
        except ConditionFailed as failed:
            item = failed.item
        return _state(client_id, digest_id, item).review


def _key(client_id: str, digest_id: str) -> tuple[str, str]:
    return f"CLIENT#{client_id}", f"REVIEW#{digest_id}"


def _state(client_id: str, digest_id: str, item: Item) -> ReviewState:
    closed_at = item.get("closed_at")
    return ReviewState(
        unpack(item["data"], Review) if "data" in item else Review(client_id=client_id, digest_id=digest_id),
        datetime.fromisoformat(closed_at) if closed_at else None,
    )
