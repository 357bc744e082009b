"""Work that takes longer than an answer may: what was asked, how far it is, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vigie.domain.backtest import BackTest

State = Literal["queued", "running", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTestJob:
    """A back-test asked for. ``progress`` goes from 0 to 1; one that failed says why, and what to do."""

    job_id: str
    client_id: str
    query: str
    days: int
    zone: str
    quota: int | None
    asked_at: datetime
    changed_at: datetime
    state: State = "queued"
    progress: float = 0.0
    mentions: int = 0
    result: BackTest | None = None
    reason: str | None = None
    remedy: str | None = None
