"""What of what came is worth an alert: the triggers, each with the evidence it wants.

A burst wants to be carried by two press groups or five authors: one dispatch in forty papers is no crisis, and one
busy account neither; a label wants a second group with words of its own. What must alert does so at once: an outlet
or words the client named, and one article that is all but certain that the client burns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log, sqrt
from typing import Final

from vigie.domain.alerts.alert import Measure, Severity, Trigger
from vigie.domain.alerts.bursts import observe, rested
from vigie.domain.alerts.rarity import chance_of
from vigie.domain.alerts.settings import AlertSettings
from vigie.domain.alerts.watching import (
    AN_HOUR,
    FIVE_MINUTES,
    OWN,
    Group,
    Seen,
    Watching,
    bin_of,
    count_in,
    group_of,
)

EVIDENCE_WITHIN: Final = timedelta(hours=2)
CRISIS_WITHIN: Final = timedelta(hours=12)  # from an evening to the next morning
FAMILIES_AT_LEAST, AUTHORS_AT_LEAST = 2, 5
SELDOM = 0.2  # mentions in five minutes: below, hours are judged
SURELY = 1e-6  # a count as high by chance, in an hour
CALM_FACTOR = 1.5  # of that power, where hardly anything speaks against: good news wakes later
FULLEST_HOUR = 2.5  # times the mean hour: papers come out by day, most in the morning
CRISIS_SHARE = 0.2  # of the stories of those hours: fewer labels among many are the errors of the classifier
FULLEST_HALF_DAY = 1.2  # times the mean of twelve hours: most clumping is in CLUMPED already
CLUMPED = 10.0  # things seen, at most, that a rate is known by: news comes in clumps however long one looks
LEAST_AN_HOUR = 1 / 168  # once a week
UNUSUAL = 3e-3  # a count as high by chance, in that time, where several texts speak of a crisis
LEARNED_AFTER: Final = timedelta(days=3)
UNKNOWN_AN_HOUR = 0.5  # what is taken for usual of a client that has said nothing, until something is learned
SHARE_ITEMS, SHARE_Z, SHARE_AT_LEAST = 8, 3.5, 0.5
PRIOR_NEGATIVE, PRIOR_JUDGED = 1.0, 5.0  # before anything is known one in five speaks against


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something worth an alert about ``topic``: why, how big, and the mentions that show it."""

    topic: str
    trigger: Trigger
    severity: Severity
    measure: Measure
    evidence: tuple[Seen, ...]
    detail: str = ""
    learning: bool = False


def judge(
    watching: Watching, new: Sequence[Seen], settings: AlertSettings, now: datetime, *, since: datetime
) -> list[Finding]:
    """Return what is worth an alert about the client itself, the gravest first.

    ``new`` is what came since the last look; of the rest, what came before ``since`` was told of in an alert that is
    over.
    """
    fresh = {seen.mention_id for seen in new if seen.topic == OWN}
    own = [
        seen
        for seen in watching.recent
        if seen.topic == OWN and (seen.at >= since or seen.mention_id in fresh)
    ]
    if not own:
        return []
    findings = [
        *_crises(watching, own, fresh, settings, now),
        *_named(watching, own, fresh, settings, now),
    ]
    if not settings.muted(now):
        for press in (True, False):
            of_group = [seen for seen in own if seen.press is press]
            if of_group:
                findings += _bursts(watching, of_group, own, settings, now)
                findings += _shares(watching, of_group, settings, now)
    return sorted(findings, key=lambda finding: finding.severity != "critical")


def corroborated(seen: Sequence[Seen]) -> bool:
    """Return whether enough carry it: two press groups with texts of their own, or five authors."""
    press = [each for each in seen if each.press]
    families = {each.publisher for each in press}
    authors = {each.publisher for each in seen if not each.press}
    stories = {each.story_id for each in press}
    return (len(families) >= FAMILIES_AT_LEAST and len(stories) >= FAMILIES_AT_LEAST) or (
        len(authors) >= AUTHORS_AT_LEAST
    )


