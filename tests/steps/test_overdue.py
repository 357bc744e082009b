"""Digests that should have left: found, counted, tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import a_client
from tests.fakes import World
from tests.pipeline.spine import Spine, Web
from vigie.messages import DigestReady

SEND_AT = datetime(2026, 12, 8, 6, 30, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    """Return a stack whose digest is built and queued."""
    world = World()
    world.clock.instant = SEND_AT - timedelta(hours=9)
    world.accounts.put_client(a_client())
    spine = Spine(world, Web())
    spine.appointments.keep(a_client())
    world.clock.instant = SEND_AT - timedelta(minutes=12)
    spine.digest.run()
    return world


def tick(world: World, minutes: float) -> int:
    """Look, so many minutes after the digest's hour; return how many are late."""
    world.clock.instant = SEND_AT + timedelta(minutes=minutes)
    return Spine(world, Web()).overdue.run()


def test_a_message_that_got_lost_is_made_up_for(world: World) -> None:
    """Nobody heard of the digest: five minutes after its hour it is queued again."""
    world.outbox.sent.clear()
    assert tick(world, 4.9) == 0
    assert world.outbox.sent == []
    assert tick(world, 5.2) == 0
    (message,) = world.outbox.take(DigestReady)
    Spine(world, Web()).send.run(message)
    assert len(world.mailer.sent) == 1
    assert tick(world, 16.2) == 0


def test_a_digest_is_tried_every_five_minutes_and_counted_once_late(world: World) -> None:
    """From a quarter of an hour on it is counted each minute: the alarm stays on, the queue is not flooded."""
    world.outbox.sent.clear()
    counted = [tick(world, minute + 0.3) for minute in range(60)]
    assert counted == [0] * 15 + [1] * 45
    assert len(world.outbox.take(DigestReady)) == 11


def test_a_digest_that_was_sent_is_not_late(world: World) -> None:
    """In the ordinary course of things nothing is counted."""
    world.clock.instant = SEND_AT
    Spine(world, Web()).drain()
    assert [tick(world, 20), tick(world, 500)] == [0, 0]


def test_a_digest_that_is_not_even_built_is_late(world: World) -> None:
    """The next day's, when nothing has run since."""
    Spine(world, Web()).drain()
    assert tick(world, 24 * 60 + 14) == 0
    assert tick(world, 24 * 60 + 16) == 1
