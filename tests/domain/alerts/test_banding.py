"""What a digest tells of alerts, and of slow rises."""

from datetime import UTC, datetime, timedelta

from tests.builders import CUTOFF, a_document, a_mention
from vigie.domain.alerts.alert import Alert, Event, EventKind, Measure, Spread
from vigie.domain.alerts.banding import bands_of, is_rising
from vigie.domain.alerts.watching import Watching, bin_of, closed, taken_in
from vigie.domain.cutoffs import Interval

DAY = Interval(CUTOFF - timedelta(days=1), CUTOFF)


def an_alert(*events: tuple[EventKind, float, str]) -> Alert:
    """Return an alert to which things happened, so many hours after the interval began."""
    told = tuple(
        Event(number=number, kind=kind, at=DAY.since + timedelta(hours=hours), by=by)
        for number, (kind, hours, by) in enumerate(events, 1)
    )
    return Alert(
        client_id="c",
        alert_id="a",
        topic="own",
        topic_name="C",
        trigger="burst",
        severity="serious",
        state="open",
        opened_at=told[0].at,
        since=told[0].at,
        measure=Measure(value=9, baseline=1, z=8, minutes=5),
        spread=Spread(),
        active_at=told[0].at,
        events=told,
    )


def test_an_alert_is_told_as_it_stood_at_the_cut_off() -> None:
    """Taken before the cut-off by Ana; that it was closed after it is for the next digest."""
    alert = an_alert(("opened", 2, ""), ("acknowledged", 3, "Ana"), ("resolved", 25, ""))
    (band,) = bands_of([alert], DAY, lambda _: "Panne")
    assert (band.title, band.acknowledged_by, band.closed_at) == ("Panne", "Ana", None)
    (later,) = bands_of([alert], Interval(DAY.until, DAY.until + timedelta(days=1)), lambda _: "Panne")
    assert later.closed_at == alert.events[-1].at


def test_what_was_over_or_had_not_begun_is_not_told() -> None:
    """An alert closed before the interval, or opened after it, is none of its digest's."""
    over = an_alert(("opened", -9, ""), ("false_alarm", -1, "Ana"))
    ahead = an_alert(("opened", 24, ""))
    assert bands_of([over, ahead], DAY, lambda _: "") == ()


def test_an_alert_that_came_back_is_open() -> None:
    """Closed the day before and back today, it is open, and nobody has taken it yet."""
    alert = an_alert(
        ("opened", -20, ""), ("acknowledged", -19, "Ana"), ("resolved", -9, "Ana"), ("reopened", 4, "")
    )
    (band,) = bands_of([alert], DAY, lambda _: "")
    assert (band.closed_at, band.acknowledged_at) == (None, None)


def watched(days: list[int]) -> tuple[Watching, datetime]:
    """Return what is remembered after days of so many mentions of one paper each, and the last evening."""
    began = datetime(2026, 9, 1, tzinfo=UTC)
    watching = Watching(client_id="banque-armelie", since=began, open_bin_at=began)
    now = began
    for day, count in enumerate(days):
        for number in range(count):
            now = began + timedelta(days=day, hours=8, minutes=30 * number)
            document = a_document(f"{day} {number}", document_id=f"d{day}-{number}")
            mention = a_mention(document, recorded_at=now, story=f"s{day}-{number}")
            watching, _ = taken_in(watching, [mention], now)
            watching = closed(watching, now)
        now = began + timedelta(days=day, hours=20)
        watching = closed(watching, now)
    return watching, bin_of(now)


def test_a_slow_rise_is_noted_and_an_even_life_is_not() -> None:
    """A brand spoken of more week after week rises; one that is spoken of as ever does not; silence ends it."""
    even = [4, 3, 5, 4, 4, 2, 3] * 6
    watching, now = watched(even)
    assert not is_rising(watching, now)
    watching, now = watched([*even[:21], 4, 6, 7, 7, 8, 9, 9, 11, 12, 12])
    assert is_rising(watching, now)
    assert not is_rising(watching, now + timedelta(days=3))
    assert not is_rising(None, now)
