"""Today's count beside the count before and the same weekday's mean."""

from datetime import timedelta

from vigie.adapters.mail.printer import Printer
from vigie.domain.digest_history import as_long
from vigie.domain.typography import change, number, weekday

_TIMES_AT_MOST = 10


def compared(printer: Printer) -> str:
    """Return what this digest's count stands beside: ``21 la veille ; moyenne des mardis : 24``."""
    parts = [part for part in (_before(printer), _usual(printer)) if part]
    return printer.say("beside").join(parts)


def changes(printer: Printer) -> dict[str, str]:
    """Return the signed changes, against the mean first (a Monday after a Sunday misleads), then the day before.

    By what they are against: ``mean``, ``before``. Nothing is compared with nothing, nor with another length of time.
    """
    digest, bases = printer.digest, {}
    if digest.history.mean is not None:
        bases["mean"] = round(digest.history.mean)
    if digest.earlier is not None and _follows(printer):
        bases["before"] = digest.earlier.retained
    retained = digest.totals.retained
    return {
        name: change(retained, base, digest.locale)
        for name, base in bases.items()
        if base > 0 and retained <= _TIMES_AT_MOST * base
    }


def comparison(printer: Printer) -> str:
    """Say the changes in a line; that the mean is still being learnt, where it is."""
    found = changes(printer)
    parts = [printer.say(f"change_{_span(printer)}", change=found["before"])] if "before" in found else []
    if "mean" in found:
        parts.append(
            printer.say(f"change_mean_{_span(printer)}", change=found["mean"], weekday=_weekday(printer))
        )
    elif printer.digest.history.mean is None and printer.span != "opening":
        parts.append(printer.say("learning"))
    return " · ".join(parts)


def _before(printer: Printer) -> str:
    earlier = printer.digest.earlier
    if earlier is None:
        return ""
    key = f"before_{_span(printer)}" if _follows(printer) else "before_other"
    return printer.say(key, count=number(earlier.retained, printer.digest.locale))


def _usual(printer: Printer) -> str:
    """Return the mean of the same weekday, or the one such day there was."""
    history, locale = printer.digest.history, printer.digest.locale
    if history.mean is not None:
        mean = number(round(history.mean), locale)
        return printer.say(f"mean_{_span(printer)}", weekday=_weekday(printer), mean=mean)
    if len(history.same_weekday) == 1 and _span(printer) == "day":
        return printer.say(
            "last_weekday", weekday=_weekday(printer), count=number(history.same_weekday[0], locale)
        )
    return ""


def _follows(printer: Printer) -> bool:
    """Whether the earlier digest closed where this one opened and was as long: only then a change means something."""
    earlier, interval = printer.digest.earlier, printer.digest.interval
    if earlier is None or earlier.interval.until != interval.since or not as_long(earlier.interval, interval):
        return False
    length = interval.until - interval.since
    return printer.span == "week" or abs(length - timedelta(days=1)) <= timedelta(minutes=75)


def _span(printer: Printer) -> str:
    return "week" if printer.span == "week" else "day"


def _weekday(printer: Printer) -> str:
    return weekday(printer.day, printer.digest.locale)
