"""Posting notices over real HTTP: taken, refused, slow, hostile."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from vigie.adapters.courier import HttpCourier
from vigie.adapters.http_guard import AllowList
from vigie.domain.notices import Posted

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BODY = '{"type":"ping","é":1}'.encode()


def post(handler: Handler, url: str = "http://receiver.test/hook", total_seconds: float = 5.0) -> Posted:
    """Post to a receiver made of ``handler``, for which every ``*.test`` stands."""

    async def run() -> Posted:
        runner = web.ServerRunner(web.Server(handler), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        allow = AllowList.parse(f"*.test=127.0.0.1:{runner.addresses[0][1]}")
        courier = HttpCourier(user_agent="vigie/0", allow=allow, total_seconds=total_seconds)
        try:
            return await asyncio.to_thread(courier.post, url, {"webhook-id": "evt_1"}, BODY)
        finally:
            await runner.cleanup()

    return asyncio.run(run())


def answering(status: int, **headers: str) -> Handler:
    """Return a handler that always answers this."""

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=status, headers=headers)

    return handle


def test_a_notice_arrives_byte_for_byte() -> None:
    """With its headers, our name, and the type of its body."""
    seen: dict[str, object] = {}

    async def handle(request: web.Request) -> web.Response:
        seen["body"] = await request.read()
        seen.update({name: request.headers[name] for name in ("webhook-id", "User-Agent", "Content-Type")})
        return web.Response(status=202)

    assert post(handle) == Posted(202)
    assert seen == {
        "body": BODY,
        "webhook-id": "evt_1",
        "User-Agent": "vigie/0",
        "Content-Type": "application/json",
    }


@pytest.mark.parametrize("status", [200, 204, 400, 404, 410, 500, 503])
def test_what_the_receiver_answers_is_told(status: int) -> None:
    """Its body is not even read."""
    assert post(answering(status)) == Posted(status)


def test_a_redirect_is_not_followed() -> None:
    """It may lead inside, and a post that becomes a get is no delivery."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    posted = post(handle)
    assert asked == ["/hook"]
    assert (posted.status, posted.is_taken) == (307, False)
    assert "redirects are not followed" in posted.trouble


def test_a_slow_receiver_is_given_its_time_and_no_more() -> None:
    """A receiver that takes longer has not taken it."""

    async def handle(_: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response(status=200)

    assert post(handle, total_seconds=0.2) == Posted(None, "it took more than 0.2 s")


def test_a_receiver_that_hangs_up_is_told_so() -> None:
    """No answer is no yes."""

    async def handle(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    posted = post(handle)
    assert posted.status is None
    assert posted.trouble


PRIVATE = [
    "https://127.0.0.1/",
    "https://127.1/",
    "https://[::1]/",
    "https://10.0.0.8/hook",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_no_private_address_is_posted_to(url: str) -> None:
    """By name or by number, whatever was registered."""
    posted = HttpCourier(user_agent="vigie/0", total_seconds=3).post(url, {}, BODY)
    assert posted.status is None
    assert "not a public address" in posted.trouble


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://intranet.example/", "not https"),
        ("ftp://intranet.example/", "only http and https"),
        ("https://intranet.example:8443/", "not a web port"),
        ("https://user:secret@intranet.example/", "a name, a password"),
        ("https://10.0.0.8/", "not a public address"),
        ("https:///hook", "no host"),
        ("/hook", "relative"),
        ("https://[::1", "no address"),
        (f"https://intranet.example/{'x' * 2_000}", "longer than"),
    ],
)
def test_what_can_be_no_receiver_is_refused_when_registered(url: str, said: str) -> None:
    """In a sentence; and not posted to either."""
    courier = HttpCourier(user_agent="vigie/0", total_seconds=3)
    assert said in (courier.refusal(url) or "")
    assert courier.post(url, {}, BODY).status is None


def test_a_public_https_address_can_be_one() -> None:
    """Its name is looked up when it is posted to, each time."""
    assert HttpCourier(user_agent="vigie/0").refusal("https://intranet.example/vigie?key=1") is None
