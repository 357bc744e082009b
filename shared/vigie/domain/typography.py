"""How numbers, dates, hours and foreign texts are set in print, in French and in English.

French rules: Imprimerie nationale's, with the narrow no-break space (U+202F) everywhere one is due; plurals:
Unicode CLDR (in French 0 and 1 take the singular, in English only 1 does).
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Literal

from vigie.domain.clients import Locale

NO_BREAK = "\u00a0"
NARROW = "\u202f"  # the narrow no-break space
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

_DAYS: dict[Locale, tuple[str, ...]] = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
# fmt: off
_MONTHS: dict[Locale, tuple[str, ...]] = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin",
           "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}
_SHORT_MONTHS: dict[Locale, tuple[str, ...]] = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
# fmt: on
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")  # parts of Persian, Indic and emoji spelling
_MARKS = r"[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]"
_PILED = re.compile(rf"({_MARKS}{{3}}){_MARKS}+")
_SPACES = re.compile(r" +")
_FIRST_RIGHT_TO_LEFT = "\u0590"  # Hebrew: every letter before it runs from left to right


class _Printed(dict[int, str]):
    """What stands for each character on a printed line; filled as characters are met, for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if character.isspace() or category in {"Cc", "Zl", "Zp"}:
            printed = " "
        else:
            printed = "" if category in _INVISIBLE and character not in _JOINERS else character
        self[code] = printed
        return printed


_PRINTED = _Printed()


def french_spaces(text: str) -> str:
    """Return ``text`` with a narrow no-break space where French typography wants one and a space stands."""
    text = re.sub(r" (?=[;:!?»%€])", NARROW, text)
    return re.sub(r"(?<=«) ", NARROW, text)


def quoted(text: str, locale: Locale) -> str:
    """Return ``text`` between the language's quotation marks."""
    return f"«{NARROW}{text}{NARROW}»" if locale == "fr" else f"“{text}”"


def number(value: int, locale: Locale) -> str:
    """Return an integer with its thousands apart: ``1 234`` or ``1,234``, a real minus sign in front."""
    grouped = f"{abs(value):,}".replace(",", NARROW if locale == "fr" else ",")
    return f"−{grouped}" if value < 0 else grouped


def percent(part: int, whole: int, locale: Locale) -> str:
    """Return the rounded share of ``part`` in ``whole``: ``41 %`` or ``41%``; 0 of nothing is 0."""
    return points(round(100 * part / whole) if whole else 0, locale)


def euros(cents: int, locale: Locale) -> str:
    """Return an amount: ``9 €``, ``10,80 €``; ``€9``, ``€10.80``."""
    whole, rest = divmod(cents, 100)
    figure = number(whole, locale) + (f"{',' if locale == 'fr' else '.'}{rest:02}" if rest else "")
    return f"{figure}{NO_BREAK}€" if locale == "fr" else f"€{figure}"


def points(value: int, locale: Locale) -> str:
    """Return whole percents: ``41 %`` or ``41%``."""
    return f"{number(value, locale)}{NARROW}%" if locale == "fr" else f"{number(value, locale)}%"


def change(now: int, before: int, locale: Locale) -> str:
    """Return the change from ``before`` (not 0) to ``now`` in percent, signed (``+42 %``, ``−8 %``), or ``0 %``."""
    points = round(100 * (now - before) / before)
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return f"{sign}{percent(abs(points), 100, locale)}"


def plural(count: int, locale: Locale) -> Literal["one", "other"]:
    """Return the CLDR plural category of a count."""
    return "one" if count == 1 or (count == 0 and locale == "fr") else "other"


def long_date(day: date, locale: Locale) -> str:
    """Return ``mardi 8 décembre 2026``, ``mardi 1er décembre 2026`` or ``Tuesday 8 December 2026``."""
    return f"{day_and_month(day, locale)} {day.year}"


def day_and_date(day: date, locale: Locale) -> str:
    """Return ``mardi 8`` or ``Tuesday 8``."""
    return f"{_DAYS[locale][day.weekday()]} {_day_of_month(day, locale)}"


def day_and_month(day: date, locale: Locale) -> str:
    """Return ``mardi 8 décembre`` or ``Tuesday 8 December``."""
    return f"{day_and_date(day, locale)} {_MONTHS[locale][day.month - 1]}"


def short_date(day: date, locale: Locale) -> str:
    """Return ``14 nov. 2026`` or ``14 Nov 2026``."""
    return f"{_day_of_month(day, locale)} {_SHORT_MONTHS[locale][day.month - 1]} {day.year}"


def weekday(day: date, locale: Locale) -> str:
    """Return ``mardi`` or ``Tuesday``."""
    return _DAYS[locale][day.weekday()]


def hour(moment: datetime, locale: Locale) -> str:
    """Return a local hour: ``7 h 15``, ``21 h``, ``7:15 am``, ``noon`` being ``12:00 pm``."""
    if locale == "fr":
        minutes = f"{NARROW}{moment.minute:02}" if moment.minute else ""
        return f"{moment.hour}{NARROW}h{minutes}"
    return f"{moment.hour % 12 or 12}:{moment.minute:02}{NARROW}{'am' if moment.hour < 12 else 'pm'}"


def moment(at: datetime, reader_day: date, locale: Locale) -> str:
    """Return when something happened, as short as ``reader_day`` (the digest's) lets it be unmistakable.

    Within the last six days ``mar. 5 h 58``; before, or after, ``14 nov. 2026``.
    """
    if 0 <= (reader_day - at.date()).days < 6:
        day = _DAYS[locale][at.weekday()][:3]
        return f"{day}{'.' if locale == 'fr' else ''}{NO_BREAK}{hour(at, locale)}"
    return short_date(at.date(), locale)


def one_line(text: str, limit: int) -> str:
    """Return a foreign text safe to print: one line, no control or direction marks, ``limit`` characters.

    What is cut ends with an ellipsis, at a word when one ends near; three marks at most pile on a letter.
    """
    kept = _SPACES.sub(" ", _few_marks(text.translate(_PRINTED))).strip()
    if len(kept) <= limit:
        return kept
    cut = kept[: limit - 1]
    space = cut.rfind(" ", limit * 2 // 3)
    return f"{cut[:space] if space > 0 else cut}…".replace(" …", "…")


def isolated(text: str) -> str:
    """Return ``text`` between isolates when it has right-to-left letters, lest it turn its neighbours.

    For plain text (Unicode UAX #9); HTML has ``<bdi>``.
    """
    if not text or max(text) < _FIRST_RIGHT_TO_LEFT:
        return text
    if any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return text


def _few_marks(text: str) -> str:
    return _PILED.sub(r"\1", text)


def _day_of_month(day: date, locale: Locale) -> str:
    return "1er" if day.day == 1 and locale == "fr" else str(day.day)
