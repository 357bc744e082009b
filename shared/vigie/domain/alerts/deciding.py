"""From findings to alerts: one for a topic at a time, opened, fed, brought back, and let go when it is quiet."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from vigie.domain.alerts.alert import Alert, Event, KeyDocument, Notice, Spread, with_event
from vigie.domain.alerts.gathering import told_together_at
from vigie.domain.alerts.judging import CRISIS_WITHIN, Finding, hour_of
from vigie.domain.alerts.lifecycle import (
    COMES_BACK_WITHIN,
    OPENED_A_DAY,
    escalated,
    grown,
    is_over,
    resolved,
    told,
    worsened,
)
from vigie.domain.alerts.settings import Person
from vigie.domain.alerts.watching import Seen, Watching
from vigie.domain.mentions import Mention

SHOWN_DOCUMENTS = 3
CHART_HOURS = 12
_TIERS = ("national", "regional", "trade", "blog")
BUSY_Z = 2.0
_LOUD = 3  # posts of one author, where most have one


def topic_since(watching: Watching, topic: str) -> datetime:
    """Return from when on evidence about a topic is new: since its last alert was resolved."""
    ends = [alert.resolved_at for alert in watching.alerts if alert.topic == topic and alert.resolved_at]
    return max(ends, default=watching.since)


def decided(
    watching: Watching,
    findings: Sequence[Finding],
    mentions: Mapping[str, Mention],
    people: Sequence[Person],
    now: datetime,
    *,
    zone: ZoneInfo,
    topic_name: str,
) -> Watching:
    """Return what is remembered after findings became alerts, and time did its part on those there are.

    ``mentions`` are those at hand by id, to show as documents.
    """
    alerts = {alert.alert_id: alert for alert in watching.alerts}
    opened = [at for at in watching.opened if now - at < timedelta(hours=24)]
    for finding in findings:
        standing = _standing(alerts.values(), finding.topic, now)
        if standing is None:
            alert_id = _unused(alerts, f"{now:%Y%m%dT%H%M%S}-{finding.topic}"[:80])
            opened_now = _opened(watching.client_id, alert_id, finding, topic_name, now)
            alert = _shown(opened_now, finding.evidence, mentions)
            alert = _announced(alert, people, opened, now, zone)
            opened.append(now)
        else:
            hearers = people if standing.is_live or _room(opened, now, zone) else ()
            alert = _fed(standing, finding, mentions, hearers, now)
            if alert.reopened > standing.reopened:
                opened.append(now)
        alerts[alert.alert_id] = alert
    busy = _busy(watching, now)
    settled = [_by_time(_kept_up(alert, busy, now), people, now, zone) for alert in alerts.values()]
    kept = [alert for alert in settled if _is_kept(alert, now)]
    return replace(watching, alerts=tuple(kept), opened=tuple(opened))


def _fed(
    standing: Alert,
    finding: Finding,
    mentions: Mapping[str, Mention],
    people: Sequence[Person],
    now: datetime,
) -> Alert:
    """Return an alert that something more was found of: graver, bigger, back, or only with more to show."""
    fed = _shown(standing, finding.evidence, mentions)
    if standing.is_live and finding.severity == "critical" and standing.severity == "serious":
        return worsened(fed, finding.measure, finding.trigger, now, people)
    news = _news(standing, fed, finding)
    graver = fed if standing.is_live else replace(fed, severity=finding.severity)
    alert = grown(graver, finding.measure, finding.trigger, now, people, news=news)
    return fed if alert == graver else alert


def _standing(alerts: Iterable[Alert], topic: str, now: datetime) -> Alert | None:
    """Return the topic's alert that is live, or was until lately; one called false does not come back."""
    found = [
        alert
        for alert in alerts
        if alert.topic == topic
        and (alert.is_live or (alert.resolved_at is not None and now - alert.resolved_at < COMES_BACK_WITHIN))
        and not any(event.kind == "false_alarm" for event in alert.events)
    ]
    return max(found, key=lambda alert: alert.opened_at, default=None)


def _unused(alerts: Collection[str], alert_id: str) -> str:
    """Return the id, or another of that second: of two clocks one may open what the other's alert just left."""
    numbered = (f"{alert_id}-{number}" for number in count(2))
    return alert_id if alert_id not in alerts else next(one for one in numbered if one not in alerts)


def _opened(client_id: str, alert_id: str, finding: Finding, topic_name: str, now: datetime) -> Alert:
    event = Event(
        number=0,
        kind="opened",
        at=now,
        trigger=finding.trigger,
        detail=finding.detail,
        measure=finding.measure,
    )
    return with_event(
        Alert(
            client_id=client_id,
            alert_id=alert_id,
            topic=finding.topic,
            topic_name=topic_name,
            trigger=finding.trigger,
            severity=finding.severity,
            state="open",
            opened_at=now,
            since=min(seen.at for seen in finding.evidence),
            measure=finding.measure,
            spread=Spread(),
            active_at=now,
            learning=finding.learning,
        ),
        event,
    )


def _announced(
    alert: Alert, people: Sequence[Person], opened: Sequence[datetime], now: datetime, zone: ZoneInfo
) -> Alert:
    """Return the alert with its people to be told: at once, or together in the evening after so many in a day."""
    if _room(opened, now, zone):
        return told(alert, people, now)
    due_at = told_together_at(now, zone)
    kept = with_event(alert, Event(number=0, kind="summarised", at=now, trigger=alert.trigger))
    return replace(kept, pending=(Notice(event=len(kept.events), person=0, due_at=due_at),) if people else ())


