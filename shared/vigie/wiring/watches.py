"""Steps that put watches to documents: compile, match, and those that read the archive."""

from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

from vigie.domain.clients import Watch
from vigie.errors import Transient
from vigie.observe import make_logger
from vigie.ports import Workers
from vigie.wiring.common import now, settings
from vigie.wiring.stores import accounts, blobs, ledger, outbox

if TYPE_CHECKING:
    from vigie.steps.backfill import Backfill
    from vigie.steps.backtest import BackTests
    from vigie.steps.compact import Compact
    from vigie.steps.compile import CompileWatches
    from vigie.steps.jobs import Jobs
    from vigie.steps.match import Match
    from vigie.steps.watches import BrokenFile, BrokenWatch, Report


BACKTEST_BUDGET_SECONDS = 240.0  # the worker's time-out leaves a minute to end well


def _report_watch(function: str) -> "Report":
    from vigie.steps.watches import BrokenWatch

    logger = make_logger(function)

    def report(broken: "BrokenWatch | BrokenFile") -> None:
        what = (
            "watch cannot be read" if isinstance(broken, BrokenWatch) else "compiled watches cannot be used"
        )
        logger.error(what, **asdict(broken))

    return report


@cache
def compile_watches() -> "CompileWatches":
    """Return the compile step."""
    from vigie.steps.compile import CompileWatches

    return CompileWatches(accounts=accounts(), blobs=blobs(), clock=now, report=_report_watch("compile"))


@cache
def compact() -> "Compact":
    """Return the compact step."""
    from vigie.steps.compact import Compact

    return Compact(blobs=blobs(), clock=now)


@cache
def jobs() -> "Jobs":
    """Return what takes, shows and does clients' back-tests."""
    from vigie.steps.jobs import Jobs

    return Jobs(
        blobs=blobs(), workers=_workers(), clock=now, backtests=lambda: backtests(BACKTEST_BUDGET_SECONDS)
    )


def start_backfill(watch: Watch) -> None:
    """Have a watch's past looked up. The watch is saved and follows what is new, whatever becomes of this."""
    _start_backfill(watch)


def start_opening(watch: Watch) -> None:
    """Have the past of a sign-up's watch looked up, soon enough for its first digest."""
    from vigie.steps.backfill import OPENING_BEHIND_SECONDS

    _start_backfill(watch, behind_seconds=OPENING_BEHIND_SECONDS)


def _start_backfill(watch: Watch, **how: int) -> None:
    try:
        _workers().start({"backfill": {"client_id": watch.client_id, "watch_id": watch.watch_id, **how}})
    except Transient as error:
        make_logger("api").error(
            "backfill not started", client_id=watch.client_id, watch_id=watch.watch_id, reason=str(error)
        )


def backfill() -> "Backfill":
    """Return what looks up a watch's past."""
    from vigie.steps.backfill import Backfill

    return Backfill(
        accounts=accounts(),
        blobs=blobs(),
        outbox=outbox(),
        clock=now,
        budget_seconds=BACKTEST_BUDGET_SECONDS,
    )


def start_work(work: dict[str, Any]) -> None:
    """Hand work over to the function that does what takes long. Raises Transient when it was not taken."""
    _workers().start(work)


def _workers() -> Workers:
    from vigie.adapters import aws
    from vigie.adapters.workers import LambdaWorkers

    return LambdaWorkers(aws.functions, settings().need("backtest_function"))


def backtests(budget_seconds: float) -> "BackTests":
    """Return what puts queries to the archive, for so long at most."""
    from vigie.steps.backtest import BackTests

    return BackTests(blobs=blobs(), clock=now, budget_seconds=budget_seconds)


@cache
def match() -> "Match":
    """Return the match step, which keeps the compiled watches between messages."""
    from vigie.steps.match import Match
    from vigie.steps.watches import CurrentWatches

    watches = CurrentWatches(accounts(), blobs(), _report_watch("match"))
    return Match(watches=watches, ledger=ledger(), outbox=outbox(), clock=now)
