"""The fetcher against a real server on loopback, friendly and hostile."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import brotli
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from vigie.adapters.http import HttpFetcher
from vigie.adapters.http_guard import AllowList
from vigie.domain.fetching import FetchLimits, FetchOutcome, FetchRequest

FEED = b"<rss version='2.0'><channel><title>Le Courrier</title></channel></rss>"
NOW = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)
SMALL = FetchLimits(
    connect_seconds=2,
    total_seconds=10,
    raw_bytes=50_000,
    decoded_bytes=200_000,
    ratio=100,
    ratio_floor_bytes=100_000,
    header_bytes=4_000,
)
IMPATIENT = FetchLimits(connect_seconds=0.3, total_seconds=0.3)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
RawHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def fetcher(port: int, limits: FetchLimits = SMALL) -> HttpFetcher:
    """Return a fetcher for which every ``*.test`` is the server at ``port``."""
    allow = AllowList.parse(f"*.test=127.0.0.1:{port}")
    return HttpFetcher(
        user_agent="vigie/0 (+mailto:veille@exemple.test)", limits=limits, allow=allow, now=lambda: NOW
    )


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[int]:
    """Serve every path with ``handler`` on a free loopback port."""
    runner = web.ServerRunner(web.Server(handler), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def ask(
    handler: Handler, request: FetchRequest | str = "http://courrier.test/feed", limits: FetchLimits = SMALL
) -> FetchOutcome:
    """Fetch once from a server made of ``handler``."""
    wanted = FetchRequest(request) if isinstance(request, str) else request

    async def run() -> FetchOutcome:
        async with serving(handler) as port, fetcher(port, limits) as http:
            return await http.fetch(wanted)

    return asyncio.run(run())


def ask_raw(answer: bytes, limits: FetchLimits = SMALL, *, hang: bool = False) -> FetchOutcome:
    """Fetch once from a server that writes these very bytes, then closes or hangs."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if hang:
            await reader.read()  # until the client gives up
        writer.close()
        await writer.wait_closed()

    async def run() -> FetchOutcome:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server, fetcher(server.sockets[0].getsockname()[1], limits) as http:
            outcome = await http.fetch(FetchRequest("http://courrier.test/feed"))
        await asyncio.sleep(0.01)  # let the server's side see the connection end
        return outcome

    return asyncio.run(run())


def answering(status: int = 200, body: bytes = FEED, **headers: str) -> Handler:
    """Return a handler that always answers this (``_`` in a header's name stands for ``-``)."""

    async def handle(request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=body, headers=named)

    return handle


def routes(**targets: tuple[int, str]) -> Handler:
    """Return a handler that redirects ``/name`` as told and answers the feed elsewhere."""

    async def handle(request: web.Request) -> web.Response:
        if request.path[1:] not in targets:
            return web.Response(body=FEED)
        status, location = targets[request.path[1:]]
        return web.Response(status=status, headers={"Location": location})

    return handle


def failed(outcome: FetchOutcome) -> tuple[str, bool]:
    """Return the reason of a failure and whether it is transient."""
    assert outcome.kind == "failed", outcome
    assert outcome.failure is not None
    assert outcome.failure.detail
    return outcome.failure.reason, outcome.failure.transient


def test_a_feed_arrives_whole_with_what_its_headers_say() -> None:
    """A 200 gives body, type, both validators verbatim, and how long it stays fresh."""
    outcome = ask(
        answering(
            ETag='W/"a-1"',
            Last_Modified="yesterday, more or less",
            Content_Type="application/rss+xml; charset=utf-8",
            Cache_Control="max-age=900",
            Age="100",
        )
    )
    assert (outcome.kind, outcome.status, outcome.body) == ("fetched", 200, FEED)
    assert (outcome.etag, outcome.last_modified) == ('W/"a-1"', "yesterday, more or less")
    assert outcome.content_type == "application/rss+xml; charset=utf-8"
    assert outcome.max_age_seconds == 800
    assert (outcome.final_url, outcome.permanent_url) == ("http://courrier.test/feed", None)
    assert outcome.elapsed_seconds > 0


