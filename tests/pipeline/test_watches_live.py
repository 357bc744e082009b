"""Watches while documents come: one added through the API counts from the next poll, one removed no longer."""

from datetime import timedelta
from typing import Any

from tests.builders import a_client, a_source
from tests.fakes import World
from tests.pipeline.spine import Spine, Web, rss
from vigie.domain.cutoffs import Interval
from vigie.requests import WatchRequest
from vigie.steps.backfill import Backfill
from vigie.steps.desk import Desk
from vigie.steps.key_desk import KeyDesk

FEED = "https://www.courrier.test/rss"
CLIENT = a_client()


class Stack:
    """A pipeline that polls one feed, and the desk behind the API."""

    def __init__(self) -> None:
        self.world = World()
        self.web = Web({FEED: rss()})
        self.spine = Spine(self.world, self.web)
        self.spine.follow(a_source("courrier", url=FEED))
        self.backfills: list[Any] = []
        self.desk = Desk(
            accounts=self.world.accounts,
            keys=KeyDesk(keys=self.world.keys, clock=self.world.clock, requests_per_minute=300),
            mentions=self.world.mentions,
            digests=self.world.digests,
            enrol=self.spine.appointments.keep,
            clock=self.world.clock,
            backfill=self.backfills.append,
        )
        self.world.accounts.put_client(CLIENT)
        self.spine.appointments.keep(CLIENT)

    def poll(self, *titles: str) -> None:
        """Poll, a minute later, a feed that shows these articles, and let every message run to its end."""
        items = [(title, f"https://courrier.test/{title.replace(' ', '-')}", "") for title in titles]
        self.web.pages[FEED] = rss(*items)
        self.world.clock.advance(60)
        self.spine.schedule.run(force=True)
        self.spine.drain()

    def backfill(self) -> None:
        """Do what the worker was asked to, and let every message run to its end."""
        world = self.world
        for watch in self.backfills:
            Backfill(
                accounts=world.accounts,
                blobs=world.blobs,
                outbox=world.outbox,
                clock=world.clock,
                budget_seconds=60,
            ).run(watch.client_id, watch.watch_id)
        self.spine.drain()

    def mentions(self) -> dict[str, bool]:
        """Return the client's mentions by title, and whether they are marked as history."""
        now = self.world.clock()
        interval = Interval(now - timedelta(days=1), now + timedelta(days=1))
        return {
            mention.document.title: mention.backfilled
            for mention in self.world.mentions.recorded_in(CLIENT.client_id, interval)
        }


WATCH = WatchRequest(name="Marque", purpose="brand", query="guichets")


def test_a_watch_added_matches_what_is_polled_a_minute_later() -> None:
    """What came before is history, found in the archive; what comes after is news; removed, it stops."""
    stack = Stack()
    stack.poll("Trois guichets")
    assert stack.mentions() == {}

    stack.desk.create_watch(CLIENT, WATCH)
    stack.poll("Trois guichets", "Six guichets")
    assert stack.mentions() == {"Six guichets": False}

    stack.backfill()
    assert stack.mentions() == {"Six guichets": False, "Trois guichets": True}

    stack.desk.remove_watch(CLIENT, "marque")
    stack.poll("Trois guichets", "Six guichets", "Neuf guichets")
    assert stack.mentions() == {"Six guichets": False, "Trois guichets": True}


def test_only_a_new_question_is_put_to_the_archive() -> None:
    """A watch renamed is not looked up again; one whose query changed is."""
    stack = Stack()
    stack.desk.create_watch(CLIENT, WATCH)
    stack.desk.change_watch(CLIENT, "marque", WatchRequest(name="Nous", purpose="brand", query="guichets"))
    assert len(stack.backfills) == 1

    stack.desk.change_watch(CLIENT, "marque", WatchRequest(name="Nous", purpose="brand", query="banque"))

    assert len(stack.backfills) == 2
