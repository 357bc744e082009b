"""Two local runs cannot share one home."""

import os
from pathlib import Path

import pytest

from infra.local.lock import RunLock
from infra.local.trouble import CannotRun


def test_second_holder_is_told_who_has_the_lock(tmp_path: Path) -> None:
    """A second run is refused with one sentence that names the process of the first."""
    first, second = (RunLock(tmp_path / "run.lock", doing="A local run") for _ in range(2))
    with first, pytest.raises(CannotRun) as refusal:
        second.__enter__()
    assert str(refusal.value) == (
        f"A local run is already going on (process {os.getpid()}): stop it with Ctrl-C first."
    )


def test_lock_is_free_again_after_its_holder(tmp_path: Path) -> None:
    """A lock given back is taken anew, whatever its file still says."""
    with RunLock(tmp_path / "run.lock"):
        pass
    with RunLock(tmp_path / "run.lock"):
        held = (tmp_path / "run.lock").read_text()
    assert held == str(os.getpid())


def test_file_left_by_a_dead_process_stops_nobody(tmp_path: Path) -> None:
    """A lock file left after a crash does not keep the next run from starting."""
    (tmp_path / "run.lock").write_text("999999999")
    with RunLock(tmp_path / "run.lock"):
        held = (tmp_path / "run.lock").read_text()
    assert held == str(os.getpid())
