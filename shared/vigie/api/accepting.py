"""Which type of an answer a caller wants most (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

from vigie.errors import NotAcceptable


def preferred(accept: str | None, offers: Sequence[str]) -> str:
    """Return the offer that an ``Accept`` header wants most, the first of those it wants as much.

    A range that says more goes before one that says less: ``text/html`` before ``text/*`` before ``*/*``. Without a
    header the first offer will do. Raises NotAcceptable when the header wants none of them.
    """
    ranges = [_range(each) for each in (accept or "*/*").split(",")]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    if _quality(best, ranges) <= 0:
        raise NotAcceptable(f"Only {', '.join(offers)} can be had here.")
    return best


def _range(text: str) -> tuple[str, float]:
    """Return a range of types, and how much it is wanted; what cannot be read as a number is wanted wholly."""
    media, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media, min(1.0, max(0.0, float(value)))
            except ValueError:
                return media, 1.0
    return media, 1.0


def _quality(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    for wanted in (offer, offer.partition("/")[0] + "/*", "*/*"):
        found = [quality for media, quality in ranges if media == wanted]
        if found:
            return max(found)
    return 0.0
