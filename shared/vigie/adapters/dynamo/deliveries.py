"""Deliveries: ``CLIENT#<client>`` / ``DELIVERY#<key>`` in the digests' table, claimed and then sent."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from vigie.adapters.dynamo.table import Change, Condition, ConditionFailed, Item, Table
from vigie.adapters.dynamo.values import expiry, stamp
from vigie.ports import DeliveryStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoDeliveries(DeliveryStore):
    """``DeliveryStore`` on DigestsTable. A delivery is forgotten ``retention_days`` after its last word."""

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int) -> None:
        self._table = Table(client, table)
        self._retention_days = retention_days

    def claim(self, client_id: str, delivery_key: str, now: datetime, lease_seconds: int) -> str:
        """Claim a delivery and return how it stands: claimed, sent, held or doubtful."""
        token = (
            uuid4().hex
        )  # tells our own claim, whose answer got lost and which boto3 repeats, from another's
        item: Item = {
            **_key(client_id, delivery_key),
            "claim_token": token,
            "lease_until": stamp(now + timedelta(seconds=lease_seconds)),
            "expires_at": expiry(now, self._retention_days),
        }
        try:
            self._table.put(item, Condition("attribute_not_exists(pk)"))
        except ConditionFailed as failed:
            return self._claim_again(item, failed.item, now)
        return "claimed"

    def _claim_again(self, item: Item, standing: Item, now: datetime) -> str:
        if "sent_at" in standing:
            return "sent"
        if standing.get("claim_token") == item["claim_token"]:
            return "claimed"
        if standing["lease_until"] > stamp(now):
            return "held"
        ours = Condition(
            "claim_token IN (:theirs, :ours) AND attribute_not_exists(sent_at)",
            {":theirs": standing["claim_token"], ":ours": item["claim_token"]},
        )
        try:
            self._table.put(item, ours)
        except ConditionFailed as failed:
            return "sent" if "sent_at" in failed.item else "held"
        return "doubtful"

    def give_back(self, client_id: str, delivery_key: str) -> None:
        """Forget a claim whose mail was certainly not sent; no effect once sent."""
        key = _key(client_id, delivery_key)
        try:
            self._table.delete(key["pk"], key["sk"], Condition("attribute_not_exists(sent_at)"))
        except ConditionFailed:
            return  # sent, whatever the claimant believed

    def mark_sent(self, client_id: str, delivery_key: str, provider_id: str, now: datetime) -> None:
        """Record that the provider accepted it; the first word stands."""
        key = _key(client_id, delivery_key)
        sets = {
            "sent_at": stamp(now),
            "provider_id": provider_id,
            "expires_at": expiry(now, self._retention_days),
        }
        try:
            self._table.update(key["pk"], key["sk"], Change(sets), Condition("attribute_not_exists(sent_at)"))
        except ConditionFailed:
            return  # marked before

    def is_sent(self, client_id: str, delivery_key: str) -> bool:
        """Return whether a delivery is done with, without claiming it."""
        key = _key(client_id, delivery_key)
        return "sent_at" in (self._table.get(key["pk"], key["sk"]) or {})

    def count_sent(self, client_id: str, prefix: str) -> int:
        """Return how many of a client's deliveries were sent whose key starts so."""
        key = _key(client_id, prefix)
        found = self._table.query_prefix(key["pk"], key["sk"], consistent=False)
        return sum("sent_at" in item for item in found)


def _key(client_id: str, delivery_key: str) -> dict[str, str]:
    return {"pk": f"CLIENT#{client_id}", "sk": f"DELIVERY#{delivery_key}"}
