"""What the reviewer did to a digest, as the words a client reads."""

from vigie.adapters.mail.printer import Printer
from vigie.domain.digest import AddedItem
from vigie.domain.typography import quoted

_NOTE_LIMIT = 1_000
_TEXT_LIMIT = 300


def reviewed(printer: Printer, period: str) -> str:
    """Return the digest's period, and that somebody looked it over when somebody did."""
    return printer.say("reviewed", period=period) if printer.digest.review else period


def word_of_the_agency(printer: Printer) -> tuple[str, ...]:
    """Return the agency's word and what it added, a sentence each."""
    review = printer.digest.review
    if review is None:
        return ()
    note = [_note(printer, review.note)] if review.note else []
    return (*note, *(_added(printer, item) for item in review.added))


def set_aside(printer: Printer) -> tuple[str, ...]:
    """Say how many subjects the reviewer left out: they stay counted."""
    dropped = printer.digest.review.dropped if printer.digest.review else ()
    if not dropped:
        return ()
    publications = printer.count("publications", sum(line.publications for line in dropped))
    return (printer.count("dropped", len(dropped), publications=publications),)


def _note(printer: Printer, note: str) -> str:
    return printer.say("agency_note", note=quoted(printer.title(note, _NOTE_LIMIT), printer.digest.locale))


def _added(printer: Printer, item: AddedItem) -> str:
    where = printer.title(item.outlet, _TEXT_LIMIT)
    if item.at is not None:
        where = f"{where}, {printer.moment(item.at)}"
    title = printer.title(item.title, _TEXT_LIMIT)
    told = printer.say("added", kind=printer.say(f"added_{item.kind}"), outlet=where, title=title)
    return f"{told} {printer.title(item.note, _TEXT_LIMIT)}" if item.note.strip() else told
