"""Stacks that are pushed."""

from collections.abc import Iterator

import pytest

from tests.pipeline.pushed_stack import PushedStack
from tests.pipeline.stub_hub import StubHub, serving


@pytest.fixture
def stack() -> Iterator[PushedStack]:
    """Return a stack that follows a feed of twenty articles, and its hub."""
    hub = StubHub([(f"Titre {n}", f"http://courrier.test/{n}") for n in range(20)])
    with serving(hub):
        yield PushedStack(hub)


@pytest.fixture
def pushed(stack: PushedStack) -> PushedStack:
    """Return a stack whose feed has been pushed once."""
    stack.tick()
    stack.world.clock.advance(60)
    stack.hub.publish("Trois guichets ferment", "http://courrier.test/a")
    stack.deliver()
    stack.fetched()
    return stack
