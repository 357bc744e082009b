"""Stub platforms for a test, whose every exchange is held against the platforms' contracts."""

from collections.abc import Iterator

import pytest

from infra.local.platforms import Content, Platforms, start
from tests.adapters.platforms.contracts import check


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    """Serve empty platforms; what was asked and answered must be what their contracts say."""
    running = start(Content())
    yield running
    running.stop()
    for exchange in running.exchanges:
        check(exchange)
