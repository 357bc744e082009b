"""The price table: what one unit of each kind of request costs, as of a date."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("prices.toml")

Work = Mapping[str, float]
"""Quantities by kind of request, as the price table names them."""


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars a unit, public and on demand, as of a day."""

    as_of: date
    region: str
    usd: Mapping[str, float]

    def of(self, work: Work) -> float:
        """Return what some work costs, in US dollars. Raises KeyError for a kind that has no price."""
        return sum(quantity * self.usd[kind] for kind, quantity in work.items())


@cache
def price_table() -> Prices:
    """Return the table that comes with this version."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    return Prices(as_of=table["as_of"], region=table["region"], usd=table["usd"])
