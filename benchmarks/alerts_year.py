"""A simulated year of clients: alerts a client and week, precision, recall, delay of crises, storms.

Quiet shops, brands with a rhythm of weeks, campaigns of a brand's own, and crises at random days: seeded, invented.
Played through the domain as the alert function plays it, in memory; a crisis counts as found when an alert opens
within six hours of its first article, and an alert as right when a crisis is under way. Figures of an invented year
say that nothing storms and nothing is missed that is plain; they are no measure of the press as it is. The year is
played twice: with a classifier that tells crises apart, and with one that errs (a label of crisis on 3 % of everyday
news, and on half of a crisis's texts only). ``VIGIE_ALERT_FIRST`` chooses other clients, made by other seeds.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import Pool
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from tests.builders import a_document, a_mention
from vigie.domain.alerts.deciding import decided, topic_since
from vigie.domain.alerts.judging import judge
from vigie.domain.alerts.settings import AlertSettings, Channel, Person
from vigie.domain.alerts.watching import OWN, Watching, closed, taken_in
from vigie.domain.mentions import Assessment, Label, Labels, Mention

CLIENTS = int(os.environ.get("VIGIE_ALERT_CLIENTS", "200"))
FIRST = int(os.environ.get("VIGIE_ALERT_FIRST", "0"))
DAYS = int(os.environ.get("VIGIE_ALERT_DAYS", "365"))
PLAYED_AT_ONCE = 2
FOUND_WITHIN = timedelta(hours=6)
LASTS = timedelta(hours=48)
TOLD_A_DAY = 3
BEGAN = datetime(2025, 1, 6, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
KINDS = {"quiet": 0.3, "weekly": 3.0, "campaign": 2.0, "busy": 12.0}  # mentions a day
SURE = Label("neutral", 0.9)
RIGHT, ERRING = (0.0, 0.8), (0.03, 0.5)  # shares of everyday news, and of a crisis's texts, labelled a crisis
PEOPLE = (Person(name="Ana", channels=(Channel("mail", "ana@client.test"),)),)


@dataclass(slots=True)
class Tally:
    """What a year came to."""

    alerts: int = 0
    right: int = 0
    crises: int = 0
    delays_minutes: list[float] = field(default_factory=list)
    most_told_a_day: int = 0
    weeks: float = 0.0

    def add(self, other: "Tally") -> None:
        """Add a client's year."""
        self.alerts += other.alerts
        self.right += other.right
        self.crises += other.crises
        self.delays_minutes += other.delays_minutes
        self.most_told_a_day = max(self.most_told_a_day, other.most_told_a_day)
        self.weeks += other.weeks


def year_of(number: int, labelled: tuple[float, float] = RIGHT) -> tuple[str, list[datetime], list[Mention]]:
    """Return a client's kind, when its crises began, and its mentions in order."""
    chance = random.Random(f"year {number}")
    kind = list(KINDS)[number % len(KINDS)]
    crises = [
        BEGAN + timedelta(days=chance.uniform(10, max(DAYS - 5, 11)))
        for _ in range(chance.choice((0, 1, 1, 2)))
    ]
    crises = [at.replace(hour=chance.randint(7, 19)) for at in crises]
    instants = [(at, f"s{index}", False) for index, at in enumerate(_everyday(chance, kind))]
    for place, began in enumerate(crises):
        instants += [
            (began + timedelta(minutes=chance.expovariate(1 / 90)), f"c{place}-{chance.randint(0, 8)}", True)
            for _ in range(chance.randint(10, 40))
        ]
    return (
        kind,
        crises,
        [_mention(chance, at, story, crisis, labelled[crisis]) for at, story, crisis in sorted(instants)],
    )


def _everyday(chance: random.Random, kind: str) -> Iterator[datetime]:
    campaign = chance.randrange(20, 340)
    for day in range(DAYS):
        rate = KINDS[kind] * (0.3 if kind == "weekly" and day % 7 > 4 else 1.0)
        if kind == "campaign" and campaign <= day < campaign + 5:
            rate *= 6
        for _ in range(_poisson(chance, rate)):
            yield BEGAN + timedelta(days=day, hours=min(max(chance.gauss(11, 4), 0), 23.9))


def _poisson(chance: random.Random, mean: float) -> int:
    count, passed = 0, chance.expovariate(1)
    while passed < mean:
        count, passed = count + 1, passed + chance.expovariate(1)
    return count


