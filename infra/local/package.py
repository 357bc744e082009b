"""What Lambda runs, zipped: the same files give the same bytes, so unchanged code is not deployed again."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say


@dataclass(frozen=True, slots=True)
class Package:
    """A zip and the key it is stored under, which names its content."""

    key: str
    content: bytes

    @classmethod
    def of(cls, content: bytes, name: str) -> "Package":
        """Return ``content`` under a key made of ``name`` and its hash."""
        return cls(f"{name}-{hashlib.sha256(content).hexdigest()[:16]}.zip", content)


def package(folder: Path, name: str) -> Package:
    """Return ``folder`` zipped, without what the interpreter leaves behind."""
    buffer = io.BytesIO()
    # Stored, not deflated: it never leaves this machine, and every cold worker unpacks it.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in _files(folder):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return Package.of(buffer.getvalue(), name)


def _files(folder: Path) -> Iterator[Path]:
    return (
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    )
