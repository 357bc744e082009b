"""The list of authors who object, as a worker knows it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from vigie.ports import Clock, ObjectionStore

_KNOWN_FOR = timedelta(minutes=10)


@dataclass(slots=True, kw_only=True)
class Objections:
    """Hashes of the names in the list, read again after ten minutes: whoever objects is heard by then."""

    store: ObjectionStore
    clock: Clock
    _known: frozenset[str] = frozenset()
    _until: datetime | None = field(default=None)

    def __call__(self) -> frozenset[str]:
        """Return the list. Raises Transient when it cannot be read: nothing is recorded meanwhile."""
        now = self.clock()
        if self._until is None or now >= self._until:
            self._known, self._until = self.store.objected(), now + _KNOWN_FOR
        return self._known
