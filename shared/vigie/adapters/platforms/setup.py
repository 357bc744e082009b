"""Which platforms a stack can ask: read from its credentials, one parameter a platform, each a JSON object.

::

    bluesky       {"identifier": …, "password": …, "service": "https://bsky.social"}   an app password
    mastodon      {"instances": [{"instance": "https://mamot.fr", "token": …}]}         token may be left out
    youtube       {"key": …}                                                           an API key
    google-news   {}                                                                   open, unless {"off": true}

A credential that cannot be used is named with its reason, and leaves the others alone.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from vigie.adapters.platforms.bluesky import Bluesky
from vigie.adapters.platforms.client import PlatformHttp
from vigie.adapters.platforms.google_news import BASE_URL, GoogleNews
from vigie.adapters.platforms.mastodon import Mastodon
from vigie.adapters.platforms.youtube import API, YouTube, YouTubeComments
from vigie.domain.connectors.followed import connector_name
from vigie.errors import Transient
from vigie.ports import Clock, Connector, PlatformSetup

READ_AGAIN_AFTER = timedelta(minutes=10)  # a new credential is used that soon

C = TypeVar("C")


class _Bluesky(msgspec.Struct, frozen=True, kw_only=True):
    identifier: str
    password: str
    service: str = "https://bsky.social"


class _Instance(msgspec.Struct, frozen=True, kw_only=True):
    instance: str
    token: str | None = None


class _Mastodon(msgspec.Struct, frozen=True, kw_only=True):
    instances: tuple[_Instance, ...]


class _YouTube(msgspec.Struct, frozen=True, kw_only=True):
    key: str


class _GoogleNews(msgspec.Struct, frozen=True, kw_only=True):
    off: bool = False


_Named = Iterator[tuple[str, Connector]]


def _bluesky(text: str, http: PlatformHttp, base_url: str | None) -> _Named:
    found = _read(text, _Bluesky)
    service = base_url or found.service
    connector = Bluesky(http, identifier=found.identifier, password=found.password, service=service)
    yield connector_name("bluesky"), connector


def _mastodon(text: str, http: PlatformHttp, base_url: str | None) -> _Named:
    for found in _read(text, _Mastodon).instances:
        host = urlsplit(found.instance).hostname
        if not host:
            raise ValueError("`instance` is no web address")
        instance = base_url or found.instance
        yield connector_name("mastodon", host), Mastodon(http, instance=instance, token=found.token)


def _youtube(text: str, http: PlatformHttp, base_url: str | None) -> _Named:
    found = _read(text, _YouTube)
    yield connector_name("youtube"), YouTube(http, key=found.key, base_url=base_url or API)
    yield connector_name("youtube-comments"), YouTubeComments(http, key=found.key, base_url=base_url or API)


def _google_news(text: str, http: PlatformHttp, base_url: str | None) -> _Named:
    if not _read(text, _GoogleNews).off:
        yield connector_name("google-news"), GoogleNews(http, base_url=base_url or BASE_URL)


_MAKERS: dict[str, Callable[[str, PlatformHttp, str | None], _Named]] = {
    "bluesky": _bluesky,
    "google-news": _google_news,
    "mastodon": _mastodon,
    "youtube": _youtube,
}
_OPEN: dict[str, str] = {"google-news": "{}"}
"""Platforms that need no credential, and the one they are taken to have when none is given."""


def set_up(
    credentials: Mapping[str, str], http: PlatformHttp, base_urls: Mapping[str, str] | None = None
) -> PlatformSetup:
    """Return what the credentials (by platform) are good for. ``base_urls`` replace platforms by local ones."""
    connectors: dict[str, Connector] = {}
    troubles: dict[str, str] = {}
    for family, text in sorted({**_OPEN, **credentials}.items()):
        maker = _MAKERS.get(family)
        if maker is None:
            troubles[family] = f"no connector is called {family}"
            continue
        try:
            connectors |= dict(maker(text, http, (base_urls or {}).get(family)))
        except (msgspec.MsgspecError, ValueError) as error:
            troubles[family] = f"the parameter {family} cannot be read: {error}"
    return PlatformSetup(connectors, troubles)


class Platforms:
    """A worker's platforms: the same connectors, with their sessions, for as long as the credentials stay.

    ``credentials`` reads them, and raises Transient when it cannot; then those read before are good.
    """

    def __init__(
        self,
        credentials: Callable[[], Mapping[str, str]],
        http: PlatformHttp,
        clock: Clock,
        base_urls: Mapping[str, str] | None = None,
    ) -> None:
        self._credentials = credentials
        self._http = http
        self._clock = clock
        self._base_urls = base_urls or {}
        self._read: Mapping[str, str] = {}
        self._setup: PlatformSetup | None = None
        self._read_at: datetime | None = None

    def setup(self) -> PlatformSetup:
        """Return the platforms; no network but the credentials'. Raises Transient when they were never read."""
        now = self._clock()
        if self._setup is not None and self._read_at and now - self._read_at < READ_AGAIN_AFTER:
            return self._setup
        try:
            read = dict(self._credentials())
        except Transient:
            if self._setup is None:
                raise
            return self._setup
        if self._setup is None or read != self._read:
            self._setup = set_up(read, self._http, self._base_urls)
        self._read, self._read_at = read, now
        return self._setup

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Mapping[str, Connector]]:
        """Return the connectors, with connections that live as long as the block."""
        connectors = self.setup().connectors
        async with self._http:
            yield connectors


def base_urls_of(text: str) -> dict[str, str]:
    """Return what ``VIGIE_LOCAL_PLATFORMS`` says: ``bluesky=http://127.0.0.1:9001 …``."""
    return dict(part.split("=", 1) for part in text.split())


def _read(text: str, kind: type[C]) -> C:
    return msgspec.json.decode(text, type=kind)
