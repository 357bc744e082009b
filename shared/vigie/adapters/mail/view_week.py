"""The week in the mail: seven bars of table cells with their figures, and a line of blocks in plain text."""

from dataclasses import dataclass

from vigie.adapters.mail.printer import Printer
from vigie.domain.typography import NO_BREAK, day_and_date, number, weekday

HEIGHT_PIXELS = 56
_BLOCKS = "▁▂▃▄▅▆▇█"
_NONE = "–"
_FEWEST_DAYS = 2


@dataclass(frozen=True, slots=True)
class WeekBar:
    """One day: its short name, its figure (a dash without a digest), and how high its bar stands."""

    name: str
    figure: str
    height_pixels: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class WeekView:
    """The week's bars, the same in a sentence, and as blocks."""

    bars: tuple[WeekBar, ...]
    summary: str
    blocks: str


def week_view(printer: Printer) -> WeekView | None:
    """Return the week that the digest closes; None while it holds no two days to compare."""
    week = printer.digest.history.week
    if sum(day.mentions is not None for day in week) < _FEWEST_DAYS:
        return None
    locale = printer.digest.locale
    most = max(day.mentions or 0 for day in week)
    figures = [_NONE if day.mentions is None else number(day.mentions, locale) for day in week]
    told = [f"{day_and_date(day.day, locale)} {figure}" for day, figure in zip(week, figures, strict=True)]
    bars = tuple(
        WeekBar(
            name=f"{weekday(day.day, locale)[:3]}{'.' if locale == 'fr' else ''}{NO_BREAK}{day.day.day}",
            figure=figure,
            height_pixels=max(2, round(HEIGHT_PIXELS * day.mentions / most)) if day.mentions and most else 1,
            is_last=place == len(week) - 1,
        )
        for place, (day, figure) in enumerate(zip(week, figures, strict=True))
    )
    return WeekView(
        bars=bars,
        summary=printer.say("chart_summary", days=", ".join(told)),
        blocks="".join(_block(day.mentions, most) for day in week),
    )


def _block(count: int | None, most: int) -> str:
    if count is None:
        return _NONE
    return _BLOCKS[round((len(_BLOCKS) - 1) * count / most)] if most else _BLOCKS[0]
