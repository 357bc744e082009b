"""Contract of CollectorStore."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import CUTOFF
from vigie.domain.collected import Heard

HEARD = Heard(
    at=CUTOFF, since=CUTOFF - timedelta(days=2), source_ids=frozenset({"a-1", "b-2"}), shard_count=16
)


def test_what_was_heard_last_is_read_back_whole(stores: Any) -> None:
    """Nothing at first; then each word of it, with its list of sources, also when that is empty or has changed."""
    assert stores.collector.heard() is None
    for heard in (
        HEARD,
        replace(HEARD, at=CUTOFF + timedelta(minutes=5)),
        replace(HEARD, source_ids=frozenset({"c-3"})),
        replace(HEARD, source_ids=frozenset()),
        HEARD,
    ):
        stores.collector.keep(heard)
        assert stores.collector.heard() == heard
