"""Lists of sources people bring: OPML from a feed reader, CSV from a spreadsheet, or one address a line.

Every line ends up in one of two places: a source, or a refusal with its line number and the reason. Files
are read as they come: OPML with bare ampersands and HTML entities, CSV as French and English spreadsheets
save it (comma, semicolon or tab; UTF-8 with or without a mark, or Windows-1252), with or without a header.
"""

import csv
import html
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlsplit
from xml.parsers import expat

from vigie.domain.sources import Source, Tier, check_source, source_id_of
from vigie.errors import BadField

LIST_LIMIT_BYTES = 5_000_000  # some 20,000 sources

_TIERS: tuple[str, ...] = get_args(Tier)
_HEADERS = {
    "url": ("url", "xmlurl", "feed", "feed_url", "rss", "adresse", "flux", "lien"),
    "name": ("name", "title", "text", "nom", "titre", "média", "media", "source"),
    "tier": ("tier", "niveau"),
    "language": ("language", "lang", "langue"),
    "platform": ("platform", "plateforme"),
    "type": ("document_type",),
}
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_ENTITY = re.compile(rb"&(?!#\d+;|#[xX][0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);)(\w{1,32};)?")


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that is no source: its number from 1, what it said, and why it is refused."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceList:
    """What a file gave: sources in its order, and the lines that are none."""

    sources: tuple[Source, ...]
    refused: tuple[RefusedLine, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]


def read_source_list(content: bytes) -> SourceList:
    """Read OPML, CSV or plain addresses; the content says which.

    Raises BadField when the whole file is of no use: too large, not XML though it begins as such, or a table
    without an address in it.
    """
    if len(content) > LIST_LIMIT_BYTES:
        raise BadField("file", f"is larger than {LIST_LIMIT_BYTES:,} bytes", "Cut it into several files.")
    is_xml = content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return _sources_of(_opml_rows(content) if is_xml else _csv_rows(_text_of(content)))


def _sources_of(rows: Iterator[_Row]) -> SourceList:
    sources: dict[str, Source] = {}
    lines: dict[str, int] = {}
    refused: list[RefusedLine] = []
    for row in rows:
        text = row.cells.get("url") or " ".join(filter(None, row.cells.values()))
        try:
            source = _source_of(row.cells)
        except BadField as error:
            refused.append(RefusedLine(row.line, text, str(error)))
            continue
        if source.url in lines:
            refused.append(RefusedLine(row.line, text, f"the same address as line {lines[source.url]}"))
            continue
        lines[source.url] = row.line
        sources[source.url] = source
    return SourceList(tuple(sources.values()), tuple(refused))


def _source_of(cells: Mapping[str, str]) -> Source:
    url = _address(cells.get("url", ""))
    tier = cells.get("tier", "").lower() or None
    if tier is not None and tier not in _TIERS:
        raise BadField("tier", f"{tier!r} is unknown", f"Use one of {', '.join(_TIERS)}, or leave it empty.")
    return check_source(
        Source(
            source_id=source_id_of(url),
            name=cells.get("name", "") or urlsplit(url).hostname or "",
            url=url,
            tier=tier,
            language=_language(cells.get("language", "")),
            platform=cells.get("platform", "").lower() or "press",
            type=cells.get("type", "").lower() or "article",
        )
    )


def _address(text: str) -> str:
    """Undo what feed readers did to addresses: ``feed:https://…`` and ``feed://…``."""
    if text.lower().startswith("feed://"):
        return "https://" + text[7:]
    url = text[5:] if text.lower().startswith("feed:") else text
    try:
        urlsplit(url)
    except ValueError as error:  # "http://[": brackets promise an IPv6 address
        raise BadField(
            "url", f"{url!r} is no web address", "Give the feed's http or https address."
        ) from error
    return url


def _language(text: str) -> str | None:
    if not text:
        return None
    match = _LANGUAGE.fullmatch(text)
    if not match:
        raise BadField("language", f"{text!r} is no language code", "Use a code such as fr or en.")
    return match.group(1).lower()


