"""Asking hubs over real HTTP: taken, refused, hostile."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from vigie.adapters.http_guard import AllowList
from vigie.adapters.hub import HttpHub

FORM = {"hub.mode": "subscribe", "hub.topic": "https://courrier.test/é", "hub.secret": "s"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def ask(handler: Handler, url: str = "http://hub.test/", total_seconds: float = 5.0) -> str | None:
    """Ask a hub made of ``handler``, for which every ``*.test`` stands."""

    async def run() -> str | None:
        runner = web.ServerRunner(web.Server(handler), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        allow = AllowList.parse(f"*.test=127.0.0.1:{runner.addresses[0][1]}")
        hub = HttpHub(user_agent="vigie/0", allow=allow, total_seconds=total_seconds)
        try:
            return await asyncio.to_thread(hub, url, FORM)
        finally:
            await runner.cleanup()

    return asyncio.run(run())


def answering(status: int, body: bytes = b"", **headers: str) -> Handler:
    """Return a handler that always answers this."""

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(status=status, body=body, headers=headers)

    return handle


def test_a_hub_is_told_the_form_as_it_is() -> None:
    """Fields arrive whole, form-encoded, with our name; 202 is a yes."""
    seen: dict[str, str] = {}

    async def handle(request: web.Request) -> web.Response:
        seen.update({str(name): str(value) for name, value in (await request.post()).items()})
        seen["agent"] = request.headers["User-Agent"]
        seen["type"] = request.content_type
        return web.Response(status=202)

    assert ask(handle) is None
    assert seen == {**FORM, "agent": "vigie/0", "type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("status", [200, 204])
def test_any_2xx_is_a_yes(status: int) -> None:
    """Older hubs answer 204."""
    assert ask(answering(status)) is None


def test_a_refusal_is_a_sentence() -> None:
    """What the hub says is kept, in one short printable line."""
    trouble = ask(answering(422, b"hub.topic\r\nis not mine\x00" + b"x" * 10_000))
    assert trouble is not None
    assert trouble.startswith("the hub answered 422: hub.topic  is not mine ")
    assert len(trouble) == 200


def test_a_redirect_that_keeps_the_form_is_followed() -> None:
    """307 and 308 send the same form on; 302 would make it a GET, and is a refusal."""

    async def handle(request: web.Request) -> web.Response:
        if request.path == "/":
            return web.Response(status=308, headers={"Location": "/subscribe"})
        return web.Response(status=202 if (await request.post())["hub.mode"] == "subscribe" else 400)

    assert ask(handle) is None
    assert ask(answering(302, Location="/subscribe")) == "the hub answered 302: "
    assert ask(answering(307, Location="/")) == "the hub redirects more than 3 times"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.1]/",
        "https://example.com:22/",
        "ftp://hub.example/",
        "hub.example",
        "",
    ],
)
def test_a_hub_is_on_the_public_internet(url: str) -> None:
    """An address inside, an odd port or scheme is refused before anything is sent; so is a redirect there."""
    assert ask(answering(202), url) is not None
    assert ask(answering(307, Location=url or "http://10.0.0.1/")) is not None


def test_a_hub_that_takes_too_long_is_given_up() -> None:
    """A silent hub costs its time limit, no more."""

    async def handle(request: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    assert ask(handle, total_seconds=0.2) == "the hub took more than 0.2 s"


def test_a_hub_that_is_not_there_is_a_sentence() -> None:
    """A connection refused is no exception."""
    hub = HttpHub(user_agent="vigie/0", allow=AllowList.parse("*.test=127.0.0.1:1"))
    trouble = hub("http://hub.test/", FORM)
    assert trouble is not None
    assert trouble.startswith("the hub cannot be reached: ")
