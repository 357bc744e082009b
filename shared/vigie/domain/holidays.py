"""Public holidays, computed: what a client who works by a country's calendar does not work on."""

from datetime import date, timedelta
from functools import cache
from typing import Literal, get_args

Country = Literal["FR"]
COUNTRIES: tuple[Country, ...] = get_args(Country)

_FIXED: dict[Country, tuple[tuple[int, int], ...]] = {
    # Code du travail, art. L. 3133-1: the same for all of France (Alsace and Moselle have two more).
    "FR": ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)),
}
_AFTER_EASTER: dict[Country, tuple[int, ...]] = {"FR": (1, 39, 50)}  # Easter Monday, Ascension, Whit Monday


def is_holiday(day: date, country: Country) -> bool:
    """Whether nobody works on ``day`` in the country."""
    return day in holidays(country, day.year)


@cache
def holidays(country: Country, year: int) -> frozenset[date]:
    """Return a country's public holidays of a year."""
    fixed = {date(year, month, day) for month, day in _FIXED[country]}
    moving = {easter(year) + timedelta(days=days) for days in _AFTER_EASTER[country]}
    return frozenset(fixed | moving)


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the algorithm Nature published in 1876, by Meeus)."""
    golden, century, of_century = year % 19, year // 100, year % 100
    leap, shift = century // 4, (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