def test_a_request_says_who_asks_and_carries_nothing_else() -> None:
    """The User-Agent names us, both validators are sent verbatim; no cookies, no referrer."""
    seen: list[dict[str, str]] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        return web.Response(body=FEED, headers={"Set-Cookie": "id=1"})

    async def run() -> None:
        async with serving(handle) as port, fetcher(port) as http:
            await http.fetch(FetchRequest("http://courrier.test/feed"))
            await http.fetch(
                FetchRequest("http://courrier.test/feed", 'W/"a"', "Mon, 02 Mar 2026 08:00:00 GMT")
            )

    asyncio.run(run())
    first, second = seen
    assert first["User-Agent"] == "vigie/0 (+mailto:veille@exemple.test)"
    assert first["Accept-Encoding"] == "gzip, br, deflate"
    assert first["Host"] == "courrier.test"
    assert not {"If-None-Match", "If-Modified-Since", "A-IM", "Cookie", "Referer"} & set(first)
    assert (second["If-None-Match"], second["A-IM"]) == ('W/"a"', "feed")
    assert second["If-Modified-Since"] == "Mon, 02 Mar 2026 08:00:00 GMT"
    assert "Cookie" not in second


def test_a_redirect_carries_nothing_over() -> None:
    """The next address learns neither where we come from, nor a cookie, nor what was written in the first one."""
    seen: list[dict[str, str]] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        if request.path == "/old":
            return web.Response(
                status=302, headers={"Location": "http://autre.test/new", "Set-Cookie": "id=1; Domain=test"}
            )
        return web.Response(body=FEED)

    assert ask(handle, FetchRequest("http://me:secret@courrier.test/old", '"a"', "x")).kind == "fetched"
    assert set(seen[1]) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}
    assert seen[1]["Host"] == "autre.test"


def test_a_304_keeps_the_validators_and_takes_the_new_ones() -> None:
    """Unchanged updates each validator independently of the other."""
    request = FetchRequest("http://courrier.test/feed", '"old"', "Mon, 02 Mar 2026 08:00:00 GMT")
    outcome = ask(answering(304, b"", ETag='"new"'), request)
    assert (outcome.kind, outcome.status, outcome.body) == ("unchanged", 304, b"")
    assert (outcome.etag, outcome.last_modified) == ('"new"', "Mon, 02 Mar 2026 08:00:00 GMT")


def test_a_304_nobody_asked_for_is_a_failure() -> None:
    """Without validators sent, 304 says nothing about what we have."""
    assert failed(ask(answering(304, b""))) == ("bad_status", False)


def test_a_200_without_validators_forgets_the_old_ones() -> None:
    """What is stored is what the last complete answer gave."""
    outcome = ask(answering(), FetchRequest("http://courrier.test/feed", '"old"', "x"))
    assert (outcome.kind, outcome.etag, outcome.last_modified) == ("fetched", None, None)


def test_a_date_alone_asks_for_no_part() -> None:
    """What changed since is asked for with an ETag only, which names what we have."""
    seen: list[str | None] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(request.headers.get("A-IM"))
        return web.Response(body=FEED)

    date = "Mon, 02 Mar 2026 08:00:00 GMT"
    ask(handle, FetchRequest("http://courrier.test/feed", last_modified=date))
    assert seen == [None]


def test_a_226_is_a_part_of_the_feed() -> None:
    """What changed since our ETag comes with the ETag to send next; one we did not ask for proves no ETag."""
    asked = ask(answering(226, ETag='"new"', IM="feed"), FetchRequest("http://courrier.test/feed", '"old"'))
    assert (asked.kind, asked.partial, asked.body, asked.etag) == ("fetched", True, FEED, '"new"')
    unasked = ask(answering(226, ETag='"new"'))
    assert (unasked.kind, unasked.partial, unasked.etag) == ("fetched", True, None)
    assert not ask(answering(200)).partial


def test_a_stored_validator_cannot_inject_a_header() -> None:
    """Line breaks are taken out of validators before they are sent."""
    seen: list[dict[str, str]] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        return web.Response(body=FEED)

    ask(handle, FetchRequest("http://courrier.test/feed", '"a"\r\nX-Injected: 1'))
    assert seen[0]["If-None-Match"] == '"a"X-Injected: 1'
    assert "X-Injected" not in seen[0]


