"""Back-test: what a query would have brought over the last days, read in the archive."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from vigie.domain.backtest import (
    DAYS_LIMIT,
    BackTest,
    Counts,
    Sample,
    Tally,
    Words,
    monthly,
    window,
)
from vigie.domain.cutoffs import Interval
from vigie.domain.documents import Document
from vigie.domain.extracts import extract_of
from vigie.domain.mentions import Evidence
from vigie.domain.query import Query, canonical, evaluate, lint, parse, prepare_document
from vigie.domain.query.engine import BadFile
from vigie.errors import BadField
from vigie.ports import Blobs, Clock
from vigie.steps.hours import hours_of, open_hours
from vigie.steps.segments import Archived, Documents

EVIDENCE_KEPT = 12  # places shown of one sample
TERMS_SHOWN = 10

Progress = Callable[[float, int], None]
"""Told how far a back-test is (0 to 1) and how many mentions it has found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query, over how many days, counted by the days of which zone; ``quota`` are the plan's mentions a month."""

    query: str
    days: int
    zone: tzinfo
    quota: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTests:
    """Puts queries to the archive, newest hours first, for at most ``budget_seconds``."""

    blobs: Blobs
    clock: Clock
    budget_seconds: float
    stopwatch: Callable[[], float] = time.monotonic

    def run(self, question: Question, progress: Progress = lambda _share, _mentions: None) -> BackTest:
        """Return what the query would have brought. Raises BadQuery, or BadField for other days than 1 to 30."""
        query = parse(question.query)
        check_days(question.days)
        now = self.clock()
        interval = window(now, question.days)
        reading = _Reading(self.blobs, query, interval, now)
        ends = self.stopwatch() + self.budget_seconds
        reading.read(lambda: self.stopwatch() >= ends, progress)
        return reading.result(question)


def check_days(days: int) -> None:
    """Let a number of days pass that the archive can answer for. Raises BadField."""
    if not 1 <= days <= DAYS_LIMIT:
        raise BadField(
            "days", f"{days} is out of range", f"Use 1 to {DAYS_LIMIT}: the archive keeps no more."
        )


class _Reading:
    """One pass over the archive. Of what was read only the counts stay, and where the documents are."""

    def __init__(self, blobs: Blobs, query: Query, interval: Interval, now: datetime) -> None:
        self._blobs = blobs
        self._query = query
        self._interval = interval
        self._now = now
        self._tally = Tally(query, interval)
        self._parts: list[Documents | None] = []
        self._unreadable: list[str] = []
        self._covered_since = interval.until
        self._complete = True

    def read(self, is_late: Callable[[], bool], progress: Progress) -> None:
        """Count hour after hour until all are read, or it is late."""
        hours = hours_of(self._blobs, self._interval)
        for number, (hour, parts) in enumerate(open_hours(self._blobs, hours, self._unreadable)):
            if is_late():
                self._complete = False
                break
            for part in parts:
                self._count(part)
            self._covered_since = max(hour, self._interval.since)
            progress((number + 1) / len(hours), self._tally.mentions)
        else:
            progress(1.0, self._tally.mentions)

    def _count(self, part: Archived) -> None:
        found = self._tally.mentions
        try:
            self._tally.add(len(self._parts), part.segment, part.documents.prepared, self._now)
        except BadFile as error:
            self._unreadable.append(f"{part.segment.about['documents_key']}: {error}")
        self._parts.append(part.documents if self._tally.mentions > found else None)

    def result(self, question: Question) -> BackTest:
        """Return what was counted."""
        counts = self._tally.counts(question.zone)
        monthly_mentions = monthly(counts.mentions, self._interval.until - self._covered_since)
        share = monthly_mentions / question.quota if question.quota and monthly_mentions is not None else None
        return BackTest(
            query=question.query,
            canonical=canonical(self._query),
            days=question.days,
            since=self._interval.since,
            until=self._interval.until,
            covered_since=self._covered_since,
            complete=self._complete,
            documents=counts.documents,
            mentions=counts.mentions,
            stories=counts.stories,
            per_day=counts.days,
            terms=counts.terms[:TERMS_SHOWN],
            terms_left_out=counts.terms_left_out + max(0, len(counts.terms) - TERMS_SHOWN),
            noisiest=counts.terms[0] if counts.mentions and counts.terms else None,
            monthly_mentions=monthly_mentions,
            quota=question.quota,
            share_of_quota=None if share is None else round(share, 3),
            samples=self._samples(counts),
            lint=tuple(dict.fromkeys(remark.code for remark in lint(self._query))),
            unreadable=tuple(self._unreadable),
        )

    def _samples(self, counts: Counts) -> tuple[Sample, ...]:
        samples = []
        for place in counts.samples:
            part = self._parts[place.segment]
            try:
                samples += [_sample(self._query, part.document(place.document))] if part else []
            except BadFile as error:
                self._unreadable.append(str(error))
        return tuple(samples)


def _sample(query: Query, document: Document) -> Sample:
    """Return what may be shown of a document: its title, and of most a very short extract."""
    match = evaluate(query, prepare_document(document))
    hits = match.hits[:EVIDENCE_KEPT] if match else ()
    evidence = [Evidence(hit.field, hit.start, hit.end, hit.term) for hit in hits]
    return Sample(
        title=document.title,
        url=document.url,
        source_name=document.source_name,
        platform=document.platform,
        at=document.event_at,
        extract=extract_of(document, evidence),
        evidence=tuple(
            Words(
                field=hit.field,
                start=hit.start,
                end=hit.end,
                words=getattr(document, hit.field)[hit.start : hit.end],
                term=hit.term,
            )
            for hit in evidence
        ),
    )
