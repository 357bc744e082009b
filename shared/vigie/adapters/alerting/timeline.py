"""What happened to an alert, in order, in words."""

from dataclasses import dataclass
from datetime import datetime

from vigie.adapters.alerting.words import alert_catalogue, title_of
from vigie.domain.alerts.alert import Alert, Event
from vigie.domain.clients import Client
from vigie.domain.typography import moment, one_line, quoted


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, and when, in the client's zone."""

    when: str
    what: str


def timeline_of(client: Client, alert: Alert, now: datetime) -> tuple[Happening, ...]:
    """Return what happened to an alert, oldest first, in the client's language."""
    today = now.astimezone(client.tz).date()
    return tuple(
        Happening(
            when=moment(event.at.astimezone(client.tz), today, client.locale),
            what=_told(client, alert, event),
        )
        for event in alert.events
    )


def _told(client: Client, alert: Alert, event: Event) -> str:
    say = alert_catalogue(client.locale).say
    by = one_line(event.by, 80)
    match event.kind:
        case "opened":
            return say("event_opened", what=title_of(alert, client.locale))
        case "grew" | "reopened":
            return say(f"event_{event.kind}", news=say(f"news_{event.detail or 'more'}"))
        case "resolved":
            return say("event_resolved_by", by=by) if by else say("event_resolved_quiet")
        case "false_alarm":
            why = quoted(one_line(event.detail, 500), client.locale) if event.detail.strip() else ""
            return say("event_false_alarm_why", by=by, why=why) if why else say("event_false_alarm", by=by)
        case _:
            return say(f"event_{event.kind}", by=by)
