"""What the fetcher asks a second time at once, and what it leaves to the schedule."""

import asyncio
import socket
import struct
from collections.abc import Sequence

import pytest

from vigie.adapters.http import HttpFetcher
from vigie.adapters.http_guard import AllowList
from vigie.domain.fetching import FetchLimits, FetchOutcome, FetchRequest

FEED = b"<rss version='2.0'><channel><title>Le Courrier</title></channel></rss>"
WHOLE = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(FEED), FEED)
NOTHING = b""
RESET = b"reset"  # not bytes to send: the connection is reset instead
SILENCE = b"silence"  # nor this: nothing comes, and the connection stays
LYING = b'HTTP/1.1 200 OK\r\nConnection: close\r\nETag: "%s"\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s'


PLAINLY = FetchRequest("http://courrier.test/feed")


def ask(*answers: bytes, request: FetchRequest = PLAINLY) -> tuple[FetchOutcome, list[bytes]]:
    """Fetch from a server that gives these answers in turn, a connection each; return what it was asked, too."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        await _answer(answers[len(asked) - 1], reader, writer)

    async def run() -> FetchOutcome:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        allow = AllowList.parse(f"*.test=127.0.0.1:{server.sockets[0].getsockname()[1]}")
        limits = FetchLimits(connect_seconds=1, total_seconds=1)
        async with server, HttpFetcher(user_agent="vigie/0", allow=allow, limits=limits) as http:
            outcome = await http.fetch(request)
        await asyncio.sleep(0.01)  # let the server's side see the connection end
        return outcome

    return asyncio.run(run()), asked


async def _answer(answer: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if answer == SILENCE:
        await reader.read()
    elif answer == RESET:  # a socket that does not linger sends RST when it is closed
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    else:
        writer.write(answer)
        await writer.drain()
    writer.close()


def lying(coding: bytes, body: bytes) -> bytes:
    """Return an answer whose body claims to be in a coding."""
    return LYING % (b"lie", coding, len(body), body)


@pytest.mark.parametrize(
    "first",
    [NOTHING, RESET, b"HTTP/1.1 2", b"HTTP/1.1 200 OK\r\nContent-Le"],
    ids=["closed", "reset", "cut status", "cut headers"],
)
def test_a_server_that_hangs_up_without_a_word_is_asked_once_more(first: bytes) -> None:
    """A connection closed or reset before the head of an answer is a moment's trouble: the second try counts."""
    request = FetchRequest("http://courrier.test/feed", '"a"')
    outcome, asked = ask(first, WHOLE, request=request)
    assert (outcome.kind, outcome.body) == ("fetched", FEED)
    assert asked[0] == asked[1]


def test_a_server_that_hangs_up_twice_is_left_to_the_schedule() -> None:
    """There is one retry, and the failure says that it was made."""
    outcome, asked = ask(NOTHING, RESET, WHOLE)
    assert len(asked) == 2
    assert outcome.failure is not None
    assert (outcome.failure.reason, outcome.failure.transient) == ("connect", True)
    assert outcome.failure.detail.startswith("the server hung up twice without a whole answer")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (WHOLE[:-9], "truncated"),
        (b"<rss/>\r\n\r\n", "bad_response"),
        (SILENCE, "timeout"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "bad_status"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "bad_status"),
        (b"HTTP/1.1 429 Slowly\r\nContent-Length: 0\r\n\r\n", "rate_limited"),
    ],
    ids=["cut body", "not HTTP", "silence", "503", "404", "429"],
)
def test_nothing_else_is_asked_again_at_once(answer: bytes, reason: str) -> None:
    """An answer that began, a time-out or a refusal waits for its next turn: a retry would only be rude."""
    outcome, asked = ask(answer, WHOLE)
    assert len(asked) == 1
    assert outcome.failure is not None
    assert outcome.failure.reason == reason


@pytest.mark.parametrize(
    "first",
    [
        lying(b"gzip", b"\x1f\x8b" + bytes(40)),
        lying(b"br", FEED),
        lying(b"deflate", FEED),
        lying(b"zstd", b"\x28\xb5\x2f\xfd" + bytes(20)),
    ],
    ids=["gzip", "br", "deflate", "zstd"],
)
def test_an_answer_that_is_not_in_its_coding_is_asked_for_without_any(first: bytes) -> None:
    """A lying or unknown Content-Encoding costs one more request, plain and unconditional."""
    request = FetchRequest("http://courrier.test/feed", '"a"', "Mon, 02 Mar 2026 08:00:00 GMT")
    outcome, (before, after) = ask(first, WHOLE, request=request)
    assert (outcome.kind, outcome.body) == ("fetched", FEED)
    assert b"Accept-Encoding: gzip, br, deflate\r\n" in before
    assert b'If-None-Match: "a"\r\n' in before
    assert b"Accept-Encoding: identity\r\n" in after
    assert b"If-" not in after


def test_validators_of_a_plain_answer_are_not_kept() -> None:
    """They would be sent with another Accept-Encoding than they came with."""
    plain = WHOLE.replace(
        b"\r\n", b'\r\nETag: "plain"\r\nLast-Modified: Mon, 02 Mar 2026 08:00:00 GMT\r\n', 1
    )
    outcome, _ = ask(lying(b"br", FEED), plain)
    assert (outcome.etag, outcome.last_modified) == (None, None)
    kept, _ = ask(plain)
    assert (kept.etag, kept.last_modified) == ('"plain"', "Mon, 02 Mar 2026 08:00:00 GMT")


def test_a_server_that_lies_twice_is_a_failure() -> None:
    """There is one retry."""
    lie = lying(b"br", FEED)
    outcome, asked = ask(lie, lie, WHOLE)
    assert len(asked) == 2
    assert outcome.failure is not None
    assert outcome.failure.reason == "bad_encoding"


def test_plain_text_under_a_gzip_label_needs_no_second_request() -> None:
    """The first byte tells; half of the servers that lie do so."""
    outcome, asked = ask(lying(b"gzip", FEED))
    assert (outcome.body, outcome.etag, len(asked)) == (FEED, '"lie"', 1)


def test_the_total_time_covers_the_retry() -> None:
    """A second try gets what the first left of the time."""
    outcome, asked = ask(NOTHING, SILENCE)
    assert len(asked) == 2
    assert outcome.failure is not None
    assert outcome.failure.reason == "timeout"
    assert outcome.elapsed_seconds < 1.9


def test_only_so_many_are_fetched_side_by_side() -> None:
    """Turns bound memory and descriptors; waiting for one does not eat the fetch's own time."""
    open_now, most = 0, 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        await reader.readuntil(b"\r\n\r\n")
        open_now, most = open_now + 1, max(most, open_now + 1)
        await asyncio.sleep(0.05)
        open_now -= 1
        writer.write(WHOLE)
        writer.close()

    async def run() -> Sequence[FetchOutcome]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        allow = AllowList.parse(f"*.test=127.0.0.1:{server.sockets[0].getsockname()[1]}")
        limits = FetchLimits(total_seconds=0.5)
        async with server, HttpFetcher(user_agent="v", allow=allow, limits=limits, at_once=2) as http:
            return await asyncio.gather(*(http.fetch(FetchRequest(f"http://s{n}.test/")) for n in range(24)))

    assert {outcome.kind for outcome in asyncio.run(run())} == {"fetched"}
    assert most == 2
