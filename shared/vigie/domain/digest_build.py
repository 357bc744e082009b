"""Making a digest out of what was recorded: counts that add up, stories in order, what could not be seen."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from vigie.domain.clients import Client, Watch
from vigie.domain.connectors.standings import Standing
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import TONES, Coverage, Digest, Earlier, SourceTrouble, Totals, Voice
from vigie.domain.digest_asks import asks_of
from vigie.domain.digest_blocks import ToldAlerts
from vigie.domain.digest_cards import CardMaker, seen_again
from vigie.domain.digest_history import history_of
from vigie.domain.digest_stories import (
    COMPETITOR,
    NAMING,
    Topic,
    channel_counts,
    channel_of,
    is_own,
    line_of,
    tone_of,
    topics_in_order,
)
from vigie.domain.ledger import Ledger
from vigie.domain.mentions import Mention
from vigie.domain.sources import Health, Odometer, Source, SourceState, health
from vigie.domain.subjects.build import Subject

CARDS_AT_MOST = 8  # subjects in full; a reader reaches the end of the page
_NO_ALERTS = ToldAlerts()
_TROUBLED: tuple[Health, ...] = ("failing", "gone", "late")
_ANSWERING: tuple[Health, ...] = ("fresh", "silent", "gap", "moved", "slow")


def digest_id_of(cutoff: datetime, rhythm: str = "") -> str:
    """Return the id of the digest that closes at ``cutoff``, a whole second: ``20261122T061500Z``; ids sort.

    That of another rhythm than the client's own ends in its name: ``20261122T061500Z-r0123456789``.
    """
    own = cutoff.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{own}-{rhythm}" if rhythm else own


def rhythm_in(digest_id: str) -> str:
    """Return the name of the rhythm that a digest belongs to."""
    return digest_id.partition("-")[2]


def build_digest(
    *,
    client: Client,
    watches: Sequence[Watch],
    interval: Interval,
    rhythm: str = "",
    mentions: Iterable[Mention],
    ledger: Ledger,
    polls_reading: Odometer,
    sources: Sequence[Source],
    states: Mapping[str, SourceState],
    previous: Digest | None,
    next_send_at: datetime,
    now: datetime,
    late_after_seconds: int,
    searches: Sequence[Standing] = (),
    subjects: Sequence[Subject] = (),
    past: Iterable[tuple[Interval, int]] = (),
    alerts: ToldAlerts = _NO_ALERTS,
) -> Digest:
    """Return the client's digest of ``interval``, the same for mentions in any order.

    ``mentions`` are all those recorded in the interval, held and backfilled ones too (only the ledger counts those);
    ``polls_reading`` is what the next digest subtracts; ``states`` are the sources' states by id;
    ``searches`` how the platforms stand for the client; ``subjects`` group the stories, those of other days included;
    ``past`` are the client's earlier digests, with what each counted.
    """
    mentions = list(mentions)
    kept = [mention for mention in mentions if mention.status == "kept" and not mention.backfilled]
    own = [mention for mention in kept if is_own(mention)]
    topics = topics_in_order(own, subjects, sources)
    voices, voices_video = _voices(kept, watches, client.name)
    told_before = _told_in(previous) if previous else frozenset()
    maker = CardMaker(
        {source.source_id: source.tier for source in sources}, seen_again(mentions), told_before
    )
    return Digest(
        client_id=client.client_id,
        client_name=client.name,
        locale=client.locale,
        zone=client.zone,
        digest_id=digest_id_of(interval.until, rhythm),
        interval=interval,
        built_at=now,
        next_send_at=next_send_at,
        totals=_totals(own, topics, competitor_only=len(kept) - len(own)),
        coverage=replace(
            coverage_of(sources, states, now, late_after_seconds, since=interval.since),
            searches=tuple(standing for standing in searches if standing.searches or standing.unsearchable),
        ),
        ledger=ledger,
        earlier=Earlier(previous.totals.retained, previous.interval) if previous else None,
        subjects=tuple(maker.card(topic) for topic in topics[:CARDS_AT_MOST]),
        others=tuple(line_of(topic, told_before) for topic in topics[CARDS_AT_MOST:]),
        voices=voices,
        voices_video=voices_video,
        alerts=alerts.bands,
        is_rising=alerts.is_rising,
        asks=asks_of(own),
        history=history_of(past, interval, len(own), client.tz),
        odometer=polls_reading,
    )


def _told_in(digest: Digest) -> frozenset[str]:
    return frozenset(subject.subject_id for subject in (*digest.subjects, *digest.others))


def coverage_of(
    sources: Sequence[Source],
    states: Mapping[str, SourceState],
    now: datetime,
    late_after_seconds: int,
    *,
    since: datetime,
) -> Coverage:
    """Say how every source does, and name those that failed, came late, or had a gap ``since`` the last digest.

    Searches are told apart.
    """
    sources = [source for source in sources if source.connector is None]
    found = {
        source.source_id: health(states.get(source.source_id), now, late_after_seconds) for source in sources
    }
    counts = Counter(found.values())
    troubles = [
        _trouble(source, states[source.source_id], found[source.source_id])
        for source in sources
        if found[source.source_id] in _TROUBLED
    ]
    oldest = datetime.min.replace(tzinfo=UTC)
    troubles.sort(
        key=lambda trouble: (_TROUBLED.index(trouble.health), trouble.since or oldest, trouble.source_id)
    )
    return Coverage(
        total=len(found),
        on_time=sum(counts[answering] for answering in _ANSWERING),
        late=counts["late"],
        failing=counts["failing"],
        gone=counts["gone"],
        new=counts["new"],
        troubles=tuple(troubles),
        gaps=tuple(
            SourceTrouble(
                source_id=source.source_id,
                name=source.name,
                health=found[source.source_id],
                since=state.gap_at,
                reason=None,
            )
            for source in sources
            if (state := states.get(source.source_id)) and state.gap_at and state.gap_at >= since
        ),
    )


def _trouble(source: Source, state: SourceState, found: Health) -> SourceTrouble:
    since = state.polled_at if found == "late" else state.failing_since
    return SourceTrouble(
        source_id=source.source_id, name=source.name, health=found, since=since, reason=state.failure
    )


def _totals(own: Sequence[Mention], topics: Sequence[Topic], competitor_only: int) -> Totals:
    tones = Counter(tone_of(mention) for mention in own)
    return Totals(
        retained=len(own),
        stories=sum(len(topic.stories) for topic in topics),
        subjects=len(topics),
        channels=channel_counts(own),
        tones={tone: tones[tone] for tone in TONES},
        competitor_only=competitor_only,
    )


def _voices(
    kept: Sequence[Mention], watches: Sequence[Watch], client_name: str
) -> tuple[tuple[Voice, ...], int]:
    """Count the client's voice and each competitor watch's, a mention once for each it names; video apart.

    Sector and partner watches are left out: they find what does not speak of the client.
    """
    names = {watch.watch_id: watch.name for watch in watches if watch.purpose == COMPETITOR}
    counts: Counter[str | None] = Counter()
    video = 0
    for mention in kept:
        rivals = {hit.watch_id: hit.watch_name for hit in mention.hits if hit.purpose == COMPETITOR}
        names = {**rivals, **names}
        speakers = [*rivals, *([None] if mention.purposes & NAMING else [])]
        if channel_of(mention.document) == "video":
            video += bool(speakers)
        else:
            counts.update(speakers)
    if not names:
        return (), 0
    rivals_voices = [Voice(watch_id, name, counts[watch_id]) for watch_id, name in names.items()]
    rivals_voices.sort(key=lambda voice: (-voice.mentions, voice.name.casefold(), str(voice.watch_id)))
    return (Voice(None, client_name, counts[None]), *rivals_voices), video
