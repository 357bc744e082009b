"""Digests to come, when people change their hours: nothing falls between two, and nothing is told twice."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.builders import a_client, a_document, a_mention
from tests.fakes import World
from tests.journal import Crash
from tests.pipeline.spine import Spine, Web
from vigie.domain.clients import Client, DigestSchedule, Recipient
from vigie.domain.rhythms import OWN, rhythm_name, with_frequency

START = datetime(2026, 12, 7, 17, 0, tzinfo=UTC)  # a Monday evening
AT_NINE = DigestSchedule(send_at=time(9))
WEEKLY = with_frequency(DigestSchedule(send_at=time(9)), "weekly", 4)
COM, DG = Recipient("com@banque.test"), Recipient("dg@banque.test")
CLIENT = a_client(recipients=(COM, DG))


class Desk:
    """A stack with one client, mails read as (recipient, mentions told, interval)."""

    def __init__(self, client: Client) -> None:
        self.world = World()
        self.world.clock.instant = START
        self.spine = Spine(self.world, Web())
        self.client = client
        self.world.accounts.put_client(client)
        self.spine.appointments.keep(client)

    def change(self, **fields: object) -> None:
        """Change the client, as the API does."""
        before, self.client = self.client, replace(self.client, **fields)  # type: ignore[arg-type]
        self.world.accounts.put_client(self.client)
        self.spine.appointments.keep(self.client, before)

    def speak(self) -> None:
        """Record a mention now."""
        title = f"{self.world.clock():%d %H %M}"
        self.world.mentions.record([a_mention(a_document(title), recorded_at=self.world.clock())])

    def live(self, until: datetime) -> None:
        """Let time pass, five minutes at a time."""
        while self.world.clock() < until:
            self.world.clock.advance(300)
            self.spine.digest.run()
            due, self.world.outbox.sent = self.world.outbox.sent, []
            for message, _ in due:
                self.spine.deliver(message)

    def told(self, email: str) -> list[tuple[str, int]]:
        """Return what a recipient was told: the digest's cut-off and how many mentions."""
        digests = [
            mail.raw.decode().rpartition("\n")[2] for mail in self.world.mailer.sent if mail.to == email
        ]
        return [(text.split()[0][6:13], int(text.split()[1])) for text in digests]