# -- OPML ---------------------------------------------------------------------------------------------------


def _opml_rows(content: bytes) -> Iterator[_Row]:
    """Return a row per outline with an address. A file broken half-way is refused whole, naming the line."""
    rows: list[_Row] = []
    parser = expat.ParserCreate()

    def on_element(tag: str, attributes: dict[str, str]) -> None:
        if tag.lower() == "outline":
            cells = _known_cells(attributes)
            if "url" in cells:
                rows.append(_Row(parser.CurrentLineNumber, cells))

    def on_entity(*_: object) -> None:
        raise BadField("file", "declares XML entities", "Export it again from a feed reader.")

    parser.StartElementHandler = on_element
    parser.EntityDeclHandler = on_entity
    try:
        parser.Parse(_ENTITY.sub(_xml_entity, content), True)
    except expat.ExpatError as error:
        raise BadField("file", f"is not XML at line {error.lineno}", "Export it again as OPML.") from error
    except (LookupError, ValueError) as error:  # an encoding that does not exist, or that expat cannot read
        raise BadField("file", f"cannot be decoded: {error}", "Save it as UTF-8.") from error
    if not rows:
        raise BadField("file", "holds no outline with an xmlUrl", "Export the feeds as OPML.")
    return iter(rows)


def _xml_entity(match: re.Match[bytes]) -> bytes:
    """Write ``&eacute;`` as a number and a bare ``&`` as ``&amp;``: XML knows five names only."""
    name = (match.group(1) or b"").decode("ascii", "replace")
    meaning = html.unescape(f"&{name}") if name else "&"
    if meaning == f"&{name}":
        return b"&amp;" + name.encode()
    return "".join(f"&#{ord(character)};" for character in meaning).encode()


# -- CSV ----------------------------------------------------------------------------------------------------


def _text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _csv_rows(text: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        filled = [
            (reader.line_num, [cell.strip() for cell in cells])
            for cells in reader
            if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#")
        ]
    except csv.Error as error:  # a quote left open swallows more than a cell can hold
        raise BadField(
            "file", f"is no table at line {reader.line_num}: {error}", "Save it again as CSV."
        ) from error
    if not filled:
        raise BadField("file", "is empty", "Give a list of feed addresses.")
    header = _known_cells({cell: str(column) for column, cell in enumerate(filled[0][1])})
    if "url" in header:
        columns = {name: int(column) for name, column in header.items()}
        return (_Row(line, _by_column(cells, columns)) for line, cells in filled[1:])
    if not any(_looks_like_address(cell) for _, cells in filled for cell in cells):
        raise BadField("file", "holds no web address", "Give a column named url, or one address a line.")
    return (_Row(line, _by_look(cells)) for line, cells in filled)


def _delimiter(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return max(",;\t", key=first.count)


def _known_cells(named: Mapping[str, str]) -> dict[str, str]:
    """Return our names for the columns or attributes we know, with their stripped values."""
    lowered = {name.strip().lower(): value.strip() for name, value in named.items()}
    found: dict[str, str] = {}
    for ours, theirs in _HEADERS.items():
        value = next((lowered[name] for name in theirs if lowered.get(name)), None)
        if value is not None:
            found[ours] = value
    return found


def _by_column(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {name: cells[column] for name, column in columns.items() if column < len(cells)}


def _by_look(cells: Sequence[str]) -> dict[str, str]:
    """Read a row without a header: the address is what looks like one, the name is the first other cell."""
    url = next((cell for cell in cells if _looks_like_address(cell)), "")
    others = [cell for cell in cells if cell and cell != url]
    return {"url": url, "name": others[0]} if url and others else {"url": url or " ".join(others)}


def _looks_like_address(cell: str) -> bool:
    return bool(re.match(r"(?:feed:)?(?:feed|https?)://", cell, re.IGNORECASE))