def _crises(
    watching: Watching, own: Sequence[Seen], fresh: set[str], settings: AlertSettings, now: datetime
) -> list[Finding]:
    """Return the crisis that labels show: several texts and more than usual, or one all but certain article."""
    lately = [seen for seen in own if seen.crisis != "none" and seen.at >= now - CRISIS_WITHIN]
    if not any(seen.mention_id in fresh for seen in lately):
        return []
    sure = settings.crisis_alone and any(
        seen.press and seen.crisis_sure >= settings.sure_from for seen in lately
    )
    many = (
        corroborated(lately)
        and any(seen.crisis == "alert" for seen in lately)
        and _is_much_of(lately, own, now)
        and hour_of(watching, OWN, now, hours=12).chance <= UNUSUAL
    )
    if not (sure or many):
        return []
    return [_finding(watching, "crisis", "critical" if many else "serious", lately, now)]


def _is_much_of(lately: Sequence[Seen], own: Sequence[Seen], now: datetime) -> bool:
    """Return whether a fair share of the stories of that time speak of it."""
    every = {seen.story_id for seen in own if seen.at >= now - CRISIS_WITHIN}
    return len({seen.story_id for seen in lately}) >= CRISIS_SHARE * len(every)


def _named(
    watching: Watching, own: Sequence[Seen], fresh: set[str], settings: AlertSettings, now: datetime
) -> list[Finding]:
    """Return what the client said must alert: words (a watch of purpose crisis) and outlets."""
    came = [seen for seen in own if seen.mention_id in fresh]
    by_watch = [seen for seen in came if seen.named_by]
    hosts = {outlet.lower().removeprefix("www.") for outlet in settings.outlets}
    by_outlet = [seen for seen in came if seen.outlet.removeprefix("www.") in hosts]
    found = []
    if by_watch:
        found.append(_finding(watching, "watch", "critical", by_watch, now, detail=by_watch[0].named_by))
    if by_outlet:
        found.append(_finding(watching, "outlet", "serious", by_outlet, now, detail=by_outlet[0].outlet))
    return found


def _bursts(
    watching: Watching, of_group: Sequence[Seen], own: Sequence[Seen], settings: AlertSettings, now: datetime
) -> list[Finding]:
    """Return a burst of one group, when it is corroborated."""
    group = watching.group(group_of(of_group[0]))
    evidence = [seen for seen in own if seen.at >= now - EVIDENCE_WITHIN]
    if not corroborated(evidence):
        return []
    learning = now - watching.since < LEARNED_AFTER
    measure = (
        _by_the_hour(group, of_group, evidence, settings, now, learning=learning)
        if learning or group.minutes.mean < SELDOM
        else _by_the_minute(group, of_group, settings, watching.open_bin_at)
    )
    if measure is None:
        return []
    against = sum(seen.negative for seen in evidence) * 2 > len(evidence)
    national = any(seen.tier == "national" for seen in evidence)
    severity: Severity = (
        "critical" if against or (national and len(evidence) > AUTHORS_AT_LEAST) else "serious"
    )
    return [_finding(watching, "burst", severity, evidence, now, measure=measure, learning=learning)]


def _by_the_minute(
    group: Group, of_group: Sequence[Seen], settings: AlertSettings, open_bin_at: datetime
) -> Measure | None:
    """Judge the bins that are not closed: a count only grows, so an alert now is an alert at the bin's end."""
    baseline = group.minutes
    for bin_at in sorted({bin_of(seen.at) for seen in of_group if seen.at >= open_bin_at}):
        value = count_in(of_group, bin_at, bin_at + timedelta(minutes=5))
        baseline, reading = observe(baseline, value, bin_at, FIVE_MINUTES)
        if reading.alert and reading.z >= FIVE_MINUTES.alert_from_z * settings.factor:
            return Measure(value=value, baseline=reading.baseline, z=reading.z, minutes=5)
    return None


def _by_the_hour(
    group: Group,
    of_group: Sequence[Seen],
    evidence: Sequence[Seen],
    settings: AlertSettings,
    now: datetime,
    *,
    learning: bool,
) -> Measure | None:
    """Judge the last hour of somebody seldom spoken of: a count that chance would hardly make, even at noon."""
    value = count_in(of_group, now - timedelta(hours=1), now + timedelta(seconds=1))
    empty = (now - (group.hours.until or now)) // timedelta(hours=1)
    usual = rested(group.hours, empty, AN_HOUR)
    mean = usual.mean
    if learning:
        declared = settings.expected_a_day
        mean = max(mean, UNKNOWN_AN_HOUR if declared is None else declared / 24)
    mean = max(mean, LEAST_AN_HOUR)
    known = min(mean * min(usual.bins, 1 / AN_HOUR.gain) + 0.5, CLUMPED)
    factor = settings.factor * (CALM_FACTOR if _is_calm(evidence) else 1.0)
    if chance_of(value, FULLEST_HOUR * mean, known) >= SURELY**factor:
        return None
    return Measure(value=value, baseline=mean, z=(value - mean) / sqrt(mean), minutes=60)


