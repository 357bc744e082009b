"""The emulated cloud: ministack in a process group of its own, bound to loopback, stopped gently.

::

    with Emulator(port=0) as cloud:                        # a cloud of its own, gone afterwards
        client("sqs", **) with os.environ | cloud.environment()

    with Emulator(Path(".vigie")) as cloud: ...            # kept: the next one goes on from there

What it needs to know about ministack is here and nowhere else: its variables, its health page, that it
writes its state on a gentle stop only, that it leaves its workers' folders behind, and that host and port
are part of every queue's address and therefore never change between two runs.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

from infra.local.lock import RunLock
from infra.local.trouble import CannotRun

HOST = "127.0.0.1"
PORT = 4566
ACCOUNT = "111111111111"
REGION = "eu-west-3"
ROOT = Path(__file__).resolve().parents[2]
INTERPRETER = ROOT / ".venv-emulator" / "bin" / "python"
LAUNCHER = Path(__file__).with_name("ministack_sharing.py")

_START_SECONDS = 120.0  # 2 s on a quiet machine
_STOP_SECONDS = 120.0  # it writes its state on the way out: 3.6 s with 20,000 messages waiting, all quiet
_RELEASE_SECONDS = 10.0  # of a port, by a process that is gone
_PORTS = range(20_000, 32_000)
"""Where a free port is looked for: below those that systems hand out to whoever connects to something."""


class Emulator:
    """An emulated cloud for the time of a ``with`` block.

    ``home`` keeps its state from one block to the next (``state/``, ``s3/``, ``emulator.log``); without it
    everything is thrown away. ``port`` 0 takes a free one, which only suits a cloud without a home.
    ``worker_environment`` reaches every Lambda worker, which the template's variables alone would not allow.
    With ``enforces_iam`` each function may do what its role allows, and no more; the account's own key may do all.
    """

    def __init__(
        self,
        home: Path | None = None,
        *,
        port: int = PORT,
        worker_environment: Mapping[str, str] | None = None,
        warm_seconds: int = 20,
        enforces_iam: bool = False,
        interpreter: Path = INTERPRETER,
        launcher: Path = LAUNCHER,
    ) -> None:
        self._kept_home = home.resolve() if home else None
        self._worker_environment = dict(worker_environment or {})
        self._warm_seconds = warm_seconds
        self._enforces_iam = enforces_iam
        self._interpreter = interpreter
        self._launcher = launcher
        self._open = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._folders = Path(), Path()
        self.port = port

    @property
    def endpoint_url(self) -> str:
        """Where AWS clients connect."""
        return f"http://{HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        """Return the variables that make boto3 talk to this cloud and to no other."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": ACCOUNT,  # a key of twelve digits is the account it belongs to
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def __enter__(self) -> "Emulator":
        """Start and wait until it answers. Raises CannotRun with one sentence when it cannot."""
        if not self._interpreter.exists():
            raise CannotRun("The emulator's environment .venv-emulator is missing: run `make setup` first.")
        with ExitStack() as opening:
            home = self._open_home(opening)
            self._stop_leftover(home)
            self.port = free_port() if self.port == 0 else self.port
            check_port(self.port)
            temporary = Path(tempfile.mkdtemp(prefix="tmp-", dir=home))
            opening.callback(shutil.rmtree, temporary, ignore_errors=True)
            (home / "emulator.log").unlink(missing_ok=True)
            opening.callback((home / "emulator.pid").unlink, missing_ok=True)
            opening.callback(self._stop)
            self._start(home, temporary)
            self._folders = home, temporary
            self._open = opening.pop_all()
        return self

    def restart(self) -> None:
        """Stop gently in the middle of whatever is going on, and start again from what was saved. Needs a home."""
        self._stop()
        self._start(*self._folders)

    def _start(self, home: Path, temporary: Path) -> None:
        with (home / "emulator.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._interpreter), "-P", str(self._launcher)],
                env=self._own_environment(home, temporary),
                cwd=temporary,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # the terminal's Ctrl-C must not reach it: it stops last
            )
        (home / "emulator.pid").write_text(str(self._process.pid))
        self._wait_until_healthy(home / "emulator.log")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, saving the state when there is a home."""
        self._open.close()

    def _open_home(self, opening: ExitStack) -> Path:
        if self._kept_home is None:
            return Path(
                opening.enter_context(
                    tempfile.TemporaryDirectory(prefix="vigie-cloud-", ignore_cleanup_errors=True)
                )
            )
        self._kept_home.mkdir(parents=True, exist_ok=True)
        opening.enter_context(RunLock(self._kept_home / "run.lock", doing="A local run"))
        for old in self._kept_home.glob("tmp-*"):
            shutil.rmtree(old, ignore_errors=True)
        return self._kept_home

    def _own_environment(self, home: Path, temporary: Path) -> dict[str, str]:
        """Everything it and its workers see; nothing of the caller's AWS account or proxies gets in."""
        kept = self._kept_home is not None
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(temporary),
            "TMPDIR": str(temporary),
            "LANG": "C.UTF-8",
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": "localhost",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            "PERSIST_STATE": "1" if kept else "0",
            "STATE_DIR": str(home / "state"),
            "S3_PERSIST": "1" if kept else "0",
            "S3_DATA_DIR": str(home / "s3"),
            "LAMBDA_WARM_TTL_SECONDS": str(self._warm_seconds),
            "AUTH": "true" if self._enforces_iam else "false",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "AWS_EC2_METADATA_DISABLED": "true",
            **self._worker_environment,
        }

    def _wait_until_healthy(self, log: Path) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise CannotRun(f"The emulator stopped at once: {_last_line(log)}")
            if _is_healthy(self.endpoint_url):
                return
            time.sleep(0.05)
        raise CannotRun(f"The emulator did not answer within {_START_SECONDS:.0f} s: {_last_line(log)}")

    def _stop(self) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                print("The emulator did not stop in time; its last changes are lost.", file=sys.stderr)
        _end_group(self._process.pid)
        self._process.wait()
        self._process = None

    def _stop_leftover(self, home: Path) -> None:
        """Stop, gently, the emulator of a run that was killed: it holds the port and unsaved state."""
        try:
            pid = int((home / "emulator.pid").read_text())
        except (OSError, ValueError):
            return
        if not _is_ministack(pid):
            return
        deadline = time.monotonic() + _STOP_SECONDS
        while _is_ministack(pid) and time.monotonic() < deadline:
            with suppress(ProcessLookupError):  # it may go between the question and the signal
                os.kill(pid, signal.SIGTERM)
            time.sleep(0.5)
        if _is_ministack(pid):
            _end_group(pid)
        _wait_until_free(self.port)


