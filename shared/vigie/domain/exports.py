"""Mentions as a client takes them away: lines of a table that its spreadsheet opens, entries of a press review.

The table follows the client's language. In French: semicolons, ``22/11/2026 07:15``, decimal things nowhere; Excel
reads such a file right when it begins with a byte order mark. In English: commas, ``2026-11-22 07:15``. Lines end in
CRLF (RFC 4180). A cell that a spreadsheet would run as a formula gets an apostrophe in front (CWE-1236).

Of an article its title, its link and a very short extract are taken away, never its text.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from vigie.domain.clients import Client, Locale
from vigie.domain.digest_stories import channel_of, tone_of
from vigie.domain.extracts import extract_of
from vigie.domain.mentions import Label, Mention
from vigie.domain.typography import long_date, one_line

BYTE_ORDER_MARK = "\ufeff"
_CELL_LIMIT = 2_000  # characters; a spreadsheet's cell holds 32,767
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SEPARATORS: dict[Locale, str] = {"fr": ";", "en": ","}
_DATES: dict[Locale, str] = {"fr": "%d/%m/%Y %H:%M", "en": "%Y-%m-%d %H:%M"}
# fmt: off
_HEADS: dict[Locale, tuple[str, ...]] = {
    "fr": ("Publié le", "Relevé le", "Titre", "Extrait", "Média", "Auteur", "Canal", "Plateforme", "Type",
           "Veilles", "Finalités", "Tonalité", "Pertinence", "Effet", "Crise", "État", "Histoire", "Adresse",
           "Identifiant"),
    "en": ("Published", "Recorded", "Title", "Extract", "Outlet", "Author", "Channel", "Platform", "Type",
           "Watches", "Purposes", "Tone", "Relevance", "Impact", "Crisis", "Status", "Story", "Address", "Id"),
}
_FRENCH: dict[str, str] = {
    "press": "presse", "social": "réseaux", "forums": "forums", "video": "vidéo", "reviews": "avis",
    "negative": "négative", "neutral": "neutre", "positive": "positive", "to_verify": "à vérifier",
    "main": "principale", "secondary": "secondaire", "passing": "en passant", "homonym": "homonyme",
    "unfavourable": "défavorable", "favourable": "favorable", "mixed": "partagé",
    "alert": "alerte", "watch": "à suivre", "none": "aucune", "kept": "retenue", "held": "mise de côté",
    "brand": "marque", "competitor": "concurrent", "partner": "partenaire", "sector": "secteur",
    "campaign": "campagne", "lead": "prospect", "crisis": "crise",
}
# fmt: on


def table_head(locale: Locale) -> str:
    """Return the byte order mark and the line of names."""
    return BYTE_ORDER_MARK + _line(_HEADS[locale], locale)


def table_line(mention: Mention, client: Client) -> str:
    """Return the line of a mention, its instants in the client's zone."""
    document, own, locale = mention.document, mention.assessment, client.locale
    told = [
        _local(document.published_at, client),
        _local(mention.recorded_at, client),
        document.title,
        extract(mention),
        document.source_name,
        document.author,
        _word(channel_of(document), locale),
        document.platform,
        document.type,
        ", ".join(hit.watch_name for hit in mention.hits),
        ", ".join(_word(purpose, locale) for purpose in sorted(mention.purposes)),
        _word(tone_of(mention), locale),
        _label(own.relevance if own else None, locale),
        _label(own.impact if own else None, locale),
        _label(own.crisis if own else None, locale),
        _word(mention.status, locale),
        mention.story.story_id,
        document.url,
        mention.mention_id,
    ]
    return _line([cell(text) for text in told], locale)


def cell(text: str) -> str:
    """Return a text as one line that no spreadsheet runs."""
    flat = one_line(text, _CELL_LIMIT)
    return f"'{flat}" if text.startswith(_FORMULA) or flat.startswith(_FORMULA) else flat


def extract(mention: Mention) -> str:
    """Return the very short extract that may be shown around what a watch found, or an empty text."""
    return extract_of(mention.document, [place for hit in mention.hits for place in hit.evidence])


def _line(cells: Sequence[str], locale: Locale) -> str:
    held = io.StringIO()
    csv.writer(held, delimiter=_SEPARATORS[locale], lineterminator="\r\n").writerow(cells)
    return held.getvalue()


def _local(instant: datetime | None, client: Client) -> str:
    return f"{instant.astimezone(client.tz):{_DATES[client.locale]}}" if instant else ""


def _word(value: str, locale: Locale) -> str:
    return _FRENCH.get(value, value) if locale == "fr" else value.replace("_", " ")


def _label(label: Label | None, locale: Locale) -> str:
    if label is None:
        return ""
    return _word("to_verify" if label.abstained else label.value, locale)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEntry:
    """One article of a press review: its references, and a very short extract."""

    title: str
    outlet: str
    author: str
    url: str
    at: datetime
    extract: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PressReview:
    """A selection of a client's mentions, to be printed: by day, the newest first. Instants are in its zone."""

    client_name: str
    locale: Locale
    days: tuple[tuple[date, tuple[ReviewEntry, ...]], ...]
    is_cut: bool = False

    @property
    def count(self) -> int:
        """How many articles it holds."""
        return sum(len(entries) for _, entries in self.days)

    @property
    def span(self) -> tuple[str, str] | None:
        """The first and the last day, in words; None when it is empty."""
        if not self.days:
            return None
        return long_date(self.days[-1][0], self.locale), long_date(self.days[0][0], self.locale)


def press_review(client: Client, mentions: Iterable[Mention], *, is_cut: bool = False) -> PressReview:
    """Return the press review of some mentions; those withdrawn or without a title are left out."""
    entries = sorted(
        (_entry(mention, client.tz) for mention in mentions if mention.document.title),
        key=lambda entry: (entry.at, entry.url),
        reverse=True,
    )
    days = groupby(entries, key=lambda entry: entry.at.date())
    return PressReview(
        client_name=client.name,
        locale=client.locale,
        days=tuple((day, tuple(of_day)) for day, of_day in days),
        is_cut=is_cut,
    )


def _entry(mention: Mention, zone: ZoneInfo) -> ReviewEntry:
    document = mention.document
    return ReviewEntry(
        title=one_line(document.title, 300),
        outlet=one_line(document.source_name, 120),
        author=one_line(document.author, 120),
        url=document.url if document.url.startswith(("https://", "http://")) else "",
        at=document.event_at.astimezone(zone),
        extract=one_line(extract(mention), 160),
    )