def _room(opened: Sequence[datetime], now: datetime, zone: ZoneInfo) -> bool:
    today = now.astimezone(zone).date()
    return sum(at.astimezone(zone).date() == today for at in opened) < OPENED_A_DAY


def _news(before: Alert, after: Alert, finding: Finding) -> str:
    """Return what a finding adds to an alert: a tier of outlets, or another reason; empty when nothing."""
    tiers = [tier for tier in after.spread.tiers if tier not in before.spread.tiers and tier in _TIERS[:2]]
    if tiers and before.spread.stories:
        return tiers[0]
    triggers = {event.trigger for event in before.events}
    return finding.trigger if finding.trigger not in triggers else ""


def _shown(alert: Alert, evidence: Sequence[Seen], mentions: Mapping[str, Mention]) -> Alert:
    """Return the alert with what it shows brought up to date."""
    known = {document.mention_id: document for document in (*alert.documents, *filter(None, [alert.first]))}
    known |= {
        mention_id: _document(mentions[mention_id])
        for seen in evidence
        if (mention_id := seen.mention_id) in mentions
    }
    wanted = [known[seen.mention_id] for seen in shown_of(evidence) if seen.mention_id in known]
    stories = tuple(dict.fromkeys((*alert.stories, *(seen.story_id for seen in evidence))))[:50]
    first = alert.first or next(iter(wanted), None)
    documents = tuple(wanted[1 : SHOWN_DOCUMENTS + 1] or wanted) or alert.documents
    return replace(alert, first=first, documents=documents, stories=stories, spread=spread_of(evidence))


def shown_of(evidence: Sequence[Seen]) -> list[Seen]:
    """Return what an alert shows: the first of all, then one text each of the weightiest outlets."""
    in_order = sorted(evidence, key=lambda seen: (seen.at, seen.mention_id))
    first = in_order[:1]
    stories = {seen.story_id: seen for seen in reversed(in_order)}
    rank = {tier: number for number, tier in enumerate(_TIERS)}
    weighty = sorted(stories.values(), key=lambda seen: (rank.get(seen.tier, len(rank)), seen.at))
    return [*first, *weighty[:SHOWN_DOCUMENTS]]


def _document(mention: Mention) -> KeyDocument:
    document = mention.document
    return KeyDocument(
        mention_id=mention.mention_id,
        title=document.title or document.summary[:120],
        source_name=document.source_name,
        url=document.canonical_url or document.url,
        published_at=document.published_at,
    )


def spread_of(evidence: Sequence[Seen]) -> Spread:
    """Return who carries what: groups, authors, how much is copied, who posts far more than the others."""
    authors = Counter(seen.publisher for seen in evidence if not seen.press)
    stories = {seen.story_id for seen in evidence}
    return Spread(
        stories=len(stories),
        mentions=len(evidence),
        families=tuple(dict.fromkeys(seen.publisher for seen in evidence if seen.press)),
        authors=len(authors),
        loudest=tuple(author for author, posts in authors.most_common(3) if posts >= _LOUD),
        copied_share=1 - len(stories) / len(evidence) if evidence else 0.0,
        tiers=tuple(dict.fromkeys(seen.tier for seen in evidence if seen.tier)),
        negative=sum(seen.negative for seen in evidence),
    )


def chart_of(watching: Watching, topic: str, now: datetime) -> tuple[int, ...]:
    """Return how many mentions of a topic came in each of the last hours, oldest first."""
    counts = [0] * CHART_HOURS
    for seen in watching.recent:
        hours = int((now - seen.at).total_seconds() // 3600)
        if seen.topic == topic and 0 <= hours < CHART_HOURS:
            counts[CHART_HOURS - 1 - hours] += 1
    return tuple(counts)


def _busy(watching: Watching, now: datetime) -> frozenset[str]:
    """Return the topics of which more than usual came in the last hour."""
    return frozenset(
        topic
        for topic in {seen.topic for seen in watching.recent}
        if hour_of(watching, topic, now).z >= BUSY_Z
    )


def _kept_up(alert: Alert, busy: frozenset[str], now: datetime) -> Alert:
    return replace(alert, active_at=now) if alert.is_live and alert.topic in busy else alert


def _by_time(alert: Alert, people: Sequence[Person], now: datetime, zone: ZoneInfo) -> Alert:
    """Return the alert after time did its part: closed by quiet, or told to the next in the chain."""
    if is_over(alert, now, zone):
        return resolved(alert, "", now, people if alert.told_at else ())
    return escalated(alert, people, now)


def _is_kept(alert: Alert, now: datetime) -> bool:
    """Return whether an alert is to be remembered here: live, not all told, or able to come back."""
    ended = alert.resolved_at
    return alert.is_live or bool(alert.pending) or (ended is not None and now - ended < COMES_BACK_WITHIN)


def evidence_of(watching: Watching, topic: str, now: datetime) -> tuple[Seen, ...]:
    """Return what is remembered of a topic of the last hours."""
    return tuple(seen for seen in watching.recent if seen.topic == topic and seen.at >= now - CRISIS_WITHIN)
