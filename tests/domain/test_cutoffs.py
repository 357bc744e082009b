"""When digests close and leave: across clock changes, odd zones, week-ends."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.clients import DigestSchedule
from vigie.domain.cutoffs import Appointment, Interval, keeps_waiting, next_appointment

PARIS = ZoneInfo("Europe/Paris")
WORKING_DAYS = (0, 1, 2, 3, 4)


def at(text: str) -> datetime:
    """Return an instant written in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def following(schedule: DigestSchedule, zone: ZoneInfo, after: datetime, count: int) -> list[Appointment]:
    """Return the next appointments, each counted from the cut-off before."""
    found: list[Appointment] = []
    for _ in range(count):
        found.append(next_appointment(schedule, zone, found[-1].cutoff_at if found else after))
    return found


def test_cutoff_is_before_sending() -> None:
    """An ordinary winter morning closes a quarter of an hour before the mail leaves."""
    expected = Appointment(cutoff_at=at("2026-12-08T06:15"), send_at=at("2026-12-08T06:30"))
    assert expected == next_appointment(DigestSchedule(), PARIS, at("2026-12-07T22:00"))


def test_cutoff_itself_is_past() -> None:
    """At the very cut-off the next appointment is tomorrow's: intervals touch and never overlap."""
    tomorrow = at("2026-12-09T06:15")
    assert tomorrow == next_appointment(DigestSchedule(), PARIS, at("2026-12-08T06:15")).cutoff_at
    just_before = at("2026-12-08T06:15") - timedelta(microseconds=1)
    assert at("2026-12-08T06:15") == next_appointment(DigestSchedule(), PARIS, just_before).cutoff_at


@pytest.mark.parametrize(
    ("send_at", "zone", "after", "expected"),
    [
        # Spring: 2027-03-28 in Paris has no 2 o'clock; half past two is taken after the gap.
        ("07:30", "Europe/Paris", "2027-03-27T00:00", ["27T06:30", "28T05:30", "29T05:30"]),
        ("02:30", "Europe/Paris", "2027-03-27T00:00", ["27T01:30", "28T01:30", "29T00:30"]),
        # Autumn: 2026-10-25 in Paris has 2 o'clock twice; the first is taken.
        ("07:30", "Europe/Paris", "2026-10-24T00:00", ["24T05:30", "25T06:30", "26T06:30"]),
        ("02:30", "Europe/Paris", "2026-10-24T00:00", ["24T00:30", "25T00:30", "26T01:30"]),
        # Zones off the hour: +05:45, and half an hour of summer time.
        ("07:30", "Asia/Kathmandu", "2026-12-07T12:00", ["08T01:45", "09T01:45", "10T01:45"]),
        ("02:15", "Australia/Lord_Howe", "2026-10-02T20:00", ["03T15:45", "04T15:15", "05T15:15"]),
        # A gap that ends the day: half past eleven of the Saturday is taken before it, to stay on the Saturday.
        ("23:30", "America/Nuuk", "2027-03-26T12:00", ["27T01:30", "28T00:30", "29T00:30"]),
        # A summer time that begins at midnight: the day has no half past midnight.
        ("00:30", "Africa/Cairo", "2026-04-22T23:00", ["23T22:30", "24T21:30", "25T21:30"]),
    ],
)
def test_local_hour_is_kept_across_clock_changes(
    send_at: str, zone: str, after: str, expected: list[str]
) -> None:
    """The mail leaves at the client's hour; one that is skipped comes after the gap, a doubled one first."""
    schedule = DigestSchedule(send_at=time.fromisoformat(send_at))
    actual = following(schedule, ZoneInfo(zone), at(after), 3)
    assert expected == [f"{appointment.send_at:%dT%H:%M}" for appointment in actual]


def test_between_the_two_doubled_hours_is_after() -> None:
    """Half past two, taken the first time it comes, is not taken again an hour later."""
    schedule = DigestSchedule(send_at=time(2, 30), cutoff_minutes=0)
    between = at("2026-10-25T01:00")
    assert at("2026-10-26T01:30") == next_appointment(schedule, PARIS, between).send_at


def test_monday_covers_the_week_end() -> None:
    """With working days only, what is recorded after Friday's cut-off waits for Monday's."""
    schedule = DigestSchedule(days=WORKING_DAYS)
    friday, monday, tuesday = following(schedule, PARIS, at("2026-12-11T00:00"), 3)
    assert [a.send_at.day for a in (friday, monday, tuesday)] == [11, 14, 15]
    saturday_night = at("2026-12-12T23:00")
    assert saturday_night in Interval(friday.cutoff_at, monday.cutoff_at)


