"""What stands before the subjects: alerts, and what people asked that waits for an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from vigie.adapters.mail.links import web_link
from vigie.adapters.mail.printer import Printer
from vigie.domain.digest_asks import ASKS_AT_MOST
from vigie.domain.digest_blocks import AlertBand, Ask
from vigie.domain.typography import hour, quoted


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert: whether it is still open, its state in capitals, its title and hours; ``url`` leads to its page."""

    is_open: bool
    state: str
    title: str
    hours: str
    url: str
    see: str


@dataclass(frozen=True, slots=True)
class AskView:
    """A question or a need: what it is and where, whether it was answered, and the words themselves."""

    origin: str
    words: str
    url: str | None
    read: str


def alert_views(printer: Printer, address: Callable[[str], str]) -> tuple[AlertView, ...]:
    """Return the alerts, the open ones first; ``address`` gives an alert's page by its id, empty without one."""
    alerts = sorted(printer.digest.alerts, key=lambda alert: alert.closed_at is not None)
    return tuple(_alert(printer, alert, address(alert.alert_id)) for alert in alerts)


def ask_views(printer: Printer) -> tuple[AskView, ...]:
    """Return the first asks."""
    return tuple(_ask(printer, ask) for ask in printer.digest.asks[:ASKS_AT_MOST])


def asks_label(printer: Printer) -> str:
    """Return the heading of the asks, with how many there are."""
    return printer.count("asks", len(printer.digest.asks))


def asks_more(printer: Printer) -> str:
    """Count the asks that are not shown."""
    left = len(printer.digest.asks) - ASKS_AT_MOST
    return printer.count("asks_more", left) if left > 0 else ""


def _alert(printer: Printer, alert: AlertBand, url: str) -> AlertView:
    parts = [printer.say("alert_opened", moment=printer.moment(alert.opened_at))]
    if alert.acknowledged_at:
        key = "alert_acknowledged_by" if alert.acknowledged_by else "alert_acknowledged"
        by = printer.title(alert.acknowledged_by, 60) if alert.acknowledged_by else ""
        parts.append(printer.say(key, moment=_after(printer, alert.opened_at, alert.acknowledged_at), by=by))
    if alert.closed_at:
        parts.append(printer.say("alert_closed", moment=_after(printer, alert.opened_at, alert.closed_at)))
    is_open = alert.closed_at is None
    state = printer.say("alert_is_open" if is_open else "alert_is_closed")
    return AlertView(
        is_open=is_open,
        state=state,
        title=printer.title(alert.title),
        hours=f"{', '.join(parts)}.",
        url=url,
        see=printer.say("alert_see"),
    )


def _after(printer: Printer, first: datetime, at: datetime) -> str:
    """Return a moment, without its day when it is the same as the one told before."""
    local = printer.local(at)
    same_day = local.date() == printer.local(first).date()
    return hour(local, printer.digest.locale) if same_day else printer.moment(at)


def _ask(printer: Printer, ask: Ask) -> AskView:
    where = [printer.title(ask.source_name, 60)]
    if ask.is_personal:
        where.append(printer.say("personal_account"))
    if ask.published_at:
        where.append(printer.moment(ask.published_at))
    origin = [printer.say(f"ask_{ask.kind}"), ", ".join(where)]
    if ask.kind == "question":
        origin.append(printer.say("ask_answered" if ask.is_answered else "ask_unanswered"))
    return AskView(
        origin=" · ".join(origin),
        words=quoted(printer.title(ask.words, 160), printer.digest.locale),
        url=web_link(ask.url),
        read=printer.say("ask_read"),
    )
