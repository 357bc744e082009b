"""CPU of reading feeds: vigie against feedparser with its default options, and fastfeedparser where it is installed.

Every reader reads every feed in turn, pass after pass, and its best pass counts: what else the machine does falls on
all alike. ``vigie`` ends in clean text, links, media and instants; the others leave markup in their texts.

The feeds are the sample beside the checkout when there is one (real feeds, under 1 MB each), else the demo press's.
"""

import importlib.util
import io
import statistics
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from infra.demo_press.press import generate
from infra.demo_press.render import render_feed
from vigie.adapters.feeds import parse_feed, read_feed
from vigie.domain.feeds import ParsedFeed

PASSES = 3
LIMIT_BYTES = 1_000_000
SAMPLE = Path(__file__).parents[2] / "shared" / "data" / "feeds"
REAL = ("wild", "miniflux", "rss-parser", "feed-rs", "reader")
DEMO_DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


def main() -> None:
    """Print the figures of each reader over the whole set, and over the feeds one by one."""
    bodies, origin = read_bodies()
    readers = make_readers()
    seconds = {name: [float("inf")] * len(bodies) for name in readers}
    for _ in range(PASSES):
        for name, read in readers.items():
            for number, body in enumerate(bodies):
                seconds[name][number] = min(seconds[name][number], _cpu_seconds(read, body))
    entries = [len(_read(body).entries) for body in bodies]
    print(
        f"{len(bodies)} feeds of {origin}, {sum(entries):,} entries, {sum(map(len, bodies)) / 1e6:.1f} MB;"
        f" best of {PASSES} alternating passes"
    )
    print(f"{'reader':<16} {'ms/feed':>8} {'µs/entry':>9} {'total ×':>8} {'median ×':>9}")
    reference = seconds["feedparser"]
    for name, taken in seconds.items():
        ratios = [theirs / ours for theirs, ours in zip(reference, taken, strict=True)]
        total = sum(taken)
        print(
            f"{name:<16} {total / len(bodies) * 1e3:>8.2f} {total / sum(entries) * 1e6:>9.1f}"
            f" {sum(reference) / total:>8.1f} {statistics.median(ratios):>9.1f}"
        )
    shares = Counter(read_feed(body, url="", content_type=None)[1].value for body in bodies)
    print("feeds by reader: " + ", ".join(f"{reader} {count}" for reader, count in shares.most_common()))


def read_bodies() -> tuple[list[bytes], str]:
    """Return the feeds to read, and what they are."""
    if not SAMPLE.is_dir():
        return [render_feed(feed, DEMO_DAY) for feed in generate(1, DEMO_DAY).feeds], "the demo press"
    files = [path for name in REAL for path in sorted((SAMPLE / name).rglob("*"))]
    bodies = [path.read_bytes() for path in files if path.suffix in {".xml", ".rss", ".atom"}]
    return [body for body in bodies if 0 < len(body) < LIMIT_BYTES and _read(body).entries], "the sample"


def make_readers() -> dict[str, Callable[[bytes], object]]:
    """Return the readers by name, the reference first."""
    readers: dict[str, Callable[[bytes], object]] = {
        "feedparser": lambda body: feedparser.parse(io.BytesIO(body)),
        "vigie": _read,
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


def _cpu_seconds(read: Callable[[bytes], object], body: bytes) -> float:
    started = time.process_time()
    read(body)
    return time.process_time() - started


if __name__ == "__main__":
    main()
