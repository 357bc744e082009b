"""Workers of the emulated cloud killed in the middle of a pass: SQS brings back what they held."""

import io
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from infra.local import passes
from infra.local.options import Options
from infra.local.stack import LocalStack, open_stack
from tests.conftest import AWS_CLIENTS
from tests.ports import two_free_ports
from vigie import wiring

VISIBLE_AGAIN_SECONDS = 5  # instead of the minutes that protect a slow worker: this test knows they are dead
FEEDS, ITEMS = 4, 60
ITEM = """<item><title>Le phare {n} de {name}</title><link>https://{name}.example/{n}</link>
<description>Texte numéro {n} de {name}, écrit pour la capitainerie et relu deux fois par le gardien du port,
qui le juge assez long pour être comparé à ceux des autres journaux.</description></item>"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder for a local run of its own, and leave this process's environment as it was."""
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    for number in range(FEEDS):
        items = "".join(ITEM.format(n=n, name=f"journal-{number}") for n in range(ITEMS))
        text = f'<rss version="2.0"><channel><title>Journal {number}</title>{items}</channel></rss>'
        (feeds / f"journal-{number}.xml").write_text(text, "utf-8")
    before = dict(os.environ)
    _forget_clients()
    yield tmp_path
    os.environ.clear()
    os.environ.update(before)
    _forget_clients()


def _forget_clients() -> None:
    for client in AWS_CLIENTS:
        client.cache_clear()
    for value in vars(wiring).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def _workers(stack: LocalStack) -> list[int]:
    """Return the process ids of the emulator's Lambda workers that run from this run's folder."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                command = (process / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue  # ended meanwhile
            if "ministack-lambda" in command and str(stack.home) in command:
                found.append(int(process.name))
    return found


def _kill_twice(stack: LocalStack, killed: list[int]) -> None:
    """Once documents wait to be matched, kill every worker; once again when new ones have taken over."""
    for _ in range(2):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            waiting = passes.waiting(stack)
            if not waiting["shards"] and any(waiting[queue] for queue in ("fetched", "matched", "grouped")):
                break
            time.sleep(0.05)
        for worker in _workers(stack):
            try:
                os.kill(worker, signal.SIGKILL)
            except ProcessLookupError:
                continue
            killed.append(worker)
        time.sleep(1)


@pytest.mark.emulator
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds workers through /proc")
def test_killed_workers_lose_and_double_nothing(home: Path) -> None:
    """Every document is recorded once, the ledger adds up, each client has one mail."""
    options = Options(once=True, feeds=home / "feeds", watch="phare", port=two_free_ports())
    killed: list[int] = []
    with open_stack(options, home / "home", Console(file=io.StringIO())) as stack:
        sqs = stack.cloud.client("sqs")
        for output in passes.QUEUES.values():
            url = stack.deployment.outputs[output]
            sqs.set_queue_attributes(
                QueueUrl=url, Attributes={"VisibilityTimeout": str(VISIBLE_AGAIN_SECONDS)}
            )
        killer = threading.Thread(target=_kill_twice, args=(stack, killed))
        killer.start()
        served = passes.one_pass(stack)
        killer.join()
        desk, client = wiring.desk(), wiring.accounts().client("ma-veille")
        assert client is not None
        digest = desk.digest(client, "latest")
        mails = stack.mailbox.kept()
    assert killed
    assert served
    assert digest.totals.retained == digest.ledger.matched == digest.ledger.seen == FEEDS * ITEMS
    assert digest.check() == []
    assert len(mails) == len({mail.to for mail in mails})
