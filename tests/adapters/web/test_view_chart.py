"""The week's bars: within their drawing, in proportion, and readable without it."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.mail.digests import quiet_day
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.view_chart import GROUND, HEIGHT, TOP, WIDTH, Chart, chart_of
from vigie.domain.week import DayCount

DIGEST = quiet_day()


def drawing(counts: list[int | None]) -> Chart:
    """Return the drawing of some days."""
    days = tuple(DayCount(date(2026, 12, 2) + timedelta(days=n), count) for n, count in enumerate(counts))
    return chart_of(site_catalogue("fr"), days)


@given(st.lists(st.none() | st.integers(0, 1_000_000), min_size=7, max_size=7))
def test_bars_stay_within_the_drawing(counts: list[int | None]) -> None:
    """Whatever is counted, no bar or label leaves the drawing, and bars do not touch."""
    chart = drawing(counts)
    for day in chart.days:
        assert day.x >= 0
        assert day.x + day.width <= WIDTH
        assert TOP <= day.y <= GROUND
        assert day.y + day.height == GROUND
    assert all(left.x + left.width < right.x for left, right in zip(chart.days, chart.days[1:], strict=False))
    assert chart.label_y < HEIGHT


def test_heights_are_in_proportion_and_nothing_is_a_line() -> None:
    """Twice as much is twice as high; a day of nothing is a line, a day without a digest is none."""
    chart = drawing([40, 20, 0, None, 10, 0, 40])
    assert [day.height for day in chart.days] == [116, 58, 2, 0, 29, 2, 116]
    assert [day.figure for day in chart.days] == ["40", "20", "0", "—", "10", "0", "40"]
    assert [day.is_last for day in chart.days] == [False] * 6 + [True]


def test_the_drawing_is_told_in_words() -> None:
    """Who does not see it hears each day and its figure."""
    assert "mercredi 2 40" in drawing([40, None, 3, 4, 5, 6, 7]).summary
