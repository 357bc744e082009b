"""A digest turned into the words a client reads: one view, laid out twice (HTML and text).

Every text of the outside (titles, names, words) is cut and cleaned here; the templates only place and escape.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from vigie.adapters.mail.catalogue import catalogue_for
from vigie.adapters.mail.view_bars import Bar, channels, tones, voices, voices_note
from vigie.adapters.mail.view_coverage import coverage_sentences, flow_sentences
from vigie.adapters.mail.view_review import reviewed, set_aside, word_of_the_agency
from vigie.adapters.mail.view_stories import CardView, LineView, Printer, card_view, line_view
from vigie.domain.digest import Digest, SubjectLine
from vigie.domain.typography import change, day_and_date, hour, long_date, number, percent, quoted


@dataclass(frozen=True, slots=True)
class Shown:
    """How many stories are printed in full, and how many more in a line each."""

    cards: int
    lines: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in large print with its word."""

    value: str
    word: str


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link and its text."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """Everything printed, in order. A quiet day has ``quiet`` (three lines) and none of the blocks."""

    lang: str
    subject: str
    preheader: str
    heading: str
    client: str
    date: str
    period: str
    quiet: tuple[str, ...]
    figures: tuple[Figure, ...]
    comparison: str
    essential: tuple[str, ...]
    cards: tuple[CardView, ...]
    lines: tuple[LineView, ...]
    more: str
    more_link: LinkView | None
    tones: tuple[Bar, ...]
    channels: tuple[str, ...]
    voices_note: str
    voices: tuple[Bar, ...]
    coverage: tuple[str, ...]
    next_digest: str
    footer: tuple[str, ...]
    footer_links: tuple[LinkView, ...]
    labels: Mapping[str, str]


def view_of(digest: Digest, links: Mapping[str, str], shown: Shown) -> DigestView:
    """Return what is printed of ``digest``; see ``MailRenderer`` for the keys of ``links``."""
    printer = Printer(catalogue_for(digest.locale), digest)
    stories = (*digest.subjects, *digest.others)
    lines = stories[min(shown.cards, len(digest.subjects)) :]
    rest = lines[shown.lines :]
    say = printer.say
    return DigestView(
        lang=digest.locale,
        subject=_subject(printer),
        preheader=_preheader(printer),
        heading=say("heading"),
        client=printer.client,
        date=long_date(printer.day, digest.locale),
        period=reviewed(printer, _period(printer, "period")),
        quiet=(*word_of_the_agency(printer), *_quiet(printer)) if digest.is_quiet else (),
        figures=_figures(printer),
        comparison=_comparison(printer),
        essential=(*_essential(printer), *word_of_the_agency(printer)),
        cards=tuple(
            card_view(printer, rank, card) for rank, card in enumerate(digest.subjects[: shown.cards], 1)
        ),
        lines=tuple(line_view(printer, line) for line in lines[: shown.lines]),
        more=_more(printer, rest),
        more_link=LinkView(say("see_all"), links["digest"]) if rest and links.get("digest") else None,
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
        next_digest=_next_digest(printer),
        footer=(say("why"), say("rights")),
        footer_links=tuple(
            LinkView(say(key), links[key]) for key in ("settings", "unsubscribe") if links.get(key)
        ),
        labels={
            key: say(key)
            for key in ("essential", "subjects", "others", "tone", "channel", "voices", "coverage")
        },
    )


def _subject(printer: Printer) -> str:
    if printer.digest.is_quiet:
        return printer.say("subject_quiet", client=printer.client)
    mentions = printer.count("mentions", printer.digest.totals.retained)
    changed = _change(printer)
    if changed and not changed.startswith("0"):
        return printer.say("subject_change", client=printer.client, mentions=mentions, change=changed)
    return printer.say("subject", client=printer.client, mentions=mentions)


def _preheader(printer: Printer) -> str:
    if printer.digest.is_quiet:
        return " ".join((_quiet(printer)[0], coverage_sentences(printer)[0]))
    told = [
        printer.say(
            "preheader_story",
            title=printer.title(story.title, 42),
            publications=printer.count("publications", story.publications),
        )
        for story in printer.digest.subjects[:2]
    ]
    return " ".join(told)


def _period(printer: Printer, message: str) -> str:
    """Say the digest's interval; one that opened and closed on one day names it once."""
    since = printer.local(printer.digest.interval.since)
    until = printer.local(printer.digest.interval.until)
    locale = printer.digest.locale
    fields = {
        "since_hour": hour(since, locale),
        "until_day": day_and_date(until.date(), locale),
        "until_hour": hour(until, locale),
    }
    if since.date() == until.date():
        return printer.say(f"{message}_of_a_day", **fields)
    return printer.say(message, since_day=day_and_date(since.date(), locale), **fields)


