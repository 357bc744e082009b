"""The journal every fake writes through: crash tests lean on it, so it is tested itself."""

import copy

import pytest

from tests.builders import CUTOFF, a_client, a_source, a_watch
from tests.fakes import World
from tests.journal import Crash
from vigie.errors import Transient


def test_a_crash_before_a_write_leaves_nothing_of_it() -> None:
    """The second write from now is not done, the first is, and the third goes on as if nothing was."""
    world = World()
    world.journal.interrupt(before=2)
    world.accounts.put_client(a_client())
    with pytest.raises(Crash):
        world.accounts.put_watch(a_watch())
    world.accounts.put_watch(a_watch("sector"))
    assert world.accounts.all_watches() == [a_watch("sector")]
    assert world.journal.writes == ["accounts.put_client", "accounts.put_watch"]
    assert not world.journal.armed


def test_a_crash_after_a_write_leaves_it_done() -> None:
    """Its caller never learns that it was."""
    world = World()
    world.journal.interrupt(after=1)
    with pytest.raises(Crash):
        world.accounts.put_watch(a_watch())
    assert world.accounts.all_watches() == [a_watch()]


def test_no_code_under_test_survives_a_crash() -> None:
    """A crash passes through ``except Exception``; an error that is asked for does not have to."""
    assert not issubclass(Crash, Exception)
    world = World()
    world.journal.interrupt(before=1, error=Transient("throttled"))
    with pytest.raises(Transient):
        world.accounts.put_watch(a_watch())


def test_a_copied_world_lives_on_its_own() -> None:
    """What happens in the copy, a crash included, does not happen in the original."""
    world = World()
    world.sources.put_sources([a_source()], 1)
    world.journal.interrupt(before=1)
    twin = copy.deepcopy(world)
    with pytest.raises(Crash):
        twin.sources.acquire("0000", "worker", CUTOFF, 60)
    twin.accounts.put_client(a_client())
    assert twin.journal is twin.accounts._journal
    assert (world.journal.armed, twin.journal.armed) == (True, False)
    assert (world.accounts.clients(), twin.accounts.clients()) == ([], [a_client()])
    assert twin.sources.sources() == [a_source()]
