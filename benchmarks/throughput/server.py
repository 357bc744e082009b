"""The web of the throughput benchmark: every feed under its own host name, on several loopback addresses.

A process of its own, so that what it costs is not counted. The round, shared with whoever measures, decides what has
news. Bodies are rendered and compressed before they are asked for.
"""

import asyncio
import re
import zlib
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized

from benchmarks.throughput.feeds import render, revision

ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")  # of LETTERS
_HOST = re.compile(rb"\r\nHost: journal-(\d{4})", re.IGNORECASE)
_VALIDATOR = re.compile(rb'\r\nIf-None-Match: "(\d+)"', re.IGNORECASE)

Round = Synchronized  # of int


class _Exchange(asyncio.Protocol):
    """One connection: answers each request by the feed of its host at the round of this moment."""

    def __init__(self, answers: list[dict[int, bytes]], round_: "Round[int]") -> None:
        self._answers = answers
        self._round = round_
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once the request is whole."""
        self._asked += data
        if not self._asked.endswith(b"\r\n\r\n"):
            return
        host, validator = _HOST.search(self._asked), _VALIDATOR.search(self._asked)
        self._asked = b""
        assert host is not None
        number = int(host[1])
        now = revision(number, self._round.value)
        if validator and int(validator[1]) == now:
            self._transport.write(b'HTTP/1.1 304 Not Modified\r\nETag: "%d"\r\n\r\n' % now)
        else:
            self._transport.write(self._answers[number][now])


def serve(feeds: int, rounds: int, round_: "Round[int]", ready: Connection) -> None:
    """Serve until killed; send the ports, one for each of ``ADDRESSES``, as soon as one may ask."""
    answers = [
        {now: _answer(number, now) for now in {revision(number, past) for past in range(rounds)}}
        for number in range(feeds)
    ]
    asyncio.run(_serve(answers, round_, ready))


async def _serve(answers: list[dict[int, bytes]], round_: "Round[int]", ready: Connection) -> None:
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(lambda: _Exchange(answers, round_), address, 0, backlog=1024)
        for address in ADDRESSES
    ]
    ready.send([server.sockets[0].getsockname()[1] for server in servers])
    await asyncio.Event().wait()


def _answer(number: int, now: int) -> bytes:
    packer = zlib.compressobj(6, wbits=31)
    body = packer.compress(render(number, now)) + packer.flush()
    kind = b"application/atom+xml" if number % 3 == 0 else b"application/rss+xml"
    return (
        b'HTTP/1.1 200 OK\r\nContent-Type: %s; charset=utf-8\r\nETag: "%d"\r\nContent-Encoding: gzip\r\n'
        b"Vary: Accept-Encoding\r\nContent-Length: %d\r\n\r\n%s" % (kind, now, len(body), body)
    )
