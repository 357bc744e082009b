"""A digest turned into the words a client reads: one view, laid out twice (HTML and text).

Every text of the outside (titles, names, words) is cut and cleaned here; the templates only place and escape.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vigie.adapters.mail.catalogue import catalogue_for
from vigie.adapters.mail.links import MailLinks
from vigie.adapters.mail.printer import Printer
from vigie.adapters.mail.view_asks import AlertView, AskView, alert_views, ask_views, asks_label, asks_more
from vigie.adapters.mail.view_bars import Bar, channels, tones, voices, voices_note
from vigie.adapters.mail.view_compared import comparison
from vigie.adapters.mail.view_coverage import coverage_sentences, flow_sentences
from vigie.adapters.mail.view_review import reviewed, set_aside, word_of_the_agency
from vigie.adapters.mail.view_stories import CardView, LineView, card_view, line_view
from vigie.adapters.mail.view_summary import (
    Figure,
    essential,
    figures,
    period_of,
    preheader_of,
    quiet_lines,
    subject_of,
    subjects_label,
)
from vigie.adapters.mail.view_week import WeekView, week_view
from vigie.domain.digest import Digest, SubjectLine
from vigie.domain.typography import day_and_date, day_and_month, hour, long_date

_LABELS = ("essential", "week", "others", "tone", "channel", "voices", "coverage")


@dataclass(frozen=True, slots=True)
class Shown:
    """How many stories are printed in full, and how many more in a line each."""

    cards: int
    lines: int


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link and its text."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """Everything printed, in order. A quiet day has ``quiet`` (three lines) and none of the blocks of subjects."""

    lang: str
    subject: str
    preheader: str
    heading: str
    client: str
    date: str
    period: str
    page: LinkView | None
    alerts: tuple[AlertView, ...]
    agency: tuple[str, ...]
    quiet: tuple[str, ...]
    figures: tuple[Figure, ...]
    comparison: str
    essential: tuple[str, ...]
    week: WeekView | None
    asks: tuple[AskView, ...]
    asks_more: str
    cards: tuple[CardView, ...]
    lines: tuple[LineView, ...]
    more: str
    more_link: LinkView | None
    tones: tuple[Bar, ...]
    channels: tuple[str, ...]
    voices_note: str
    voices: tuple[Bar, ...]
    coverage: tuple[str, ...]
    held_link: LinkView | None
    next_digest: str
    footer: tuple[str, ...]
    footer_links: tuple[LinkView, ...]
    labels: Mapping[str, str]


def view_of(digest: Digest, links: MailLinks | None, shown: Shown) -> DigestView:
    """Return what is printed of ``digest``; without ``links`` (no site), nothing of ours to follow."""
    printer = Printer(catalogue_for(digest.locale), digest)
    ranked = list(enumerate((*digest.subjects, *digest.others), 1))
    lines = ranked[min(shown.cards, len(digest.subjects)) :]
    rest = [subject for _, subject in lines[shown.lines :]]
    say = printer.say
    return DigestView(
        lang=digest.locale,
        subject=subject_of(printer),
        preheader=preheader_of(printer),
        heading=say(f"heading_{printer.span}"),
        client=printer.client,
        date=long_date(printer.day, digest.locale),
        period=reviewed(printer, period_of(printer)),
        page=LinkView(say("page"), links.page) if links else None,
        alerts=alert_views(printer, links.alert if links else _no_page),
        agency=word_of_the_agency(printer),
        quiet=quiet_lines(printer) if digest.is_quiet else (),
        figures=figures(printer),
        comparison=comparison(printer),
        essential=essential(printer),
        week=week_view(printer),
        asks=ask_views(printer),
        asks_more=asks_more(printer),
        cards=tuple(
            card_view(printer, rank, card, links)
            for rank, card in enumerate(digest.subjects[: shown.cards], 1)
        ),
        lines=tuple(line_view(printer, line, rank) for rank, line in lines[: shown.lines]),
        more=_more(printer, rest),
        more_link=LinkView(say("see_all"), links.page) if rest and links else None,
        tones=tones(printer),
        channels=channels(printer),
        voices_note=voices_note(printer),
        voices=voices(printer),
        coverage=(
            *coverage_sentences(printer),
            *flow_sentences(printer),
            *set_aside(printer),
            say("scope"),
        ),
        held_link=LinkView(say("see_held"), links.held) if links and digest.ledger.held_back else None,
        next_digest=_next_digest(printer),
        footer=(say("why"), say("rights")),
        footer_links=_footer_links(printer, links),
        labels={
            "asks": asks_label(printer),
            "subjects": subjects_label(printer),
            **{key: say(key) for key in _LABELS},
        },
    )


def _no_page(_alert_id: str) -> str:
    return ""


def _footer_links(printer: Printer, links: MailLinks | None) -> tuple[LinkView, ...]:
    if links is None:
        return ()
    return (
        LinkView(printer.say("settings"), links.preferences),
        LinkView(printer.say("unsubscribe"), links.unsubscribe),
    )


def _more(printer: Printer, rest: Sequence[SubjectLine]) -> str:
    if not rest:
        return ""
    publications = printer.count("publications", sum(story.publications for story in rest))
    return printer.count("more", len(rest), publications=publications)


def _next_digest(printer: Printer) -> str:
    at = printer.local(printer.digest.next_send_at)
    locale = printer.digest.locale
    named = day_and_date if (at.date() - printer.day).days < 7 else day_and_month
    return printer.say("next", day=named(at.date(), locale), hour=hour(at, locale))
