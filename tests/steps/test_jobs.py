"""Back-tests as jobs: asked once, done once, seen by their client alone."""

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import a_client
from tests.fakes import FakeBlobs, FakeClock, FakeWorkers
from tests.steps.test_backtest import NOW, WEEK, archived
from vigie.domain.jobs import BackTestJob
from vigie.errors import BadField, BadQuery, NotFound, Transient
from vigie.steps.backtest import BackTests
from vigie.steps.jobs import LOST_AFTER, Jobs

BANK, UNION = a_client(), a_client(client_id="union")


class Place:
    """An archive, a clock, a worker that waits, and what takes jobs."""

    def __init__(self, blobs: FakeBlobs | None = None) -> None:
        self.blobs = blobs or archived(*WEEK)
        self.clock = FakeClock(NOW)
        self.workers = FakeWorkers()
        self.jobs = Jobs(blobs=self.blobs, workers=self.workers, clock=self.clock, backtests=self.backtests)

    def backtests(self) -> BackTests:
        """Return the step."""
        return BackTests(blobs=self.blobs, clock=self.clock, budget_seconds=60, stopwatch=lambda: 0.0)

    def ask(self, query: str = "guichets", **fields: Any) -> BackTestJob:
        """Ask as the bank."""
        return self.jobs.ask(BANK, query, fields.get("days", 30), fields.get("quota"))

    def work(self) -> None:
        """Do what the worker was given, twice, as Lambda may."""
        for work in [*self.workers.started, *self.workers.started]:
            self.jobs.run(**work["backtest"])


def test_a_job_is_queued_then_done() -> None:
    """It is answered at once, done by the worker, and holds the result."""
    place = Place()
    job = place.ask(quota=30)
    assert (job.state, job.progress) == ("queued", 0.0)
    assert place.workers.started == [{"backtest": {"client_id": "banque-armelie", "job_id": job.job_id}}]

    place.work()

    done = place.jobs.show(BANK, job.job_id)
    assert (done.state, done.progress, done.reason) == ("done", 1.0, None)
    assert done.result is not None
    assert (done.result.mentions, done.result.quota) == (2, 30)


def test_the_same_question_is_one_job() -> None:
    """Asked twice within the hour it is done once; another hour, query or quota is another job."""
    place = Place()
    first = place.ask()
    assert place.ask().job_id == first.job_id
    assert len(place.workers.started) == 1

    place.clock.advance(3600)

    assert len({first.job_id, place.ask().job_id, place.ask("banque").job_id, place.ask(quota=9).job_id}) == 4


@pytest.mark.parametrize("job_id", ["0" * 32, "../../union/backtests/x", "x", ""])
def test_another_clients_job_does_not_exist(job_id: str) -> None:
    """A job is found under its client only, and by nothing but an id."""
    place = Place()
    own = place.ask().job_id

    for wanted in (job_id, own):
        with pytest.raises(NotFound):
            place.jobs.show(UNION, wanted)


def test_a_failure_is_told_and_tried_again() -> None:
    """A bucket that fails leaves a reason and a remedy, and the next try does the job."""
    place = Place()
    job = place.ask()

    class Broken(FakeBlobs):
        def keys(self, prefix: str) -> list[str]:
            raise Transient(f"list {prefix}")

    broken = BackTests(blobs=Broken(), clock=place.clock, budget_seconds=60)
    failing = Jobs(blobs=place.blobs, workers=place.workers, clock=place.clock, backtests=lambda: broken)
    with pytest.raises(Transient):
        failing.run("banque-armelie", job.job_id)
    told = place.jobs.show(BANK, job.job_id)
    assert (told.state, told.remedy) == ("failed", "Ask again in some minutes.")
    assert told.reason

    place.work()

    assert place.jobs.show(BANK, job.job_id).state == "done"


def test_a_job_cut_off_is_told_and_asked_again() -> None:
    """A worker that died without a word leaves a job that shows as failed, and may be asked for once more."""
    place = Place()
    job = place.ask()
    place.clock.advance(int((LOST_AFTER + timedelta(minutes=1)).total_seconds()))

    assert place.jobs.show(BANK, job.job_id).state == "failed"
    assert place.ask().state == "queued"
    assert len(place.workers.started) == 2


def test_what_cannot_be_asked_is_refused_at_once() -> None:
    """A bad query, days or quota: the field is named and nothing is queued."""
    place = Place()
    with pytest.raises(BadQuery):
        place.ask("(banque")
    with pytest.raises(BadField, match="days"):
        place.ask(days=31)
    with pytest.raises(BadField, match="monthly_mentions"):
        place.ask(quota=0)
    assert not place.workers.started


def test_a_job_that_is_gone_is_left() -> None:
    """An invocation for a job that is not there does nothing."""
    assert Place().jobs.run("banque-armelie", "0" * 32) is None
