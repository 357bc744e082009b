"""What the digest says of itself: its subject line, its period, and the essential in three sentences."""

from dataclasses import dataclass

from vigie.adapters.mail.printer import Printer
from vigie.adapters.mail.view_compared import changes, compared
from vigie.adapters.mail.view_coverage import coverage_sentences, flow_sentences
from vigie.domain.digest import SubjectCard, SubjectLine
from vigie.domain.typography import day_and_date, day_and_month, hour, number, percent, weekday

PREHEADER_CHARACTERS = 110
_TITLE_CHARACTERS = 60  # of a headline in the preheader
_RANKED_AT_MOST = 3  # subjects named together as making most of the volume


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in large print with its word."""

    value: str
    word: str


def subject_of(printer: Printer) -> str:
    """Return the mail's subject: who, how many, how that compares, and the alerts."""
    digest = printer.digest
    heading = printer.say(f"heading_{printer.span}")
    if digest.is_quiet:
        told = printer.say("subject_quiet", heading=heading, client=printer.client)
    else:
        counts = [printer.count("mentions", digest.totals.retained), *changes(printer).values()]
        told = printer.say("subject", heading=heading, client=printer.client, counts=", ".join(counts[:2]))
    return " · ".join([told, *alert_counts(printer)])


def alert_counts(printer: Printer) -> list[str]:
    """Count the alerts that are open, and those that were closed."""
    closed = sum(1 for alert in printer.digest.alerts if alert.closed_at)
    counts = {"alerts_open": len(printer.digest.alerts) - closed, "alerts_closed": closed}
    return [printer.count(key, count) for key, count in counts.items() if count]


def preheader_of(printer: Printer) -> str:
    """Return what an inbox shows after the subject: other words than it, 110 characters at most where they fit."""
    if printer.digest.is_quiet:
        return " ".join((quiet_lines(printer)[0], coverage_sentences(printer)[0]))
    told = [f"{printer.title(alert.title, _TITLE_CHARACTERS)}." for alert in printer.digest.alerts[:1]]
    for story in printer.digest.subjects[:3]:
        sentence = printer.say(
            "preheader_story",
            title=printer.title(story.title, _TITLE_CHARACTERS),
            publications=printer.count("publications", story.publications),
        )
        if told and len(" ".join([*told, sentence])) > PREHEADER_CHARACTERS:
            break
        told.append(sentence)
    return " ".join(told)


def period_of(printer: Printer, message: str = "period") -> str:
    """Say the digest's interval; one that opened and closed on one day names it once."""
    if printer.span == "opening":
        return printer.say(f"{message}_opening")
    locale = printer.digest.locale
    since, until = (
        printer.local(at) for at in (printer.digest.interval.since, printer.digest.interval.until)
    )
    named = day_and_date if printer.span == "day" else day_and_month
    fields = {
        "since_hour": hour(since, locale),
        "until_day": named(until.date(), locale),
        "until_hour": hour(until, locale),
    }
    if since.date() == until.date():
        return printer.say(f"{message}_of_a_day", **fields)
    return printer.say(message, since_day=named(since.date(), locale), **fields)


def subjects_label(printer: Printer) -> str:
    """Return the heading of the subjects: of the day, since Friday, of the week."""
    since = weekday(printer.local(printer.digest.interval.since).date(), printer.digest.locale)
    return printer.say(f"subjects_{printer.span}", since=since)


def figures(printer: Printer) -> tuple[Figure, ...]:
    """Return the three numbers in large print."""
    totals, locale = printer.digest.totals, printer.digest.locale
    negative = totals.tones.get("negative", 0)
    return (
        Figure(number(totals.retained, locale), printer.count("mentions_word", totals.retained)),
        Figure(number(totals.subjects, locale), printer.count("subjects_word", totals.subjects)),
        Figure(number(negative, locale), printer.count("negative_word", negative)),
    )


def essential(printer: Printer) -> tuple[str, ...]:
    """Return three sentences at most, each of several subjects: how much, where most of it is, what it does.

    A slow rise is told too: no alert ever says it.
    """
    rising = printer.say("essential_rising") if printer.digest.is_rising else ""
    sentences = (_volume(printer), rising, _concentration(printer), _tones(printer))
    return tuple(sentence for sentence in sentences if sentence)


def quiet_lines(printer: Printer) -> tuple[str, ...]:
    """Say in three lines that nothing was found, what was read, and what became of it."""
    digest = printer.digest
    first = printer.say("quiet", period=period_of(printer, "quiet_period"))
    rivals = [
        f"{printer.title(voice.name, 60)} {number(voice.mentions, digest.locale)}"
        for voice in digest.voices
        if voice.watch_id is not None and voice.mentions
    ]
    if rivals:
        first = f"{first} {printer.say('quiet_rivals', names=', '.join(rivals))}"
    return first, " ".join(coverage_sentences(printer)), " ".join(flow_sentences(printer))


def _volume(printer: Printer) -> str:
    totals = printer.digest.totals
    mentions = printer.count("mentions", totals.retained)
    if comparison := compared(printer):
        mentions = f"{mentions} ({comparison})"
    return printer.say(
        "essential_volume", mentions=mentions, subjects=printer.count("subjects_count", totals.subjects)
    )


def _concentration(printer: Printer) -> str:
    """Name the fewest subjects that make half of the volume, by their ranks, where three at most do."""
    retained, cards = printer.digest.totals.retained, printer.digest.subjects
    everything: list[SubjectLine] = [*cards, *printer.digest.others]
    if len(everything) < 2 or retained < 5:
        return ""
    by_volume = sorted(enumerate(everything, 1), key=lambda ranked: (-ranked[1].publications, ranked[0]))
    made: list[tuple[int, SubjectLine]] = []
    while sum(subject.publications for _, subject in made) * 2 < retained:
        made.append(by_volume[len(made)])
    ranks = sorted(rank for rank, _ in made)
    if len(made) > _RANKED_AT_MOST or ranks[-1] > len(cards):
        most = percent(by_volume[0][1].publications, retained, printer.digest.locale)
        return printer.say("essential_spread", share=most)
    volume = sum(subject.publications for _, subject in made)
    return printer.count(
        "essential_most",
        len(made),
        ranks=_listed(printer, [str(rank) for rank in ranks]),
        share=percent(volume, retained, printer.digest.locale),
        where=_mostly(printer, [subject for _, subject in made if isinstance(subject, SubjectCard)]),
    )


def _mostly(printer: Printer, cards: list[SubjectCard]) -> str:
    """Say where more than half of these subjects' publications came out, in the press by tier when known."""
    total = sum(card.publications for card in cards)
    for kind in ("tiers", "channels"):
        counts: dict[str, int] = {}
        for card in cards:
            for name, count in getattr(card, kind).items():
                counts[name] = counts.get(name, 0) + count
        name = max(counts, key=counts.__getitem__, default=None)
        if name is not None and counts[name] * 2 > total and f"mostly_{name}" in printer.catalogue:
            return printer.say(f"mostly_{name}")
    return ""


def _tones(printer: Printer) -> str:
    digest = printer.digest
    tones = digest.totals.tones
    parts = [
        printer.count(f"essential_{tone}", tones[tone])
        for tone in ("negative", "positive", "to_verify")
        if tones.get(tone)
    ]
    continued = sum(subject.continued for subject in (*digest.subjects, *digest.others))
    if continued and digest.totals.subjects > 1:
        parts.append(printer.count("essential_continued", continued))
    return f"{', '.join(parts)}." if parts else ""


def _listed(printer: Printer, names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return printer.say("and", first=", ".join(names[:-1]), last=names[-1])
