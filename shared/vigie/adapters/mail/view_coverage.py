"""What the digest says it could not see, and what became of everything: the ledger in sentences."""

from vigie.adapters.mail.printer import Printer
from vigie.domain.connectors.standings import Standing
from vigie.domain.digest import SourceTrouble
from vigie.domain.typography import hour

_NAMED = 4  # troubled sources named in the mail


def coverage_sentences(printer: Printer) -> tuple[str, ...]:
    """Return how the sources did, and the names of those in trouble with the hour it began."""
    coverage = printer.digest.coverage
    over = printer.digest.ledger.held.get("over_quota", 0)
    quota = [printer.count("over_quota", over)] if over else []
    if not coverage.total:
        return (*quota, f"{printer.say('sources_none')}.", *_searches(printer))
    states = [printer.count("on_time", coverage.on_time)]
    states += [
        printer.count(state, count)
        for state in ("late", "failing", "gone", "new")
        if (count := getattr(coverage, state))
    ]
    sentence = f"{printer.count('sources', coverage.total, states=', '.join(states))}."
    troubles = _named(printer, "troubles", coverage.troubles)
    gaps = _named(printer, "gaps", coverage.gaps)
    return tuple(filter(None, (*quota, sentence, troubles, gaps, *_searches(printer))))


def flow_sentences(printer: Printer) -> tuple[str, str]:
    """Return two sentences: what was read, and what became of what was found. The second adds up."""
    return _reading(printer), _finding(printer)


def _searches(printer: Printer) -> list[str]:
    """Return what was searched for on platforms, and what kept us from seeing all of it, a sentence each."""
    found = printer.digest.coverage.searches
    made = [standing.label for standing in found if standing.searches]
    sampled = [standing.label for standing in found if standing.coverage == "sampled"]
    missed = [standing.label for standing in found if standing.unsearchable]
    lines = [printer.say("searched", names=", ".join(made))] if made else []
    lines += [_limited(printer, standing) for standing in found if standing.limited]
    lines += [
        printer.count("search_failing", standing.failing, name=standing.label)
        for standing in found
        if standing.failing
    ]
    if sampled:
        lines.append(printer.say("search_sampled", names=", ".join(sampled)))
    if missed:
        watches = {left.watch_id for standing in found for left in standing.unsearchable}
        lines.append(printer.count("unsearchable", len(watches), names=", ".join(missed)))
    return lines


def _limited(printer: Printer, standing: Standing) -> str:
    until = standing.limited_until or printer.digest.built_at
    local = printer.local(until)
    told = hour(local, printer.digest.locale) if local.date() == printer.day else printer.moment(until)
    return printer.say("search_limited", name=standing.label, until=told)


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
    if ledger.grouped:
        told = f"{told} {printer.count('grouped', ledger.grouped)}"
    return f"{told} {printer.count('backfilled', ledger.backfilled)}" if ledger.backfilled else told


def _held(printer: Printer) -> str:
    held = printer.digest.ledger.held
    reasons = [
        printer.count(f"held_{reason}" if f"held_{reason}" in printer.catalogue else "held_other", count)
        for reason, count in held.items()
    ]
    text = printer.count("held", sum(held.values()))
    return f"{text} ({', '.join(reasons)})" if reasons else text
