"""The life of an alert: what is done twice is done once, whatever the order; clocks that differ lose nothing."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF, a_document, a_mention
from tests.domain.alerts.test_banding import an_alert
from vigie.domain.alerts.alert import Alert, notice_key
from vigie.domain.alerts.bursts import Baseline, BurstRule, observe
from vigie.domain.alerts.lifecycle import acknowledged, called_false, escalated, resolved, told
from vigie.domain.alerts.settings import Channel, Person
from vigie.domain.alerts.watching import Watching, bin_of, closed, taken_in

PEOPLE = (
    Person(name="Ana", channels=(Channel("mail", "ana@b.test"),)),
    Person(name="Bo", channels=(Channel("mail", "bo@b.test"),), after_minutes=15),
)
DEEDS = st.lists(
    st.tuples(st.sampled_from(["acknowledge", "resolve", "false", "time"]), st.integers(0, 40)), max_size=12
)


def done(alert: Alert, deed: str, minutes: int) -> Alert:
    """Return the alert after a deed, so many minutes after it opened."""
    now = alert.opened_at + timedelta(minutes=minutes)
    match deed:
        case "acknowledge":
            return acknowledged(alert, "Ana", now)
        case "resolve":
            return resolved(alert, "Ana", now, PEOPLE)
        case "false":
            return called_false(alert, "Ana", now)
    return escalated(alert, PEOPLE, now)


@given(DEEDS)
def test_what_is_done_twice_is_done_once(deeds: list[tuple[str, int]]) -> None:
    """Each deed repeated changes nothing, events are numbered in order, and no key is told twice."""
    start = an_alert(("opened", 1, ""))
    alert = told(start, PEOPLE, start.opened_at)
    keys = {notice_key(alert, notice) for notice in alert.pending}
    minutes = 0
    for deed, more in deeds:
        minutes += more
        before = {notice_key(alert, notice) for notice in alert.pending}
        after = done(alert, deed, minutes)
        assert done(after, deed, minutes) == after
        new = [notice_key(after, notice) for notice in after.pending]
        assert len(new) == len(set(new))
        assert not (set(new) - before) & keys
        keys |= set(new)
        alert = after
    assert [event.number for event in alert.events] == list(range(1, len(alert.events) + 1))
    for kind in ("acknowledged", "false_alarm", "resolved"):
        assert sum(event.kind == kind for event in alert.events) <= 1


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=40))
def test_a_bin_that_comes_again_changes_nothing(bins: list[tuple[int, int]]) -> None:
    """Bins delivered twice, at once or later, leave the same baseline and raise nothing more."""
    rule, once, twice = BurstRule(), Baseline(), Baseline()
    for number, value in sorted(dict(bins).items()):
        at = CUTOFF + number * timedelta(seconds=rule.bin_seconds)
        once, _ = observe(once, value, at, rule)
        twice, _ = observe(twice, value, at, rule)
        again, reading = observe(twice, value + 5, at, rule)
        assert (again, reading.alert) == (twice, False)
    assert once == twice


@given(st.lists(st.tuples(st.integers(0, 1_200), st.integers(-60, 60)), max_size=25))
def test_clocks_a_minute_apart_lose_and_double_nothing(writes: list[tuple[int, int]]) -> None:
    """Mentions stamped up to a minute ahead or behind, seen by several looks, are each remembered once."""
    watching = Watching(
        client_id="banque-armelie", since=CUTOFF - timedelta(days=9), open_bin_at=bin_of(CUTOFF)
    )
    mentions = [
        (
            CUTOFF + timedelta(seconds=written),
            a_mention(
                a_document(f"t{number}", document_id=f"d{number}"),
                story=f"s{number}",
                recorded_at=CUTOFF + timedelta(seconds=written + skew),
            ),
        )
        for number, (written, skew) in enumerate(writes)
    ]
    for minute in range(30):
        now = CUTOFF + timedelta(minutes=minute)
        visible = [mention for written, mention in mentions if written <= now]
        watching, _ = taken_in(watching, visible, now)
        watching = closed(watching, now)
    assert sorted(seen.mention_id for seen in watching.recent) == sorted(
        mention.mention_id for _, mention in mentions
    )
