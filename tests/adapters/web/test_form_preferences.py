"""The form of hours and days, read."""

from datetime import time

import pytest

from vigie.adapters.web.form_preferences import read_preferences
from vigie.domain.clients import DigestSchedule
from vigie.domain.rhythms import FREQUENCIES, frequency_of
from vigie.errors import BadField

STANDING = DigestSchedule(time(7, 30), (0, 2, 4), 30, holidays="FR")
FORM = {
    "frequency": ["daily"],
    "send_at": ["06:45"],
    "zone": ["Europe/Paris"],
    "day": ["3"],
    "days": ["1", "4"],
}


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_each_frequency_is_read_as_it_is_shown(frequency: str) -> None:
    """What is chosen is what the page will show as chosen; what the form does not ask stays."""
    schedule, zone = read_preferences({**FORM, "frequency": [frequency]}, STANDING)
    assert frequency_of(schedule) == frequency
    assert (schedule.send_at, schedule.cutoff_minutes, schedule.holidays, zone) == (
        time(6, 45),
        30,
        "FR",
        "Europe/Paris",
    )


def test_days_of_ones_own_are_kept_in_order() -> None:
    """Boxes may come in any order, and twice."""
    schedule, _ = read_preferences({**FORM, "frequency": ["days"], "days": ["4", "1", "4"]}, STANDING)
    assert (schedule.days, schedule.only_when_spoken) == ((1, 4), False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"frequency": ["hourly"]},
        {"frequency": []},
        {"send_at": ["soon"]},
        {"send_at": []},
        {"frequency": ["weekly"], "day": ["7"]},
        {"frequency": ["weekly"], "day": ["²"]},
        {"frequency": ["days"], "days": ["x"]},
    ],
)
def test_what_is_none_of_the_choices_is_refused(wrong: dict[str, list[str]]) -> None:
    """A form made by hand is told which field is wrong."""
    with pytest.raises(BadField):
        read_preferences(FORM | wrong, STANDING)
