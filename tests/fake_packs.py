# ruff: noqa: D102 - the step says what each method does
"""Who follows which packs, in memory."""

from collections.abc import Callable

from tests.journal import Journal
from vigie.domain.packs.following import Brought, Following


class FakePacks:
    """Followings, and what they brought."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._kept: dict[tuple[str, str], Following] = {}
        self._version = 0
        self._brought = Brought()

    def followings(self, client_id: str) -> list[Following]:
        return [each for each in self.all_followings() if each.client_id == client_id]

    def all_followings(self) -> list[Following]:
        return [self._kept[key] for key in sorted(self._kept)]

    def change(
        self, client_id: str, pack: str, decide: Callable[[Following | None], Following | None]
    ) -> Following | None:
        key = (client_id, pack)
        after = decide(self._kept.get(key))
        if after != self._kept.get(key):
            with self._journal.write("packs.change"):
                self._version += 1
                if after is None:
                    del self._kept[key]
                else:
                    self._kept[key] = after
        return after

    def version(self) -> int:
        return self._version

    def brought(self) -> Brought:
        return self._brought

    def keep_brought(self, brought: Brought) -> None:
        with self._journal.write("packs.keep_brought"):
            self._brought = brought
