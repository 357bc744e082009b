"""What becomes of an alert: who is told when, who took it, when it is over, when it comes back.

Pure: each function takes an alert and the time and returns the next alert, with what is to be told in ``pending``.
Doing it twice is doing it once: an alert that is acknowledged is not acknowledged again, and so on.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from vigie.domain.alerts.alert import TOLD, Alert, Event, Measure, Notice, Trigger, with_event
from vigie.domain.alerts.settings import Person, may_be_told_at

UPDATED_EVERY = timedelta(minutes=60)
QUIET_AFTER = timedelta(hours=6)  # without anything unusual an alert is over; nights do not count
NIGHT_FROM, NIGHT_UNTIL = 22, 7  # local hours in which nobody publishes, and silence says nothing
COMES_BACK_WITHIN = timedelta(hours=48)  # later it is another one
GROWN = 1.5
OPENED_A_DAY = 3  # of one topic: then they are kept, and told together


def told(alert: Alert, people: Sequence[Person], now: datetime, *, after_minutes: bool = False) -> Alert:
    """Return the alert with its last event to be told to those in the chain whose turn it is.

    At first those without a delay; ``after_minutes`` for an escalation, to those whose delay has just run out. What
    is not critical waits for the end of a person's quiet hours.
    """
    event = alert.events[-1]
    if event.kind not in TOLD:
        return alert
    reached = _reached(alert, people, now, newly=after_minutes)
    critical = alert.severity == "critical"
    notices = [
        Notice(
            event=event.number,
            person=number,
            due_at=may_be_told_at(people[number], now, critical=critical),
        )
        for number in reached
    ]
    return replace(alert, pending=(*alert.pending, *notices), told_at=now)


def _reached(alert: Alert, people: Sequence[Person], now: datetime, *, newly: bool) -> list[int]:
    """Return the places in the chain of those who are told: all whose delay is over, or only the last of them."""
    waited = _waited_minutes(alert, now)
    reached = [number for number, person in enumerate(people) if person.after_minutes <= waited]
    if not reached and people:
        reached = [0]
    if newly:
        told_before = {notice.person for notice in alert.pending} | _escalated_to(alert)
        return [number for number in reached if people[number].after_minutes and number not in told_before]
    return reached


def _waited_minutes(alert: Alert, now: datetime) -> float:
    """Return how long nobody has taken it; the clock stops when somebody does, and starts anew when it reopens."""
    began = max((event.at for event in alert.events if event.kind in ("opened", "reopened")), default=now)
    stopped = alert.acknowledged_at if alert.state == "acknowledged" and alert.acknowledged_at else now
    return max((min(stopped, now) - began).total_seconds() / 60, 0.0)


def _escalated_to(alert: Alert) -> set[int]:
    last = max((event.number for event in alert.events if event.kind in ("opened", "reopened")), default=0)
    return {
        int(event.detail)
        for event in alert.events
        if event.kind == "escalated" and event.number > last and event.detail.isdigit()
    }


def escalated(alert: Alert, people: Sequence[Person], now: datetime) -> Alert:
    """Return the alert told to the next in the chain, when nobody took it in their time."""
    if alert.state != "open":
        return alert
    for number in _reached(alert, people, now, newly=True):
        alert = with_event(alert, Event(number=0, kind="escalated", at=now, detail=str(number)))
        critical = alert.severity == "critical"
        due_at = may_be_told_at(people[number], now, critical=critical)
        notice = Notice(event=alert.events[-1].number, person=number, due_at=due_at)
        alert = replace(alert, pending=(*alert.pending, notice))
    return alert


def acknowledged(alert: Alert, by: str, now: datetime) -> Alert:
    """Return the alert taken in charge by somebody; the first to do so stands, and nobody else is woken."""
    if alert.state != "open":
        return alert
    taken = with_event(alert, Event(number=0, kind="acknowledged", at=now, by=by))
    waking = [notice for notice in taken.pending if _kind(taken, notice) != "escalated"]
    return replace(
        taken, state="acknowledged", acknowledged_by=by, acknowledged_at=now, pending=tuple(waking)
    )


def _kind(alert: Alert, notice: Notice) -> str:
    return alert.events[notice.event - 1].kind


def resolved(alert: Alert, by: str, now: datetime, people: Sequence[Person]) -> Alert:
    """Return the alert closed, by hand (``by``) or by quiet; those who were told are told of it."""
    if alert.state == "resolved":
        return alert
    closed = with_event(alert, Event(number=0, kind="resolved", at=now, by=by))
    return told(replace(closed, state="resolved", resolved_at=now), people, now)


def called_false(alert: Alert, by: str, now: datetime, why: str = "") -> Alert:
    """Return the alert closed as a false alarm: nobody is told more of it."""
    if any(event.kind == "false_alarm" for event in alert.events):
        return alert
    event = Event(number=0, kind="false_alarm", at=now, by=by, detail=why)
    return replace(with_event(alert, event), state="resolved", resolved_at=now, pending=())


def over_at(alert: Alert, zone: ZoneInfo) -> datetime:
    """Return when the alert is over if nothing unusual comes any more."""
    left, at = QUIET_AFTER, alert.active_at.astimezone(zone)
    while True:
        night = at.hour >= NIGHT_FROM or at.hour < NIGHT_UNTIL
        turn = at.replace(hour=NIGHT_UNTIL if night else NIGHT_FROM, minute=0, second=0, microsecond=0)
        if turn <= at:
            turn = datetime.combine(turn.date() + timedelta(days=1), turn.time(), tzinfo=zone)
        if not night:
            if at + left <= turn:
                return (at + left).astimezone(UTC)
            left -= turn - at
        at = turn


def is_over(alert: Alert, now: datetime, zone: ZoneInfo) -> bool:
    """Return whether nothing unusual has come for so long that the alert is over."""
    return alert.is_live and now >= over_at(alert, zone)


def grown(
    alert: Alert, measure: Measure, trigger: Trigger, now: datetime, people: Sequence[Person], *, news: str
) -> Alert:
    """Return an alert that something unusual was added to; told at most once in an hour, when there is news.

    ``news`` says what is new: a higher tier of outlet, another trigger; empty when it only goes on. One that was
    resolved comes back when there is news, or when it is bigger than it was.
    """
    bigger = measure.z > GROWN * alert.measure.z and measure.value > alert.measure.value
    if alert.state == "resolved":
        if not (bigger or news):
            return alert
        alert = replace(alert, active_at=now)
        event = Event(number=0, kind="reopened", at=now, trigger=trigger, detail=news, measure=measure)
        return told(_back(alert, event), people, now)
    alert = replace(alert, active_at=now)
    if not (bigger or news):
        return alert
    if alert.told_at is not None and now - alert.told_at < UPDATED_EVERY:
        return alert  # it is looked at again, and is news still
    event = Event(number=0, kind="grew", at=now, trigger=trigger, detail=news, measure=measure)
    return told(replace(with_event(alert, event), measure=measure), people, now)


def worsened(
    alert: Alert, measure: Measure, trigger: Trigger, now: datetime, people: Sequence[Person]
) -> Alert:
    """Return a live alert that turned critical: told at once, and what waited for the end of quiet hours is told now.

    Once in an alert's life, so that it need not wait for the hour of updates. Who hears of it only now hears once.
    """
    waiting = {notice.person for notice in alert.pending if _kind(alert, notice) != "summarised"}
    freed = tuple(
        replace(notice, due_at=min(notice.due_at, now)) if notice.person in waiting else notice
        for notice in alert.pending
    )
    event = Event(number=0, kind="grew", at=now, trigger=trigger, detail="critical", measure=measure)
    alert = replace(alert, severity="critical", measure=measure, active_at=now, pending=freed)
    alert = told(with_event(alert, event), people, now)
    newest = alert.events[-1].number
    left = [notice for notice in alert.pending if notice.event != newest or notice.person not in waiting]
    return replace(alert, pending=tuple(left))


def _back(alert: Alert, event: Event) -> Alert:
    return replace(
        with_event(alert, event),
        state="open",
        measure=event.measure or alert.measure,
        acknowledged_by="",
        acknowledged_at=None,
        resolved_at=None,
        reopened=alert.reopened + 1,
    )


def next_look(alert: Alert, people: Sequence[Person], now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when time alone makes something of the alert: a notice, an escalation, its end. None when nothing."""
    times = [notice.due_at for notice in alert.pending]
    if alert.announced < len(alert.events):
        times.append(now)
    if alert.is_live:
        times.append(over_at(alert, zone))
    if alert.state == "open":
        began = max((event.at for event in alert.events if event.kind in ("opened", "reopened")), default=now)
        reached = _escalated_to(alert)
        times += [
            began + timedelta(minutes=person.after_minutes)
            for number, person in enumerate(people)
            if person.after_minutes and number not in reached
        ]
    return min(times, default=None)
