"""What an alert says, in words: what, since when, how big, who was first, who carries it, what is unknown."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from vigie.adapters.mail.catalogue import Catalogue
from vigie.domain.alerts.alert import Alert, Event, KeyDocument
from vigie.domain.alerts.telling import Telling
from vigie.domain.clients import Client, Locale
from vigie.domain.typography import moment, one_line, percent, quoted

_FOLDER = Path(__file__).parent / "catalogues"
_TITLE_CHARACTERS = 140
_BLOCKS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Line:
    """A document to read: its title, who published it, and where."""

    title: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """One hour of the chart: its count, and its height in percent of the highest."""

    count: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertWords:
    """An alert ready to be laid out. ``acknowledge_url`` is empty where there is nothing to take."""

    lang: str
    subject: str
    what: str
    status: tuple[str, ...]
    size: str
    facts: tuple[str, ...]
    documents_label: str
    documents: tuple[Line, ...]
    chart_label: str
    chart: tuple[Column, ...]
    sparkline: str
    unknown: str
    acknowledge_label: str
    acknowledge_url: str
    why_me: str
    critical: bool


def words_of(telling: Telling, acknowledge_url: str = "") -> AlertWords:
    """Return an alert in the client's language, as one event of it is told."""
    client, also = telling.client, telling.also
    words = alert_words(client, telling.alert, telling.event, acknowledge_url)
    if not also:
        return words
    say = alert_catalogue(client.locale)
    lines = [say.say("also", what=_what(say, alert), size=_size(say, alert, client.locale)) for alert in also]
    subject = one_line(say.count("subject_together", 1 + len(also), client=client.name), 150)
    return replace(words, subject=subject, facts=(*words.facts, *lines))


def alert_words(client: Client, alert: Alert, event: Event, acknowledge_url: str = "") -> AlertWords:
    """Return an alert in the client's language, seen at the time of one event of it."""
    say = alert_catalogue(client.locale)
    what = _what(say, alert)
    return AlertWords(
        lang=client.locale,
        subject=one_line(say.say(f"subject_{event.kind}", client=client.name, what=what), 150),
        what=what,
        status=tuple(_status(say, alert, event, client)),
        size=_size(say, alert, client.locale),
        facts=tuple(_facts(say, alert, client, event)),
        documents_label=say.say("documents"),
        documents=tuple(document_line(document, client.locale) for document in alert.documents),
        chart_label=say.say("chart"),
        chart=_columns(alert.chart),
        sparkline=sparkline(alert.chart),
        unknown=say.say("unknown"),
        acknowledge_label=say.say("acknowledge"),
        acknowledge_url=acknowledge_url if alert.state == "open" else "",
        why_me=say.say("why_me", client=client.name),
        critical=alert.severity == "critical" and alert.is_live,
    )


def sparkline(counts: tuple[int, ...]) -> str:
    """Return counts as blocks, the highest full."""
    highest = max(counts, default=0)
    return "".join(
        _BLOCKS[round(count / highest * (len(_BLOCKS) - 1))] if highest else _BLOCKS[0] for count in counts
    )


def title_of(alert: Alert, locale: Locale) -> str:
    """Return what an alert is about, in a few words: what a digest's band shows."""
    return _what(alert_catalogue(locale), alert)


@cache
def alert_catalogue(locale: Locale) -> Catalogue:
    """Return the sentences of a language, read once."""
    return Catalogue(locale, {}).extended(_FOLDER)


def _what(say: Catalogue, alert: Alert) -> str:
    detail = alert.events[0].detail if alert.events else ""
    return say.say(f"what_{alert.trigger}", detail=one_line(detail, 60))


def _status(say: Catalogue, alert: Alert, event: Event, client: Client) -> list[str]:
    def at(told_at: datetime) -> str:
        return _when(told_at, client, event)

    lines = {
        "opened": lambda: say.say("opened", when=at(alert.opened_at)),
        "grew": lambda: say.say("grew", news=say.say(f"news_{event.detail or 'more'}")),
        "escalated": lambda: say.say("escalated", when=at(alert.opened_at)),
        "reopened": lambda: say.say("reopened"),
        "resolved": lambda: (
            say.say("resolved_by", by=event.by, when=at(event.at))
            if event.by
            else say.say("resolved_quiet", when=at(event.at))
        ),
        "summarised": lambda: say.say("summarised"),
    }
    told = [lines[event.kind]()] if event.kind in lines else []
    if alert.acknowledged_by and alert.acknowledged_at:
        told.append(say.say("taken", by=alert.acknowledged_by, when=at(alert.acknowledged_at)))
    return told


def _when(at: datetime, client: Client, event: Event) -> str:
    return moment(at.astimezone(client.tz), event.at.astimezone(client.tz).date(), client.locale)


def _size(say: Catalogue, alert: Alert, locale: Locale) -> str:
    measure = alert.measure
    if alert.trigger == "negative_share":
        return say.say(
            "size_share",
            share=percent(round(measure.value * 100), 100, locale),
            usual=percent(round(measure.baseline * 100), 100, locale),
        )
    usual = f"{measure.baseline:.1f}" if measure.baseline < 10 else f"{measure.baseline:.0f}"
    if locale == "fr":
        usual = usual.replace(".", ",")
    if usual in ("0.0", "0,0"):
        usual = say.say("hardly_any")
    return say.count("size_count", round(measure.value), minutes=str(measure.minutes), usual=usual)


def _facts(say: Catalogue, alert: Alert, client: Client, event: Event) -> list[str]:
    spread, locale = alert.spread, client.locale
    facts = [say.say("since", when=_when(alert.since, client, event))]
    if alert.first is not None:
        at = alert.first.published_at or alert.since
        facts.append(
            say.say("first", source=one_line(alert.first.source_name, 80), when=_when(at, client, event))
        )
    parts = [
        say.count(f"spread_{name}", count)
        for name, count in (
            ("stories", spread.stories),
            ("press", len(spread.families)),
            ("authors", spread.authors),
        )
        if count
    ]
    if parts:
        facts.append(say.say("spread", parts=", ".join(parts)))
    if spread.copied_share >= 0.05:
        facts.append(say.say("copied", share=percent(round(spread.copied_share * 100), 100, locale)))
    if spread.loudest:
        facts.append(say.say("loudest", names=", ".join(one_line(name, 40) for name in spread.loudest)))
    if alert.learning:
        facts.append(say.say("learning"))
    return facts


def document_line(document: KeyDocument, locale: Locale) -> Line:
    """Return a document to read; without an address when it is not one of the web's."""
    title = quoted(one_line(document.title, _TITLE_CHARACTERS), locale)
    url = document.url if document.url.startswith(("https://", "http://")) else ""
    return Line(title, one_line(document.source_name, 80), url)


def _columns(counts: tuple[int, ...]) -> tuple[Column, ...]:
    highest = max(counts, default=0)
    return tuple(Column(count, round(100 * count / highest) if highest else 0) for count in counts)
