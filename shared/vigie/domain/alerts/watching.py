"""What is remembered of a client to judge what is unusual: baselines by group, and what came lately.

A *group* is a topic (the client's own name, a competitor's watch…) on a channel (press, or what people post). Each
has a baseline of five-minute bins, and one of hours for those seldom spoken of. Press is counted in stories: a
dispatch in forty papers is one; posts are counted by author. Bins are closed once, a little after they end; what is
written later still is counted in the bin that is open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from vigie.domain.alerts.alert import Alert
from vigie.domain.alerts.bursts import Baseline, BurstRule, observe, rested
from vigie.domain.mentions import Mention
from vigie.domain.stories.publishers import family_of
from vigie.domain.urls import site_of

OWN: Final = "own"
_OWN_PURPOSES = frozenset({"brand", "campaign", "crisis"})
FIVE_MINUTES, AN_HOUR = BurstRule(), BurstRule(bin_seconds=3_600)
A_DAY = BurstRule(bin_seconds=86_400, half_life_seconds=28 * 86_400)
SHARE_HALF_LIFE = 200  # mentions: a share is of what is said, not of time
DRIFT_SLACK = 0.5  # deviations a day that are no rise
SETTLED_AFTER = timedelta(seconds=120)
"""How long after its end a bin is closed: clocks differ, and a mention is written a little after it is stamped."""

REMEMBERED = timedelta(hours=13)
PLAINLY = 0.8  # of the harm that a text does
NEWS_FOR = timedelta(hours=24)  # what we found later than that after it came out is no burst of today
REMEMBERED_AT_MOST = 300
LOOKED_BACK = timedelta(minutes=10)
"""How far before the open bin mentions are read again: for those written late."""

LOOKED_AHEAD = timedelta(minutes=2)
"""How far ahead of ours the clock may be of who wrote a mention: it came, whatever its stamp says."""


_NOTHING = Baseline()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A mention as judging needs it. ``publisher`` is a press group, or an author."""

    mention_id: str
    at: datetime
    topic: str
    press: bool
    story_id: str
    publisher: str
    outlet: str = ""  # the press title's host
    tier: str = ""
    negative: bool = False
    judged: bool = False  # the classifier is sure of its impact
    crisis: str = "none"
    crisis_sure: float = 0.0  # how sure, where the client is the subject and plainly harmed; else 0
    named_by: str = ""  # the crisis watch that matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is usual of a topic on a channel.

    ``negative`` of ``judged`` mentions spoke against, the older the less they count. ``day`` (a date) had
    ``day_count`` so far; ``drift`` sums how far days were above what is usual (a CUSUM), for slow rises.
    """

    minutes: Baseline = _NOTHING
    hours: Baseline = _NOTHING
    negative: float = 0.0
    judged: float = 0.0
    days: Baseline = _NOTHING
    day: str = ""
    day_count: int = 0
    drift: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """One client's, watched since ``since``. Bins before ``open_bin_at`` are closed.

    ``alerts`` are those live, and those that may come back; ``opened`` when alerts opened or came back in the last
    day; ``late`` counts mentions that came after their bin was closed.
    """

    client_id: str
    since: datetime
    open_bin_at: datetime
    version: int = 0
    groups: dict[str, Group] = field(default_factory=dict)
    recent: tuple[Seen, ...] = ()
    alerts: tuple[Alert, ...] = ()
    opened: tuple[datetime, ...] = ()
    late: int = 0

    def group(self, name: str) -> Group:
        """Return what is usual of a group; of one never met, silence since the watch began."""
        return self.groups.get(name) or Group(
            minutes=_silence(FIVE_MINUTES, self.since, self.open_bin_at),
            hours=_silence(AN_HOUR, self.since, self.open_bin_at),
        )


def _silence(rule: BurstRule, since: datetime, until: datetime) -> Baseline:
    """Return the baseline of bins that held nothing."""
    width = timedelta(seconds=rule.bin_seconds)
    begin = datetime.fromtimestamp(-(-since.timestamp() // rule.bin_seconds) * rule.bin_seconds, UTC)
    bins = max((until - begin) // width, 0)
    return Baseline(bins=bins, until=begin + bins * width if bins else None)


def bin_of(at: datetime) -> datetime:
    """Return the beginning of the five minutes an instant is in."""
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute - at.minute % 5, second=0, microsecond=0)


def group_of(seen: Seen) -> str:
    """Return the group a mention is counted in."""
    return f"{seen.topic}/{'press' if seen.press else 'posts'}"


def seen_of(mention: Mention) -> list[Seen]:
    """Return what judging keeps of a mention: once for each topic it is about; nothing of what is held or history.

    A source that is followed for the first time shows what it published for days: that is history too.
    """
    published_at = mention.document.published_at or mention.recorded_at
    is_old = mention.recorded_at - published_at > NEWS_FOR
    if mention.status != "kept" or mention.backfilled or is_old:
        return []
    document, assessment = mention.document, mention.assessment
    own = mention.purposes & _OWN_PURPOSES
    topics = [OWN] if own else []
    topics += [hit.watch_id for hit in mention.hits if hit.purpose == "competitor"]
    sure = assessment is not None and not assessment.impact.abstained
    found = Seen(
        mention_id=mention.mention_id,
        at=mention.recorded_at,
        topic="",
        press=document.platform == "press",
        story_id=mention.story.story_id,
        publisher=family_of(document).family_id,
        outlet=document.site or site_of(document.canonical_url or document.url),
        tier=document.outlet_tier or "",
    )
    about = replace(
        found,
        negative=sure and assessment is not None and assessment.impact.value == "unfavourable",
        judged=sure,
        crisis=_crisis(mention),
        crisis_sure=_sure_crisis(mention),
        named_by=next((hit.watch_name for hit in mention.hits if hit.purpose == "crisis"), ""),
    )
    return [replace(about if topic == OWN else found, topic=topic) for topic in dict.fromkeys(topics)]


def _crisis(mention: Mention) -> str:
    assessment = mention.assessment
    if assessment is None or assessment.crisis.abstained or assessment.relevance.value == "homonym":
        return "none"
    return assessment.crisis.value


def _sure_crisis(mention: Mention) -> float:
    """Return how sure one text alone is that the client burns: named in passing, or little harmed, it does not."""
    assessment = mention.assessment
    if assessment is None or _crisis(mention) != "alert":
        return 0.0
    impact = assessment.impact
    is_subject = assessment.relevance.value == "main" and not assessment.relevance.abstained
    is_harmed = impact.value == "unfavourable" and not impact.abstained and impact.confidence >= PLAINLY
    return assessment.crisis.confidence if is_subject and is_harmed else 0.0


def taken_in(
    watching: Watching, mentions: Iterable[Mention], now: datetime
) -> tuple[Watching, tuple[Seen, ...]]:
    """Return what is remembered once some mentions came, and what is new of them: the same again change nothing."""
    known = {(seen.mention_id, seen.topic) for seen in watching.recent}
    new = [
        seen
        for mention in mentions
        for seen in seen_of(mention)
        if (seen.mention_id, seen.topic) not in known
    ]
    late = [seen for seen in new if seen.at < watching.open_bin_at]
    counted = [replace(seen, at=max(min(seen.at, now), watching.open_bin_at)) for seen in new]
    oldest = now - REMEMBERED
    recent = sorted((*watching.recent, *counted), key=lambda seen: (seen.at, seen.mention_id))
    kept = tuple(seen for seen in recent if seen.at >= oldest)[-REMEMBERED_AT_MOST:]
    return replace(watching, recent=kept, late=watching.late + len(late)), tuple(new)


def closed(watching: Watching, now: datetime) -> Watching:
    """Close the bins that are over, once they were judged. Empty ones are taken in with the next that is not."""
    open_bin_at = bin_of(now - SETTLED_AFTER)
    if open_bin_at <= watching.open_bin_at:
        return watching
    over = [seen for seen in watching.recent if watching.open_bin_at <= seen.at < open_bin_at]
    groups = dict(watching.groups)
    for name in sorted({group_of(seen) for seen in over}):
        own = [seen for seen in watching.recent if group_of(seen) == name]
        new = [seen for seen in over if group_of(seen) == name]
        group = watching.group(name)
        minutes = _bins_closed(group.minutes, own, watching.open_bin_at, open_bin_at, FIVE_MINUTES)
        groups[name] = _days_closed(_judged(replace(group, minutes=minutes), new), new)
    after = replace(watching, groups=groups, open_bin_at=open_bin_at)
    return _hours_closed(after, watching.open_bin_at)


def _hours_closed(watching: Watching, before: datetime) -> Watching:
    first, last = _hour_of(before), _hour_of(watching.open_bin_at)
    if first == last:
        return watching
    groups = dict(watching.groups)
    for name, group in groups.items():
        own = [seen for seen in watching.recent if group_of(seen) == name]
        groups[name] = replace(group, hours=_bins_closed(group.hours, own, first, last, AN_HOUR))
    return replace(watching, groups=groups)


def _bins_closed(
    baseline: Baseline, own: Sequence[Seen], since: datetime, until: datetime, rule: BurstRule
) -> Baseline:
    """Take the bins of [since, until) in which something came into what is usual."""
    width = timedelta(seconds=rule.bin_seconds)
    bins = sorted({since + (seen.at - since) // width * width for seen in own if since <= seen.at < until})
    for bin_at in bins:
        baseline, _ = observe(baseline, count_in(own, bin_at, bin_at + width), bin_at, rule)
    return baseline


def _hour_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _judged(group: Group, new: Sequence[Seen]) -> Group:
    fade = 0.5 ** (len(new) / SHARE_HALF_LIFE)
    return replace(
        group,
        negative=group.negative * fade + sum(seen.negative for seen in new),
        judged=group.judged * fade + sum(seen.judged for seen in new),
    )


def _days_closed(group: Group, new: Sequence[Seen]) -> Group:
    """Count by day; a day that is over says how far above the usual it was, and slow rises add up."""
    for seen in new:
        day = f"{seen.at:%Y-%m-%d}"
        if day == group.day:
            group = replace(group, day_count=group.day_count + 1)
            continue
        if group.day:
            at = datetime.fromisoformat(group.day).replace(tzinfo=UTC)
            empty = (at - (group.days.until or at)) // timedelta(days=1)
            usual = rested(group.days, empty, A_DAY)
            above = (group.day_count - usual.mean) / max(usual.variance**0.5, 1.0) if usual.bins > 7 else 0.0
            days, _ = observe(group.days, group.day_count, at, A_DAY)
            before = group.drift - empty * DRIFT_SLACK
            group = replace(group, days=days, drift=max(before + min(above, 3.0) - DRIFT_SLACK, 0.0))
        group = replace(group, day=day, day_count=1)
    return group


def count_in(seen: Iterable[Seen], since: datetime, until: datetime) -> int:
    """Return how many came in [since, until), of one group: stories not met before (press), or authors (posts)."""
    before: set[str] = set()
    fresh: set[str] = set()
    for each in seen:
        if each.at < since:
            before |= {each.story_id} if each.press else set()
        elif each.at < until:
            fresh.add(each.story_id if each.press else each.publisher)
    return len(fresh - before)
