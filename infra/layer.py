"""Build the layer: everything a function imports, for this machine or for AWS.

    python -m infra.layer --target local           # this interpreter; what the emulator's workers import
    python -m infra.layer --target aws             # arm64, Python 3.13, from wheels; what template.yaml names

Each build leaves ``build/layer/<target>/python`` (to look at, and to import from) and ``build/layer/<target>.zip``
(to deploy). Third parties are installed again only when the lock files, this file or the interpreter changed; a
change in ``shared/vigie`` costs a copy. The same inputs give the same zip, byte for byte, so an unchanged layer is
no new version.

The layer carries its bytecode: a Lambda's layer is read-only, so without it every cold start compiles everything.
"""

import argparse
import fcntl
import hashlib
import platform
import shutil
import subprocess
import sys
import sysconfig
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "layer"
LOCKS = (ROOT / "requirements" / "layer.txt", ROOT / "requirements" / "layer-no-deps.txt")

Target = Literal["local", "aws"]
AWS_PYTHON = (3, 13)
LIMIT_BYTES = 100_000_000  # ours; Lambda's own is 250 MB, functions included

# -- what is left out ---------------------------------------------------------------------------------------

SERVICES = frozenset(
    {"bedrock-runtime", "comprehend", "dynamodb", "lambda", "s3", "sesv2", "sns", "sqs", "ssm", "sts"}
)
"""Services vigie calls: botocore's descriptions of the other 400 weigh 100 MB."""

CHALICE_RUN_TIME = frozenset({"__init__.py", "app.py"})
"""What Chalice's own packager ships; the rest of it packages and deploys."""

POWERTOOLS_RUN_TIME = frozenset(
    {"__init__.py", "batch", "data_classes", "jmespath_utils", "serialization.py", "typing"}
)
"""Utilities of powertools that handlers use, and what those import; the others are half of its 700 files."""

DROPPED_FOLDERS = frozenset({"__pycache__", "bin", "examples", "includes", "isoschematron", "test", "tests"})
"""Bytecode with time stamps, scripts that name this machine, lxml's C headers and Schematron, tests."""

DROPPED_SUFFIXES = frozenset({".c", ".h", ".hash", ".pxd", ".pxi", ".pyi", ".pyx"})
"""Sources of compiled modules, and types: nothing at run time reads them."""

DROPPED_RECORDS = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
"""What an installer notes for itself. Names, versions and licences stay."""


class LayerError(Exception):
    """The layer cannot be built, or is not what its target needs."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A built layer: ``python`` is what goes on the path, ``zip_path`` what is deployed."""

    target: Target
    python: Path
    zip_path: Path

    @property
    def size_bytes(self) -> int:
        """Size unzipped."""
        return sum(file.stat().st_size for file in _files(self.python))


def build(target: Target, out: Path = BUILD) -> Layer:
    """Build or refresh the layer of ``target`` under ``out``. Raises LayerError when it would not run there."""
    folder = out / target
    layer = Layer(target, folder / "python", out / f"{target}.zip")
    with _alone(out):
        fingerprint = _fingerprint(target)
        marker = folder / "third-party.sha256"
        if not marker.exists() or marker.read_text() != fingerprint:
            _say(f"layer for {target}: installing third parties (once per lock file)")
            shutil.rmtree(folder, ignore_errors=True)
            _install(target, layer.python)
            _prune(layer.python)
            _compile(target, layer.python, folder)
            pack(layer.python, folder, folder / "third-party.zip")
            marker.write_text(fingerprint)
        _add_vigie(layer, folder / "third-party.zip")
    if target == "aws" and (problems := check_for_aws(layer)):
        raise LayerError("\n".join(problems))
    return layer


def check_for_aws(layer: Layer) -> list[str]:
    """Return what would keep the layer from running on arm64 and Python 3.13, in words; empty when nothing would.

    Reads compiled modules' ELF headers (``e_machine``, ELF specification) and wheels' tags (PEP 425).
    """
    problems = [
        f"{file.relative_to(layer.python)}: {reason}"
        for file in _files(layer.python)
        if (reason := _foreign(file)) is not None
    ]
    if layer.size_bytes > LIMIT_BYTES:
        problems.append(f"{layer.size_bytes:,} bytes unzipped; the limit is {LIMIT_BYTES:,}")
    return problems


def import_alone(layer: Layer, function: Path) -> str | None:
    """Import a function's ``app`` with nothing but the layer and the standard library; return the error, if any."""
    code = f"import sys; sys.path[:0] = [{str(function)!r}, {str(layer.python)!r}]; import app"
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", code], env={}, capture_output=True, text=True, check=False
    )
    return run.stderr.strip() if run.returncode else None


# -- third parties --------------------------------------------------------------------------------------------


def _install(target: Target, python: Path) -> None:
    options = ["--no-deps", "--no-compile", "--require-hashes", "--target", str(python)]
    for lock in LOCKS:
        options += ["-r", str(lock)]
    if target == "aws":
        # Lambda's Python 3.13 runs on Amazon Linux 2023: glibc 2.34, and any older.
        for minor in range(17, 35):
            options += ["--platform", f"manylinux_2_{minor}_aarch64"]
        options += [
            "--platform",
            "manylinux2014_aarch64",
            "--python-version",
            "3.13",
            "--implementation",
            "cp",
        ]
        options += ["--abi", "cp313", "--abi", "abi3", "--abi", "none", "--only-binary=:all:"]
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    run = subprocess.run([*pip, *options], capture_output=True, text=True, check=False)
    if run.returncode:
        raise LayerError(f"pip could not install the layer's packages:\n{run.stderr.strip()}")


