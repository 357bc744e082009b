"""CPU of reading feeds: vigie against feedparser with its default options, and fastfeedparser where it is installed.

Every reader reads every feed in turn, pass after pass, and its best pass counts: what else the machine does falls on
all alike. ``vigie`` is what a poll asks of every feed that changed: all entries with titles, links, ids, authors and
instants, their texts kept as markup, as fastfeedparser leaves them too, and cleaned for the entries that are new.
``vigie, all texts`` cleans those of every entry, as ``vigie feed parse`` does.

The feeds are the sample beside the checkout when there is one (under 1 MB each), else the demo press's: ``wild``,
``miniflux`` and ``rss-parser`` are feeds as they were served, and are told together; the rest are cases made for
tests, most of them of one entry, where what counts is what a reader costs before it reads anything.

With ``--agreement`` it tells instead where vigie and feedparser read differently, and whose fault that is.
"""

import importlib.util
import io
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import feedparser

from benchmarks import _agreement
from infra.demo_press.press import generate
from infra.demo_press.render import render_feed
from vigie.adapters.feeds import parse_feed, read_feed, skim_feed
from vigie.domain.feeds import ParsedFeed

PASSES = 3
LIMIT_BYTES = 1_000_000
REAL = ("wild", "miniflux", "rss-parser")
CASES = ("feed-rs", "reader")
DEMO_DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sample:
    """One feed: the corpus it is of, its body, and how many entries it has."""

    corpus: str
    body: bytes
    entries: int


def main() -> None:
    """Print the figures of each reader, corpus by corpus and over the real feeds."""
    samples = read_samples()
    readers = make_readers()
    seconds = {name: [float("inf")] * len(samples) for name in readers}
    for _ in range(PASSES):
        for number, sample in enumerate(samples):
            for name, read in readers.items():
                seconds[name][number] = min(seconds[name][number], _cpu_seconds(read, sample.body))
    print(f"best of {PASSES} passes in turn; × is feedparser's CPU over the reader's, in total and per feed")
    corpora = list(dict.fromkeys(sample.corpus for sample in samples))
    groups = {corpus: {corpus} for corpus in corpora} | {"real feeds": set(REAL), "all": set(corpora)}
    for group, members in groups.items():
        chosen = [number for number, sample in enumerate(samples) if sample.corpus in members]
        if chosen:
            _print_group(group, [samples[number] for number in chosen], _only(chosen, seconds))
    shares = Counter(read_feed(sample.body, url="", content_type=None)[1].value for sample in samples)
    print("feeds by reader: " + ", ".join(f"{reader} {count}" for reader, count in shares.most_common()))


def _only(chosen: list[int], seconds: dict[str, list[float]]) -> dict[str, list[float]]:
    return {name: [taken[number] for number in chosen] for name, taken in seconds.items()}


def _print_group(group: str, samples: list[Sample], seconds: dict[str, list[float]]) -> None:
    entries = sum(sample.entries for sample in samples)
    size = sum(len(sample.body) for sample in samples) / 1e6
    print(f"\n{group}: {len(samples)} feeds, {entries:,} entries, {size:.1f} MB")
    print(f"  {'reader':<16} {'ms/feed':>8} {'µs/entry':>9} {'total ×':>8} {'median ×':>9}")
    reference = seconds["feedparser"]
    for name, taken in seconds.items():
        ratios = [theirs / ours for theirs, ours in zip(reference, taken, strict=True)]
        total = sum(taken)
        print(
            f"  {name:<16} {total / len(samples) * 1e3:>8.2f} {total / entries * 1e6:>9.1f}"
            f" {sum(reference) / total:>8.1f} {statistics.median(ratios):>9.1f}"
        )


def read_samples() -> list[Sample]:
    """Return the feeds to read: those with an entry that are not too large."""
    bodies = [
        (name, path.read_bytes())
        for name in (*REAL, *CASES)
        for path in _agreement.sample_files(_agreement.SAMPLE / name)
        if path.suffix in {".xml", ".rss", ".atom"}
    ] or [("demo press", render_feed(feed, DEMO_DAY)) for feed in generate(1, DEMO_DAY).feeds]
    samples = (
        Sample(name, body, len(_read(body).entries)) for name, body in bodies if len(body) < LIMIT_BYTES
    )
    return [sample for sample in samples if sample.entries]


def make_readers() -> dict[str, Callable[[bytes], object]]:
    """Return the readers by name, the reference first."""
    readers: dict[str, Callable[[bytes], object]] = {
        "feedparser": lambda body: feedparser.parse(io.BytesIO(body)),
        "vigie": _skim,
        "vigie, all texts": _read,
    }
    if importlib.util.find_spec("fastfeedparser"):
        fastfeedparser = importlib.import_module("fastfeedparser")

        def read_fast(body: bytes) -> object:
            try:
                return fastfeedparser.parse(body)
            except ValueError:  # it refuses some feeds that others read
                return None

        readers["fastfeedparser"] = read_fast
    return readers


def _read(body: bytes) -> ParsedFeed:
    return parse_feed(body, url="https://fil.test/rss", content_type=None)


def _skim(body: bytes) -> ParsedFeed:
    return skim_feed(body, url="https://fil.test/rss", content_type=None)


def _cpu_seconds(read: Callable[[bytes], object], body: bytes) -> float:
    started = time.process_time()
    read(body)
    return time.process_time() - started


if __name__ == "__main__":
    if "--agreement" in sys.argv[1:]:
        print(_agreement.report())
    else:
        main()