def test_validators_go_only_to_the_address_that_issued_them() -> None:
    """After a redirect they are sent to the address they came from, and to no other."""
    seen: list[tuple[str, str | None]] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append((request.path, request.headers.get("If-None-Match")))
        if request.path == "/old":
            return web.Response(status=302, headers={"Location": "/new"})
        return web.Response(body=FEED)

    ask(handle, FetchRequest("http://courrier.test/old", '"a"'))
    ask(handle, FetchRequest("http://courrier.test/old", '"a"', validated_url="http://courrier.test/new"))
    assert seen == [("/old", '"a"'), ("/new", None), ("/old", None), ("/new", '"a"')]


def test_a_permanent_chain_names_its_end() -> None:
    """When every hop is 301 or 308, the end is the address to adopt; one 302 in it and it is not."""
    lasting = ask(routes(a=(301, "/b"), b=(308, "http://autre.test/c#x")), "http://courrier.test/a")
    assert (lasting.kind, lasting.permanent_url) == ("fetched", "http://autre.test/c")
    passing = ask(routes(a=(301, "/b"), b=(302, "/c")), "http://courrier.test/a")
    assert (passing.final_url, passing.permanent_url) == ("http://courrier.test/c", None)


def test_a_redirect_loop_ends() -> None:
    """A circle, and a chain longer than allowed, are given up."""
    circle = routes(a=(302, "/b"), b=(302, "/a"))
    assert failed(ask(circle, "http://courrier.test/a")) == ("redirect_loop", False)

    async def endless(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": f"/{int(request.path[1:]) + 1}"})

    assert failed(ask(endless, "http://courrier.test/1")) == ("redirect_loop", False)


FORBIDDEN_TARGETS = [
    "file:///etc/passwd",
    "ftp://courrier.test/feed",
    "http://127.0.0.1/",
    "http://127.0.0.1:1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://localhost/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://①②⑦.⓪.⓪.①/",
    "http://192.168.1.1/",
    "http://courrier.test:22/",
    "//10.0.0.1/",
]


@pytest.mark.parametrize("target", FORBIDDEN_TARGETS)
def test_a_redirect_inside_is_refused_in_every_notation(target: str) -> None:
    """Each hop is judged like the first; the failure still says where it was going."""
    outcome = ask(routes(a=(302, target)), "http://courrier.test/a")
    assert failed(outcome) == ("refused_address", False)
    assert outcome.final_url == str(URL("http://courrier.test/a").join(URL(target)))


@pytest.mark.parametrize(
    "url", ["http://localhost/", "http://[::ffff:127.0.0.1]/", "http://10.0.0.1/", "file:///x"]
)
def test_a_private_address_is_refused_at_once(url: str) -> None:
    """The address a client typed is judged like any other."""
    assert failed(ask(answering(), url)) == ("refused_address", False)


@pytest.mark.parametrize("url", ["http://courrier.test:99999/", "http://[oops/", "http://a\udce9.test/"])
def test_what_is_no_address_is_said_so(url: str) -> None:
    """An unreadable URL is a failure, not a crash."""
    assert failed(ask(answering(), url)) == ("bad_url", False)


def test_a_redirect_without_a_place_is_a_bad_response() -> None:
    """A 302 with no Location leads nowhere."""
    assert failed(ask(answering(302))) == ("bad_response", False)


RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("coding", "encoded"),
    [
        ("gzip", gzip.compress(FEED, mtime=0)),
        ("x-gzip", gzip.compress(FEED[:20], mtime=0) + gzip.compress(FEED[20:], mtime=0)),
        ("GZip", gzip.compress(FEED, mtime=0) + b"\0\0\0"),
        ("deflate", zlib.compress(FEED)),
        ("deflate", RAW_DEFLATE.compress(FEED) + RAW_DEFLATE.flush()),
        ("br", brotli.compress(FEED)),
        ("identity", FEED),
        ("gzip", FEED),
        ("identity", gzip.compress(FEED, mtime=0)),
        ("", gzip.compress(FEED, mtime=0)),
    ],
    ids=[
        "gzip",
        "x-gzip in two members",
        "padded gzip",
        "deflate",
        "raw deflate",
        "br",
        "identity",
        "plain labelled gzip",
        "gzip labelled plain",
        "gzip without a label",
    ],
)
def test_every_coding_asked_for_is_decoded(coding: str, encoded: bytes) -> None:
    """The gzip, deflate (zlib or raw) and br codings come out plain, and gzip whatever its label."""
    assert ask(answering(body=encoded, Content_Encoding=coding)).body == FEED


