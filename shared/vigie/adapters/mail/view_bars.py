"""Shares as bars: tones, channels, and the client beside its competitors."""

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.adapters.mail.printer import Printer
from vigie.domain.digest import TONES
from vigie.domain.shares import shares
from vigie.domain.typography import number, points


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled share: ``width`` in percent of the widest place; ``kind`` chooses its colour."""

    label: str
    count: str
    share: str
    width: int
    kind: str


def tones(printer: Printer) -> tuple[Bar, ...]:
    """Return the tones that occur, in the printed order; their shares add up to a hundred."""
    counts = printer.digest.totals.tones
    found = [(printer.say(f"tone_{tone}"), counts[tone], tone) for tone in TONES if counts.get(tone)]
    return _bars(printer, found)


def channels(printer: Printer) -> tuple[str, ...]:
    """Return each channel with its count."""
    counts = printer.digest.totals.channels
    return tuple(
        f"{printer.say(f'channel_{channel}')} {number(count, printer.digest.locale)}"
        for channel, count in counts.items()
    )


def voices(printer: Printer) -> tuple[Bar, ...]:
    """Return the client's share of voice, then each competitor's; they add up to a hundred."""
    spoken = [
        (printer.say("you"), voice.mentions, "you")
        if voice.watch_id is None
        else (printer.title(voice.name, 60), voice.mentions, "rival")
        for voice in printer.digest.voices
    ]
    return _bars(printer, spoken)


def voices_note(printer: Printer) -> str:
    """Say how many mentions the shares are of, and what was left out."""
    parts = [printer.count("voices_count", sum(voice.mentions for voice in printer.digest.voices))]
    if printer.digest.voices_video:
        parts.append(printer.count("voices_video", printer.digest.voices_video))
    return ", ".join(parts)


def _bars(printer: Printer, rows: Sequence[tuple[str, int, str]]) -> tuple[Bar, ...]:
    locale = printer.digest.locale
    percents = shares([count for _, count, _ in rows])
    return tuple(
        Bar(label, number(count, locale), points(percent, locale), percent, kind)
        for (label, count, kind), percent in zip(rows, percents, strict=True)
    )
