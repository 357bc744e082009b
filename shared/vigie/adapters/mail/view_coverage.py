"""What the digest says it could not see, and what became of everything: the ledger in sentences."""

from vigie.adapters.mail.view_stories import Printer
from vigie.domain.digest import SourceTrouble

_NAMED = 4  # troubled sources named in the mail


def coverage_sentences(printer: Printer) -> tuple[str, ...]:
    """Return how the sources did, and the names of those in trouble with the hour it began."""
    coverage = printer.digest.coverage
    if not coverage.total:
        return (f"{printer.say('sources_none')}.",)
    states = [printer.count("on_time", coverage.on_time)]
    states += [
        printer.count(state, count)
        for state in ("late", "failing", "gone", "new")
        if (count := getattr(coverage, state))
    ]
    sentence = f"{printer.count('sources', coverage.total, states=', '.join(states))}."
    troubles = _named(printer, "troubles", coverage.troubles)
    gaps = _named(printer, "gaps", coverage.gaps)
    return tuple(filter(None, (sentence, troubles, gaps)))


def flow_sentences(printer: Printer) -> tuple[str, str]:
    """Return two sentences: what was read, and what became of what was found. The second adds up."""
    return _reading(printer), _finding(printer)


def _named(printer: Printer, what: str, troubles: tuple[SourceTrouble, ...]) -> str:
    if not troubles:
        return ""
    names = [_trouble(printer, trouble) for trouble in troubles[:_NAMED]]
    left = len(troubles) - len(names)
    listed = ", ".join(names)
    if left:
        listed = f"{listed} {printer.count('troubles_more', left)}"
    return f"{printer.say(what, names=listed)}."


def _trouble(printer: Printer, trouble: SourceTrouble) -> str:
    name = printer.title(trouble.name, 60)
    if trouble.since is None:
        return name
    return printer.say("trouble_since", name=name, moment=printer.moment(trouble.since))


def _reading(printer: Printer) -> str:
    ledger = printer.digest.ledger
    polled = printer.count("polled", ledger.polled)
    failed = sum(ledger.failed.values())
    if failed:
        polled = f"{polled}, {printer.count('failed', failed)}"
    seen = printer.count("seen", ledger.seen)
    if ledger.parked:
        seen = f"{seen}, {printer.count('parked', ledger.parked)}"
    return printer.say("reading", polled=polled, seen=seen)


def _finding(printer: Printer) -> str:
    """Print the ledger's equation: found = retained + competitors' only + held + carried out."""
    digest, ledger = printer.digest, printer.digest.ledger
    found = printer.count("found", ledger.matched + ledger.carried_in)
    if ledger.carried_in:
        found = f"{found} ({printer.count('carried_in', ledger.carried_in)})"
    parts = [printer.count("retained", digest.totals.retained)]
    if digest.totals.competitor_only:
        parts.append(printer.count("competitor_only", digest.totals.competitor_only))
    parts.append(_held(printer))
    if ledger.carried_out:
        parts.append(printer.count("carried_out", ledger.carried_out))
    told = printer.say("finding", found=found, parts=", ".join(parts))
    return f"{told} {printer.count('grouped', ledger.grouped)}" if ledger.grouped else told


def _held(printer: Printer) -> str:
    held = printer.digest.ledger.held
    reasons = [
        printer.count(f"held_{reason}" if f"held_{reason}" in printer.catalogue else "held_other", count)
        for reason, count in held.items()
    ]
    text = printer.count("held", sum(held.values()))
    return f"{text} ({', '.join(reasons)})" if reasons else text
