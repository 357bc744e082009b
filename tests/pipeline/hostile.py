"""A web of enemies on loopback: one host for each way to hurt who polls it, and some honest papers among them.

``CASES`` is the table: what a source's server does, for which reason it is refused, and words its failure says. A
case is served under ``<name>.test``; an enemy that is an address and no server gives its own ``url``.
"""

import asyncio
import gzip
import itertools
import json
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import brotli

from vigie.domain.fetching import FailureReason, FetchLimits

LIMITS = FetchLimits(
    connect_seconds=3,
    total_seconds=3,
    raw_bytes=300_000,
    decoded_bytes=4_000_000,
    ratio=100,
    ratio_floor_bytes=1_000_000,
    header_bytes=8_000,
)
Write = Callable[[bytes], Awaitable[None]]
Script = Callable[[str, Write], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One source: what its server does, and what becomes of it. Without a ``reason`` it is read, and harmless."""

    name: str
    reason: FailureReason | None
    says: str = ""
    answer: bytes | Script = b""
    url: str = ""

    @property
    def address(self) -> str:
        """Where the source says it is."""
        return self.url or f"http://{self.name}.test/feed"


def article(title: str, author: str = "Camille Martin") -> bytes:
    """Return an RSS item."""
    link = "https://courrier.test/" + title.replace(" ", "-")
    return (
        f"<item><title>{title}</title><link>{link}</link><guid>{link}</guid><author>{author}</author>"
        "<description>Le conseil vote.</description></item>"
    ).encode()


def rss(*items: bytes, before: bytes = b"") -> bytes:
    """Return an RSS feed."""
    head = (
        b'<?xml version="1.0" encoding="utf-8"?>%s<rss version="2.0"><channel><title>Journal</title>' % before
    )
    return head + b"".join(items) + b"</channel></rss>"


def http(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """Return a whole answer; ``length`` is what it claims."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body) if length is None else length}"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def coded(coding: str, body: bytes) -> bytes:
    """Return an answer under a Content-Encoding."""
    return http(body, f"Content-Encoding: {coding}")


def leading_to(target: str) -> bytes:
    """Return a redirect."""
    return http(b"", f"Location: {target}", status="302 Found")


async def _slow_header(path: str, write: Write) -> None:
    await write(b"HTTP/1.1 200 OK\r\n")
    for number in itertools.count():
        await write(b"X-%d: a\r\n" % number)
        await asyncio.sleep(0.2)


async def _slow_body(path: str, write: Write) -> None:
    await write(b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n<rss>")
    while True:
        await write(b" ")
        await asyncio.sleep(0.05)


async def _silence(path: str, write: Write) -> None:
    await asyncio.sleep(60)


async def _endless(path: str, write: Write) -> None:
    await write(b"HTTP/1.1 200 OK\r\n\r\n<rss><channel>")
    while True:
        await write(b"<item/>" * 1_000)


async def _endless_redirect(path: str, write: Write) -> None:
    await write(leading_to(f"{path}a"))


_ZEROS = bytes(60_000_000)
_NESTED_ZEROS = gzip.compress(gzip.compress(_ZEROS, mtime=0), mtime=0)
_LAUGHS = b"<!DOCTYPE lolz [<!ENTITY a0 'ha'>%s]>" % b"".join(
    b"<!ENTITY a%d '%s'>" % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 11)
)
_QUADRATIC = b"<!DOCTYPE q [<!ENTITY a '%s'>]>" % (b"a" * 50_000)
_OUTSIDE = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY h SYSTEM "http://127.0.0.1/">]>'
_LONG_HEADER = b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 5_000_000 + b"\r\n\r\n"
_MANY_HEADERS = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(20_000)) + b"\r\n"

