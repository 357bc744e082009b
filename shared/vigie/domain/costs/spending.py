"""What a stack has spent this month, estimated from what it counted; and what it does when that is too much.

An estimate, not the bill: the bill comes a day late and once for all stacks of an account. It is right to a fifth or
so (``benchmarks.month``), knows no free tier, and says in which table it looked prices up.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal

from vigie.domain.costs.prices import Prices, Work, price_table

Level = Literal["fine", "warned", "saving"]
"""``warned``: somebody is told. ``saving``: what the stack can do without rests; what watches and mails goes on."""

WARNED_AT = 0.8
_TABLE = Path(__file__).with_name("unit_work.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What a stack did in a month, so far. ``large_model_usd`` is what questions cost, as counted when asked."""

    polls: int = 0
    documents: int = 0
    mentions: int = 0
    mails: int = 0
    hours: float = 0.0
    large_model_usd: float = 0.0

    def plus(self, more: "Counted") -> "Counted":
        """Return both together; of what the large model cost, which is a reading, the later."""
        return Counted(
            polls=self.polls + more.polls,
            documents=self.documents + more.documents,
            mentions=self.mentions + more.mentions,
            mails=self.mails + more.mails,
            hours=self.hours + more.hours,
            large_model_usd=more.large_model_usd,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """A month's spending so far. ``usd`` is by kind of work; ``cap_usd`` 0 is no cap."""

    month: str
    counted: Counted = field(default_factory=Counted)
    usd: dict[str, float] = field(default_factory=dict)
    cap_usd: float = 0.0
    prices_as_of: str = ""

    @property
    def total_usd(self) -> float:
        """Everything together."""
        return sum(self.usd.values())

    @property
    def level(self) -> Level:
        """What the stack does about it."""
        if not self.cap_usd or self.total_usd < WARNED_AT * self.cap_usd:
            return "fine"
        return "warned" if self.total_usd < self.cap_usd else "saving"


def month_of(now: datetime) -> str:
    """Return the calendar month that an instant is billed in."""
    return f"{now.astimezone(UTC):%Y-%m}"


def spend(month: str, counted: Counted, cap_usd: float, prices: Prices | None = None) -> Spending:
    """Return what was counted, priced."""
    table = prices or price_table()
    unit = unit_work()
    quantities = {
        "poll": counted.polls,
        "document": counted.documents,
        "mention": counted.mentions,
        "mail": counted.mails,
        "hour": counted.hours,
    }
    usd = {kind: round(quantity * table.of(unit[kind]), 6) for kind, quantity in quantities.items()}
    usd["large_model"] = round(counted.large_model_usd, 6)
    return Spending(
        month=month, counted=counted, usd=usd, cap_usd=cap_usd, prices_as_of=table.as_of.isoformat()
    )


@cache
def unit_work() -> dict[str, Work]:
    """Return what a unit of each kind of work asks of the cloud."""
    return tomllib.loads(_TABLE.read_text("utf-8"))
