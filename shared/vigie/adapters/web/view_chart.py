"""The week as bars: a drawing in whole units, and the same figures as rows of a table."""

from dataclasses import dataclass
from datetime import date

from vigie.adapters.mail.catalogue import Catalogue
from vigie.domain.clients import Locale
from vigie.domain.typography import day_and_date, number
from vigie.domain.week import DayCount

WIDTH, HEIGHT, TOP, GROUND = 420, 170, 26, 142
_BAR = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartDay:
    """One day: its names, its figure (``—`` without a digest), and where its bar stands."""

    name: str
    short: str
    figure: str
    x: int
    y: int
    width: int
    height: int
    middle: int
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The week's drawing. ``summary`` says in a sentence what it shows."""

    days: tuple[ChartDay, ...]
    summary: str
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = GROUND
    label_y: int = GROUND + 19


def chart_of(catalogue: Catalogue, week: tuple[DayCount, ...]) -> Chart:
    """Return the drawing of a week; the tallest bar is its busiest day's."""
    most = max((day.mentions or 0 for day in week), default=0)
    step = WIDTH // max(len(week), 1)
    days = tuple(
        _day(catalogue, day, index * step + (step - _BAR) // 2, most, is_last=index == len(week) - 1)
        for index, day in enumerate(week)
    )
    told = ", ".join(f"{day.name} {day.figure}" for day in days)
    return Chart(days=days, summary=catalogue.say("chart_summary", days=told))


def _day(catalogue: Catalogue, day: DayCount, x: int, most: int, *, is_last: bool) -> ChartDay:
    locale = catalogue.locale
    height = round((GROUND - TOP) * (day.mentions or 0) / most) if most else 0
    height = max(height, 2 if day.mentions is not None else 0)  # a day of nothing is a line, not a gap
    return ChartDay(
        name=day_and_date(day.day, locale),
        short=_short(day.day, locale),
        figure="—" if day.mentions is None else number(day.mentions, locale),
        x=x,
        y=GROUND - height,
        width=_BAR,
        height=height,
        middle=x + _BAR // 2,
        is_last=is_last,
    )


def _short(day: date, locale: Locale) -> str:
    name, number_of_day = day_and_date(day, locale).split(" ", 1)
    dot = "." if locale == "fr" else ""
    return f"{name[:3]}{dot} {number_of_day}"