def free_port(in_a_row: int = 1) -> int:
    """Return a port nobody listens on, as are the next ones; no outgoing connection is given one of them."""
    for _ in range(100):
        port = random.choice(_PORTS)  # noqa: S311 - two runs at once must not try the same ones, no more
        if all(_is_free(port + further) for further in range(in_a_row)):
            return port
    raise CannotRun(
        f"No port of {HOST} between {_PORTS.start} and {_PORTS.stop} is free: stop what holds them."
    )


def check_port(port: int) -> None:
    """Raise CannotRun when another program listens on this port."""
    if not _is_free(port):
        raise CannotRun(
            f"Port {port} on {HOST} is taken by another program: stop it, or choose another with PORT=…"
        )


def _wait_until_free(port: int) -> None:
    """Wait for a process that has ended to let go of its port: it loses its name a moment before its sockets."""
    deadline = time.monotonic() + _RELEASE_SECONDS
    while not _is_free(port) and time.monotonic() < deadline:
        time.sleep(0.05)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _is_healthy(endpoint_url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{endpoint_url}/_ministack/health", timeout=10) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _is_ministack(pid: int) -> bool:
    """Whether that process is (still) an emulator: ids are reused, so its command line decides."""
    seen = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],  # whole: a terminal's width cut the name off
        capture_output=True,
        text=True,
        check=False,
    )
    return "ministack" in seen.stdout


def _end_group(pid: int) -> None:
    """End what is left of a process group that this module started: workers outlive the emulator a little."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else f"its log {log} is empty"