def _prune(python: Path) -> None:
    for data in (python / "botocore" / "data", python / "boto3" / "data"):
        for folder in data.iterdir():
            if folder.is_dir() and folder.name not in SERVICES:
                shutil.rmtree(folder)
    for path in (python / "chalice").iterdir():
        if path.name not in CHALICE_RUN_TIME:
            _remove(path)
    for path in (python / "aws_lambda_powertools" / "utilities").iterdir():
        if path.name not in POWERTOOLS_RUN_TIME:
            _remove(path)
    for path in sorted(python.rglob("*"), reverse=True):  # what is inside a folder comes before it
        noted = path.parent.suffix == ".dist-info" and path.name in DROPPED_RECORDS
        if noted or (path.name in DROPPED_FOLDERS if path.is_dir() else path.suffix in DROPPED_SUFFIXES):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _compile(target: Target, folder: Path, base: Path) -> None:
    """Write bytecode that no time stamp can outdate. Without the target's Python, leave it out and say so."""
    interpreter = _interpreter(target)
    if interpreter is None:
        _say("layer for aws: no python3.13 here, so without bytecode; cold starts will be slower")
        return
    options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    if target == "aws":  # where the layer will be: tracebacks there find their lines
        options += ["-s", str(base), "-p", "/opt"]
    run = subprocess.run(
        [interpreter, "-I", "-m", "compileall", *options, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise LayerError(f"compileall failed in {folder}:\n{run.stdout.strip()}{run.stderr.strip()}")


def _interpreter(target: Target) -> str | None:
    if target == "local" or sys.version_info[:2] == AWS_PYTHON:
        return sys.executable
    found = shutil.which("python3.13")
    # A version manager's shim exists for versions that are not switched on.
    works = found and not subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode
    return found if works else None


def _fingerprint(target: Target) -> str:
    facts = [target, "with bytecode" if _interpreter(target) else "without"]
    if target == "local":
        facts += [sys.version, platform.machine(), str(sysconfig.get_config_var("EXT_SUFFIX"))]
    digest = hashlib.sha256(repr(facts).encode())
    for file in (*LOCKS, Path(__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


# -- vigie --------------------------------------------------------------------------------------------------


def _add_vigie(layer: Layer, third_parties: Path) -> None:
    """Bring vigie up to date; what has not changed is not touched, because somebody may be importing it."""
    source = ROOT / "shared" / "vigie"
    marker = layer.python.parent / "vigie.sha256"
    fingerprint = _content(source)
    if layer.zip_path.exists() and marker.exists() and marker.read_text() == fingerprint:
        return
    marker.unlink(missing_ok=True)
    vigie = layer.python / "vigie"
    shutil.rmtree(vigie, ignore_errors=True)
    shutil.copytree(source, vigie, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*"))
    _compile(layer.target, vigie, layer.python.parent)
    fresh = layer.zip_path.with_suffix(".part")
    shutil.copyfile(third_parties, fresh)
    pack(vigie, layer.python.parent, fresh, mode="a")
    fresh.replace(layer.zip_path)
    marker.write_text(fingerprint)


def _content(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in _files(folder):
        if file.suffix != ".pyc":
            digest.update(f"{file.relative_to(folder)}:{file.stat().st_size}:".encode() + file.read_bytes())
    return digest.hexdigest()


# -- files --------------------------------------------------------------------------------------------------


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.rglob("*") if path.is_file()))


def pack(folder: Path, base: Path, zip_path: Path, mode: Literal["w", "a"] = "w") -> None:
    """Write (or add) the files of ``folder`` to a zip, named from ``base``: in order, and without their dates."""
    with zipfile.ZipFile(zip_path, mode) as archive:
        for file in _files(folder):
            item = zipfile.ZipInfo(file.relative_to(base).as_posix())  # its date: 1980, always
            item.create_system = 3
            item.external_attr = (0o755 if ".so" in file.suffixes else 0o644) << 16
            archive.writestr(item, file.read_bytes(), zipfile.ZIP_DEFLATED)


def _foreign(file: Path) -> str | None:
    """Say why a file cannot run on arm64 and Python 3.13, or None."""
    if file.name == "WHEEL" and file.parent.suffix == ".dist-info":
        tags = [
            line.removeprefix("Tag: ") for line in file.read_text().splitlines() if line.startswith("Tag: ")
        ]
        return None if any(_runs(tag) for tag in tags) else f"built for {', '.join(tags)}"
    if ".so" not in file.suffixes:
        return None
    header = file.read_bytes()[:20]
    if header[:5] != b"\x7fELF\x02" or int.from_bytes(header[18:20], "little") != 183:
        return "not a 64-bit ARM ELF"
    own_library = file.parent.suffix == ".libs"
    return (
        None
        if own_library or ".cpython-313-" in file.name or ".abi3." in file.name
        else "not for CPython 3.13"
    )


def _runs(tag: str) -> bool:
    python, abi, machine = tag.split("-")
    if machine == "any":
        return abi == "none" and "py3" in python
    return machine.endswith("_aarch64") and (python == abi == "cp313" or abi == "abi3")


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the folder while building: two builds at once would mix."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build from the command line; the zip's path on standard output."""
    parser = argparse.ArgumentParser(prog="python -m infra.layer", description="Build the layer.")
    parser.add_argument("--target", choices=("local", "aws"), required=True)
    parser.add_argument("--out", type=Path, default=BUILD)
    chosen = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        layer = build(chosen.target, chosen.out.resolve())
    except LayerError as error:
        _say(str(error))
        return 1
    seconds = time.monotonic() - started
    zipped = layer.zip_path.stat().st_size
    _say(
        f"layer for {layer.target}: {layer.size_bytes / 1e6:.1f} MB, {zipped / 1e6:.1f} zipped, {seconds:.1f} s"
    )
    print(layer.zip_path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
