"""Where vigie and feedparser, with its default options, read a feed differently, and whose fault that is.

Titles are compared by their letters, links, ids and UTC dates as they are. Each difference belongs to a ``Cause``, by
a rule or by the file that shows it; one that belongs to none is unexplained, and a test fails on it.
"""

import calendar
import html
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import feedparser

from vigie.adapters.feeds import LIMIT_BYTES, Reader, read_feed
from vigie.domain.feeds import FeedEntry

SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "feeds"
FIELDS = ("title", "link", "id", "date")


class Cause(StrEnum):
    """Whose fault a difference is, and why."""

    ID_AS_LINK = "feedparser: takes an id (tag:…, urn:…) for the address of a page"
    SCHEME = "feedparser: lets links through that no page has (javascript:, mailto:, file:…)"
    CONTROLS = "feedparser: leaves controls in"
    SCRIPT = "the comparison: its simple means leave a script in feedparser's title, ours is without"
    CHARSET = "feedparser: one byte that is no UTF-8 makes it read the whole feed as Windows-1252"
    JSON_FEED = "feedparser: knows no JSON Feed, and finds no entry in one"
    UNEXPLAINED = "unexplained"


# Differences that no rule tells by its values, by the file that shows them.
SHOWN_BY = {
    ("feedparser/illformed/chardet/shiftjis.xml", "title"): Cause.CONTROLS,
    ("feedparser/wellformed/sanitize/entry_title_crazy.xml", "title"): Cause.SCRIPT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of one entry (or, with the field ``entries``, their number) that the two read differently."""

    file: str
    field: str
    theirs: Any
    ours: Any
    cause: Cause


@dataclass(slots=True)
class Agreement:
    """What came out of reading a corpus with both."""

    files: int = 0
    entries: int = 0
    lost: int = 0
    read_by: Counter[Reader] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def equal(self, name: str) -> int:
        """Return in how many entries of feedparser's a field is the same."""
        return self.entries - sum(different.field == name for different in self.differences)


def sample_files(root: Path = SAMPLE) -> Iterator[Path]:
    """Yield every file of a folder that may be a feed."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in {".csv", ".md"}:
            yield path


def corpus_of(path: Path) -> str:
    """Return the folder of the sample that a file is in; feedparser's own cases are kept apart by kind."""
    parts = path.relative_to(SAMPLE).parts
    return "/".join(parts[:2]) if parts[0] == "feedparser" else parts[0]


def compare(path: Path, agreement: Agreement) -> None:
    """Read a file with both, and note what came out."""
    body = path.read_bytes()
    theirs = feedparser.parse(io.BytesIO(body)).entries if len(body) <= LIMIT_BYTES else []
    ours, reader = read_feed(body, url="", content_type=None)
    name = path.relative_to(SAMPLE).as_posix()
    agreement.files += 1
    agreement.entries += len(theirs)
    agreement.read_by[reader] += 1
    agreement.lost += max(0, len(theirs) - len(ours.entries))
    if len(theirs) != len(ours.entries):
        cause = Cause.JSON_FEED if reader is Reader.JSON_FEED and not theirs else Cause.UNEXPLAINED
        agreement.differences.append(
            Difference(file=name, field="entries", theirs=len(theirs), ours=len(ours.entries), cause=cause)
        )
        return
    for pair in zip(theirs, ours.entries, strict=True):
        for different, values in differences(*pair).items():
            cause = SHOWN_BY.get((name, different)) or _cause(different, *values, body)
            agreement.differences.append(
                Difference(file=name, field=different, theirs=values[0], ours=values[1], cause=cause)
            )


def differences(theirs: Any, ours: FeedEntry) -> dict[str, tuple[Any, Any]]:
    """Return in which of title, link, id and date an entry differs from feedparser's, with both values."""
    pairs = {
        "title": (_letters(theirs.get("title")), _letters(html.escape(ours.title))),
        "link": (theirs.get("link") or None, ours.link),
        "id": (theirs.get("id") or None, ours.guid),
        "date": (_instant(theirs), ours.published_at),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _cause(name: str, theirs: Any, ours: Any, body: bytes) -> Cause:
    if name == "link" and ours is None:
        scheme = theirs.partition(":")[0].lower()
        if scheme in {"tag", "urn"}:
            return Cause.ID_AS_LINK
        if ":" in theirs and scheme not in {"http", "https"}:
            return Cause.SCHEME
    if name == "title" and theirs == _as_windows_1252(ours) != ours and not _is_utf8(body):
        return Cause.CHARSET
    return Cause.UNEXPLAINED


def _as_windows_1252(text: str) -> str:
    return text.encode().decode("cp1252", "replace")


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _letters(markup: str | None) -> str:
    """Return the letters of a title, its markup left out by simpler means than ours."""
    text = re.sub(r"(?is)<(script|style)\b.*?</\1>|<!--.*?-->|</?[a-z][^>]*>", "", markup or "")
    return "".join(html.unescape(text).split())


def _instant(entry: Any) -> datetime | None:
    """Return the date feedparser gives an entry, by the same preference as ours."""
    names = ("published_parsed", "updated_parsed", "created_parsed")
    moment = next((found for name in names if (found := dict.get(entry, name))), None)
    return datetime.fromtimestamp(calendar.timegm(moment), UTC) if moment else None


def report() -> str:
    """Compare the whole sample, and say where the two agree and why they do not."""
    found: dict[str, Agreement] = {}
    for path in sample_files():
        compare(path, found.setdefault(corpus_of(path), Agreement()))
    head = f"{'corpus':<24} {'files':>6} {'entries':>8} {'lost':>5} " + " ".join(f"{n:>7}" for n in FIELDS)
    lines = [head + "   entries with the same", *(_row(corpus, one) for corpus, one in found.items())]
    whole = Agreement(
        files=sum(one.files for one in found.values()),
        entries=sum(one.entries for one in found.values()),
        lost=sum(one.lost for one in found.values()),
        read_by=sum((one.read_by for one in found.values()), Counter[Reader]()),
        differences=[different for one in found.values() for different in one.differences],
    )
    lines += [_row("all", whole), "", "differences, by whose fault and why:"]
    counts = Counter((different.cause, different.field) for different in whole.differences)
    lines += [f"{count:>5} {name:<8} {cause}" for (cause, name), count in counts.most_common()]
    shares = ", ".join(f"{reader} {count}" for reader, count in whole.read_by.most_common())
    return "\n".join([*lines, f"files by reader: {shares}"])


def _row(corpus: str, one: Agreement) -> str:
    equal = " ".join(f"{one.equal(name):>7}" for name in FIELDS)
    return f"{corpus:<24} {one.files:>6} {one.entries:>8} {one.lost:>5} {equal}"
