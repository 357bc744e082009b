"""Dates are read as their standards say, as feedparser does where it is right."""

import calendar
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import feedparser.datetimes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.adapters.feeds.dates import instant

instants = st.integers(700_000_000, 3_700_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
whole_hours = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mon, 02 Mar 2026 08:09:10 +0100", "2026-03-02T07:09:10"),
        ("Monday, 2 March 2026 08:09 GMT", "2026-03-02T08:09:00"),
        ("2 Mar 26 08:09:10 EST", "2026-03-02T13:09:10"),
        ("02 mar 2026 08:09:10 Z", "2026-03-02T08:09:10"),
        ("Mon, 02 Mar 2026 08:09:10 -03:30", "2026-03-02T11:39:10"),
        ("Fri, 02 Mar 98 08:09:10 UT", "1998-03-02T08:09:10"),
        ("Thu, 02 Jul 2026 08:09:10 CEST", "2026-07-02T06:09:10"),
        ("2026-03-02T08:09:10Z", "2026-03-02T08:09:10"),
        ("2026-03-02T08:09:10.123456+01:00", "2026-03-02T07:09:10"),
        ("2026-03-02T08:09:10+0530", "2026-03-02T02:39:10"),
        ("2026-03-02T08:09+01:00", "2026-03-02T07:09:00"),
        ("2026-03-02 08:09:10", "2026-03-02T08:09:10"),
        ("2026-03-02 08:09:10 -0500", "2026-03-02T13:09:10"),
        ("2026-03-02", "2026-03-02T00:00:00"),
        # left to feedparser
        ("2026-03", "2026-03-01T00:00:00"),
        ("Mar 02 2026 08:09:10 GMT", "2026-03-02T08:09:10"),
        ("Mon Mar  2 08:09:10 2026", "2026-03-02T08:09:10"),
        ("2026-02-30T08:09:10Z", "2026-03-02T08:09:10"),
        ("0001-01-01T00:00:00+10:00", None),
        ("lundi 2 mars 2026", None),
        ("hier", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_as_feeds_write_them(written: str | None, read: str | None) -> None:
    """An instant in UTC, or none; without a zone it is UTC."""
    moment = instant(written)
    assert (moment and moment.isoformat()) == (read and f"{read}+00:00")


@given(instants, whole_hours)
def test_both_forms_name_the_same_instant(moment: datetime, zone: timezone) -> None:
    """What the standard library writes is read back, in either form."""
    there = moment.astimezone(zone)
    assert instant(there.isoformat()) == instant(format_datetime(there)) == there
    assert instant(there.isoformat()).tzinfo is UTC


@given(
    st.from_regex(
        r"((Mon|Tue|Sunday),? )?[0-3]?\d (Jan|February|Sept|Dec) (\d\d|20\d\d) \d\d?:[0-5]\d(:[0-5]\d)? "
        r"([+-]\d\d:?[0-5]\d|GMT|UT|Z|E[SD]T|P[SD]T)",
        fullmatch=True,
    )
    | st.from_regex(
        r"20\d\d-[01]\d-[0-3]\d([T ][0-2]\d:[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-][01]\d:[0-5]\d)?)?",
        fullmatch=True,
    )
)
def test_the_standard_forms_are_read_as_by_feedparser(written: str) -> None:
    """Over everything the two forms allow, possible or not, the instant is feedparser's."""
    theirs = feedparser.datetimes._parse_date(written)
    assert instant(written) == (datetime.fromtimestamp(calendar.timegm(theirs), UTC) if theirs else None)
