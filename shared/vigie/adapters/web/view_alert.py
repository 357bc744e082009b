"""An alert on the web: what it says in the mail, everything that happened to it, and what may be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from vigie.adapters.alerting.timeline import Happening, timeline_of
from vigie.adapters.alerting.words import AlertWords, Line, alert_words, document_line
from vigie.adapters.web.catalogue import site_catalogue
from vigie.domain.alerts.alert import Alert
from vigie.domain.clients import Client
from vigie.domain.typography import number, one_line

WIDTH, HEIGHT, TOP, GROUND = 480, 150, 26, 122
_BAR = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class HourBar:
    """One hour of the chart: how long ago, its figure, and where its bar stands."""

    ago: str
    figure: str
    x: int
    y: int
    width: int
    height: int
    middle: int
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """An alert to read. ``may_take``, ``may_close`` and ``may_call_false`` say which buttons it has."""

    client: str
    heading: str
    state: str
    is_live: bool
    is_critical: bool
    words: AlertWords
    first: Line | None
    bars: tuple[HourBar, ...]
    bars_summary: str
    timeline: tuple[Happening, ...]
    may_take: bool
    may_close: bool
    may_call_false: bool
    problem: str


def alert_page(client: Client, alert: Alert, now: datetime, *, problem: str = "") -> AlertPage:
    """Return an alert's page, in ``client``'s language: the reader's, where they have one of their own."""
    words = alert_words(client, alert, replace(alert.events[0], at=now))
    say = site_catalogue(client.locale).say
    counts = ", ".join(number(count, client.locale) for count in alert.chart)
    return AlertPage(
        client=one_line(client.name, 60),
        heading=words.what[:1].upper() + words.what[1:],
        state=say(f"alert_state_{alert.state}"),
        is_live=alert.is_live,
        is_critical=words.critical,
        words=words,
        first=document_line(alert.first, client.locale) if alert.first else None,
        bars=_bars(alert, client),
        bars_summary=say("alert_chart_summary", counts=counts),
        timeline=timeline_of(client, alert, now),
        may_take=alert.state == "open",
        may_close=alert.is_live,
        may_call_false=not any(event.kind == "false_alarm" for event in alert.events),
        problem=say(problem) if problem else "",
    )


def _bars(alert: Alert, client: Client) -> tuple[HourBar, ...]:
    most, hours = max(alert.chart, default=0), len(alert.chart)
    step = WIDTH // max(hours, 1)
    say = site_catalogue(client.locale).say
    bars = []
    for place, count in enumerate(alert.chart):
        height = max(round((GROUND - TOP) * count / most), 2) if most else 2  # an hour of nothing is a line
        x = place * step + (step - _BAR) // 2
        bars.append(
            HourBar(
                ago=say("alert_hours_ago", hours=str(hours - place)),
                figure=number(count, client.locale),
                x=x,
                y=GROUND - height,
                width=_BAR,
                height=height,
                middle=x + _BAR // 2,
                is_last=place == hours - 1,
            )
        )
    return tuple(bars)


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert in the list."""

    what: str
    state: str
    is_live: bool
    size: str
    url: str


def alert_lines(client: Client, alerts: Sequence[Alert], now: datetime, base: str) -> tuple[AlertLine, ...]:
    """Return alerts as lines, in ``client``'s language; ``base`` leads to their list."""
    say = site_catalogue(client.locale).say
    lines = []
    for alert in alerts:
        words = alert_words(client, alert, replace(alert.events[0], at=now))
        what = words.what[:1].upper() + words.what[1:]
        state, url = say(f"alert_state_{alert.state}"), f"{base}/{quote(alert.alert_id)}"
        lines.append(AlertLine(what, state, alert.is_live, words.size, url))
    return tuple(lines)
