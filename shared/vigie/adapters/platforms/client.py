"""Ask a platform's JSON API, under the guard and the limits of fetches.

Gives   a ``Reply``, or the ``Refusal`` that the answer amounts to
Raises  nothing but cancellation (and what is a bug of ours)
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import aiohttp
import msgspec
from yarl import URL

from vigie.adapters.http_dns import ThreadedDns
from vigie.adapters.http_failures import EXPECTED, explain
from vigie.adapters.http_guard import AllowList, check_url, guarded_session
from vigie.adapters.inflate import CappedBody
from vigie.domain.connectors.outcomes import (
    AuthRevoked,
    QueryRejected,
    Refusal,
    RetryAfter,
    TermsBlocked,
    Unavailable,
)
from vigie.domain.fetching import Failure, FetchLimits, retry_after_seconds

PATIENCE_SECONDS = 60  # after a 429 that does not say how long
PATIENCE_AT_MOST_SECONDS = 86_400
_SAID_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """What a platform answered: status, headers, and its JSON (None when the body is empty), or its bytes."""

    status: int
    headers: Mapping[str, str]
    data: Any


class PlatformHttp:
    """Asks APIs. Use it as an asynchronous context: connections live as long as that.

    No redirect is followed: an API that moves is a change of ours to make. ``allow`` opens loopback to local
    environments.
    """

    def __init__(
        self, *, user_agent: str, allow: AllowList | None = None, limits: FetchLimits | None = None
    ) -> None:
        self._user_agent = user_agent
        self._allow = allow or AllowList()
        self._limits = limits or FetchLimits()
        self._opened: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._opened = guarded_session(
            self._allow,
            ThreadedDns(),
            {
                "User-Agent": self._user_agent,
                "Accept": "application/json",
                "Accept-Encoding": "gzip, br, deflate",
            },
            timeout=aiohttp.ClientTimeout(total=None, connect=self._limits.connect_seconds),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def ask(
        self,
        method: str,
        url: str,
        *,
        now: datetime,
        query: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        json: bool = True,
        refusal: "Callable[[Reply, datetime], Refusal] | None" = None,
    ) -> Reply | Refusal:
        """Ask once; ``body`` is sent as JSON. A status of 300 or more is the ``refusal`` it means there.

        Without ``json`` the answer's bytes are handed on as they are.
        """
        if self._opened is None:
            raise RuntimeError("PlatformHttp is used outside of its `async with`")
        target = URL(url).update_query(query or {})
        sent = None if body is None else msgspec.json.encode(body)
        own = {"Content-Type": "application/json", **(headers or {})} if sent else dict(headers or {})
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                check_url(target, self._allow)
                async with self._opened.request(
                    method, target, data=sent, headers=own, allow_redirects=False
                ) as response:
                    status, said, read = response.status, response.headers, await self._read(response)
        except EXPECTED as error:
            return Unavailable(explain(error))
        if status < 300 and not json:
            return Reply(status, said, read)
        reply = _understood(status, said, read)
        if isinstance(reply, Reply) and status >= 300:
            return (refusal or refusal_of)(reply, now)
        return reply

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        body = CappedBody(response.headers.get("Content-Encoding", ""), self._limits)
        async for chunk in response.content.iter_any():
            body.feed(chunk)
        return body.finish()


def _understood(status: int, headers: Mapping[str, str], body: bytes) -> Reply | Refusal:
    try:
        data = msgspec.json.decode(body) if body.strip() else None
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        if status < 300:
            return Unavailable(Failure("bad_response", "the platform's answer is no JSON", transient=True))
        data = None
    return Reply(status, headers, data)


def refusal_of(reply: Reply, now: datetime) -> Refusal:
    """Return what a status of 300 or more means on most platforms; each connector knows its exceptions."""
    said = f"the platform answered {reply.status}{_said(reply.data)}"
    if reply.status == 429:
        return RetryAfter(patience_until(reply.headers, now), said)
    if reply.status in (401, 403):
        return AuthRevoked(said)
    if reply.status == 451:
        return TermsBlocked(said)
    if reply.status in (400, 404, 405, 414, 422):
        return QueryRejected(said)
    if reply.status == 503 and reply.headers.get("Retry-After"):
        return RetryAfter(patience_until(reply.headers, now), said)
    return Unavailable(Failure("bad_status", said, transient=reply.status >= 500 or reply.status == 408))


def patience_until(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return when the platform wants to be asked again: Retry-After, else the reset that rate headers name.

    ``RateLimit-Reset`` and ``X-RateLimit-Reset`` hold seconds to wait, an epoch, or an ISO instant (Mastodon).
    """
    seconds = retry_after_seconds(headers.get("Retry-After"), now=now)
    for name in ("RateLimit-Reset", "X-RateLimit-Reset"):
        if seconds is None and headers.get(name):
            seconds = _reset_seconds(headers[name], now)
    wait = PATIENCE_SECONDS if seconds is None else min(max(seconds, 1), PATIENCE_AT_MOST_SECONDS)
    return now + timedelta(seconds=wait)


def _reset_seconds(value: str, now: datetime) -> int | None:
    if value.isdecimal() and len(value) <= 12:
        number = int(value)
        return number if number < 10**8 else round(number - now.timestamp())
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round((aware - now).total_seconds())


def _said(data: Any) -> str:
    """Return what an error body says, its code and its message, as one bounded, printable line."""
    if not isinstance(data, dict):
        return ""
    if isinstance(data.get("error"), dict):  # Google's
        return _said(data["error"])
    parts = [data.get(key) for key in ("error", "status", "message", "error_description")]
    words = ": ".join(part for part in parts if isinstance(part, str) and part)
    return ": " + "".join(c if c.isprintable() else " " for c in words)[:_SAID_CHARACTERS] if words else ""
