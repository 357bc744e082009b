"""The emulator's workers share one unpacked copy of a layer."""

import zipfile
from pathlib import Path

import pytest

from infra.local.ministack_sharing import sharing


def zipped(path: Path, **files: str) -> Path:
    """Write a zip with these files of its folder ``python``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"python/{name}.py", content)
    return path


def test_a_layer_is_unpacked_once(tmp_path: Path) -> None:
    """Two workers of one layer read the same files; another layer's worker reads others."""
    stands_for, folders = sharing(tmp_path / "shared"), []
    for worker, content in (("a", "one"), ("b", "one"), ("c", "two")):
        folder = tmp_path / worker / "layer_0"
        folder.mkdir(parents=True)
        with stands_for.ZipFile(str(zipped(tmp_path / worker / "layer_0.zip", room=content))) as layer:
            assert not layer.namelist()
            layer.extractall(str(folder))
        folders.append(folder)
    assert [(folder / "python" / "room.py").read_text() for folder in folders] == ["one", "one", "two"]
    first, second, third = ((folder / "python").resolve() for folder in folders)
    assert first == second != third


def test_a_function_s_own_code_is_unpacked_as_ever(tmp_path: Path) -> None:
    """Only layers are shared: a worker may write beside its code."""
    with sharing(tmp_path / "shared").ZipFile(str(zipped(tmp_path / "code.zip", app="x = 1"))) as code:
        code.extractall(str(tmp_path / "code"))
    assert not (tmp_path / "code" / "python").is_symlink()


def test_a_layer_that_is_no_zip_is_told_as_ever(tmp_path: Path) -> None:
    """What ministack catches of a broken zip is what it gets, and nothing half unpacked is shared afterwards."""
    stands_for = sharing(tmp_path / "shared")
    for _ in range(2):
        (tmp_path / "layer_0.zip").write_text("no zip")
        with pytest.raises(stands_for.BadZipFile), stands_for.ZipFile(str(tmp_path / "layer_0.zip")) as layer:
            layer.extractall(str(tmp_path))
