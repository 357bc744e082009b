"""A burst, then a stream, through the whole deployed pipeline on this machine: what is lost, and how late.

Feeds of a folder are served on loopback and polled by the deployed functions on their own schedule; one document in
ten holds the word that a client watches. First every feed is full at once; then documents come so many a second, and
with ``--kill`` a worker is killed every twenty seconds. At the end every document that holds the word must be a
mention, once, and the digest's ledger must add up to what was published. Latency is from the item's publication to
the mention's record: the poll's own minute is in it. With ``--faults`` requests are throttled and batches half done
(``ministack_faults``), and the whole cloud stops gently at half of the stream and starts again. A burst of 100,000
and ten minutes of 20 a second::

    python -m benchmarks.load --documents 100000 --seconds 600 --kill --faults
"""

import argparse
import io
import json
import os
import random
import re
import signal
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from rich.console import Console

from infra.local import passes
from infra.local.drain import Drain
from infra.local.emulator import LAUNCHER
from infra.local.options import Options
from infra.local.stack import LocalStack, open_stack
from vigie import wiring
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest
from vigie.domain.mentions import Mention

WORD, CLIENT = "zéphyrine", "ma-veille"
WINDOW = 500  # items a feed shows
EVERY = 10  # one document in so many holds the word
A_SECOND = 20
KILL_EVERY_SECONDS = 20
PORT = 4810
FAULTS = Path(__file__).with_name("ministack_faults.py")
HIDDEN_SECONDS = 120  # a killed worker's messages come back so soon: twice what the slowest worker may take

_VOCABULARY = [
    f"{start}{middle}{end}"
    for start in ("bar", "cor", "del", "fan", "gol", "lum", "mir", "nov", "per", "sar", "tol", "vel")
    for middle in ("a", "e", "i", "o", "u", "an", "on", "ou")
    for end in (
        "bert",
        "cile",
        "dric",
        "gne",
        "lande",
        "mont",
        "nelle",
        "pide",
        "quin",
        "rive",
        "sson",
        "telle",
    )
]


@dataclass
class Press:
    """Feeds of a folder, and what they said: when each address was published, and which hold the word."""

    folder: Path
    feeds: int
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    published: dict[str, datetime] = field(default_factory=dict)
    holding: set[str] = field(default_factory=set)
    _items: dict[int, list[str]] = field(default_factory=dict)

    def publish(self, count: int) -> None:
        """Add so many documents, a feed after the other, and write the feeds that changed."""
        now = datetime.now(UTC)
        changed = set()
        for _ in range(count):
            number = len(self.published)
            feed = number % self.feeds
            url = f"https://journal-{feed}.example/{number}"
            self.published[url] = now
            words = self.chance.choices(_VOCABULARY, k=60)
            if number % EVERY == 0:
                words[self.chance.randrange(60)] = WORD
                self.holding.add(url)
            self._items.setdefault(feed, []).append(_item(url, words, now))
            changed.add(feed)
        for feed in changed:
            del self._items[feed][:-WINDOW]
            self._write(feed)

    def _write(self, feed: int) -> None:
        items = "".join(reversed(self._items[feed]))
        text = f'<rss version="2.0"><channel><title>Journal {feed}</title>{items}</channel></rss>'
        new = self.folder / f".journal-{feed}"
        new.write_text(text, "utf-8")
        new.rename(self.folder / f"journal-{feed}.xml")  # a reader never sees half of it


def _item(url: str, words: list[str], now: datetime) -> str:
    title, text = " ".join(words[:10]), " ".join(words[10:])
    return (
        f"<item><title>{title}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>{format_datetime(now)}</pubDate><description>{text}</description></item>"
    )


