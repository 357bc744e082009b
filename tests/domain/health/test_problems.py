"""Which parts of a health report somebody must see to."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import CUTOFF, a_document, a_health_report, a_mention
from vigie.domain.costs.spending import Counted, spend
from vigie.domain.health.freshness import measure
from vigie.domain.health.problems import problems_of
from vigie.domain.health.report import DigestHealth, LedgerHealth, QueueHealth
from vigie.domain.health.summary import summary_of

SLOW = [
    a_mention(a_document(published_at=CUTOFF - timedelta(hours=5), seen_at=CUTOFF), recorded_at=CUTOFF)
] * 40
LONG_AGO, JUST_NOW = CUTOFF - timedelta(hours=30), CUTOFF - timedelta(minutes=20)

WRONG: list[tuple[str, dict[str, Any]]] = [
    ("digests_late", {"digests": DigestHealth(due=3, late=1)}),
    ("alerts_unacknowledged", {"alerts_unacknowledged": 1}),
    ("dead_letters", {"dead_letters": 1}),
    ("polls_overdue", {"shards_overdue": 2}),
    ("collector_quiet", {"collector_is_quiet": True}),
    ("queue_waiting", {"queues": (QueueHealth("fetched", 9, 0, LONG_AGO),)}),
    ("sources_failing", {"sources": {"fresh": 12, "failing": 5}}),
    ("freshness", {"freshness": measure(SLOW)}),
    ("ledger_sums", {"ledger": LedgerHealth(wrong=("ponant/20261208T061500Z",))}),
    ("ledger_gap", {"ledger": LedgerHealth(on_its_way=3, on_its_way_since=LONG_AGO)}),
    ("spending_warned", {"spending": spend("2026-12", Counted(large_model_usd=8), 10)}),
    ("spending_saving", {"spending": spend("2026-12", Counted(large_model_usd=10), 10)}),
]
RIGHT: dict[str, dict[str, Any]] = {
    "nothing happens": {},
    "all is as usual": {"digests": DigestHealth(due=3, built=3), "sources": {"fresh": 40, "failing": 4}},
    "a queue that fills": {"queues": (QueueHealth("fetched", 90, 5, JUST_NOW),)},
    "few and slow": {"freshness": measure(SLOW[:5])},
    "under way": {"ledger": LedgerHealth(on_its_way=3, on_its_way_since=JUST_NOW)},
    "spent without a cap": {"spending": spend("2026-12", Counted(large_model_usd=99), 0)},
}


@pytest.mark.parametrize(("code", "fields"), WRONG, ids=[code for code, _ in WRONG])
def test_what_is_wrong_is_said_with_its_runbook(code: str, fields: dict[str, Any]) -> None:
    """Each problem has one code, a sentence, and a runbook that is there."""
    (problem,) = problems_of(a_health_report(**fields))
    assert problem.code == code
    assert problem.says.endswith(".")
    assert (Path(__file__).parents[3] / problem.runbook).is_file()


@pytest.mark.parametrize("fields", RIGHT.values(), ids=RIGHT)
def test_what_is_right_wakes_nobody(fields: dict[str, Any]) -> None:
    """A stack that does its work has no problem, whatever its size."""
    assert problems_of(a_health_report(**fields)) == ()


def test_a_report_is_shown_as_plain_values() -> None:
    """What programs read of a report: times in UTC, ages in minutes, problems by code."""
    report = a_health_report(dead_letters=2, queues=(QueueHealth("fetched", 9, 0, JUST_NOW),))
    shown = summary_of(report)
    assert shown["at"] == "2026-12-08T06:15:00Z"
    assert (shown["waiting"], shown["oldest_minutes"], shown["dead_letters"]) == ({"fetched": 9}, 20, 2)
    assert (shown["freshness_p95_seconds"], shown["well"], shown["spent_usd"]) == (None, True, 0)
