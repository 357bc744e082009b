"""The local run whole: the real template, schedules, queues and workers, over three passes.

One stack serves for all of it, because starting one costs half a minute: workers are killed in the middle of the
first pass, the second finds nothing new, the third exactly what was added.
"""

import io
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import urlopen

import pytest
from rich.console import Console

from infra.local import passes
from infra.local.emulator import free_port
from infra.local.options import Options
from infra.local.stack import LocalStack, open_stack
from tests.conftest import AWS_CLIENTS
from vigie import wiring
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest

VISIBLE_AGAIN_SECONDS = (
    20  # instead of minutes, and longer than a living worker takes on a machine with other work
)
FEEDS, ITEMS = 3, 40
ALL_OF_IT = FEEDS * ITEMS
ITEM = """<item><title>Le phare {n} de {name}</title><link>https://{name}.example/{n}</link>
<description>Texte numéro {n} de {name}, écrit pour la capitainerie et relu deux fois par le gardien du port,
qui le juge assez long pour être comparé à ceux des autres journaux.</description></item>"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for a local run of its own, and leave this process's environment as it was."""
    (tmp_path / "feeds").mkdir()
    for number in range(FEEDS):
        write_feed(tmp_path / "feeds", number, ITEMS)
    before = dict(os.environ)
    _forget_clients()
    yield tmp_path
    os.environ.clear()
    os.environ.update(before)
    _forget_clients()


def write_feed(folder: Path, number: int, items: int) -> None:
    """Write a newspaper's feed of so many items."""
    entries = "".join(ITEM.format(n=n, name=f"journal-{number}") for n in range(items))
    text = f'<rss version="2.0"><channel><title>Journal {number}</title>{entries}</channel></rss>'
    (folder / f"journal-{number}.xml").write_text(text, "utf-8")


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


def _told(stack: LocalStack) -> tuple[int, int, int]:
    """Return how many documents, mentions and mails there are so far."""
    now = datetime.now(UTC)
    mentions = wiring.desk().mentions.recorded_in("ma-veille", Interval(now - timedelta(days=1), now))
    return wiring.sources().odometer().fetched, len(mentions), len(stack.mailbox.kept())


@pytest.mark.emulator
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds workers through /proc")
def test_three_passes_tell_each_thing_once_whoever_is_killed(home: Path) -> None:
    """All that is there, then nothing, then the one item added; killed workers lose and double nothing."""
    options = Options(once=True, feeds=home / "feeds", watch="phare", port=free_port(in_a_row=2))
    killed: list[int] = []
    all_of_it = ALL_OF_IT
    with open_stack(options, home / "home", Console(file=io.StringIO())) as stack:
        _shorten_redelivery(stack)
        killer = threading.Thread(target=_kill_twice, args=(stack, killed))
        killer.start()
        assert passes.one_pass(stack)
        killer.join()
        first = wiring.desk().digest(stack.clients[-1], "latest")
        told = _told(stack)
        clients = len(stack.clients)
        assert killed
        assert told == (all_of_it, all_of_it, clients)
        assert first.totals.retained == first.ledger.matched == first.ledger.seen == all_of_it
        assert first.check() == []
        _read_on_the_web(stack, first)

        answers = stack.newsstand.answers()
        assert passes.one_pass(stack)
        assert _told(stack) == told
        assert stack.newsstand.answers()[200] == answers[200] == FEEDS
        assert stack.newsstand.answers()[304] >= FEEDS

        write_feed(home / "feeds", 0, ITEMS + 1)
        assert passes.one_pass(stack)
        assert _told(stack) == (all_of_it + 1, all_of_it + 1, clients + 1)
        assert stack.newsstand.answers()[200] == FEEDS + 1


def _read_on_the_web(stack: LocalStack, digest: Digest) -> None:
    """Follow the printed link through the emulated gateway, then the page's own links; a wrong one leads nowhere."""
    links = wiring.digest_links(digest.client_id, digest.digest_id, _reader(stack), digest.built_at)
    assert links is not None
    html, headers = _open(links.page)
    assert f"{ALL_OF_IT} retombées" in html
    assert headers["Referrer-Policy"] == "no-referrer"
    (style,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    assert _open(urljoin(links.page, style))[1]["Content-Type"].startswith("text/css")
    assert "Le phare 7 de journal-1" in _open(f"{links.page}/search?q=PHARE+7+journal-1")[0]
    with pytest.raises(HTTPError, match="404"):
        _open(f"{links.page}x")
    story = digest.subjects[0].stories[0].story_id
    assert "Noté" in _open(links.act(story, "irrelevant"), "reason=essai")[0]
    weekdays = "frequency=weekdays&send_at=06:45&zone=Europe/Paris"
    assert "Enregistré" in _open(links.preferences, weekdays)[0]
    assert "Revenir au rythme" in _open(links.preferences)[0]
    _open(links.preferences, "reset=1")


def _open(url: str, form: str | None = None) -> tuple[str, Message]:
    """Open an address, or post a form to it and read the page it leads to."""
    with urlopen(url, form.encode() if form else None) as reply:  # noqa: S310 - this machine's own gateway
        return reply.read().decode(), reply.headers


def _reader(stack: LocalStack) -> str:
    return stack.clients[-1].recipients[0].email


def _shorten_redelivery(stack: LocalStack) -> None:
    for output in passes.QUEUES.values():
        stack.cloud.client("sqs").set_queue_attributes(
            QueueUrl=stack.deployment.outputs[output],
            Attributes={"VisibilityTimeout": str(VISIBLE_AGAIN_SECONDS)},
        )