def on(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of December 2026."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def test_each_rhythm_has_its_own_hour() -> None:
    """Who wants it at nine gets it at nine, with all that the one of half past seven holds and what came since."""
    desk = Desk(replace(CLIENT, recipients=(COM, replace(DG, schedule=AT_NINE))))
    desk.live(on(8, 7))  # between the two cut-offs
    desk.speak()
    desk.live(on(9, 12))
    assert desk.told("com@banque.test") == [("08T0615", 0), ("09T0615", 1)]
    assert desk.told("dg@banque.test") == [("08T0745", 1), ("09T0745", 0)]


def test_who_changes_their_hour_misses_nothing_and_reads_nothing_twice() -> None:
    """The new rhythm opens where the old one had closed."""
    desk = Desk(CLIENT)
    desk.live(on(8, 7))
    desk.speak()
    desk.change(recipients=(COM, replace(DG, schedule=AT_NINE)))
    desk.live(on(8, 20))
    desk.speak()
    desk.live(on(9, 12))
    assert desk.told("dg@banque.test") == [("08T0615", 0), ("08T0745", 1), ("09T0745", 1)]
    assert desk.told("com@banque.test") == [("08T0615", 0), ("09T0615", 2)]


def test_who_changes_while_a_digest_waits_to_leave_still_gets_it() -> None:
    """A digest goes to those it was built for."""
    desk = Desk(CLIENT)
    desk.world.clock.instant = on(8, 6, 20)
    desk.spine.digest.run()
    desk.change(recipients=(COM, replace(DG, schedule=AT_NINE)))
    desk.live(on(8, 12))
    assert [day for day, _ in desk.told("dg@banque.test")] == ["08T0615", "08T0745"]


def test_who_leaves_before_it_leaves_does_not() -> None:
    """Nobody is mailed who asked not to be."""
    desk = Desk(CLIENT)
    desk.world.clock.instant = on(8, 6, 20)
    desk.spine.digest.run()
    desk.change(recipients=(COM,))
    desk.live(on(8, 12))
    assert desk.told("dg@banque.test") == []


def test_who_joins_others_gets_the_time_between_apart() -> None:
    """From a weekly mail back to everybody's daily one: what the week held so far comes at once."""
    desk = Desk(replace(CLIENT, recipients=(COM, replace(DG, schedule=WEEKLY))))
    desk.live(on(8, 12))
    desk.speak()
    desk.live(on(9, 12))
    desk.speak()
    desk.change(recipients=CLIENT.recipients)
    desk.live(on(10, 12))
    assert desk.told("dg@banque.test") == [("09T0615", 1), ("10T0615", 1)]
    assert desk.told("com@banque.test") == [("08T0615", 0), ("09T0615", 1), ("10T0615", 1)]
    assert [due.rhythm for due in desk.world.digests.appointments(CLIENT.client_id)] == [OWN]


def test_the_time_between_is_not_sent_when_it_holds_nothing() -> None:
    """A change of rhythm by itself is no news."""
    desk = Desk(replace(CLIENT, recipients=(COM, replace(DG, schedule=WEEKLY))))
    desk.live(on(9, 12))
    desk.change(recipients=CLIENT.recipients)
    desk.live(on(10, 12))
    assert desk.told("dg@banque.test") == [("10T0615", 0)]


def test_a_rhythm_nobody_follows_ends() -> None:
    """Its appointment goes with its last reader."""
    desk = Desk(replace(CLIENT, recipients=(COM, replace(DG, schedule=AT_NINE))))
    assert len(desk.world.digests.appointments(CLIENT.client_id)) == 2
    desk.change(recipients=(COM,))
    assert len(desk.world.digests.appointments(CLIENT.client_id)) == 1


def test_the_clients_own_hour_moves_with_its_zone() -> None:
    """Changed at noon: the next digest leaves at the hour of the new zone, and covers the time since the last."""
    desk = Desk(CLIENT)
    desk.live(on(8, 12))
    desk.change(zone="America/Nuuk")
    upcoming = desk.world.digests.upcoming(CLIENT.client_id)
    assert upcoming is not None
    assert (on(8, 6, 15), on(9, 9, 30)) == (upcoming.interval.since, upcoming.send_at)


def test_only_when_someone_speaks() -> None:
    """Quiet days are told once a week; a day that speaks is told the next morning, with the quiet ones before."""
    spoken = with_frequency(DigestSchedule(), "spoken", 0)
    desk = Desk(replace(CLIENT, schedule=spoken))
    desk.live(on(10, 12))
    desk.speak()
    desk.live(on(15, 12))
    assert desk.told("com@banque.test") == [("11T0615", 1), ("14T0615", 0)]
    entries = desk.world.digests.entries(CLIENT.client_id)
    assert [START, on(11, 6, 15)] == [entry.interval.since for entry in reversed(entries)]


@pytest.mark.parametrize("write", range(1, 3))
def test_a_change_half_made_is_made_whole_by_the_next_digest(write: int) -> None:
    """A worker that dies while hours change: the next digest of the client sets what is missing."""
    desk = Desk(CLIENT)
    desk.live(on(8, 12))
    desk.world.journal.interrupt(after=write)
    with suppress(Crash):
        desk.change(recipients=(COM, replace(DG, schedule=AT_NINE)))
    assert not desk.world.journal.armed
    desk.live(on(11, 12))
    assert "11T0745" in [day for day, _ in desk.told("dg@banque.test")]
    name = rhythm_name(desk.client, desk.client.recipients[1])
    assert {OWN, name} == {due.rhythm for due in desk.world.digests.appointments(CLIENT.client_id)}


def test_asking_twice_changes_nothing() -> None:
    """Keeping appointments that are kept writes nothing."""
    desk = Desk(replace(CLIENT, recipients=(COM, replace(DG, schedule=AT_NINE))))
    writes = len(desk.world.journal.writes)
    desk.world.clock.advance(3600)
    desk.spine.appointments.keep(desk.client)
    assert writes == len(desk.world.journal.writes)


def test_nothing_falls_between_two_digests_of_a_reader() -> None:
    """Whatever a reader changes in a month, the intervals they were told touch."""
    desk = Desk(CLIENT)
    hours = [None, AT_NINE, WEEKLY, None, with_frequency(AT_NINE, "weekdays"), None]
    for step, schedule in enumerate(hours):
        desk.live(START + timedelta(days=3 * step + 2, hours=step))
        desk.speak()
        desk.change(recipients=(COM, replace(DG, schedule=schedule)))
    desk.live(START + timedelta(days=25))
    assert len(hours) == sum(mentions for _, mentions in desk.told("dg@banque.test"))
    assert len(hours) == sum(mentions for _, mentions in desk.told("com@banque.test"))