ZEROS = bytes(30_000_000)


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", gzip.compress(ZEROS, mtime=0)),
        ("deflate", zlib.compress(ZEROS)),
        ("br", brotli.compress(ZEROS, quality=5)),
    ],
)
def test_a_bomb_is_stopped(coding: str, bomb: bytes) -> None:
    """A body that unfolds beyond the cap, or beyond the ratio, is given up."""
    handler = answering(body=bomb, Content_Encoding=coding)
    by_size = FetchLimits(raw_bytes=50_000, decoded_bytes=200_000, ratio=1_000_000)
    by_ratio = FetchLimits(raw_bytes=50_000, decoded_bytes=29_000_000, ratio=100)
    for limits, said in [(by_size, "200,000 bytes"), (by_ratio, "bomb")]:
        outcome = ask(handler, limits=limits)
        assert failed(outcome) == ("too_large", False)
        assert outcome.failure is not None
        assert said in outcome.failure.detail


@pytest.mark.parametrize("coding", ["zstd", "gzip, gzip", "compress", "wat"])
def test_a_coding_we_did_not_ask_for_is_refused(coding: str) -> None:
    """We offer only what we decode within limits."""
    assert failed(ask(answering(Content_Encoding=coding))) == ("bad_encoding", False)


@pytest.mark.parametrize(
    ("coding", "body"), [("gzip", b"\x1f\x8b" + bytes(40)), ("br", b"\xff" * 90), ("deflate", b"\xff" * 90)]
)
def test_bytes_that_are_not_in_their_coding_are_refused(coding: str, body: bytes) -> None:
    """Garbage under a coding's name is a failure, not a crash."""
    assert failed(ask(answering(body=body, Content_Encoding=coding))) == ("bad_encoding", False)


@pytest.mark.parametrize(
    ("coding", "whole"),
    [("gzip", gzip.compress(FEED, mtime=0)), ("deflate", zlib.compress(FEED)), ("br", brotli.compress(FEED))],
)
def test_a_compressed_body_without_its_end_is_truncated(coding: str, whole: bytes) -> None:
    """Half a feed is never taken for a feed."""
    assert failed(ask(answering(body=whole[:-6], Content_Encoding=coding))) == ("truncated", True)


def test_a_body_shorter_than_announced_is_truncated() -> None:
    """Content-Length and chunks must be kept."""
    assert failed(ask_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<rss>")) == ("truncated", True)
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1f4\r\n<rss>"
    assert failed(ask_raw(chunked)) == ("truncated", True)


def test_an_oversized_body_is_stopped() -> None:
    """A plain body beyond the cap is given up, whether its length is announced or not."""
    assert failed(ask(answering(body=bytes(60_000)))) == ("too_large", False)

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"<item/>" * 1000)
        except ConnectionError:
            return response

    assert failed(ask(endless)) == ("too_large", False)


@pytest.mark.parametrize(
    "headers",
    [b"X-Long: " + b"a" * 20_000, b"\r\n".join(b"X-%d: %s" % (n, b"a" * 100) for n in range(60))],
)
def test_oversized_headers_are_stopped(headers: bytes) -> None:
    """One line or many: headers beyond the cap are given up."""
    answer = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\nContent-Length: 0\r\n\r\n"
    assert failed(ask_raw(answer)) == ("too_large", False)


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n<rss>"],
    ids=["silent", "slow headers", "slow body"],
)
def test_a_server_that_keeps_us_waiting_is_left(start: bytes) -> None:
    """The total time covers headers and body, however slowly they trickle."""
    assert failed(ask_raw(start, IMPATIENT, hang=True)) == ("timeout", True)


def test_a_trickle_of_bytes_does_not_extend_the_total_time() -> None:
    """A slowloris that always sends something is left all the same."""

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b" ")
                await asyncio.sleep(0.01)
        except (ConnectionError, asyncio.CancelledError):
            return response

    assert failed(ask(trickle, limits=IMPATIENT)) == ("timeout", True)


