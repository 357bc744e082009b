"""Ask a WebSub hub, under the same guard as fetches: a hub's address is written by whoever publishes the feed.

Gives   None when the hub took the request, else a sentence, always: what goes wrong out there is a value
Raises  nothing but cancellation (and what is a bug of ours)
"""

import asyncio
from collections.abc import Mapping

import aiohttp
from yarl import URL

from vigie.adapters.http_guard import (
    AllowList,
    RefusedAddress,
    check_url,
    guarded_session,
)

_REDIRECTS = frozenset({307, 308})  # the others would turn our request into another (WebSub §5.1)
_HOPS_AT_MOST = 3
_SAID_BYTES = 200


class HttpHub:
    """Posts requests to hubs. ``user_agent`` names us, ``allow`` opens loopback to local environments."""

    def __init__(
        self, *, user_agent: str, allow: AllowList | None = None, total_seconds: float = 6.0
    ) -> None:
        self._user_agent = user_agent
        self._allow = allow or AllowList()
        self._total_seconds = total_seconds

    def __call__(self, hub_url: str, form: Mapping[str, str]) -> str | None:
        """Post ``form`` to a hub; return why it did not take it, if it did not."""
        return asyncio.run(self._ask(hub_url, form))

    async def _ask(self, hub_url: str, form: Mapping[str, str]) -> str | None:
        try:
            async with asyncio.timeout(self._total_seconds):
                headers = {"User-Agent": self._user_agent}
                async with guarded_session(self._allow, aiohttp.ThreadedResolver(), headers) as session:
                    return await self._follow(session, URL(hub_url), form)
        except TimeoutError:
            return f"the hub took more than {self._total_seconds:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _sentence(error)

    async def _follow(self, session: aiohttp.ClientSession, url: URL, form: Mapping[str, str]) -> str | None:
        for _ in range(_HOPS_AT_MOST + 1):
            check_url(url, self._allow)
            async with session.post(url, data=dict(form), allow_redirects=False) as response:
                if 200 <= response.status < 300:
                    return None
                if response.status not in _REDIRECTS:
                    said = (await response.content.read(_SAID_BYTES)).decode("utf-8", "replace")
                    return _line(f"the hub answered {response.status}: {said}")
                target = url.join(URL(response.headers.get("Location", "")))
            if url.scheme == "https" and target.scheme != "https":
                return "the hub redirects from https to an address that is not"
            url = target
        return f"the hub redirects more than {_HOPS_AT_MOST} times"


def _sentence(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, RefusedAddress):
        cause = cause.__cause__
    return _line(cause.sentence if cause else f"the hub cannot be reached: {error}")


def _line(text: str) -> str:
    """Return hostile text as one bounded, printable line."""
    return "".join(character if character.isprintable() else " " for character in text)[:_SAID_BYTES]