def _figures(printer: Printer) -> tuple[Figure, ...]:
    totals, locale = printer.digest.totals, printer.digest.locale
    negative = totals.tones.get("negative", 0)
    return (
        Figure(number(totals.retained, locale), printer.count("mentions_word", totals.retained)),
        Figure(number(totals.subjects, locale), printer.count("subjects_word", totals.subjects)),
        Figure(number(negative, locale), printer.count("negative_word", negative)),
    )


def _follows_a_day(printer: Printer) -> bool:
    """Whether the earlier digest is of the day before and as long: only then a change means something."""
    earlier, interval = printer.digest.earlier, printer.digest.interval
    if earlier is None or earlier.interval.until != interval.since:
        return False
    seconds = [(part.until - part.since).total_seconds() for part in (earlier.interval, interval)]
    return all(abs(length - 86_400) <= 3_600 for length in seconds)  # an hour: daylight saving


def _change(printer: Printer) -> str:
    """Return the signed change since the day before; empty with nothing to compare."""
    earlier = printer.digest.earlier
    if earlier is None or not earlier.retained or not _follows_a_day(printer):
        return ""
    return change(printer.digest.totals.retained, earlier.retained, printer.digest.locale)


def _comparison(printer: Printer) -> str:
    if printer.digest.earlier is None:
        return printer.say("learning")
    changed = _change(printer)
    if changed.startswith("0"):
        return printer.say("change_none")
    return printer.say("change_day", change=changed) if changed else ""


def _essential(printer: Printer) -> tuple[str, ...]:
    sentences = (_volume(printer), _tone_sentence(printer), _most_reprinted(printer))
    return tuple(sentence for sentence in sentences if sentence)


def _volume(printer: Printer) -> str:
    totals, earlier = printer.digest.totals, printer.digest.earlier
    counts = {
        "mentions": printer.count("mentions", totals.retained),
        "subjects": printer.count("subjects_count", totals.subjects),
    }
    if earlier is None:
        return printer.say("essential_first", **counts)
    key = "essential_day" if _follows_a_day(printer) else "essential_previous"
    return printer.count(key, earlier.retained, **counts)


def _most_reprinted(printer: Printer) -> str:
    """Name the story that fills the day, when one does: a third of the volume, among several stories."""
    digest = printer.digest
    stories = (*digest.subjects, *digest.others)
    top = max(stories, key=lambda story: story.publications, default=None)
    if (
        top is None
        or len(stories) < 2
        or top.publications * 3 < digest.totals.retained
        or top.publications < 3
    ):
        return ""
    return printer.say(
        "essential_top",
        title=quoted(printer.title(top.title, 90), digest.locale),
        share=percent(top.publications, digest.totals.retained, digest.locale),
        publications=printer.count("publications", top.publications),
    )


def _tone_sentence(printer: Printer) -> str:
    tones = printer.digest.totals.tones
    parts = [
        printer.count(f"essential_{tone}", tones[tone])
        for tone in ("negative", "to_verify")
        if tones.get(tone)
    ]
    return f"{', '.join(parts)}." if parts else ""


def _more(printer: Printer, rest: tuple[SubjectLine, ...]) -> str:
    if not rest:
        return ""
    publications = printer.count("publications", sum(story.publications for story in rest))
    return printer.count("more", len(rest), publications=publications)


def _next_digest(printer: Printer) -> str:
    at = printer.local(printer.digest.next_send_at)
    locale = printer.digest.locale
    return printer.say("next", day=day_and_date(at.date(), locale), hour=hour(at, locale))


def _quiet(printer: Printer) -> tuple[str, ...]:
    """Say in three lines that nothing was found, what was read, and what became of it."""
    digest = printer.digest
    first = printer.say("quiet", period=_period(printer, "quiet_period"))
    rivals = [
        f"{printer.title(voice.name, 60)} {number(voice.mentions, digest.locale)}"
        for voice in digest.voices
        if voice.watch_id is not None and voice.mentions
    ]
    if rivals:
        first = f"{first} {printer.say('quiet_rivals', names=', '.join(rivals))}"
    return first, " ".join(coverage_sentences(printer)), " ".join(flow_sentences(printer))