_ANSWERS = [
    Case(name="gzip-bomb", reason="too_large", says="unfolds", answer=coded("gzip", gzip.compress(_ZEROS))),
    Case(
        name="deflate-bomb",
        reason="too_large",
        says="unfolds",
        answer=coded("deflate", zlib.compress(_ZEROS)),
    ),
    Case(
        name="brotli-bomb",
        reason="too_large",
        says="unfolds",
        answer=coded("br", brotli.compress(_ZEROS, quality=2)),
    ),
    Case(name="zstd-bomb", reason="bad_encoding", says="'zstd'", answer=coded("zstd", b"\x28\xb5")),
    Case(
        name="double-gzip",
        reason="bad_encoding",
        says="'gzip, gzip' was not asked for",
        answer=coded("gzip, gzip", _NESTED_ZEROS),
    ),
    Case(name="gzip-in-gzip", reason="not_a_feed", answer=coded("gzip", _NESTED_ZEROS)),
    Case(name="slow-header", reason="timeout", says="the server took too long", answer=_slow_header),
    Case(name="slow-body", reason="timeout", says="the server took too long", answer=_slow_body),
    Case(name="silence", reason="timeout", says="the server took too long", answer=_silence),
    Case(name="endless-body", reason="too_large", says="larger than 300,000 bytes", answer=_endless),
    Case(
        name="endless-redirect",
        reason="redirect_loop",
        says="redirects lead nowhere",
        answer=_endless_redirect,
    ),
    Case(name="long-header", reason="too_large", says="header line longer", answer=_LONG_HEADER),
    Case(name="many-headers", reason="bad_response", says="Too many headers", answer=_MANY_HEADERS),
    Case(name="http-0-9", reason="bad_response", says="not HTTP", answer=rss(article("a")) + b"\r\n\r\n"),
    Case(
        name="short-chunk",
        reason="truncated",
        says="cut short",
        answer=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1f4\r\n<rss>",
    ),
    Case(
        name="long-claim", reason="truncated", says="cut short", answer=http(rss(article("a")), length=9_000)
    ),
    Case(
        name="no-gzip",
        reason="bad_encoding",
        says="not in its Content-Encoding",
        answer=coded("gzip", b"\x1f\x8b" + bytes(40)),
    ),
    Case(name="hang-up", reason="connect", says="hung up twice", answer=b""),
    Case(name="path", reason="not_a_feed", says="not a feed", answer=http(b"/proc/self/environ")),
    Case(
        name="address", reason="not_a_feed", says="not a feed", answer=http(b"http://169.254.169.254/latest/")
    ),
    Case(name="no-bytes", reason="not_a_feed", says="empty", answer=http(b"")),
    Case(
        name="page", reason="not_a_feed", says="HTML page", answer=http(b"<!doctype html><html><h1>403</h1>")
    ),
    Case(name="deep", reason=None, answer=http(rss(article("d"), b"<a>" * 9_000 + b"</a>" * 9_000))),
    Case(
        name="deep-json",
        reason="not_a_feed",
        answer=coded("gzip", gzip.compress(b'{"items":' + b"[" * 200_000)),
    ),
    Case(
        name="100k-items",
        reason="too_large",
        says="unfolds to more than 4,000,000 bytes",
        # Each item four times, packed well: what travels stays small, so that one limit is met however it arrives.
        answer=coded("gzip", gzip.compress(rss(*(article(f"t {n // 4}") for n in range(100_000))), 9)),
    ),
    Case(name="laughs", reason=None, answer=http(rss(article("l &a10;"), before=_LAUGHS))),
    Case(name="quadratic", reason=None, answer=http(rss(article("q " + "&a;" * 2_000), before=_QUADRATIC))),
    Case(name="outside", reason=None, answer=http(rss(article("o &f; &h;"), before=_OUTSIDE))),
    Case(name="long-author", reason=None, answer=http(rss(article("a", author="a@" * 50_000)))),
]

_INSIDE = [
    "file:///proc/self/environ",
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[2002:a9fe:a9fe::]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fe80::1]/",
    "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    "http://169.254.170.2/v2/credentials",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://100.100.100.200/",
    "http://192.168.1.1/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://localhost/",
    "http://localhost./",
    "http://ip6-localhost/",
    "http://metadata.inside.example/",
    "http://six.inside.example/",
    "http://mixed-up.inside.example/",
    "http://journal.test:22/",
]
DNS = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "metadata.inside.example": ["169.254.169.254"],
    "six.inside.example": ["fd00:ec2::254"],
    "mixed-up.inside.example": ["10.0.0.1", "::ffff:169.254.169.254"],
}

_REFUSED = [
    *(
        Case(name=f"redirect-{number}", reason="refused_address", says="not", answer=leading_to(target))
        for number, target in enumerate(_INSIDE)
    ),
    *(
        Case(name=f"inside-{number}", reason="refused_address", says="not", url=target)
        for number, target in enumerate(_INSIDE)
    ),
]

_HONEST_JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [{"id": "1", "content_text": "Le vote."}],
}
_HONEST_FEED = rss(article("Le conseil vote le budget"))
_HONEST = [
    Case(name="honest-plain", reason=None, answer=http(_HONEST_FEED)),
    Case(name="honest-gzip", reason=None, answer=coded("gzip", gzip.compress(_HONEST_FEED))),
    Case(name="honest-brotli", reason=None, answer=coded("br", brotli.compress(_HONEST_FEED))),
    Case(name="honest-mislabelled", reason=None, answer=coded("gzip", _HONEST_FEED)),
    Case(
        name="honest-json",
        reason=None,
        answer=http(
            json.dumps(_HONEST_JSON).encode(),
            "Content-Type: application/feed+json",
        ),
    ),
    Case(name="honest-redirect", reason=None, answer=leading_to("http://honest-plain.test/feed")),
]

CASES = [*_ANSWERS, *_REFUSED, *_HONEST]


@contextmanager
def serving() -> Iterator[int]:
    """Serve all cases from a thread of its own, for the poll keeps the main one busy; give the port."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(_serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()


_BY_HOST = {f"{case.name}.test": case.answer for case in CASES}


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    async def write(data: bytes) -> None:
        writer.write(data)
        await writer.drain()

    try:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode()
        host = next(line[6:] for line in asked.splitlines() if line.startswith("Host: "))
        answer = _BY_HOST[host.partition(":")[0]]
        if isinstance(answer, bytes):
            await write(answer)
        else:
            await answer(asked.split()[1], write)
    except ConnectionError:
        pass  # the client has had enough: that is what is tested
    finally:
        writer.close()
