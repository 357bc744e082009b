"""The index that searches among a client's own mentions read: segments of what was recorded, made every hour.

::

    search/<client>/index                 what is there: ``Manifest``
    search/<client>/<span>.<part>         mentions recorded in a span: a UTC day (2026-11-22), a month when it is over

A segment (``domain.query.segment``) holds words and places, no text to show: what is found is read from its table, so
what was withdrawn, blanked or let go since is not shown, whatever the index says. Of the same mentions the same bytes
are made: a run that dies, or two at once, leave an index that is right. What was recorded since the last run is
looked through by whoever searches.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from vigie.domain.cutoffs import Interval
from vigie.domain.mention_questions import Place
from vigie.domain.mentions import Mention
from vigie.domain.query import prepare_document
from vigie.domain.query.engine import BadFile
from vigie.domain.query.segment import DOCUMENTS_LIMIT, Entry, Segment, write_segment
from vigie.errors import BadMessage
from vigie.messages import decode_value, encode
from vigie.ports import AccountStore, Blobs, Clock, MentionStore

SETTLED_AFTER = timedelta(minutes=5)  # no worker lives longer: what was recorded before is there
COUNTED = timedelta(days=400)  # what is past a month's quota stays held as long as the month is kept
MONTH_OVER_AFTER = timedelta(days=2)
_BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What there is of a client's index: all that was recorded before ``until``, in so many parts a span.

    ``counts`` are, of each of the last days, the mentions recorded and those kept, without what was found in the
    archive: what a month's use is told by.
    """

    until: datetime
    spans: dict[str, int] = field(default_factory=dict)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)


def counted(mentions: Sequence[Mention]) -> tuple[int, int]:
    """Return how many mentions there are, and how many of them are kept; what was found in the archive is history."""
    fresh = [mention for mention in mentions if not mention.backfilled]
    return len(fresh), sum(mention.status == "kept" for mention in fresh)


def _days_before(span: str) -> str:
    return f"{interval_of(span).since - COUNTED:%Y-%m-%d}"


def manifest_key(client_id: str) -> str:
    """Return the key of a client's manifest."""
    return f"search/{client_id}/index"


def part_key(client_id: str, span: str, part: int) -> str:
    """Return the key of a part of a span."""
    return f"search/{client_id}/{span}.{part:03d}"


def interval_of(span: str) -> Interval:
    """Return the time of a day (``2026-11-22``) or of a month (``2026-11``), in UTC."""
    is_month = len(span) == len("2026-11")
    since = datetime.fromisoformat(f"{span}-01" if is_month else span).replace(tzinfo=UTC)
    return Interval(
        since, (since + timedelta(days=32)).replace(day=1) if is_month else since + timedelta(days=1)
    )


def manifest_of(blobs: Blobs, client_id: str) -> Manifest | None:
    """Return what there is of a client's index; None when there is none that can be read: it is made anew."""
    content = blobs.get(manifest_key(client_id))
    try:
        return decode_value(content, Manifest) if content else None
    except BadMessage:
        return None


def segment_of(mentions: Sequence[Mention]) -> bytes:
    """Return the segment of some mentions, each found again by its place."""
    entries = [
        Entry(
            document=prepare_document(mention.document),
            document_id=mention.mention_id,
            source_id=mention.document.source_id,
            at=int(mention.recorded_at.timestamp()),
        )
        for mention in mentions
    ]
    places = [[mention.recorded_at.isoformat(), mention.mention_id] for mention in mentions]
    return write_segment(entries, {"places": places})


def segments_of(
    blobs: Blobs, client_id: str, manifest: Manifest, interval: Interval
) -> Iterator[Segment | None]:
    """Give the segments of a client's index that an interval meets, newest first; None for one that is no good."""
    for span in sorted(manifest.spans, reverse=True):
        met = interval_of(span)
        for part in reversed(range(manifest.spans[span] if _meet(met, interval) else 0)):
            try:
                yield Segment(blobs.get(part_key(client_id, span, part)) or b"")
            except BadFile:
                yield None


def _meet(one: Interval, other: Interval) -> bool:
    return one.since < other.until and other.since < one.until


def places_in(segment: Segment) -> list[Place]:
    """Return the place of each document of a segment, in order."""
    return [(datetime.fromisoformat(at), mention_id) for at, mention_id in segment.about["places"]]


