"""Fetch feeds over HTTP: politely, within limits, and never where the guard forbids.

Reads   the network, through ``http_guard``
Gives   a ``FetchOutcome``, always: what goes wrong out there is a value
Raises  nothing but cancellation (and what is a bug of ours)
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDictProxy
from yarl import URL

from vigie.adapters.http_dns import ThreadedDns
from vigie.adapters.http_failures import EXPECTED, GiveUp, explain, short
from vigie.adapters.http_guard import AllowList, check_url, guarded_session
from vigie.adapters.inflate import BadEncoding, CappedBody, TooLarge
from vigie.domain.fetching import (
    Failure,
    FetchLimits,
    FetchOutcome,
    FetchRequest,
    clean_validator,
    max_age_seconds,
    retry_after_seconds,
)

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
# Only what is decoded piece by piece. Validators belong to an address and to this line: with another they are
# neither sent nor kept (RFC 9110 §8.8.3.3).
_ACCEPT_ENCODING = "gzip, br, deflate"
_KEEP_ALIVE_SECONDS = 5  # for the host's next source, a second later; then the descriptor is wanted
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT_REDIRECTS = frozenset({301, 308})
_PARTIAL = 226  # IM Used, RFC 3229
_WITH_A_BODY = frozenset({200, 203, _PARTIAL})


@dataclass(slots=True)
class _Journey:
    """Where one fetch stands: kept outside the hops, so that a failure in the middle still knows it.

    ``plain`` says that a server sent bytes which are not in the coding they claim, and is asked for them without any.
    """

    request: FetchRequest
    url: str
    hops: int = 0
    all_permanent: bool = True
    plain: bool = False
    status: int | None = None
    retry_after_seconds: int | None = None

    def headers(self) -> dict[str, str]:
        """Return what this hop asks on top of every request: unchanged since, or without any coding."""
        if self.plain:
            return {"Accept-Encoding": "identity"}
        return _conditions(self.request, URL(self.url))


class HttpFetcher:
    """Fetches addresses, ``at_once`` of them side by side; how often a host is asked is the caller's to bound.

    Use it as an asynchronous context: connections live as long as that. ``user_agent`` names us and a way to
    reach us. ``allow`` opens loopback to local environments. ``resolver`` replaces DNS (tests).

    One retry is made at once where it is known to help: when a server closes the connection before the head of an
    answer (aiohttp does that, for requests that change nothing), and without compression when an answer is not
    in the coding it claims. Every other retry is the schedule's. The total time covers all of it, and begins when a
    fetch's turn has come.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        limits: FetchLimits | None = None,
        allow: AllowList | None = None,
        resolver: Callable[[], AbstractResolver] = ThreadedDns,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        at_once: int = 32,
    ) -> None:
        self._user_agent = user_agent
        self._limits = limits or FetchLimits()
        self._allow = allow or AllowList()
        self._make_resolver = resolver
        self._now = now
        self._turns = asyncio.Semaphore(at_once)
        self._opened: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._opened = guarded_session(
            self._allow,
            self._make_resolver(),
            {
                "User-Agent": self._user_agent,
                "Accept": _ACCEPT,
                "Accept-Encoding": _ACCEPT_ENCODING,
            },
            timeout=aiohttp.ClientTimeout(total=None, connect=self._limits.connect_seconds),
            connections=0,  # turns bound them; waiting here would eat the fetch's own time
            keep_alive_seconds=_KEEP_ALIVE_SECONDS,
            line_bytes=min(8190, self._limits.header_bytes),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """Fetch one address, conditionally when the request has validators, following redirects by hand."""
        if self._opened is None:
            raise RuntimeError("HttpFetcher is used outside of its `async with`")
        async with self._turns:
            started = time.monotonic()
            journey = _Journey(request, request.url)
            try:
                async with asyncio.timeout(self._limits.total_seconds):
                    outcome = await self._follow(self._opened, journey)
            except EXPECTED as error:
                outcome = FetchOutcome(
                    kind="failed",
                    final_url=journey.url,
                    status=journey.status,
                    retry_after_seconds=journey.retry_after_seconds,
                    failure=explain(error),
                )
            return replace(outcome, elapsed_seconds=time.monotonic() - started)

    async def _follow(self, session: aiohttp.ClientSession, journey: _Journey) -> FetchOutcome:
        visited = {URL(journey.url)}
        while True:
            answer = await self._ask_well(session, journey)
            if isinstance(answer, FetchOutcome):
                return answer
            journey.hops += 1
            journey.all_permanent &= journey.status in _PERMANENT_REDIRECTS
            if answer in visited or journey.hops > self._limits.max_redirects:
                sentence = f"{journey.hops} redirects lead nowhere (last to {short(str(answer))})"
                raise GiveUp(Failure.of("redirect_loop", sentence))
            visited.add(answer)
            journey.url = str(answer)

    async def _ask_well(self, session: aiohttp.ClientSession, journey: _Journey) -> FetchOutcome | URL:
        """Ask one address, and once more without compression when its answer is not in the coding it claims."""
        try:
            return await self._ask(session, journey)
        except BadEncoding:
            if journey.plain:
                raise
            journey.plain = True
        return await self._ask(session, journey)

    async def _ask(self, session: aiohttp.ClientSession, journey: _Journey) -> FetchOutcome | URL:
        """Return what one address answers: the end of the journey, or where it leads next."""
        url = URL(journey.url)
        journey.status = None
        check_url(url, self._allow)
        headers = journey.headers()
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            journey.status = response.status
            self._check_headers(response)
            if response.status in _REDIRECTS:
                return _redirect_target(response, url)
            return await self._conclude(response, journey, conditional=bool(headers) and not journey.plain)

    def _check_headers(self, response: aiohttp.ClientResponse) -> None:
        size = sum(len(name) + len(value) + 4 for name, value in response.raw_headers)
        if size > self._limits.header_bytes:
            raise TooLarge(f"the answer's headers are larger than {self._limits.header_bytes:,} bytes")

    async def _conclude(
        self, response: aiohttp.ClientResponse, journey: _Journey, *, conditional: bool
    ) -> FetchOutcome:
        headers = response.headers
        journey.retry_after_seconds = retry_after_seconds(headers.get("Retry-After"), now=self._now())
        unchanged = response.status == 304 and conditional
        if not unchanged and response.status not in _WITH_A_BODY:
            raise GiveUp(Failure.from_answer(response.status, headers))
        body = b"" if unchanged else await self._read(response)
        partial = response.status == _PARTIAL
        # A 304 sends only what changed (RFC 9110 §15.4.5); a 200 without a validator has lost it.
        old = journey.request if unchanged else FetchRequest(journey.url)
        given = FetchRequest(journey.url, headers.get("ETag"), headers.get("Last-Modified"))
        # A part of what we do not have, or a coding that is not asked for next: then the whole is.
        if journey.plain or (partial and not conditional):
            given = old
        return FetchOutcome(
            kind="unchanged" if unchanged else "fetched",
            final_url=journey.url,
            status=response.status,
            body=body,
            partial=partial,
            content_type=headers.get("Content-Type"),
            etag=clean_validator(given.etag) or old.etag,
            last_modified=clean_validator(given.last_modified) or old.last_modified,
            permanent_url=journey.url if journey.hops and journey.all_permanent else None,
            retry_after_seconds=journey.retry_after_seconds,
            max_age_seconds=_freshness(headers),
            links=tuple(headers.getall("Link", [])),
        )

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        body = CappedBody(response.headers.get("Content-Encoding", ""), self._limits)
        async for chunk in response.content.iter_any():
            body.feed(chunk)
        return body.finish()


def _conditions(request: FetchRequest, url: URL) -> dict[str, str]:
    """Return the conditional headers, both of them, when this is the address the validators came from.

    With an ETag a server that can may answer with the new entries alone (``A-IM: feed``, RFC 3229).
    """
    if str(url) != str(URL(request.validated_url or request.url)):
        return {}
    validators = {
        "If-None-Match": clean_validator(request.etag),
        "If-Modified-Since": clean_validator(request.last_modified),
    }
    validators["A-IM"] = "feed" if validators["If-None-Match"] else None
    return {name: value for name, value in validators.items() if value}


def _redirect_target(response: aiohttp.ClientResponse, url: URL) -> URL:
    location = response.headers.get("Location")
    if not location:
        raise GiveUp(Failure.of("bad_response", f"a {response.status} that does not say where to"))
    target = url.join(URL(location)).with_fragment(None)
    if url.scheme == "https" and target.scheme == "http":
        raise GiveUp(Failure.of("downgrade", f"redirected from https to {short(str(target))}"))
    return target


def _freshness(headers: CIMultiDictProxy[str]) -> int | None:
    return max_age_seconds(
        cache_control=headers.get("Cache-Control"),
        age=headers.get("Age"),
        expires=headers.get("Expires"),
        date=headers.get("Date"),
    )