def _mention(chance: random.Random, at: datetime, story: str, crisis: bool, labelled: float) -> Mention:
    site = f"paper{chance.randint(0, 30)}.test"
    name = f"{story}-{at:%m%d%H%M%S%f}"
    document = a_document(
        name, document_id=name, url=f"https://{site}/{name}", canonical_url=f"https://{site}/{name}"
    )
    label = Label("alert", 0.85) if chance.random() < labelled else Label("none", 0.9)
    against = Label("unfavourable", 0.9) if crisis or chance.random() < 0.1 else SURE
    assessed = Assessment(watch_id="w", relevance=SURE, impact=against, tone=SURE, crisis=label)
    labels = Labels(language=SURE, tone=SURE, assessments=(assessed,))
    mention = a_mention(document, story=story, labels=labels, recorded_at=at)
    return replace(mention, hits=tuple(replace(hit, watch_id="w") for hit in mention.hits))


def played(number: int, labelled: tuple[float, float] = RIGHT) -> Tally:
    """Play one client's year as the alert function does: a look a mention, and one an hour."""
    _, crises, mentions = year_of(number, labelled)
    settings = AlertSettings(client_id="c", people=PEOPLE)
    watching = Watching(client_id="c", since=BEGAN - timedelta(days=30), open_bin_at=BEGAN)
    opened: dict[str, datetime] = {}
    told: dict[str, int] = {}
    hour = BEGAN
    for mention in mentions:
        while watching.alerts and hour + timedelta(hours=1) < mention.recorded_at:
            hour += timedelta(hours=1)
            watching = _looked(watching, None, settings, hour)
        hour = mention.recorded_at
        watching = _looked(watching, mention, settings, hour)
        for alert in watching.alerts:
            if alert.alert_id not in opened:
                opened[alert.alert_id] = alert.opened_at
                if alert.events[-1].kind != "summarised":
                    day = f"{alert.opened_at.astimezone(PARIS):%Y-%m-%d}"
                    told[day] = told.get(day, 0) + 1
    return _tally(crises, list(opened.values()), told)


def _looked(watching: Watching, mention: Mention | None, settings: AlertSettings, now: datetime) -> Watching:
    came = {mention.mention_id: mention} if mention else {}
    seen, new = taken_in(watching, came.values(), now)
    findings = judge(seen, new, settings, now, since=topic_since(seen, OWN))
    after = decided(closed(seen, now), findings, came, PEOPLE, now, zone=PARIS, topic_name="C")
    return replace(after, alerts=tuple(replace(alert, pending=()) for alert in after.alerts))


def _tally(crises: list[datetime], opened: list[datetime], told: dict[str, int]) -> Tally:
    found = [
        min(delays)
        for began in crises
        if (delays := [at - began for at in opened if timedelta(0) <= at - began <= FOUND_WITHIN])
    ]
    return Tally(
        alerts=len(opened),
        right=sum(any(timedelta(0) <= at - began <= LASTS for began in crises) for at in opened),
        crises=len(crises),
        delays_minutes=[delay.total_seconds() / 60 for delay in found],
        most_told_a_day=max(told.values(), default=0),
        weeks=DAYS / 7,
    )


def main() -> None:
    """Print the figures; exit with what is wrong when storms are not bounded."""
    most = 0
    fewer = max(CLIENTS // 5, 1)  # of what is an estimate of an estimate
    for title, labelled, count in (
        ("a classifier that is right", RIGHT, CLIENTS),
        ("one that errs", ERRING, fewer),
    ):
        tally, began = Tally(), perf_counter()
        with Pool(PLAYED_AT_ONCE) as pool:
            for each in pool.imap_unordered(partial(played, labelled=labelled), range(FIRST, FIRST + count)):
                tally.add(each)
        print(f"{title}: {count} clients, {DAYS} days each, in {perf_counter() - began:.0f} s")
        _print(tally)
        most = max(most, tally.most_told_a_day)
    if most > TOLD_A_DAY:
        raise SystemExit("more than three alerts were told in a day")


def _print(tally: Tally) -> None:
    print(f"  alerts a client and week   {tally.alerts / tally.weeks:.3f}")
    print(f"  precision                  {tally.right / max(tally.alerts, 1):.2f}  ({tally.alerts} alerts)")
    recall = len(tally.delays_minutes) / max(tally.crises, 1)
    print(f"  recall                     {recall:.2f}  ({tally.crises} crises, within six hours)")
    if tally.delays_minutes:
        delays = sorted(tally.delays_minutes)
        late = delays[int(0.95 * (len(delays) - 1))]
        print(f"  delay of crises, minutes   median {median(delays):.0f}, p95 {late:.0f}")
    print(f"  most told in a day         {tally.most_told_a_day}  (limit {TOLD_A_DAY})")


if __name__ == "__main__":
    main()
