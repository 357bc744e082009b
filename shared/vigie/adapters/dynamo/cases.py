"""Cases put to a large model, in MentionsTable; answers to keep, in StoriesTable.

::

    CLIENT#<client>   ASKED#<story>#<watch>                      who has the case until when, or that it is settled
    CLIENT#<client>   FEEDBACK#<recorded_at>#<mention>#<watch>   the answer, among what people said of the mentions
    ANSWER#<key>      KEPT                                       an answer by its question; names no client

A case is settled and its answer laid in one transaction.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from vigie.adapters.dynamo.table import Cancelled, Condition, ConditionFailed, Table
from vigie.adapters.dynamo.values import expiry, pack, stamp, unpack
from vigie.domain.adjudication.questions import Case
from vigie.domain.adjudication.replies import Answer
from vigie.domain.adjudication.verdicts import Verdict

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_CASES_KEPT_DAYS = 60  # a story gains reprints for a month
_ANSWERS_KEPT_DAYS = 30
_UNSETTLED = Condition("attribute_not_exists(settled_at)")


class DynamoCases:
    """Cases and verdicts on MentionsTable; a verdict is kept as long as its mention."""

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int) -> None:
        self._table = Table(client, table)
        self._retention_days = retention_days

    def claim(self, case: Case, now: datetime, lease_seconds: int) -> Literal["claimed", "held", "settled"]:
        """Take a case unless somebody has it or it is settled."""
        item = {
            **_key(case),
            "lease_until": stamp(now + timedelta(seconds=lease_seconds)),
            "expires_at": expiry(now, _CASES_KEPT_DAYS),
        }
        free = Condition(
            "attribute_not_exists(pk) OR (attribute_not_exists(settled_at) AND lease_until <= :now)",
            {":now": stamp(now)},
        )
        try:
            self._table.put(item, free)
        except ConditionFailed as failed:
            return "settled" if "settled_at" in failed.item else "held"
        return "claimed"

    def release(self, case: Case) -> None:
        """Give a claimed case back; no effect once settled."""
        key = _key(case)
        try:
            self._table.delete(key["pk"], key["sk"], _UNSETTLED)
        except ConditionFailed:
            return

    def settle(self, case: Case, answer: Answer | None, now: datetime) -> None:
        """Close a case and lay its answer; what was settled before stays."""
        closed = {**_key(case), "settled_at": stamp(now), "expires_at": expiry(now, _CASES_KEPT_DAYS)}
        writes = [self._table.put_in(closed, _UNSETTLED)]
        if answer is not None:
            verdict = {
                "pk": f"CLIENT#{case.client_id}",
                "sk": f"FEEDBACK#{stamp(case.recorded_at)}#{case.mention_id}#{case.watch_id}",
                "verdict": pack(Verdict(case, answer)),
                "expires_at": expiry(case.recorded_at, self._retention_days),
            }
            writes.append(self._table.put_in(verdict))
        try:
            self._table.transact(writes)
        except Cancelled:
            return


class DynamoAnswers:
    """Answers by question on StoriesTable, a month each."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._table = Table(client, table)

    def answer(self, key: str) -> Answer | None:
        """Return the answer kept under a question's key."""
        item = self._table.get(f"ANSWER#{key}", "KEPT")
        return unpack(item["data"], Answer) if item else None

    def keep_answer(self, key: str, answer: Answer, now: datetime) -> None:
        """Keep an answer."""
        expires_at = expiry(now, _ANSWERS_KEPT_DAYS)
        self._table.put({"pk": f"ANSWER#{key}", "sk": "KEPT", "data": pack(answer), "expires_at": expires_at})


def _key(case: Case) -> dict[str, str]:
    return {"pk": f"CLIENT#{case.client_id}", "sk": f"ASKED#{case.story_id}#{case.watch_id}"}
