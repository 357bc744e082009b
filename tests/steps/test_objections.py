"""The list of authors who object, as a worker knows it."""

from tests.fakes import World
from vigie.steps.objections import Objections


def test_an_objection_is_heard_within_ten_minutes() -> None:
    """And the list is read no more often than that."""
    world = World()
    known = Objections(store=world.objections, clock=world.clock)
    assert known() == frozenset()
    world.objections.add("sha256:a")
    world.clock.advance(599)
    assert known() == frozenset()
    world.clock.advance(1)
    assert known() == {"sha256:a"}
