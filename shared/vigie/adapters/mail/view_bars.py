"""Shares as bars: tones, channels, and the client beside its competitors."""

from dataclasses import dataclass

from vigie.adapters.mail.view_stories import Printer
from vigie.domain.digest import TONES
from vigie.domain.typography import number, percent


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled share: ``width`` in percent of the widest place; ``kind`` chooses its colour."""

    label: str
    count: str
    share: str
    width: int
    kind: str


def tones(printer: Printer) -> tuple[Bar, ...]:
    """Return the tones that occur, in the printed order."""
    totals = printer.digest.totals
    return tuple(
        _bar(printer, printer.say(f"tone_{tone}"), totals.tones[tone], totals.retained, tone)
        for tone in TONES
        if totals.tones.get(tone)
    )


def channels(printer: Printer) -> tuple[str, ...]:
    """Return each channel with its count."""
    counts = printer.digest.totals.channels
    return tuple(
        f"{printer.say(f'channel_{channel}')} {number(count, printer.digest.locale)}"
        for channel, count in counts.items()
    )


def voices(printer: Printer) -> tuple[Bar, ...]:
    """Return the client's share of voice, then each competitor's."""
    spoken = printer.digest.voices
    total = sum(voice.mentions for voice in spoken)
    return tuple(
        _bar(
            printer,
            printer.say("you") if voice.watch_id is None else printer.title(voice.name, 60),
            voice.mentions,
            total,
            "you" if voice.watch_id is None else "rival",
        )
        for voice in spoken
    )


def voices_note(printer: Printer) -> str:
    """Say how many mentions the shares are of, and what was left out."""
    parts = [printer.count("voices_count", sum(voice.mentions for voice in printer.digest.voices))]
    if printer.digest.voices_video:
        parts.append(printer.count("voices_video", printer.digest.voices_video))
    return ", ".join(parts)


def _bar(printer: Printer, label: str, count: int, total: int, kind: str) -> Bar:
    locale = printer.digest.locale
    width = round(100 * count / total) if total else 0
    return Bar(label, number(count, locale), percent(count, total, locale), width, kind)
