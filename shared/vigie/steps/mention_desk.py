"""Mention desk: lists and searches a client's mentions, a page at a time, at a bounded price.

What a page may cost is bounded by how many mentions are looked at (``LOOKED_AT``, ``TAIL`` and ``CANDIDATES``: see
docs/decisions/0033): a page may hold fewer than asked for, even none, and still have a cursor that goes on.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Cursor, Place, Question
from vigie.domain.mentions import Mention
from vigie.domain.query import Query, QueryDocument, evaluate, parse, prepare_document
from vigie.domain.query.bits import each_bit
from vigie.domain.query.nodes import And, Near, Node, Not, Or, Raw
from vigie.domain.query.segment import Search
from vigie.errors import BadField, BadQuery
from vigie.ports import Blobs, Clock, MentionStore
from vigie.steps.search_index import Manifest, manifest_of, places_in, segments_of

LOOKED_AT = 200  # mentions read for one page of a list
SEARCH_LIMIT = 20  # mentions of one page of a search
TAIL = 20  # mentions not indexed yet, read for one page of a search
CANDIDATES = 20  # mentions that the index names, read for one page of a search
SEGMENTS = 60  # opened for one page of a search: a year and a month of them
_AT_ONCE = 100
_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class MentionPage:
    """Mentions newest first; ``cursor`` goes on, None at the end.

    ``complete`` is False when a part of the index could not be read, and its mentions may be missing.
    ``history_since`` is the instant before which the client's plan shows nothing of what was asked for, if any.
    """

    mentions: list[Mention]
    cursor: str | None
    complete: bool = True
    history_since: datetime | None = None


@dataclass(slots=True)
class _Walk:
    """A page in the making: what was found, where it is at, whether it reached the end."""

    limit: int
    found: list[Mention] = field(default_factory=list)
    place: Place | None = None
    ended: bool = False
    complete: bool = True
    segments_left: int = SEGMENTS

    @property
    def is_full(self) -> bool:
        return len(self.found) >= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionDesk:
    """Answers questions on mentions, read as they are to be today: in their stories, with what people corrected."""

    mentions: MentionStore
    blobs: Blobs
    clock: Clock
    history_edge: Callable[[str, datetime], datetime | None] = lambda _client_id, _since: None

    def page(self, question: Question, limit: int, cursor: str | None = None) -> MentionPage:
        """Return a page of the mentions that a question wants, newest first. Raises BadField or BadQuery.

        Those past what their platform's terms let us keep are left out.
        """
        query = None if question.words is None else _searchable(question.words)
        interval, walk = question.interval, _Walk(limit if query is None else min(limit, SEARCH_LIMIT))
        if cursor is not None:
            known = Cursor.read(cursor, question)
            interval, walk.place = known.interval, known.place
        now = self.clock()

        def keeps(mention: Mention) -> bool:
            return (
                mention.may_be_shown(now)
                and question.wanted.holds(mention)
                and (query is None or evaluate(query, prepare_document(mention.document)) is not None)
            )

        if query is None:
            self._read(question.client_id, interval, walk, keeps, LOOKED_AT)
        else:
            self._search(question.client_id, interval, walk, keeps, query)
        end = None if walk.ended or walk.place is None else Cursor(interval, walk.place).text(question)
        history_since = self.history_edge(question.client_id, interval.since)
        return MentionPage(walk.found, end, walk.complete, history_since)

    def _read(
        self, client_id: str, interval: Interval, walk: _Walk, keeps: Callable[[Mention], bool], limit: int
    ) -> None:
        """Go through mentions as they were recorded, so many at most."""
        looked_at = 0
        cursor = walk.place and self.mentions.cursor_after(client_id, walk.place)
        while looked_at < limit:
            size = min(_AT_ONCE, limit - looked_at, max(walk.limit - len(walk.found), 1))
            page = self.mentions.page(client_id, interval, size, cursor)
            for mention in page.mentions:
                walk.place = mention.recorded_at, mention.mention_id
                walk.found += [mention] if keeps(mention) else []
            looked_at += len(page.mentions)
            cursor = page.cursor
            if cursor is None or walk.is_full:
                walk.ended = cursor is None
                return

    def _search(
        self,
        client_id: str,
        interval: Interval,
        walk: _Walk,
        keeps: Callable[[Mention], bool],
        query: Query,
    ) -> None:
        """Read what is not indexed yet, then what the index names."""
        manifest = manifest_of(self.blobs, client_id) or Manifest(until=interval.since)
        edge = max(interval.since, min(manifest.until, interval.until))
        if walk.place is None or walk.place[0] >= edge:
            self._read(client_id, Interval(edge, interval.until), walk, keeps, TAIL)
            if not walk.ended:
                return
        walk.ended = False
        end = edge if walk.place is None else min(edge, walk.place[0] + _AN_INSTANT)
        named = self._named(client_id, manifest, Interval(interval.since, end), walk, query)
        looked_at = 0
        while looked_at < CANDIDATES and not walk.is_full:
            chosen = list(islice(named, min(walk.limit - len(walk.found), CANDIDATES - looked_at)))
            if not chosen:
                walk.ended = walk.segments_left > 0
                return
            there = {_place(mention): mention for mention in self.mentions.at(client_id, chosen)}
            walk.found += [m for place in chosen if (m := there.get(place)) and keeps(m)]
            walk.place = chosen[-1]
            looked_at += len(chosen)

    def _named(
        self, client_id: str, manifest: Manifest, interval: Interval, walk: _Walk, query: Query
    ) -> Iterator[Place]:
        """Give the places that the index names, newest first, from where the walk is at."""
        search = Search()
        asking = search.asking(query.root)
        start = walk.place
        for segment in segments_of(self.blobs, client_id, manifest, interval):
            if segment is None:
                walk.complete = False
                continue
            opened = search.open(segment, _no_texts)
            places = places_in(segment)
            for number in reversed(list(each_bit(asking(opened, opened.everything)))):
                if places[number][0] in interval and (start is None or places[number] < start):
                    yield places[number]
            walk.segments_left -= 1
            walk.place = max(places[0], (interval.since, ""))
            if not walk.segments_left:
                return


def _searchable(words: str) -> Query:
    """Return a query that can be searched. Raises BadQuery, or BadField for what no index holds."""
    try:
        query = parse(words)
    except BadQuery as error:
        error.field = "q"  # where the caller wrote it
        raise
    if _holds_raw(query.root):
        raise BadField("q", "holds raw:, which a search does not look up", "Write the words without raw:.")
    return query


def _holds_raw(node: Node) -> bool:
    match node:
        case Raw():
            return True
        case Not(operand):
            return _holds_raw(operand)
        case And(operands) | Or(operands):
            return any(map(_holds_raw, operands))
        case Near(left, right):
            return _holds_raw(left) or _holds_raw(right)
        case _:
            return False


def _no_texts(number: int) -> QueryDocument:
    raise AssertionError(f"document {number}: only raw: asks for texts, and it is refused")


def _place(mention: Mention) -> Place:
    return mention.recorded_at, mention.mention_id
