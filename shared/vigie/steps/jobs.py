"""Back-tests as jobs: asked through the API, done by a worker, kept under the client's own prefix.

::

    clients/<client_id>/backtests/<job_id>.json

The same question within the same hour is the same job, so asking twice costs once, and an invocation that comes twice
finds its job done.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from vigie.domain.clients import Client
from vigie.domain.jobs import BackTestJob
from vigie.domain.query import parse
from vigie.errors import BadField, NotFound, Refused
from vigie.messages import decode_value, encode
from vigie.ports import Blobs, Clock, Workers
from vigie.steps.backtest import BackTests, Question, check_days

LOST_AFTER = timedelta(minutes=20)  # the worker's time-out and its two retries are over by then
TOLD_EVERY = 0.05  # of the work: what is written meanwhile
_JOB_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """Takes, shows and does the back-tests of clients."""

    blobs: Blobs
    workers: Workers
    clock: Clock
    backtests: Callable[[], BackTests]

    def ask(self, client: Client, query: str, days: int, quota: int | None) -> BackTestJob:
        """Queue a back-test, unless the same is under way or done. Raises BadQuery, or BadField."""
        parse(query)
        check_days(days)
        if quota is not None and quota < 1:
            raise BadField(
                "monthly_mentions", f"{quota} is no quota", "Give a number from 1 on, or leave it out."
            )
        now = self.clock()
        job_id = _id_of(client.client_id, query, days, quota, now)
        standing = self._get(client.client_id, job_id)
        if standing and standing.state != "failed" and not self._is_lost(standing):
            return standing
        job = BackTestJob(
            job_id=job_id,
            client_id=client.client_id,
            query=query,
            days=days,
            zone=client.zone,
            quota=quota,
            asked_at=now,
            changed_at=now,
        )
        self._put(job)
        self.workers.start({"backtest": {"client_id": client.client_id, "job_id": job_id}})
        return job

    def show(self, client: Client, job_id: str) -> BackTestJob:
        """Return a job of the client. Raises NotFound, whether it is nobody's or another's."""
        job = self._get(client.client_id, job_id)
        if job is None:
            raise NotFound(f"There is no back-test {job_id}.")
        if self._is_lost(job):
            return replace(
                job, state="failed", reason="The back-test was cut off.", remedy="Ask for it once more."
            )
        return job

    def run(self, client_id: str, job_id: str) -> BackTestJob | None:
        """Do a job, and return it as it ended; None when it is gone. One that is done stays as it is.

        What goes wrong is kept in the job, and raised: Lambda tries twice more.
        """
        job = self._get(client_id, job_id)
        if job is None or job.state == "done":
            return job
        job = self._put(replace(job, state="running", changed_at=self.clock(), reason=None, remedy=None))
        try:
            result = self.backtests().run(
                Question(query=job.query, days=job.days, zone=ZoneInfo(job.zone), quota=job.quota),
                _Teller(job, self._put, self.clock),
            )
        except Refused as error:  # accepted by another version of the language
            return self._fail(job, str(error), "Change the query and ask again.")
        except Exception:
            self._fail(job, "The archive could not be read.", "Ask again in some minutes.")
            raise
        return self._put(
            replace(
                job,
                state="done",
                progress=1.0,
                mentions=result.mentions,
                result=result,
                changed_at=self.clock(),
            )
        )

    def _fail(self, job: BackTestJob, reason: str, remedy: str) -> BackTestJob:
        return self._put(replace(job, state="failed", reason=reason, remedy=remedy, changed_at=self.clock()))

    def _is_lost(self, job: BackTestJob) -> bool:
        return job.state in {"queued", "running"} and self.clock() - job.changed_at > LOST_AFTER

    def _get(self, client_id: str, job_id: str) -> BackTestJob | None:
        content = self.blobs.get(_key(client_id, job_id)) if _JOB_ID.fullmatch(job_id) else None
        return decode_value(content, BackTestJob) if content else None

    def _put(self, job: BackTestJob) -> BackTestJob:
        self.blobs.put(_key(job.client_id, job.job_id), encode(job), "application/json")
        return job


class _Teller:
    """Writes how far a job is, a twentieth at a time."""

    def __init__(self, job: BackTestJob, put: Callable[[BackTestJob], BackTestJob], clock: Clock) -> None:
        self._job, self._put, self._clock = job, put, clock
        self._told = 0.0

    def __call__(self, share: float, mentions: int) -> None:
        """Write it when there is a twentieth more to tell."""
        if share - self._told >= TOLD_EVERY and share < 1:
            self._told = share
            now = self._clock()
            self._put(replace(self._job, progress=round(share, 2), mentions=mentions, changed_at=now))


def _key(client_id: str, job_id: str) -> str:
    return f"clients/{client_id}/backtests/{job_id}.json"


def _id_of(client_id: str, query: str, days: int, quota: int | None, now: datetime) -> str:
    asked = encode((client_id, query, days, quota, f"{now:%Y-%m-%dT%H}"))
    return blake2b(asked, digest_size=16).hexdigest()
