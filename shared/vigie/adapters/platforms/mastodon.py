"""Mastodon, one instance a connector: full search with a user's token, else the timelines of hashtags.

Source: docs.joinmastodon.org, ``GET /api/v2/search`` and ``GET /api/v1/timelines/tag/:hashtag``. An instance knows
what its users follow, never all of the network, and tags are a part of that: coverage is "sampled".

A tag's timeline is paged forwards with ``min_id``, which leaves no hole. Search takes ``min_id`` as a limit only,
newest first, and is paged backwards with ``max_id``: whatever comes and goes meanwhile, nothing is skipped. Pages
may be short, for what a filter hides is taken out of them; the last one is empty. Ids hold the time a post was
published, and posts come late from other servers: every sweep begins an overlap back.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import msgspec

from vigie.adapters.feeds.text import language_tag, read_markup, safe_link, tidy
from vigie.adapters.platforms.client import PlatformHttp, Reply, refusal_of
from vigie.adapters.platforms.values import (
    counts,
    rates,
    read_cursor,
    record,
    records,
    text_of,
    when,
    write_cursor,
)
from vigie.domain.connectors.budgets import Bucket, Cost
from vigie.domain.connectors.native import Syntax
from vigie.domain.connectors.outcomes import Answer, QueryRejected, Refusal
from vigie.domain.connectors.pushdown import Place
from vigie.domain.feeds import FeedEntry, Native

PAGE_STATUSES = 40
OVERLAP = timedelta(minutes=30)
_COUNTS = {"likes": "favourites_count", "reposts": "reblogs_count", "replies": "replies_count"}
_OWN_STATUS = re.compile(r"https?://(?P<host>[^/:]+)(?::\d+)?/(?:ap/)?users/[^/]+/statuses/(?P<id>\d+)")
_GONE = QueryRejected("the status is gone")
_PUBLIC = frozenset({"public", "unlisted"})


class _Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sweep stands: between ``min_id`` and ``max_id``; ``newest`` is the highest id seen."""

    v: Literal[1] = 1
    min_id: str | None = None
    max_id: str | None = None
    newest: str | None = None


class Mastodon:
    """The connector of one ``instance`` (its address); ``token`` is a user's, with the scope read:search."""

    place = Place("mastodon", frozenset({"post"}))
    packed = False
    units = 1
    also: tuple[Cost, ...] = ()
    rechecked_at_once = 1

    def __init__(self, http: PlatformHttp, *, instance: str, token: str | None = None) -> None:
        self._http = http
        self._instance = instance.rstrip("/")
        self._token = token
        self._host = urlsplit(self._instance).hostname or ""
        self.bucket = Bucket(name=f"mastodon-{self._host}", limit=300, window_seconds=300)
        self.recheck = Cost(self.bucket)
        self.syntax = Syntax(either=None, longest_characters=200, tags=token is None)

    def page_url(self, native: str) -> str:
        """Return the page of the same search, or of the tag."""
        path = f"/search?q={quote(native)}" if self._token else f"/tags/{quote(native)}"
        return self._instance + path

    async def poll(self, native: str, cursor: str | None, now: datetime) -> Answer:
        """Ask for one page of the sweep that ``cursor`` is in."""
        sweep = read_cursor(cursor, _Sweep) or _Sweep()
        reply = await (self._search(native, sweep, now) if self._token else self._tag(native, sweep, now))
        if not isinstance(reply, Reply):
            return Answer(refusal=reply)
        statuses = record(reply.data).get("statuses") if self._token else reply.data
        if not isinstance(statuses, list):
            return Answer(refusal=QueryRejected("Mastodon's answer holds no statuses"))
        following, more = self._following(sweep, records(statuses))
        return Answer(
            entries=tuple(entry for status in records(statuses) if (entry := _entry(status))),
            cursor=write_cursor(following),
            more=more,
            coverage="sampled",
            rates=rates(reply.headers, self.bucket.name, "X-RateLimit"),
        )

    async def missing(self, native_ids: Sequence[str], now: datetime) -> frozenset[str] | Refusal:
        """Return which posts are gone. Only an instance's own can be told: of others' it knows not when they go."""
        gone = set()
        for uri in native_ids:
            own = _OWN_STATUS.fullmatch(uri)
            if own is None or own["host"] != self._host:
                continue
            reply = await self._get(f"/api/v1/statuses/{own['id']}", {}, now, refusal=_gone_or_refused)
            if isinstance(reply, QueryRejected) and reply == _GONE:
                gone.add(uri)
            elif not isinstance(reply, Reply):
                return reply
        return frozenset(gone)

    async def _search(self, native: str, sweep: _Sweep, now: datetime) -> Reply | Refusal:
        query = {"q": native, "type": "statuses", "limit": str(PAGE_STATUSES)}
        if sweep.max_id is not None:
            query["max_id"] = sweep.max_id
        return await self._get("/api/v2/search", query | _after(sweep), now)

    async def _tag(self, native: str, sweep: _Sweep, now: datetime) -> Reply | Refusal:
        path = f"/api/v1/timelines/tag/{quote(native, safe='')}"
        return await self._get(path, {"limit": str(PAGE_STATUSES)} | _after(sweep), now)

    async def _get(
        self,
        path: str,
        query: dict[str, str],
        now: datetime,
        refusal: Callable[[Reply, datetime], Refusal] | None = None,
    ) -> Reply | Refusal:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        url = self._instance + path
        return await self._http.ask("GET", url, query=query, headers=headers, now=now, refusal=refusal)

    def _following(self, sweep: _Sweep, statuses: list[dict[str, Any]]) -> tuple[_Sweep, bool]:
        """Return where to go on, and whether there may be more now.

        The first look is the newest page: what lies before belongs to no watch yet. Where it shows nothing, all
        that comes is news.
        """
        ids = [id_ for status in statuses if (id_ := text_of(status.get("id")))]
        newest = max([*ids, *([sweep.newest] if sweep.newest else [])], key=_order, default=None)
        if not ids or sweep.min_id is None:
            return _Sweep(min_id=_earlier(newest, OVERLAP) or sweep.min_id or "0", newest=newest), False
        if self._token:
            return _Sweep(min_id=sweep.min_id, max_id=min(ids, key=_order), newest=newest), True
        return _Sweep(min_id=max(ids, key=_order), newest=newest), True


