"""One local run at a time: a lock file that dies with its process."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import IO

from infra.local.trouble import CannotRun


class RunLock:
    """Holds ``path`` while open and keeps this process's id in it.

    The kernel holds the lock, not the file: after a crash nothing is left to clean up by hand.
    """

    def __init__(self, path: Path, doing: str = "A local run") -> None:
        self._path = path
        self._doing = doing
        self._file: IO[str] | None = None

    def __enter__(self) -> "RunLock":
        """Take the lock. Raises CannotRun naming the process that has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise CannotRun(
                f"{self._doing} is already going on (process {holder}): stop it with Ctrl-C first."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back. The file stays: removing it would let two processes lock two files."""
        if self._file:
            self._file.close()
            self._file = None