@pytest.mark.parametrize(
    ("days", "after", "expected"),
    [
        # Christmas of 2026 is a Friday, New Year's Day too: Monday covers the time.
        (WORKING_DAYS, "2026-12-24T12:00", ["12-28", "12-29", "12-30", "12-31", "01-04"]),
        # Easter Monday of 2027 is 29 March.
        (WORKING_DAYS, "2027-03-26T12:00", ["03-30", "03-31"]),
        ((0, 1, 2, 3, 4, 5, 6), "2027-03-27T12:00", ["03-28", "03-30"]),
        # A weekly mail that falls on a holiday leaves on the next working day.
        ((0,), "2027-03-23T12:00", ["03-30", "04-05"]),
        ((4,), "2026-12-19T12:00", ["12-28", "01-04", "01-08"]),
        ((3,), "2027-05-05T12:00", ["05-07", "05-13"]),  # Ascension
    ],
)
def test_holidays_are_left_out(days: tuple[int, ...], after: str, expected: list[str]) -> None:
    """No mail on a public holiday; the next one covers the time, and no week goes without its weekly mail."""
    schedule = DigestSchedule(days=days, holidays="FR")
    found = following(schedule, PARIS, at(after), len(expected))
    assert expected == [f"{appointment.send_at:%m-%d}" for appointment in found]


@pytest.mark.parametrize(
    ("since", "send_at", "waits"),
    [
        ("2026-12-07", "2026-12-08", True),  # Monday's was sent; nothing was said till Tuesday's
        ("2026-12-07", "2026-12-13", True),
        ("2026-12-07", "2026-12-14", False),  # the weekly mail
        ("2026-12-09", "2026-12-14", False),
        ("2026-12-09", "2026-12-15", False),  # the Monday was left out, a holiday: Tuesday stands in
    ],
)
def test_silence_is_told_once_a_week(since: str, send_at: str, waits: bool) -> None:
    """Who wants mails only when someone speaks has one on their day of the week all the same."""
    schedule = DigestSchedule(only_when_spoken=True, weekly_day=0)
    interval = Interval(at(f"{since}T06:15"), at(f"{send_at}T06:15"))
    assert waits == keeps_waiting(schedule, PARIS, interval, at(f"{send_at}T06:30"))
    assert not keeps_waiting(DigestSchedule(), PARIS, interval, at(f"{send_at}T06:30"))


def test_cutoff_may_fall_on_the_day_before() -> None:
    """A Monday digest of one in the morning closes on Sunday evening, also just after the last one closed."""
    schedule = DigestSchedule(send_at=time(1), days=(0,), cutoff_minutes=240)
    first, second = following(schedule, PARIS, at("2026-12-06T12:00"), 2)
    assert (at("2026-12-06T20:00"), at("2026-12-07T00:00")) == (first.cutoff_at, first.send_at)
    assert at("2026-12-13T20:00") == second.cutoff_at


def test_interval_is_half_open() -> None:
    """What is recorded at the cut-off belongs to the next digest, and what is no instant to none."""
    since, until = at("2026-12-07T06:15"), at("2026-12-08T06:15")
    interval = Interval(since, until)
    assert [
        moment in interval for moment in (since, until - timedelta(microseconds=1), until, "2026-12-07")
    ] == [True, True, False, False]


ZONES = st.sampled_from(
    """
    Europe/Paris Europe/London America/Nuuk Asia/Kathmandu Asia/Beirut Australia/Lord_Howe Pacific/Chatham UTC
    America/Havana America/St_Johns Africa/Cairo Africa/Casablanca Pacific/Kiritimati
    """.split()  # noqa: SIM905 - a list of words reads as words
).map(ZoneInfo)
SCHEDULES = st.builds(
    DigestSchedule,
    send_at=st.times().map(lambda clock: clock.replace(second=0, microsecond=0, fold=0)),
    days=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    cutoff_minutes=st.integers(0, 240),
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(SCHEDULES, ZONES, INSTANTS)
def test_one_appointment_a_wanted_local_day(
    schedule: DigestSchedule, zone: ZoneInfo, after: datetime
) -> None:
    """Appointments strictly increase, and every wanted local day has exactly one."""
    found = following(schedule, zone, after, 10)
    assert all(a.cutoff_at < b.cutoff_at and a.send_at < b.send_at for a, b in pairwise(found))
    assert after < found[0].cutoff_at
    days = [a.send_at.astimezone(zone).date() for a in found]
    span = [days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days + 1)]
    assert [day for day in span if day.weekday() in schedule.days] == days


@given(SCHEDULES, ZONES, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=8)))
def test_asking_later_never_answers_earlier(
    schedule: DigestSchedule, zone: ZoneInfo, after: datetime, later: timedelta
) -> None:
    """No appointment hides between an instant and the appointment found from it."""
    found = next_appointment(schedule, zone, after)
    again = next_appointment(schedule, zone, after + later)
    assert again == found if after + later < found.cutoff_at else again.cutoff_at > found.cutoff_at
