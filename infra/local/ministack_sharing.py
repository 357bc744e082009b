"""Start ministack with one change: its Lambda workers share one unpacked copy of a layer.

    .venv-emulator/bin/python -P infra/local/ministack_sharing.py

Run by the emulator's own interpreter, which has nothing of vigie. Left alone, ministack unpacks a layer again for
every worker, inside the process that answers everybody: 2,500 files, and eight first calls at once took 44 s instead
of 7. On Lambda a layer is read-only and workers cannot tell; nothing of ours writes into it here either.
"""

import hashlib
import importlib
import io
import os
import runpy
import sys
import tempfile
import threading
import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

LAYER_PREFIX = "layer_"  # of the zips that a worker's folder gets, beside code.zip


class SharedLayer:
    """What ministack sees of a layer's zip: unpacked once into ``shared``, linked from then on."""

    def __init__(self, path: str, shared: Path, alone: threading.Lock) -> None:
        self._path, self._shared, self._alone = Path(path), shared, alone

    def __enter__(self) -> "SharedLayer":
        """Nothing is opened before it is needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave what was unpacked where it is."""

    def namelist(self) -> Sequence[str]:
        """Return no member for ministack to check: ``extractall`` here writes where it says, or nowhere."""
        return ()

    def extractall(self, folder: str) -> None:
        """Link the layer's folders into ``folder``. Raises BadZipFile as a ZipFile would."""
        content = self._path.read_bytes()
        self._path.unlink()  # nobody reads it again, and every worker's folder would keep one
        unpacked = self._shared / hashlib.sha256(content).hexdigest()
        with self._alone:
            if not unpacked.exists():
                part = unpacked.with_suffix(".part")
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    archive.extractall(part)  # never above it: the standard library drops such parts of names
                part.rename(unpacked)
        for entry in unpacked.iterdir():
            (Path(folder) / entry.name).symlink_to(entry)


def sharing(shared: Path) -> SimpleNamespace:
    """Return what stands for the ``zipfile`` module where workers are made."""
    alone = threading.Lock()

    def opened(path: str) -> SharedLayer | zipfile.ZipFile:
        is_layer = os.path.basename(path).startswith(LAYER_PREFIX)  # noqa: PTH119 - a string as ministack gives it
        return SharedLayer(path, shared, alone) if is_layer else zipfile.ZipFile(path)

    return SimpleNamespace(ZipFile=opened, BadZipFile=zipfile.BadZipFile, LargeFileError=zipfile.LargeZipFile)


def main() -> None:
    """Put the change in place and become ministack."""
    # In the emulator's own temporary folder, which goes with it.
    shared = Path(tempfile.mkdtemp(prefix="layers-"))
    importlib.import_module("ministack.core.lambda_runtime").__dict__["zipfile"] = sharing(shared)
    sys.argv[:] = ["ministack"]
    runpy.run_module("ministack", run_name="__main__")


if __name__ == "__main__":
    main()