@dataclass(slots=True, kw_only=True)
class IndexReport:
    """What one run came to; ``left`` are clients that no time was left for."""

    clients: int = 0
    segments: int = 0
    mentions: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexMentions:
    """Brings every client's index up to date; ``retention_days`` is how far back mentions go."""

    accounts: AccountStore
    mentions: MentionStore
    blobs: Blobs
    clock: Clock
    retention_days: int

    def run(self, *, hurry: Callable[[], bool] = lambda: False) -> IndexReport:
        """Index what was recorded since the last run, client after client, those furthest behind first."""
        report = IndexReport()
        oldest = self.clock() - timedelta(days=self.retention_days)
        found = {
            client.client_id: manifest_of(self.blobs, client.client_id)
            or Manifest(until=max(client.created_at, oldest))
            for client in self.accounts.clients()
        }
        behind = sorted(found, key=lambda client_id: (found[client_id].until, client_id))
        for place, client_id in enumerate(behind):
            if hurry():
                report.left = len(behind) - place
                break
            self._bring_up(client_id, found[client_id], report)
        return report

    def _bring_up(self, client_id: str, manifest: Manifest, report: IndexReport) -> None:
        """Index a client's days since the last run; once a day, its months that are over, and a span again."""
        until = self.clock() - SETTLED_AFTER
        new_day = manifest.until.astimezone(UTC).date() < until.astimezone(UTC).date()
        since = manifest.until
        if not new_day and not self._has_news(client_id, Interval(since, until)):
            return
        while manifest.until < until:
            manifest = self._with_day(client_id, manifest, until, report)
        if new_day:
            for month in self._over(manifest):
                manifest = self._with_month(client_id, manifest, month, report)
            manifest = self._refreshed(client_id, manifest, report)
        self.blobs.put(manifest_key(client_id), encode(manifest), "application/json")
        report.clients += 1

    def _has_news(self, client_id: str, interval: Interval) -> bool:
        return interval.since < interval.until and bool(self.mentions.page(client_id, interval, 1).mentions)

    def _with_day(self, client_id: str, manifest: Manifest, until: datetime, report: IndexReport) -> Manifest:
        """Index the day that the manifest ends in, from its first instant; days without mentions are skipped."""
        if not self._has_news(client_id, Interval(manifest.until, until)):
            return replace(manifest, until=until)
        span = f"{manifest.until.astimezone(UTC):%Y-%m-%d}"
        day = interval_of(span)
        end = min(day.until, until)
        mentions = self.mentions.recorded_in(client_id, Interval(day.since, end))
        counts = {day: count for day, count in manifest.counts.items() if day >= _days_before(span)}
        written = self._written(client_id, manifest, span, mentions, report)
        return replace(written, until=end, counts=counts | {span: counted(mentions)})

    def _over(self, manifest: Manifest) -> list[str]:
        """Return the months that are over and still in days."""
        last = f"{(self.clock() - MONTH_OVER_AFTER).astimezone(UTC):%Y-%m}"
        return sorted({span[:7] for span in manifest.spans if len(span) > len(last) and span[:7] < last})

    def _with_month(self, client_id: str, manifest: Manifest, month: str, report: IndexReport) -> Manifest:
        """Index a month instead of its days."""
        spans = {span: parts for span, parts in manifest.spans.items() if span[:7] != month}
        return self._again(client_id, replace(manifest, spans=spans), month, report)

    def _refreshed(self, client_id: str, manifest: Manifest, report: IndexReport) -> Manifest:
        """Index one span again, each in its turn: the words of what was withdrawn or let go since leave with it."""
        spans = sorted(manifest.spans)
        if not spans:
            return manifest
        return self._again(client_id, manifest, spans[self.clock().toordinal() % len(spans)], report)

    def _again(self, client_id: str, manifest: Manifest, span: str, report: IndexReport) -> Manifest:
        """Index a span from what its table holds today; what may be kept for a time only stays out of a month."""
        interval = interval_of(span)
        end = min(interval.until, manifest.until)
        mentions = self.mentions.recorded_in(client_id, Interval(interval.since, end))
        if len(span) == len("2026-11"):
            mentions = [mention for mention in mentions if mention.document.retain_until is None]
        return self._written(client_id, manifest, span, mentions, report)

    def _written(
        self, client_id: str, manifest: Manifest, span: str, mentions: Sequence[Mention], report: IndexReport
    ) -> Manifest:
        """Write a span's segments, oldest mentions first; one without mentions leaves the manifest."""
        parts = [mentions[at : at + DOCUMENTS_LIMIT] for at in range(0, len(mentions), DOCUMENTS_LIMIT)]
        for number, part in enumerate(parts):
            self.blobs.put(part_key(client_id, span, number), segment_of(part), _BINARY)
        report.segments += len(parts)
        report.mentions += len(mentions)
        others = {known: count for known, count in manifest.spans.items() if known != span}
        return replace(manifest, spans=others | ({span: len(parts)} if parts else {}))