def main(arguments: list[str] | None = None) -> None:
    """Run it and print; exit with what was lost or told twice."""
    asked = _arguments(arguments)
    with tempfile.TemporaryDirectory(prefix="vigie-load-") as home:
        (Path(home) / "feeds").mkdir()
        press = Press(Path(home) / "feeds", max(asked.documents // WINDOW, 4))
        press.publish(asked.documents)
        options = Options(feeds=press.folder, watch=WORD, port=PORT)
        launcher = FAULTS if asked.faults else LAUNCHER
        with open_stack(options, Path(home) / "home", Console(file=io.StringIO()), launcher) as stack:
            if asked.kill or asked.faults:
                _hide_for(stack, HIDDEN_SECONDS)
            seconds, peak = _burst(stack)
            print(
                f"burst: {asked.documents:,} documents in {press.feeds} feeds, {seconds:.0f} s,"
                f" {asked.documents / seconds:.0f} a second, workers together {peak:,} MB at most"
            )
            stream_from = datetime.now(UTC)
            killed = _stream(stack, press, asked.seconds, kill=asked.kill, restart=asked.faults)
            _drain(stack)
            passes.one_pass(stack)
            missed = _report(stack, press, stream_from, killed)
        _print_faults(Path(home) / "home" / "state")
    if missed:
        raise SystemExit("; ".join(missed))


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--documents", type=int, default=2_000, help="of the burst")
    parser.add_argument(
        "--seconds", type=int, default=60, help=f"of the stream, {A_SECOND} documents a second"
    )
    parser.add_argument("--kill", action="store_true", help="kill a worker every twenty seconds")
    parser.add_argument(
        "--faults", action="store_true", help="throttled requests, batches half done, a restart in the stream"
    )
    return parser.parse_args(arguments)


def _burst(stack: LocalStack) -> tuple[float, int]:
    """Poll everything, wait until nothing waits; return seconds, and the most memory of the workers in MB."""
    start = time.monotonic()
    passes.invoke(stack, "ScheduleFunction", {"force": True})
    peak = max(_drain(stack), default=0)
    return time.monotonic() - start, peak


def _stream(stack: LocalStack, press: Press, seconds: int, *, kill: bool, restart: bool) -> int:
    """Publish so many a second; the stack polls by its own schedule. Return how many workers were killed.

    ``restart`` stops the whole cloud gently at half the time, and starts it again.
    """
    killed, start = 0, time.monotonic()
    for second in range(seconds):
        press.publish(A_SECOND)
        if kill and second % KILL_EVERY_SECONDS == KILL_EVERY_SECONDS // 2:
            killed += _kill_one(stack, press.chance)
        if restart and second == seconds // 2:
            stack.emulator.restart()
        time.sleep(max(0.0, start + second + 1 - time.monotonic()))
    if seconds:
        time.sleep(60)  # the last poll of the stream is up to a minute away
    return killed


def _drain(stack: LocalStack) -> list[int]:
    """Wait until the queues are empty; return the memory of all workers at each look, in MB."""
    drain, memory = Drain(stall_seconds=600), []
    while not drain.drained:
        drain.look(passes.waiting(stack), time.monotonic(), done=wiring.sources().odometer().fetched)
        if drain.stalled(time.monotonic()):
            raise SystemExit(f"nothing moves any more: {passes.waiting(stack)}")
        memory.append(sum(map(_memory_mb, workers(stack.home))))
        time.sleep(1)
    return memory


def workers(home: Path) -> Iterator[int]:
    """Yield the process ids of the emulator's workers that run from this run's folder."""
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with suppress(OSError):  # it ended meanwhile
                command = (process / "cmdline").read_bytes().decode("utf-8", "replace")
                if "ministack-lambda" in command and str(home) in command:
                    yield int(process.name)


def _memory_mb(process: int) -> int:
    with suppress(OSError):
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
        return int(found[1]) // 1_024 if found else 0
    return 0


def _kill_one(stack: LocalStack, chance: random.Random) -> int:
    there = list(workers(stack.home))
    if not there:
        return 0
    with suppress(ProcessLookupError):
        os.kill(chance.choice(there), signal.SIGKILL)
    return 1


def _hide_for(stack: LocalStack, seconds: int) -> None:
    """Let messages of killed workers come back soon; on AWS a queue waits for six of a worker's time-outs."""
    for output in passes.QUEUES.values():
        stack.cloud.client("sqs").set_queue_attributes(
            QueueUrl=stack.deployment.outputs[output], Attributes={"VisibilityTimeout": str(seconds)}
        )


def _report(stack: LocalStack, press: Press, stream_from: datetime, killed: int) -> list[str]:
    """Print what became of the documents; return what is wrong."""
    now = datetime.now(UTC)
    mentions = wiring.mentions().recorded_in(CLIENT, Interval(now - timedelta(days=1), now))
    client = next(each for each in stack.clients if each.client_id == CLIENT)
    digests = [wiring.desk().digest(client, e.digest_id) for e in wiring.desk().digest_entries(client)]
    streamed = [each for each in mentions if press.published.get(each.document.url, now) >= stream_from]
    _print_latency("stream", streamed, press)
    print(f"killed workers: {killed}; dead letters: {passes.dead_letters(stack)}")
    return list(_wrongs(press, mentions, digests))


def _print_faults(state: Path) -> None:
    """Print what was planted, of each kind: nothing where nothing was."""
    planted: Counter[str] = Counter()
    for file in state.glob("faults-*.json"):
        planted.update(json.loads(file.read_text("utf-8")))
    if planted:
        print("planted: " + ", ".join(f"{count:,} {name}" for name, count in planted.most_common()))


def _print_latency(name: str, mentions: list[Mention], press: Press) -> None:
    late = sorted(
        (each.recorded_at - press.published[each.document.url]).total_seconds() for each in mentions
    )
    if len(late) > 1:
        ranks = statistics.quantiles(late, n=20)
        print(
            f"{name}: {len(late):,} mentions, p50 {ranks[9]:.0f} s, p95 {ranks[18]:.0f} s, longest {late[-1]:.0f} s"
        )


def _wrongs(press: Press, mentions: list[Mention], digests: list[Digest]) -> Iterator[str]:
    found = [each.document.url for each in mentions]
    lost, doubled = press.holding - set(found), len(found) - len(set(found))
    seen = sum(digest.ledger.seen for digest in digests)
    print(
        f"published {len(press.published):,}, ledger's seen {seen:,}; hold the word {len(press.holding):,},"
        f" mentions {len(found):,}, lost {len(lost)}, twice {doubled}"
    )
    if lost:
        yield f"{len(lost)} lost, as {min(lost)}"
    if doubled:
        yield f"{doubled} twice"
    if strange := set(found) - press.holding:
        yield f"{len(strange)} without the word"
    if seen != len(press.published):
        yield f"the ledger says {seen:,} of {len(press.published):,}"
    for digest in digests:
        yield from digest.check()


if __name__ == "__main__":
    main()
