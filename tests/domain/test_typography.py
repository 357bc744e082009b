"""How things are set in print."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.typography import (
    NARROW,
    NO_BREAK,
    change,
    day_and_date,
    french_spaces,
    hour,
    isolated,
    long_date,
    moment,
    number,
    one_line,
    percent,
    plural,
    quoted,
)

DAY = date(2026, 12, 8)


def local(hours: int, minutes: int) -> datetime:
    """Return an hour of the day, in Paris."""
    return datetime(2026, 12, 8, hours, minutes, tzinfo=ZoneInfo("Europe/Paris"))


def narrow(*texts: str) -> list[str]:
    """Return the texts with a narrow no-break space for each ``~``, a wide one for each ``_``."""
    return [text.replace("~", NARROW).replace("_", NO_BREAK) for text in texts]


def test_numbers() -> None:
    """Thousands stand apart as each language wants, and a minus is a minus."""
    values = (7, 1234, 1234567, -1234)
    assert [number(value, "fr") for value in values] == narrow("7", "1~234", "1~234~567", "−1~234")
    assert number(1234567, "en") == "1,234,567"
    assert [percent(14, 34, "fr"), percent(14, 34, "en"), percent(0, 0, "en")] == narrow("41~%", "41%", "0%")
    assert [change(34, 24, "fr"), change(11, 12, "fr"), change(5, 5, "fr")] == narrow("+42~%", "−8~%", "0~%")


def test_dates() -> None:
    """Dates read as a person of the language writes them."""
    assert long_date(DAY, "fr") == "mardi 8 décembre 2026"
    assert long_date(date(2026, 12, 1), "fr") == "mardi 1er décembre 2026"
    assert long_date(DAY, "en") == "Tuesday 8 December 2026"
    assert day_and_date(DAY, "fr") == "mardi 8"


def test_hours() -> None:
    """French counts 24 hours and leaves out the minutes of a full one; English has am and pm."""
    hours = [local(0, 5), local(7, 15), local(12, 0), local(21, 0)]
    assert [hour(at, "fr") for at in hours] == narrow("0~h~05", "7~h~15", "12~h", "21~h")
    assert [hour(at, "en") for at in hours] == narrow("12:05~am", "7:15~am", "12:00~pm", "9:00~pm")


def test_moments_are_as_short_as_they_can_be() -> None:
    """Within six days the day's name is enough; before that, or in the future, the date is told."""
    at = local(5, 58)
    assert [moment(at, DAY, "fr"), moment(at, DAY, "en")] == narrow("mar._5~h~58", "Tue_5:58~am")
    assert [moment(at - timedelta(days=5), DAY, "fr")] == narrow("jeu._5~h~58")
    assert moment(at - timedelta(days=6), DAY, "fr") == "2 déc. 2026"
    assert moment(at + timedelta(days=1), DAY, "en") == "9 Dec 2026"


def test_plurals() -> None:
    """French counts 0 and 1 as one; English only 1."""
    assert [plural(count, "fr") for count in (0, 1, 2)] == ["one", "one", "other"]
    assert [plural(count, "en") for count in (0, 1, 2)] == ["other", "one", "other"]


def test_french_spaces_only_where_a_space_stands() -> None:
    """Plain spaces become narrow ones before high signs and inside guillemets; addresses stay whole."""
    assert french_spaces("« Oui » : 7 % ; non ! https://a.example 7:15") == (
        "«\u202fOui\u202f»\u202f: 7\u202f%\u202f; non\u202f! https://a.example 7:15"
    )
    assert quoted("a", "fr") == "«\u202fa\u202f»"
    assert quoted("a", "en") == "“a”"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  un\r\ntitre\tet\u2028rien  ", "un titre et rien"),
        ("\x1b[31mrouge\x00", "[31mrouge"),
        ("\u202eEVIL\u202c \u2066x\u2069\u200b", "EVIL x"),
        ("Z" + "e\u0301\u0301\u0301\u0301\u0301", "Ze\u0301\u0301\u0301"),
        ("famille 👨\u200d👩\u200d👧", "famille 👨\u200d👩\u200d👧"),
        ("un titre bien trop long pour tenir", "un titre bien trop…"),
        ("a" * 50, "a" * 19 + "…"),
    ],
)
def test_foreign_text_on_one_line(text: str, expected: str) -> None:
    """Controls, direction marks and heaps of accents go; what is too long is cut at a word."""
    assert one_line(text, 20) == expected


@given(st.text(), st.integers(10, 60))
def test_one_line_keeps_its_promise(text: str, limit: int) -> None:
    """Whatever the text: within the limit, no control character, no direction mark, and doing it twice is once."""
    line = one_line(text, limit)
    assert len(line) <= limit
    assert all(character.isprintable() or character in "\u200c\u200d" for character in line)
    assert one_line(line, limit) == line


def test_right_to_left_text_is_isolated() -> None:
    """Only text with right-to-left letters is put between isolates."""
    assert isolated("Rien") == "Rien"
    assert isolated("عنوان") == "\u2068عنوان\u2069"
