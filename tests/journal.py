"""Dying between two writes: every fake writes through one journal, which can stop the world at a given write."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any, Literal


class Crash(BaseException):
    """The worker dies here. Not an Exception: no code under test may survive it."""


class Journal:
    """The writes of one world, in order, by name ("sources.commit").

    A write is atomic: inside ``with journal.write(name):`` nobody else writes, and either all of it counts or,
    after ``interrupt(before=n)``, none. Conditions are checked inside, as a database does.
    """

    def __init__(self) -> None:
        self.writes: list[str] = []
        self._lock = RLock()
        self._at: int | None = None
        self._when: Literal["before", "after"] = "before"
        self._error: BaseException = Crash()

    def interrupt(
        self, *, before: int | None = None, after: int | None = None, error: BaseException | None = None
    ) -> None:
        """Raise ``error`` (a Crash) once, instead of the n-th write from now or right after it; 1 is the next."""
        number = before if before is not None else after
        self._at = None if number is None else len(self.writes) + number
        self._when = "before" if before is not None else "after"
        self._error = error or Crash()

    @property
    def armed(self) -> bool:
        """Whether an interruption is still to come: false once it happened."""
        return self._at is not None

    @contextmanager
    def write(self, name: str) -> Iterator[None]:
        """Do one atomic write."""
        with self._lock:
            due = self._at == len(self.writes) + 1
            if due and self._when == "before":
                self._at = None
                raise self._error
            yield
            self.writes.append(name)
            if due:
                self._at = None
                raise self._error

    def __deepcopy__(self, memo: dict[int, Any]) -> "Journal":
        copied = Journal()
        copied.writes = list(self.writes)
        copied._at, copied._when, copied._error = self._at, self._when, self._error
        memo[id(self)] = copied
        return copied
