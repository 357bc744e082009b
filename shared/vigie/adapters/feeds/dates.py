"""Read the dates of feeds: RFC 822 and W3C-DTF as they are written, every other form as feedparser reads it."""

import re
from calendar import timegm
from datetime import UTC, datetime, timedelta

_W3C = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)? ?(?:[Zz]|([+-])(\d\d):?(\d\d))?"
)
_RFC_822 = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +)?"
    r"(\d{1,2}) +(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* +(\d{4}|\d\d)"
    r" +(\d{1,2}):(\d\d)(?::(\d\d))? +(?:([+-])(\d\d):?(\d\d)|([a-z]+))",
    re.IGNORECASE,
)
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_USUAL_MONTHS = {f" {name.title()} ": number for name, number in _MONTHS.items()}
_USUAL_ZONES = {
    "": None, " GMT": timedelta(), " +0000": timedelta(), " +0100": timedelta(hours=1), " +0200": timedelta(hours=2),
}  # fmt: skip
_USUAL_TIME = re.compile(r"\d{4} \d\d:\d\d:\d\d", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)", re.ASCII)
# RFC 822 §5.1, and the two of central Europe, which feedparser takes for UTC.
_ZONE_HOURS = {
    "gmt": 0, "ut": 0, "utc": 0, "z": 0, "cet": 1, "cest": 2,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip


def instant(written: str | None) -> datetime | None:
    """Return the instant in UTC, or None when the text names none; without a zone it is taken for UTC."""
    if not written:
        return None
    try:
        moment = _usual(written) or _w3c(written) or _rfc_822(written)
    except (ValueError, OverflowError):  # the 32nd, 24 o'clock, a leap second
        moment = None
    return moment or _as_feedparser_reads(written)


def _usual(written: str) -> datetime | None:
    """Read the two forms that nearly all dates have, by their places: with the day's name, and ISO with a zone."""
    if written[3:5] == ", " and written[16:17] == " " and written.isascii():
        zone = _USUAL_ZONES.get(written[25:])
        month = _USUAL_MONTHS.get(written[7:12])
        if zone is None or month is None or not _USUAL_TIME.fullmatch(written, 12, 25):
            return None
        day, year, hour, minute, second = (
            written[5:7], written[12:16], written[17:19], written[20:22], written[23:25],
        )  # fmt: skip
        return datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC) - zone
    if written[10:11] == "T" and _ISO.fullmatch(written):
        return datetime.fromisoformat(written).astimezone(UTC)
    return None


def _w3c(written: str) -> datetime | None:
    found = _W3C.fullmatch(written)
    if not found:
        return None
    year, month, day, hour, minute, second, sign, hours, minutes = found.groups()
    moment = datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
    )
    return moment - _offset(sign, hours, minutes) if sign else moment


def _rfc_822(written: str) -> datetime | None:
    found = _RFC_822.fullmatch(written)
    if not found:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes, zone = found.groups()
    if zone:
        if zone.lower() not in _ZONE_HOURS:
            return None
        offset = timedelta(hours=_ZONE_HOURS[zone.lower()])
    else:
        offset = _offset(sign, hours, minutes)
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 90 else 1900
    month_number = _MONTHS[month.lower()]
    return (
        datetime(number, month_number, int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
        - offset
    )


def _offset(sign: str, hours: str, minutes: str) -> timedelta:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if sign == "-" else offset


def _as_feedparser_reads(written: str) -> datetime | None:
    """Ask feedparser, which knows dozens of local forms; its answer is in UTC."""
    from feedparser.datetimes import _parse_date

    moment = _parse_date(written)
    try:
        return datetime.fromtimestamp(timegm(moment), UTC) if moment else None
    except (ValueError, OverflowError):
        return None
