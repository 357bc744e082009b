"""Writing lists of sources that ``source_lists`` and other feed readers can read: OPML and CSV.

What is written and read again gives the same sources, ids apart: an id follows from the address. Where OPML 2.0 has
no word for what we keep (tier, platform, document_type), the outline has an attribute more, which others ignore.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import quoteattr

from vigie.domain.sources import Source

_COLUMNS = ("url", "name", "tier", "language", "platform", "document_type")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_opml(sources: Iterable[Source]) -> str:
    """Return sources as an OPML 2.0 document, in their order; characters XML cannot hold are left out."""
    outlines = [f"    <outline {_attributes(_outline(source))}/>" for source in sources]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<opml version="2.0">',
            "  <head><title>vigie</title></head>",
            "  <body>",
            *outlines,
            "  </body>",
            "</opml>",
            "",
        ]
    )


def write_csv(sources: Iterable[Source]) -> str:
    """Return sources as a table with a header, in their order."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for source in sources:
        cells = _cells(source)
        writer.writerow([cells[column] for column in _COLUMNS])
    return table.getvalue()


def _cells(source: Source) -> dict[str, str]:
    return {
        "url": source.url,
        "name": source.name,
        "tier": source.tier or "",
        "language": source.language or "",
        "platform": source.platform,
        "document_type": source.type,
    }


def _outline(source: Source) -> dict[str, str]:
    cells = _cells(source)
    known = {"type": "rss", "text": cells.pop("name"), "xmlUrl": cells.pop("url")}
    return known | {name: value for name, value in cells.items() if value}


def _attributes(values: Mapping[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(_NOT_XML.sub('', value))}" for name, value in values.items())
