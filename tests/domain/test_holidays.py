"""Public holidays."""

from datetime import date

import pytest
from dateutil.easter import easter as easter_of_dateutil

from vigie.domain.holidays import easter, holidays, is_holiday


def test_easter_agrees_with_another_computation() -> None:
    """Three centuries of Sundays, the same as dateutil's."""
    years = range(1900, 2200)
    assert [easter_of_dateutil(year) for year in years] == [easter(year) for year in years]


def test_france_has_eleven() -> None:
    """Those of 2027, as the calendar prints them."""
    printed = [
        "01-01",
        "03-29",
        "05-01",
        "05-06",
        "05-08",
        "05-17",
        "07-14",
        "08-15",
        "11-01",
        "11-11",
        "12-25",
    ]
    assert printed == sorted(f"{day:%m-%d}" for day in holidays("FR", 2027))


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 11, 11), True), (date(2026, 11, 12), False)])
def test_a_day_is_one_or_not(day: date, expected: bool) -> None:
    """The eleventh of November is, the twelfth is not."""
    assert expected == is_holiday(day, "FR")
