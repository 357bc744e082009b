"""CPU of a poll over real HTTP: the real step, fetcher and parser on loopback, against urllib with feedparser.

2,000 feeds of about 35 KB, a host and a connection each, gzip; at each round 70 % answer 304 and 30 % bring two news.
The server is another process and is not counted, nor is TLS (loopback has none), nor what the AWS client would add:
stores, queue and bucket are in memory. CPU is the client's, kernel included; the best round counts. aiohttp's own GET
of the same answers is the floor, and tells how fast the machine was.
"""

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from benchmarks.throughput import server
from benchmarks.throughput.client import Figures, Poller, memory_mb
from benchmarks.throughput.feeds import render
from benchmarks.throughput.peers import Peers

FEEDS = 2_000
SLOW_PEER_FEEDS = 200
ROUNDS = 3


@dataclass(slots=True)
class Measured:
    """Everything a run measured, a reading a round."""

    first: Figures = field(default_factory=Figures)
    polled: list[Figures] = field(default_factory=list)
    fetched: list[Figures] = field(default_factory=list)
    floor: list[Figures] = field(default_factory=list)
    peer: list[Figures] = field(default_factory=list)
    start_mb: float = 0.0
    memory_mb: float = 0.0


def main(feeds: int = FEEDS, rounds: int = ROUNDS, peer_feeds: int = SLOW_PEER_FEEDS) -> None:
    """Measure, and print the figures."""
    print_report(measure(feeds, rounds, peer_feeds))


def measure(feeds: int, rounds: int, peer_feeds: int) -> Measured:
    """Run server and client, a process each; return what the client measured."""
    fresh = multiprocessing.get_context("spawn")
    round_ = fresh.Value("i", 0)
    ready, tell_ready = fresh.Pipe(duplex=False)
    told, tell = fresh.Pipe(duplex=False)
    web = fresh.Process(target=server.serve, args=(feeds, rounds + 1, round_, tell_ready), daemon=True)
    web.start()
    tell_ready.close()  # here and below: so that a process that dies is an EOFError, and no wait without end
    try:
        ports = ready.recv()
        sizes = (feeds, rounds, min(peer_feeds, feeds))
        client = fresh.Process(target=_measure, args=(sizes, ports, round_, tell), daemon=True)
        client.start()
        tell.close()
        measured: Measured = told.recv()
        client.join()
        return measured
    finally:
        web.kill()
        web.join()


def _measure(
    sizes: tuple[int, int, int], ports: Sequence[int], round_: "server.Round[int]", told: Connection
) -> None:
    """Poll once to know the feeds, then fetch alone and poll, round by round; last the slow peer. Send Measured."""
    feeds, rounds, peer_feeds = sizes
    poller, floor = Poller(feeds, ports), Peers(feeds, ports)
    measured = Measured(start_mb=memory_mb(), first=poller.poll())
    for number in range(1, rounds + 1):
        round_.value = number
        measured.floor.append(floor.get(number - 1))
        measured.fetched.append(poller.fetch())
        measured.polled.append(poller.poll())
    measured.memory_mb = memory_mb()
    measured.peer = [Peers(peer_feeds, ports).poll(rounds - 1) for _ in range(2)]
    told.send(measured)


def print_report(measured: Measured) -> None:
    """Print CPU per poll and where it goes, memory, and how much the others take."""
    whole, floor, peer = (_best(rounds) for rounds in (measured.polled, measured.floor, measured.peer))
    fetch = _ms(_best(measured.fetched))
    parse = min(round_.parsing / round_.polls for round_ in measured.polled) * 1e3
    changed = (whole.polls - whole.unchanged) / whole.polls
    size = sum(len(render(number, 0)) for number in range(10)) / 10_000
    print(
        f"{whole.polls:,} feeds of {size:.0f} KB, a host each: {1 - changed:.0%} answer 304, {whole.failed} failed, "
        f"{whole.documents:,} new documents; best of {len(measured.polled)} rounds"
    )
    print(f"{'':<30} {'CPU ms/poll':>11} {'polls/s':>8} {'× floor':>8}")
    _row("floor: aiohttp's GET", floor, floor)
    _row("vigie: the whole poll", whole, floor)
    print(f"{'  fetching, measured alone':<30} {fetch:>11.3f} {'':>8} {fetch / _ms(floor):>8.1f}")
    print(f"{'  parsing':<30} {parse:>11.3f}   {parse / changed:.2f} ms a feed that changed")
    print(f"{'  the rest of the step':<30} {max(_ms(whole) - fetch - parse, 0):>11.3f}")
    _row("vigie: a first poll, all new", measured.first, floor)
    _row(f"urllib + feedparser, {peer.polls} feeds", peer, floor)
    print(f"feedparser's way takes {_ms(peer) / _ms(whole):.1f} times the CPU")
    print(
        f"memory at its peak: {measured.memory_mb:.0f} MB, {measured.start_mb:.0f} of it before the first poll"
    )


def _row(name: str, figures: Figures, floor: Figures) -> None:
    speed, ratio = figures.polls / figures.wall, _ms(figures) / _ms(floor)
    print(f"{name:<30} {_ms(figures):>11.3f} {speed:>8,.0f} {ratio:>8.1f}")


def _best(rounds: Sequence[Figures]) -> Figures:
    return min(rounds, key=_ms)


def _ms(figures: Figures) -> float:
    return figures.cpu / figures.polls * 1e3
