"""Post notices to clients' own addresses, under the guard that fetches are under: they are typed in by strangers.

https only, no redirect is followed, no answer is read beyond its status.

Gives   what the receiver answered, or a sentence: what goes wrong out there is a value
Raises  nothing but cancellation (and what is a bug of ours)
"""

import asyncio
from collections.abc import Mapping

import aiohttp
from yarl import URL

from vigie.adapters.http_failures import EXPECTED, explain
from vigie.adapters.http_guard import AllowList, RefusedAddress, check_url, guarded_session
from vigie.domain.notices import Posted

URL_LIMIT_CHARACTERS = 2_000


class HttpCourier:
    """Posts bodies. ``user_agent`` names us, ``allow`` opens loopback to local environments, plain http with it."""

    def __init__(
        self, *, user_agent: str, allow: AllowList | None = None, total_seconds: float = 10.0
    ) -> None:
        self._user_agent = user_agent
        self._allow = allow or AllowList()
        self._total_seconds = total_seconds

    def refusal(self, url: str) -> str | None:
        """Return why an address can be no receiver, in a sentence; None when it can."""
        try:
            self._check(url)
        except RefusedAddress as refusal:
            return refusal.sentence
        except ValueError:
            return "it is no address"
        return None

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """Post a body of JSON once."""
        return asyncio.run(self._post(url, headers, body))

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        own = {**headers, "User-Agent": self._user_agent, "Content-Type": "application/json"}
        try:
            async with asyncio.timeout(self._total_seconds):
                target = self._check(url)
                async with (
                    guarded_session(self._allow, aiohttp.ThreadedResolver(), own) as session,
                    session.post(target, data=body, allow_redirects=False) as response,
                ):
                    return _answered(response.status)
        except TimeoutError:
            return Posted(None, f"it took more than {self._total_seconds:g} s")
        except EXPECTED as error:
            return Posted(None, explain(error).detail)

    def _check(self, url: str) -> URL:
        target = URL(url)
        if len(url) > URL_LIMIT_CHARACTERS:
            raise RefusedAddress(f"the address is longer than {URL_LIMIT_CHARACTERS} characters")
        if target.user or target.password or target.fragment:
            raise RefusedAddress("the address holds a name, a password or a fragment")
        check_url(target, self._allow)
        if target.scheme != "https" and not self._allow.grant_for(
            target.raw_host or "", target.explicit_port
        ):
            raise RefusedAddress("the address is not https")
        return target


def _answered(status: int) -> Posted:
    if 300 <= status < 400:
        return Posted(
            status, f"it answered {status}: redirects are not followed, give the address it leads to"
        )
    return Posted(status)
