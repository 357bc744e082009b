"""Zips of code are the same for the same files, so that unchanged functions stay as they are."""

import io
import os
import zipfile
from pathlib import Path

from infra.local.package import package


def folder_with(root: Path, files: dict[str, str]) -> Path:
    """Write ``files`` under ``root``."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_same_files_same_bytes(tmp_path: Path) -> None:
    """Neither dates, nor the order of writing, nor compiled files change the zip or its key."""
    one = folder_with(tmp_path / "one", {"app.py": "x = 1", "data/a.json": "{}"})
    two = folder_with(
        tmp_path / "two", {"data/a.json": "{}", "app.py": "x = 1", "__pycache__/app.cpython-311.pyc": "?"}
    )
    os.utime(two / "app.py", (0, 0))
    assert package(one, "match") == package(two, "match")


def test_another_file_another_key(tmp_path: Path) -> None:
    """A changed line changes the key, which is what makes the deployment replace the code."""
    one = package(folder_with(tmp_path / "one", {"app.py": "x = 1"}), "match")
    two = package(folder_with(tmp_path / "two", {"app.py": "x = 2"}), "match")
    assert one.key != two.key
    with zipfile.ZipFile(io.BytesIO(two.content)) as archive:
        assert archive.read("app.py") == b"x = 2"
