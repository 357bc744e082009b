"""Watches in the client area: their list, the form of one, and what a query would have brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from vigie.adapters.mail.links import web_link
from vigie.adapters.web.catalogue import site_catalogue
from vigie.adapters.web.form_watch import WatchForm, form_of
from vigie.adapters.web.view_chart import Chart, chart_of
from vigie.adapters.web.view_leaving import Option
from vigie.domain.backtest import BackTest
from vigie.domain.clients import PURPOSES, Client, Locale, Watch
from vigie.domain.jobs import BackTestJob
from vigie.domain.query import lint, parse
from vigie.domain.query.sentences import told_advice
from vigie.domain.refusals import in_french
from vigie.domain.typography import day_and_date, hour, number, one_line, percent, quoted
from vigie.domain.week import DayCount
from vigie.errors import BadQuery

_WORDS_SHOWN = 6
_DAYS_DRAWN = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchLine:
    """A watch in the list: its name, its purpose, its words."""

    name: str
    purpose: str
    words: str
    url: str


def watch_lines(watches: Sequence[Watch], locale: Locale, base: str) -> tuple[WatchLine, ...]:
    """Return watches as lines; ``base`` leads to their list."""
    say = site_catalogue(locale).say
    return tuple(
        WatchLine(
            name=one_line(watch.name, 80),
            purpose=say(f"purpose_{watch.purpose}"),
            words=_words(watch, locale),
            url=f"{base}/{quote(watch.watch_id)}",
        )
        for watch in watches
    )


def _words(watch: Watch, locale: Locale) -> str:
    """Return the first words a watch looks for, or its query."""
    form = form_of(watch)
    if form.is_query:
        return one_line(watch.query, 160)
    items = [*form.any.splitlines(), *form.all.splitlines()]
    shown = [quoted(one_line(item, 40), locale) for item in items[:_WORDS_SHOWN]]
    return ", ".join(shown) + (" …" if len(items) > _WORDS_SHOWN else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchPage:
    """The form of a watch. ``field`` is the one that is wrong, ``advice`` what is doubtful in its query."""

    heading: str
    form: WatchForm
    purposes: tuple[Option, ...]
    is_new: bool
    other_way: str
    other_way_label: str
    problem: str
    field: str
    advice: tuple[str, ...]
    query: str


def watch_page(
    watch: Watch | None,
    form: WatchForm,
    locale: Locale,
    *,
    has_editor: bool,
    here: str,
    field: str,
    problem: str,
) -> WatchPage:
    """Return the form of a watch, or of one to be; ``here`` is its address."""
    say = site_catalogue(locale).say
    return WatchPage(
        heading=one_line(watch.name, 80) if watch else say("watch_new"),
        form=form,
        purposes=tuple(Option(each, say(f"purpose_{each}"), each == form.purpose) for each in PURPOSES),
        is_new=watch is None,
        other_way=_other_way(watch, form, here) if has_editor else "",
        other_way_label=say("watch_by_boxes" if form.is_query else "watch_by_query"),
        problem=problem,
        field=field.partition("[")[0],
        advice=_advice(watch, locale),
        query=watch.query if watch else "",
    )


def _other_way(watch: Watch | None, form: WatchForm, here: str) -> str:
    """Return where the same watch is written the other way; none for a query that boxes cannot hold."""
    if not form.is_query:
        return f"{here}?requete=1"
    return here if watch is None or not form_of(watch).is_query else ""


def _advice(watch: Watch | None, locale: Locale) -> tuple[str, ...]:
    if watch is None:
        return ()
    try:
        remarks = lint(parse(watch.query))
    except BadQuery:
        return ()
    advised = (told_advice(remark, locale) for remark in remarks)
    return tuple(f"{each.problem[:1].upper()}{each.problem[1:]}. {each.remedy}" for each in advised)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleLine:
    """A document that a query would have brought."""

    title: str
    url: str | None
    origin: str
    extract: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermLine:
    """A word of a query, and what it brings."""

    term: str
    mentions: str
    only: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTestPage:
    """A back-test: how far it is, or what it found."""

    query: str
    state: str
    is_over: bool
    progress: int
    problem: str
    figures: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    chart: Chart | None = None
    terms: tuple[TermLine, ...] = ()
    samples: tuple[SampleLine, ...] = ()


def backtest_page(job: BackTestJob, client: Client, locale: Locale) -> BackTestPage:
    """Return the page of a back-test."""
    say = site_catalogue(locale).say
    reason = " ".join(filter(None, (job.reason, job.remedy)))
    if locale == "fr":
        reason = " ".join(in_french(text) for text in (job.reason, job.remedy) if text)
    page = BackTestPage(
        query=one_line(job.query, 400),
        state=say(f"test_{job.state}"),
        is_over=job.state in {"done", "failed"},
        progress=round(100 * job.progress),
        problem=reason if job.state == "failed" else "",
    )
    return _with_result(page, job.result, client, locale) if job.result else page


def _with_result(page: BackTestPage, result: BackTest, client: Client, locale: Locale) -> BackTestPage:
    catalogue = site_catalogue(locale)
    say = catalogue.say
    figures = [
        (say("test_mentions"), number(result.mentions, locale)),
        (say("test_stories"), number(result.stories, locale)),
    ]
    if result.monthly_mentions is not None:
        figures.append((say("test_monthly"), number(result.monthly_mentions, locale)))
    notes = []
    if result.share_of_quota is not None:
        notes.append(say("test_share", share=percent(round(1000 * result.share_of_quota), 1000, locale)))
    if not result.complete or result.covered_since > result.since:
        since = result.covered_since.astimezone(client.tz)
        notes.append(say("test_partly", day=day_and_date(since.date(), locale), hour=hour(since, locale)))
    week = tuple(DayCount(each.day, each.mentions) for each in result.per_day[-_DAYS_DRAWN:])
    return BackTestPage(
        query=page.query,
        state=page.state,
        is_over=True,
        progress=100,
        problem=page.problem,
        figures=tuple(figures),
        notes=tuple(notes),
        chart=chart_of(catalogue, week) if week else None,
        terms=tuple(
            TermLine(
                term=one_line(each.term, 60),
                mentions=number(each.mentions, locale),
                only=number(each.only, locale),
            )
            for each in result.terms
        ),
        samples=tuple(
            SampleLine(
                title=one_line(each.title, 140),
                url=web_link(each.url),
                origin=", ".join(
                    (
                        one_line(each.source_name, 60),
                        day_and_date(each.at.astimezone(client.tz).date(), locale),
                    )
                ),
                extract=quoted(one_line(each.extract, 160), locale) if each.extract else "",
            )
            for each in result.samples
        ),
    )