def _after(sweep: _Sweep) -> dict[str, str]:
    return {} if sweep.min_id is None else {"min_id": sweep.min_id}


def _gone_or_refused(reply: Reply, now: datetime) -> Refusal:
    return _GONE if reply.status in (404, 410) else refusal_of(reply, now)


def _order(status_id: str) -> tuple[int, str]:
    """Order ids by time: decimal ones by value, which is by length first."""
    return len(status_id), status_id


def _earlier(status_id: str | None, by: timedelta) -> str | None:
    """Return the id that a status published earlier would have: milliseconds and sixteen bits of sequence."""
    if status_id is None or not status_id.isdecimal() or len(status_id) > 20:
        return status_id
    return str(max(0, int(status_id) - (int(by.total_seconds() * 1000) << 16)))


def _entry(status: dict[str, Any]) -> FeedEntry | None:
    """Return a status as an entry: what it repeats when it is a boost, nothing when it is not public."""
    status = record(status.get("reblog")) or status
    uri, account = text_of(status.get("uri")), record(status.get("account"))
    if not uri or status.get("visibility") not in _PUBLIC:
        return None
    reading = read_markup(text_of(status.get("content")), uri)
    warning = tidy(text_of(status.get("spoiler_text")))
    card = safe_link(text_of(record(status.get("card")).get("url")))
    name = tidy(text_of(account.get("display_name"))).replace("\n", " ")
    return FeedEntry(
        guid=uri,
        link=safe_link(text_of(status.get("url"))) or safe_link(uri),
        body="\n".join(filter(None, (warning, reading.text))),
        author=f"{name} @{text_of(account.get('acct'))}".strip(),
        published_at=when(status.get("created_at")),
        links=tuple(dict.fromkeys([*reading.links, *([card] if card else [])])),
        media=_media(status),
        language=language_tag(text_of(status.get("language")) or None),
        native=Native(
            platform="mastodon",
            native_id=uri,  # the same on every instance that shows it
            type="post",
            parent_id=text_of(status.get("in_reply_to_id")) or None,
            metrics=counts(status, _COUNTS),
        ),
    )


def _media(status: dict[str, Any]) -> tuple[str, ...]:
    kinds = {text_of(part.get("type")) for part in records(status.get("media_attachments"))}
    found = {"image": "image", "video": "video", "gifv": "video"}
    return tuple(sorted({found[kind] for kind in kinds if kind in found}))
