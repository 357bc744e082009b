# ruff: noqa: D102 - the step says what each method does
"""What a stack heard of its collector, in memory."""

from tests.journal import Journal
from vigie.domain.collected import Heard


class FakeCollector:
    """What was heard last."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._heard: Heard | None = None

    def heard(self) -> Heard | None:
        return self._heard

    def keep(self, heard: Heard) -> None:
        with self._journal.write("collector.keep"):
            self._heard = heard
