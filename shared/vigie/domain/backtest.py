"""Back-tests: what a query would have brought over the last days, counted on segments of the archive.

Counted are documents that came out in the window (``Document.event_at``), each once. Stories are estimated from
marks: two documents are taken for copies when one shares half of its marks with a story that was there, without the
comparison of numbers and names that ``domain.stories`` makes; so a bulletin's editions may count as one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice

from vigie.domain.cutoffs import Interval
from vigie.domain.query.bits import each_bit
from vigie.domain.query.canonical import canonical
from vigie.domain.query.nodes import And, Filter, Node, Not, Or, Query, conjunction, disjunction
from vigie.domain.query.segment import Search, Segment
from vigie.domain.query.segment.search import Texts

DAYS_LIMIT = 30
TERMS_LIMIT = 40  # of a query, judged one by one
_JUDGING_LIMIT = 4_000  # terms to judge times terms of the query: what judging may cost
SAMPLES = 10
MONTH_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """A local day: how many documents came out, and how many stories began."""

    day: date
    mentions: int
    stories: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCount:
    """What a term brings: the matched documents that hold it, and those that match by nothing else (``only``).

    ``without`` is how many would match were it taken out of the query; None when nothing would be left of it.
    """

    term: str
    mentions: int
    only: int
    without: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A matched document: its segment (as the caller numbers them) and its number in it."""

    segment: int
    document: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of a document that answer a term: characters ``start:end`` of a field as published."""

    field: str
    start: int
    end: int
    words: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a back-test counts. ``terms`` are the noisiest first; ``samples`` the newest of different stories."""

    documents: int
    mentions: int
    stories: int
    days: tuple[DayCount, ...]
    terms: tuple[TermCount, ...]
    terms_left_out: int
    samples: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A document that the query would have brought; ``evidence`` says which words, ``extract`` shows some."""

    title: str
    url: str
    source_name: str
    platform: str
    at: datetime
    extract: str
    evidence: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """What a query would have brought in [since, until).

    ``covered_since`` is from when on documents were asked: later than ``since`` when the archive is younger, or when
    time ran out (then ``complete`` is false). ``noisiest`` is the term without which most would go.
    ``monthly_mentions`` is what this makes in thirty days (null for less than a day), ``share_of_quota`` that over
    ``quota``. ``lint`` are codes of advice, ``unreadable`` what the archive holds and could not be read.
    """

    query: str
    canonical: str
    days: int
    since: datetime
    until: datetime
    covered_since: datetime
    complete: bool
    documents: int
    mentions: int
    stories: int
    per_day: tuple[DayCount, ...]
    terms: tuple[TermCount, ...]
    terms_left_out: int
    noisiest: TermCount | None
    monthly_mentions: int | None
    quota: int | None
    share_of_quota: float | None
    samples: tuple[Sample, ...]
    lint: tuple[str, ...]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    at: int
    source: int
    place: Place
    marks: tuple[int, ...]


@dataclass(slots=True)
class _Term:
    """A term being counted."""

    text: str
    mentions: int = 0
    only: int = 0
    without: int = 0


class Tally:
    """Counts what one query matches, segment after segment."""

    def __init__(self, query: Query, interval: Interval) -> None:
        self._since, self._until = int(interval.since.timestamp()), int(interval.until.timestamp())
        self._search = Search()
        self._asking = self._search.asking(query.root)
        count = _count(query.root)
        judged = min(count, TERMS_LIMIT, _JUDGING_LIMIT // max(1, count))
        self._left_out = count - judged
        self._terms = [
            (
                _Term(canonical(Query("", term))),
                self._search.asking(term),
                rest and self._search.asking(rest),
            )
            for term, rest in islice(_terms(query.root), judged)
        ]
        self._seen: set[int] = set()
        self._found: list[_Found] = []
        self._documents = 0

    @property
    def mentions(self) -> int:
        """How many documents matched so far."""
        return len(self._found)

    def add(self, number: int, segment: Segment, texts: Texts, now: datetime) -> None:
        """Count a segment; ``texts`` gives its documents, when the query needs their very characters."""
        opened = self._search.open(segment, texts)
        among = self._countable(segment, int(now.timestamp()))
        self._documents += among.bit_count()
        matched = self._asking(opened, among)
        for document in each_bit(matched):
            identity = segment.identities[document]
            if identity not in self._seen:
                self._seen.add(identity)
                place = Place(number, document)
                marks = tuple(segment.marks(document))
                self._found.append(_Found(segment.at[document], segment.sources[document], place, marks))
        for term, holds, rest in self._terms:
            left = rest(opened, among) if rest else 0
            term.mentions += holds(opened, matched).bit_count()
            term.only += (matched & ~left).bit_count()
            term.without += left.bit_count()

    def counts(self, zone: tzinfo) -> Counts:
        """Return what was counted, by the days of a zone."""
        found = sorted(self._found, key=lambda each: (each.at, each.place.segment, each.place.document))
        stories = _stories([each.marks for each in found])
        terms = sorted(self._terms, key=lambda each: (-each[0].only, -each[0].mentions, each[0].without))
        return Counts(
            documents=self._documents,
            mentions=len(found),
            stories=len(set(stories)),
            days=tuple(self._days(found, stories, zone)),
            terms=tuple(
                TermCount(
                    term=term.text,
                    mentions=term.mentions,
                    only=term.only,
                    without=term.without if rest else None,
                )
                for term, _, rest in terms
            ),
            terms_left_out=self._left_out,
            samples=_samples(found, stories),
        )

    def _countable(self, segment: Segment, now: int) -> int:
        """Return the documents of the window that may still be kept."""
        at, until = segment.at, segment.until
        if self._since <= min(at, default=0) and max(at, default=0) < self._until and not any(until):
            return (1 << len(segment)) - 1
        kept = [
            1 << number
            for number, instant in enumerate(at)
            if self._since <= instant < self._until and not 0 < until[number] <= now
        ]
        return sum(kept)

    def _days(self, found: Sequence[_Found], stories: Sequence[int], zone: tzinfo) -> Iterator[DayCount]:
        mentions: Counter[date] = Counter()
        begun: Counter[date] = Counter()
        for number, each in enumerate(found):
            day = datetime.fromtimestamp(each.at, zone).date()
            mentions[day] += 1
            begun[day] += stories[number] == number
        day = datetime.fromtimestamp(self._since, zone).date()
        while day <= datetime.fromtimestamp(self._until - 1, zone).date():
            yield DayCount(day=day, mentions=mentions[day], stories=begun[day])
            day += timedelta(days=1)


def window(now: datetime, days: int) -> Interval:
    """Return the last ``days`` days, to the second."""
    until = now.astimezone(UTC).replace(microsecond=0)
    return Interval(until - timedelta(days=days), until)


def monthly(mentions: int, covered: timedelta) -> int | None:
    """Return how many mentions a month that makes; None for less than a day, which says nothing of a month."""
    if covered < timedelta(days=1):
        return None
    return round(mentions * timedelta(days=MONTH_DAYS) / covered)


def _terms(root: Node) -> Iterator[tuple[Node, Node | None]]:
    """Give each term that can bring documents, and the query without it (None: nothing is left)."""
    match root:
        case Filter() | Not():
            return
        case And(operands) | Or(operands):
            for place, operand in enumerate(operands):
                others = [*operands[:place], *operands[place + 1 :]]
                for term, rest in _terms(operand):
                    kept = [*operands[:place], rest, *operands[place + 1 :]] if rest else others
                    yield term, conjunction(kept) if isinstance(root, And) else disjunction(kept)
        case _:
            yield root, None


def _count(root: Node) -> int:
    """Return how many terms ``_terms`` gives."""
    match root:
        case Filter() | Not():
            return 0
        case And(operands) | Or(operands):
            return sum(map(_count, operands))
        case _:
            return 1


def _stories(marks: Sequence[tuple[int, ...]]) -> list[int]:
    """Return for each document, in order of time, the first of its story."""
    first = list(range(len(marks)))

    def root(number: int) -> int:
        while first[number] != number:
            first[number] = first[first[number]]
            number = first[number]
        return number

    under: dict[int, int] = {}  # the last document under each mark: one is enough, its story is followed
    for number, own in enumerate(marks):
        met = [root(under[mark]) for mark in own if mark in under]
        for other in set(met):
            if 2 * met.count(other) >= len(own):
                low, high = sorted((root(other), root(number)))
                first[high] = low
        under.update(dict.fromkeys(own, number))
    return [root(number) for number in range(len(marks))]


def _samples(found: Sequence[_Found], stories: Sequence[int]) -> tuple[Place, ...]:
    """Return the newest of different stories, of different sources first; newest first."""
    newest = [(each, stories[number]) for number, each in reversed(list(enumerate(found)))]
    chosen: dict[int, _Found] = {}
    sources: set[int] = set()
    for each, story in newest:
        if story not in chosen and each.source not in sources:
            chosen[story] = each
            sources.add(each.source)
        if len(chosen) == SAMPLES:
            break
    for each, story in newest:
        if len(chosen) == SAMPLES:
            break
        chosen.setdefault(story, each)
    return tuple(each.place for each in _newest_first(chosen.values()))


def _newest_first(found: Iterable[_Found]) -> list[_Found]:
    return sorted(found, key=lambda each: (each.at, each.place.segment, each.place.document), reverse=True)
