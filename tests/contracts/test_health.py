"""Contract of HealthStore."""

from tests.builders import CUTOFF, a_health_report, a_mention
from tests.contracts.conftest import Stores
from vigie.domain.health.freshness import measure
from vigie.domain.health.report import DigestHealth, LedgerHealth, Problem, QueueHealth


def test_the_last_report_is_kept_whole(stores: Stores) -> None:
    """What is read is what was kept last, to the last field."""
    assert stores.health.latest() is None
    report = a_health_report(
        freshness=measure([a_mention()]),
        sources={"fresh": 12, "failing": 1},
        queues=(QueueHealth("fetched", 3, 1, CUTOFF),),
        digests=DigestHealth(due=4, built=3, unsent=1, late=1),
        ledger=LedgerHealth(on_its_way=7, on_its_way_since=CUTOFF, wrong=("ponant/1",)),
        problems=(Problem(code="x", says="y", runbook="docs/runbooks/z.md"),),
    )
    stores.health.keep(a_health_report())
    stores.health.keep(report)
    assert stores.health.latest() == report


def test_a_stack_spends_until_told_otherwise(stores: Stores) -> None:
    """Nobody said anything: all is fine; then what was said last stands."""
    assert stores.health.level() == "fine"
    stores.health.set_level("saving")
    stores.health.set_level("warned")
    assert stores.health.level() == "warned"
