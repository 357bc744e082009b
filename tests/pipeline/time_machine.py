"""A time machine: days of digests and mails in minutes, with everything going wrong that may.

The steps are the real ones; stores, queues and provider are the fakes that the contract suite holds to the promises
of the real ones. The clock jumps to the next thing that happens: a tick of the schedule (some come twice), a message
becoming visible (some come twice), the provider's Send event (late, twice, or never). A worker dies on each digest at
some write while it is built, and another at some write while it is mailed; the provider asks to wait now and then,
and some messages are lost.
"""

import heapq
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.builders import a_client, a_document, a_mention
from tests.fakes import FakeMailer, World
from tests.journal import Crash, Journal
from tests.pipeline.spine import Spine, Web
from vigie.domain.clients import Client, DigestSchedule, Recipient
from vigie.domain.cutoffs import Interval
from vigie.domain.lateness import LATE_AFTER, TRIED_AGAIN_EVERY
from vigie.errors import Transient
from vigie.messages import Message
from vigie.ports import Mail

ZONES = (
    "Europe/Paris",
    "America/St_Johns",  # -03:30
    "Asia/Kathmandu",  # +05:45, no summer time
    "Australia/Lord_Howe",  # +10:30, half an hour of summer time
    "America/Nuuk",  # a gap that ends the day
    "Pacific/Chatham",  # +12:45, southern summer
    "America/Santiago",  # southern, changes at midnight
    "Africa/Cairo",  # changes at midnight, on a Friday
    "Australia/Adelaide",  # +09:30, southern summer
    "Pacific/Kiritimati",  # +14
    "America/Los_Angeles",
    "UTC",
)
HOURS = (time(7, 30), time(2, 30), time(23, 30), time(0, 15))
VISIBILITY = timedelta(seconds=360)  # the digests queue's, in the template
WRITES_SEEN = 5  # a worker dies at one of its first so many; few have more


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail the provider accepted."""

    email: str
    key: str
    at: datetime


@dataclass
class Outcome:
    """What a stretch of time came to."""

    mails: list[Sent] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)  # delivery keys accepted twice
    gap: set[str] = field(default_factory=set)  # accepted, then the worker died and the event was lost
    deaths: Counter[str] = field(default_factory=Counter)
    worst: timedelta = timedelta(0)
    untold: list[str] = field(default_factory=list)  # who was not told each mention once


class Provider(FakeMailer):
    """A provider that asks to wait now and then."""

    def __init__(self, journal: Journal, chance: random.Random, throttled: float) -> None:
        super().__init__(journal)
        self._chance, self._throttled = chance, throttled

    def send(self, mail: Mail) -> str:
        """Take a mail, or ask to wait."""
        if self._chance.random() < self._throttled:
            raise Transient("throttled")
        return super().send(mail)


def a_client_everywhere(start: datetime, *, all_hours: bool) -> Client:
    """Return a client with a recipient in each zone, the hours in turn, or one at each hour in each zone."""
    recipients = tuple(
        Recipient(f"{place}-{number}@clients.test", zone=zone, schedule=DigestSchedule(send_at=hour))
        for place, zone in enumerate(ZONES)
        for number, hour in enumerate(HOURS)
        if all_hours or (place + place // len(HOURS)) % len(HOURS) == number
    )
    return a_client(created_at=start, recipients=recipients)


class TimeMachine:
    """One stack with a client whose recipients are everywhere, from ``start`` on."""

    def __init__(
        self, start: datetime, *, seed: int = 1, hostile: bool = True, all_hours: bool = True
    ) -> None:
        self.chance = random.Random(seed)
        self.hostile = hostile
        self.world = World()
        self.world.clock.instant = self.start = start
        self.world.mailer = Provider(self.world.journal, self.chance, 0.02 if hostile else 0.0)
        self.spine = Spine(self.world, Web())
        self.client = a_client_everywhere(start, all_hours=all_hours)
        self.world.accounts.put_client(self.client)
        self.spine.appointments.keep(self.client)
        self.outcome = Outcome()
        self._order = itertools.count()
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._to_die: dict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))
        self._died: set[tuple[str, str]] = set()
        self._accepted = 0
        self._told: dict[str, dict[str, int]] = defaultdict(dict)

    def run(self, days: float) -> Outcome:
        """Live so many days, and judge."""
        end = self.start + timedelta(days=days)
        self._at(self.start, self._tick)
        self._at(self.start + timedelta(hours=1), self._speak)
        while self._agenda and self._agenda[0][0] <= end:
            at, _, happen = heapq.heappop(self._agenda)
            self.world.clock.instant = max(at, self.world.clock.instant)
            happen()
            self._collect()
        self._judge(end - timedelta(hours=1))
        return self.outcome

    # -- what happens ---------------------------------------------------------------------------------------

    def _at(self, at: datetime, happen: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), happen))

    def _speak(self) -> None:
        """Somebody speaks of the client, about five times a day."""
        now = self.world.clock()
        self.world.mentions.record([a_mention(a_document(f"{now:%Y%m%d%H%M%S}"), recorded_at=now)])
        self._at(now + timedelta(seconds=self.chance.randrange(600, 9 * 3600)), self._speak)

    def _tick(self) -> None:
        """Live the schedule's minute; one in twenty comes twice. Minutes in which nothing is due are skipped."""
        now = self.world.clock()
        for _ in range(1 + (self.hostile and self.chance.random() < 0.05)):
            closed = self.world.digests.due(now - timedelta(seconds=120))
            due = [f"{each.rhythm} {each.interval.until}" for each in closed]
            self._live("build", ",".join(due), lambda: (self.spine.overdue.run(), self.spine.digest.run()))
        following = [each.interval.until + timedelta(seconds=120) for each in self._upcoming()]
        unsent = self.world.digests.unsent(now + timedelta(days=9))
        following += [ready.send_at + TRIED_AGAIN_EVERY for ready in unsent]
        soon = max(now + timedelta(minutes=1), min(following, default=now + timedelta(minutes=1)))
        self._at(
            soon.replace(second=0, microsecond=0) + timedelta(seconds=60 if soon.second else 0), self._tick
        )

    def _upcoming(self) -> list[Any]:
        return self.world.digests.appointments(self.client.client_id)

    def _deliver(self, message: Message) -> None:
        """Give a message to a worker; one in twenty comes twice, one that its worker dies on comes back."""
        for _ in range(1 + (self.hostile and self.chance.random() < 0.05)):
            name = str(getattr(message, "digest_id", ""))
            if not self._live("mail", name, lambda: self.spine.deliver_once(message)):
                self._at(self.world.clock() + VISIBILITY, lambda: self._deliver(message))

    def _live(self, work: str, name: str, function: Callable[[], object]) -> bool:
        """Run a worker; the first for each digest dies at a write, another one each time. Say whether it lived."""
        if self.hostile and name and (work, name) not in self._died:
            self._died.add((work, name))
            when = self.chance.choice(["before", "after"])
            self.world.journal.interrupt(**{when: next(self._to_die[work]) % WRITES_SEEN + 1})
        writes = len(self.world.journal.writes)
        try:
            function()
        except Crash:
            last = (
                self.world.journal.writes[-1]
                if len(self.world.journal.writes) > writes
                else "the first write"
            )
            self.outcome.deaths[f"{work}: {last}"] += 1
            return False
        finally:
            self.world.journal.interrupt()
        return True

    def _collect(self) -> None:
        """Move what was queued and mailed onto the agenda."""
        queued, self.world.outbox.sent = self.world.outbox.sent, []
        for message, delay_seconds in queued:
            if self.hostile and self.chance.random() < 0.002:
                continue  # lost: nobody ever hears of it
            at = self.world.clock() + timedelta(seconds=delay_seconds + self.chance.randrange(3))
            self._at(at, lambda message=message: self._deliver(message))  # type: ignore[misc]
        sent = self.world.mailer.sent
        for mail in sent[self._accepted :]:
            self.outcome.mails.append(Sent(mail.to, mail.delivery_key, self.world.clock()))
            self._told[mail.to][mail.delivery_key.split("_")[1]] = int(mail.raw.decode().rsplit(None, 1)[-1])
            self._announce(mail)
        self._accepted = len(sent)

    def _announce(self, mail: Mail) -> None:
        """Publish the provider's Send event: within seconds, perhaps twice, one in three never."""
        if self.hostile and self.chance.random() < 1 / 3:
            if not self.world.deliveries.is_sent(self.client.client_id, mail.delivery_key):
                self.outcome.gap.add(mail.delivery_key)
            return
        for _ in range(self.chance.choice([1, 1, 2])):
            after = timedelta(seconds=self.chance.randrange(1, 40))
            self._at(
                self.world.clock() + after,
                lambda: self.spine.deliver_mail.confirm(mail.delivery_key, f"p-{mail.delivery_key}"),
            )

    # -- what it came to ------------------------------------------------------------------------------------

    def _judge(self, end: datetime) -> None:
        accepted = Counter(sent.key for sent in self.outcome.mails)
        self.outcome.doubled = [key for key, count in accepted.items() if count > 1]
        self.outcome.unexplained = [key for key in self.outcome.doubled if key not in self.outcome.gap]
        firsts: dict[str, list[datetime]] = defaultdict(list)
        seen: set[str] = set()
        for sent in self.outcome.mails:
            if sent.key not in seen:
                seen.add(sent.key)
                firsts[sent.email].append(sent.at)
        for recipient in self.client.recipients:
            self._judge_one(recipient, firsts[recipient.email], end)
            self._judge_contents(recipient.email)

    def _judge_one(self, recipient: Recipient, got: list[datetime], end: datetime) -> None:
        assert recipient.schedule is not None  # each has their own
        hours = wanted_hours(recipient.schedule.send_at, ZoneInfo(recipient.zone or "UTC"), self.start, end)
        for number, at in enumerate(hours):
            if number >= len(got):
                self.outcome.missing.append(f"{recipient.email} {at}")
                continue
            late = got[number] - at
            self.outcome.worst = max(self.outcome.worst, late)
            if late < timedelta(0):
                self.outcome.early.append(f"{recipient.email} {at} {late}")
            if late > LATE_AFTER:
                self.outcome.late.append(f"{recipient.email} {at} {late}")

    def _judge_contents(self, email: str) -> None:
        """Compare what a recipient was told in all, with what was recorded until the last digest closed."""
        told = self._told[email]
        if not told:
            return
        closed = datetime.strptime(max(told).partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        recorded = self.world.mentions.recorded_in(self.client.client_id, Interval(self.start, closed))
        if sum(told.values()) != len(recorded):
            self.outcome.untold.append(f"{email}: {sum(told.values())} of {len(recorded)}")


def wanted_hours(at: time, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """Return when a reader expects a mail, found by looking at clocks only, minute by minute around each day.

    The first minute of the day that shows the hour; on a day that has none, the minute that would have shown it had
    the clock not jumped, or where that is another day, the length of the gap before it.
    """
    found = []
    day = start.astimezone(zone).date() - timedelta(days=1)
    while day <= end.astimezone(zone).date():
        instant = _shown(at, day, zone)
        if start + timedelta(minutes=15) < instant <= end:
            found.append(instant)
        day += timedelta(days=1)
    return found


def _shown(at: time, day: date, zone: ZoneInfo) -> datetime:
    naive = datetime.combine(day, at)
    minutes = [
        naive.replace(tzinfo=UTC) + timedelta(minutes=minute) for minute in range(-15 * 60, 15 * 60, 15)
    ]
    for instant in minutes:
        if instant.astimezone(zone).replace(tzinfo=None) == naive:
            return instant
    before = max(each for each in minutes if each.astimezone(zone).replace(tzinfo=None) < naive)
    offset = before.astimezone(zone).utcoffset() or timedelta(0)
    unjumped = naive.replace(tzinfo=UTC) - offset
    if unjumped.astimezone(zone).date() == day:
        return unjumped
    after = unjumped.astimezone(zone).utcoffset() or timedelta(0)
    return naive.replace(tzinfo=UTC) - after
