"""The stack's health, and what its spending lets it do.

::

    HEALTH     LATEST   the last report, in LedgerTable
    SPENDING   LEVEL    fine, warned or saving, in SourcesTable, where those who spend can read it
"""

from typing import TYPE_CHECKING

from vigie.adapters.dynamo.table import Table
from vigie.adapters.dynamo.values import pack, unpack
from vigie.domain.costs.spending import Level
from vigie.domain.health.report import HealthReport

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoThrift:
    """What the month's spending comes to, on SourcesTable."""

    def __init__(self, client: "DynamoDBClient", sources_table: str) -> None:
        self._table = Table(client, sources_table)

    def level(self) -> Level:
        """Return what the spending of this month comes to."""
        item = self._table.get("SPENDING", "LEVEL")
        return item["level"] if item else "fine"

    def set_level(self, level: Level) -> None:
        """Say what it comes to."""
        self._table.put({"pk": "SPENDING", "sk": "LEVEL", "level": level})


class DynamoHealth(DynamoThrift):
    """``HealthStore`` on LedgerTable and SourcesTable."""

    def __init__(self, client: "DynamoDBClient", ledger_table: str, sources_table: str) -> None:
        super().__init__(client, sources_table)
        self._reports = Table(client, ledger_table)

    def latest(self) -> HealthReport | None:
        """Return the last report."""
        item = self._reports.get("HEALTH", "LATEST")
        return unpack(item["data"], HealthReport) if item else None

    def keep(self, report: HealthReport) -> None:
        """Replace the last report."""
        self._reports.put({"pk": "HEALTH", "sk": "LATEST", "data": pack(report)})