def _is_calm(evidence: Sequence[Seen]) -> bool:
    """Return whether most of it was judged, and little of that speaks against or of a crisis."""
    judged = [seen for seen in evidence if seen.judged]
    against = sum(seen.negative for seen in judged)
    return (
        2 * len(judged) >= len(evidence)
        and 3 * against < len(judged)
        and 3 * sum(seen.crisis != "none" for seen in evidence) < len(evidence)
    )


def _shares(
    watching: Watching, of_group: Sequence[Seen], settings: AlertSettings, now: datetime
) -> list[Finding]:
    """Return a share of mentions against the client that is far above the usual, on the scale of log-odds."""
    judged = [seen for seen in of_group if seen.judged and seen.at >= now - EVIDENCE_WITHIN]
    against = sum(seen.negative for seen in judged)
    if len(judged) < SHARE_ITEMS or against < SHARE_AT_LEAST * len(judged) or not corroborated(judged):
        return []
    group = watching.group(group_of(of_group[0]))
    usual, weight = group.negative + PRIOR_NEGATIVE, group.judged + PRIOR_JUDGED
    here, of_here = against + 0.5, len(judged) + 1.0
    apart = log(here / (of_here - here)) - log(usual / (weight - usual))
    deviation = sqrt(1 / here + 1 / (of_here - here) + 1 / usual + 1 / (weight - usual))
    z = apart / deviation
    if z < SHARE_Z * settings.factor:
        return []
    minutes = int(EVIDENCE_WITHIN.total_seconds()) // 60
    measure = Measure(value=against / len(judged), baseline=usual / weight, z=z, minutes=minutes)
    return [_finding(watching, "negative_share", "critical", judged, now, measure=measure)]


def _finding(
    watching: Watching,
    trigger: Trigger,
    severity: Severity,
    evidence: Sequence[Seen],
    now: datetime,
    *,
    measure: Measure | None = None,
    detail: str = "",
    learning: bool = False,
) -> Finding:
    return Finding(
        topic=OWN,
        trigger=trigger,
        severity=severity,
        measure=measure or _size(watching, evidence, now),
        evidence=tuple(evidence),
        detail=detail,
        learning=learning or now - watching.since < LEARNED_AFTER,
    )


def _size(watching: Watching, evidence: Sequence[Seen], now: datetime) -> Measure:
    """Return how big what must alert is: what came of its topic in the last hour, beside a usual hour."""
    hour = hour_of(watching, evidence[-1].topic, now)
    return Measure(value=hour.value, baseline=hour.usual, z=hour.z, minutes=60)


@dataclass(frozen=True, slots=True)
class Hour:
    """What came of a topic lately beside what is usual in that time."""

    value: int
    usual: float

    @property
    def z(self) -> float:
        """Deviations above what is usual."""
        return (self.value - self.usual) / sqrt(max(self.usual, 0.1))

    @property
    def chance(self) -> float:
        """The chance of as much or more in the fullest half of a day."""
        return chance_of(self.value, FULLEST_HALF_DAY * max(self.usual, LEAST_AN_HOUR), CLUMPED)


def hour_of(watching: Watching, topic: str, now: datetime, *, hours: int = 1) -> Hour:
    """Return what came of a topic in the last hour (or hours), of press and posts."""
    value, usual = 0, 0.0
    for press in (True, False):
        own = [seen for seen in watching.recent if seen.topic == topic and seen.press is press]
        if not own:
            continue
        value += count_in(own, now - timedelta(hours=hours), now + timedelta(seconds=1))
        group = watching.group(group_of(own[0]))
        empty = (now - (group.hours.until or now)) // timedelta(hours=1)
        usual += hours * rested(group.hours, empty, AN_HOUR).mean
    return Hour(value, usual)
