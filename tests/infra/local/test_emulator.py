"""The emulated cloud starts, keeps its state, cleans up, and says in one sentence why it cannot start."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

from infra.local.emulator import HOST, INTERPRETER, ROOT, Emulator, free_port
from infra.local.trouble import CannotRun


def queues(cloud: Emulator) -> list[str]:
    """Names of the queues in the cloud."""
    environment = cloud.environment()
    sqs = boto3.client(
        "sqs",
        endpoint_url=cloud.endpoint_url,
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    if not sqs.list_queues().get("QueueUrls"):
        sqs.create_queue(QueueName="kept")
        return []
    return [url.rsplit("/", 1)[1] for url in sqs.list_queues()["QueueUrls"]]


def test_missing_environment_names_the_remedy(tmp_path: Path) -> None:
    """Without its environment the emulator is not started and `make setup` is named."""
    with pytest.raises(CannotRun, match="run `make setup` first"):
        Emulator(interpreter=tmp_path / "python").__enter__()


@pytest.mark.skipif(not INTERPRETER.exists(), reason="the emulator's environment is not installed")
def test_busy_port_is_named() -> None:
    """A port in use is refused with one sentence that names it and the way out."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotRun, match=rf"Port {port} on 127\.0\.0\.1 is taken .* PORT="):
            Emulator(port=port).__enter__()


@pytest.mark.emulator
def test_state_is_kept_and_nothing_else(tmp_path: Path) -> None:
    """What one run created the next one finds; temporary folders and process ids do not stay."""
    port = free_port()
    with Emulator(tmp_path, port=port) as cloud:
        first = queues(cloud)
    with Emulator(tmp_path, port=port) as cloud:
        second = queues(cloud)
    assert (first, second) == ([], ["kept"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["emulator.log", "run.lock", "state"]


@pytest.mark.emulator
def test_a_restart_goes_on_from_what_was_saved(tmp_path: Path) -> None:
    """Stopped gently and started again within one block, it answers at the same address and has what it had."""
    with Emulator(tmp_path, port=free_port()) as cloud:
        first = queues(cloud)
        cloud.restart()
        assert (first, queues(cloud)) == ([], ["kept"])


@pytest.mark.emulator
def test_second_emulator_of_a_home_is_refused(tmp_path: Path) -> None:
    """A home serves one run at a time, and the refusal leaves the first one working."""
    with Emulator(tmp_path, port=free_port()) as cloud:
        with pytest.raises(CannotRun, match=f"process {os.getpid()}"):
            Emulator(tmp_path, port=free_port()).__enter__()
        assert queues(cloud) == []


@pytest.mark.emulator
def test_emulator_of_a_killed_run_is_stopped_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that was killed leaves its emulator on the port; the next run stops it gently and keeps its state."""
    monkeypatch.setenv("COLUMNS", "40")  # a narrow terminal hides no process
    port = free_port()
    code = "import sys, time; from pathlib import Path; from infra.local.emulator import Emulator; "
    code += "Emulator(Path(sys.argv[1]), port=int(sys.argv[2])).__enter__(); print('up', flush=True); time.sleep(60)"
    killed = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), str(port)], cwd=ROOT, stdout=subprocess.PIPE
    )
    with killed:
        assert killed.stdout is not None
        killed.stdout.readline()
        first = queues(Emulator(tmp_path, port=port))
        killed.kill()
    with Emulator(tmp_path, port=port) as cloud:
        second = queues(cloud)
    assert (first, second) == ([], ["kept"])
