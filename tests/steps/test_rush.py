"""Many digests due at one hour."""

from datetime import timedelta

import pytest

from tests.builders import CUTOFF
from tests.fakes import World
from vigie.domain.cutoffs import Interval
from vigie.ports import DueDigest
from vigie.steps.rush import CROWD, Rush


def due(world: World, number: int) -> list[DueDigest]:
    """Return so many digests that are due, as they stand in the store."""
    interval = Interval(CUTOFF - timedelta(days=1), CUTOFF)
    for each in range(number):
        world.digests.schedule(DueDigest(client_id=f"c{each:04}", interval=interval, send_at=CUTOFF))
    world.clock.instant = CUTOFF + timedelta(minutes=2)
    return world.digests.due(world.clock())


def rush(world: World, budget_seconds: float = 240) -> Rush:
    """Return a run's part in it."""
    return Rush(digests=world.digests, clock=world.clock, budget_seconds=budget_seconds)


@pytest.mark.parametrize("number", [3, CROWD, CROWD + 1, 1_000])
def test_a_run_alone_builds_all(number: int) -> None:
    """Each once, wherever it begins."""
    world = World()
    waiting = due(world, number)
    assert sorted(each.client_id for each in rush(world).share(waiting)) == [
        each.client_id for each in waiting
    ]


def test_runs_of_several_minutes_share_a_crowd() -> None:
    """Each begins elsewhere and leaves out what another has built: together they build each digest once."""
    world = World()
    waiting = due(world, 500)
    runs, built = [], []
    for minute in range(3):
        world.clock.instant = CUTOFF + timedelta(minutes=2 + minute)
        runs.append(rush(world).share(waiting))
    while runs:
        for run in list(runs):
            item = next(run, None)
            if item is None:
                runs.remove(run)
                continue
            built.append(item.client_id)
            world.digests.cancel(item)
    assert sorted(built) == [each.client_id for each in waiting]


def test_a_run_ends_before_its_time_is_up() -> None:
    """What is left stays due."""
    world = World()
    built = []
    for item in rush(world, budget_seconds=100).share(due(world, 300)):
        world.clock.advance(1)
        built.append(item)
    assert len(built) == 100