@pytest.mark.parametrize(
    ("status", "headers", "expected", "wait"),
    [
        (429, {"Retry_After": "120"}, ("rate_limited", True), 120),
        (429, {"Retry_After": "Mon, 02 Mar 2026 12:30:00 GMT"}, ("rate_limited", True), 1800),
        (403, {"Retry_After": "120"}, ("rate_limited", True), 120),
        (403, {"X_RateLimit_Remaining": "0.0"}, ("rate_limited", True), None),
        (403, {"X_RateLimit_Remaining": "97"}, ("bad_status", False), None),
        (403, {}, ("bad_status", False), None),
        (503, {"Retry_After": "60"}, ("bad_status", True), 60),
        (410, {}, ("gone", False), None),
        (404, {}, ("bad_status", False), None),
        (500, {}, ("bad_status", True), None),
        (206, {}, ("bad_status", False), None),
    ],
)
def test_a_status_without_a_feed_is_a_failure_with_the_servers_wish(
    status: int, headers: dict[str, str], expected: tuple[str, bool], wait: int | None
) -> None:
    """The status, its meaning and Retry-After in both forms are kept."""
    outcome = ask(answering(status, **headers))
    assert failed(outcome) == expected
    assert (outcome.status, outcome.retry_after_seconds) == (status, wait)


@pytest.mark.parametrize(
    "answer", [b"\x00\xff garbage\r\n\r\n", b"<rss></rss>\r\n\r\n", b"SSH-2.0-x\r\n\r\n"]
)
def test_what_is_not_http_is_a_bad_response(answer: bytes) -> None:
    """Another protocol's answer is a failure, not a crash."""
    assert failed(ask_raw(answer)) == ("bad_response", False)


def test_a_connection_closed_without_an_answer_is_a_connect_failure() -> None:
    """A server that hangs up may do better next time."""
    assert failed(ask_raw(b"")) == ("connect", True)


class Dns(AbstractResolver):
    """DNS that answers one address for every host, or that there is none."""

    def __init__(self, address: str | None) -> None:
        self._address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Answer, or fail as the C library does."""
        if self._address is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [ResolveResult(hostname=host, host=self._address, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Have nothing to close."""


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (None, ("dns", True)),
        ("127.0.0.1", ("refused_address", False)),
        ("::ffff:169.254.169.254", ("refused_address", False)),
    ],
)
def test_a_name_is_only_as_good_as_its_address(address: str | None, expected: tuple[str, bool]) -> None:
    """A name that does not resolve may do so later; one that leads inside is refused."""

    async def run() -> FetchOutcome:
        async with HttpFetcher(user_agent="vigie/0", resolver=lambda: Dns(address)) as http:
            return await http.fetch(FetchRequest("http://journal.example/feed"))

    assert failed(asyncio.run(run())) == expected


def test_nobody_listening_is_a_connect_failure() -> None:
    """A refused connection may pass."""

    async def run() -> FetchOutcome:
        async with serving(answering()) as port:
            free = port
        async with fetcher(free) as http:
            return await http.fetch(FetchRequest("http://courrier.test/feed"))

    assert failed(asyncio.run(run())) == ("connect", True)


def test_plain_http_behind_an_https_address_is_a_tls_failure() -> None:
    """No trustworthy connection, no feed."""
    reason, _ = failed(ask(answering(), "https://courrier.test/feed"))
    assert reason in {"tls", "connect"}


def test_one_bad_source_does_not_disturb_the_others() -> None:
    """Fetches run side by side, each with its own outcome."""

    async def handle(request: web.Request) -> web.Response:
        return web.Response(body=FEED, status=500 if request.path == "/bad" else 200)

    async def run() -> list[FetchOutcome]:
        async with serving(handle) as port, fetcher(port) as http:
            urls = [f"http://s{n}.test/{'bad' if n % 5 == 0 else 'good'}" for n in range(40)]
            return await asyncio.gather(*(http.fetch(FetchRequest(url)) for url in urls))

    kinds = [outcome.kind for outcome in asyncio.run(run())]
    assert kinds == ["failed" if n % 5 == 0 else "fetched" for n in range(40)]


def test_a_fetcher_is_used_inside_its_context() -> None:
    """Outside of `async with` there are no connections to use."""
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(HttpFetcher(user_agent="vigie").fetch(FetchRequest("http://courrier.test/")))
