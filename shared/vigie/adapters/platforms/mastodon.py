"""Mastodon, one instance a connector: full search with a user's token, else the timelines of hashtags.

Source: docs.joinmastodon.org, ``GET /api/v2/search`` and ``GET /api/v1/timelines/tag/:hashtag``. An instance knows
what its users follow, never all of the network, and tags are a part of that: coverage is "sampled".

A tag's timeline is paged forwards with ``min_id``, which leaves no hole. Search takes ``min_id`` as a limit only,
newest first, and is paged by offset; what arrives meanwhile shifts the pages and is repeated. Ids hold the time a
post was published, and posts come late from other servers: every sweep begins an overlap back.
"""

from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import msgspec

from vigie.adapters.feeds.text import language_tag, read_markup, safe_link, tidy
from vigie.adapters.platforms.client import PlatformHttp, Reply
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
from vigie.domain.connectors.budgets import Bucket
from vigie.domain.connectors.native import Syntax
from vigie.domain.connectors.outcomes import Answer, QueryRejected, Refusal
from vigie.domain.connectors.pushdown import Place
from vigie.domain.feeds import FeedEntry, Native

PAGE_STATUSES = 40
OVERLAP = timedelta(minutes=30)
_COUNTS = {"likes": "favourites_count", "reposts": "reblogs_count", "replies": "replies_count"}
_PUBLIC = frozenset({"public", "unlisted"})


class _Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sweep stands: after ``min_id``, ``offset`` results of it had; ``newest`` is the highest id seen."""

    v: Literal[1] = 1
    min_id: str | None = None
    offset: int = 0
    newest: str | None = None


class Mastodon:
    """The connector of one ``instance`` (its address); ``token`` is a user's, with the scope read:search."""

    place = Place("mastodon", frozenset({"post"}))
    packed = False
    units = 1

    def __init__(self, http: PlatformHttp, *, instance: str, token: str | None = None) -> None:
        self._http = http
        self._instance = instance.rstrip("/")
        self._token = token
        host = urlsplit(self._instance).hostname or ""
        self.bucket = Bucket(name=f"mastodon-{host}", limit=300, window_seconds=300)
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

    async def _search(self, native: str, sweep: _Sweep, now: datetime) -> Reply | Refusal:
        query = {"q": native, "type": "statuses", "limit": str(PAGE_STATUSES), "offset": str(sweep.offset)}
        return await self._get("/api/v2/search", query, sweep, now)

    async def _tag(self, native: str, sweep: _Sweep, now: datetime) -> Reply | Refusal:
        path = f"/api/v1/timelines/tag/{quote(native, safe='')}"
        return await self._get(path, {"limit": str(PAGE_STATUSES)}, sweep, now)

    async def _get(self, path: str, query: dict[str, str], sweep: _Sweep, now: datetime) -> Reply | Refusal:
        if sweep.min_id is not None:
            query["min_id"] = sweep.min_id
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        return await self._http.ask("GET", self._instance + path, query=query, headers=headers, now=now)

    def _following(self, sweep: _Sweep, statuses: list[dict[str, Any]]) -> tuple[_Sweep, bool]:
        """Return where to go on, and whether there may be more now.

        The first look of a tag is its newest page: what lies before belongs to no watch yet.
        """
        ids = [text_of(status.get("id")) for status in statuses]
        newest = max(filter(None, [sweep.newest, *ids]), key=_order, default=None)
        full = len(statuses) >= PAGE_STATUSES
        if full and self._token and sweep.min_id is not None:
            return _Sweep(min_id=sweep.min_id, offset=sweep.offset + len(statuses), newest=newest), True
        if full and not self._token and sweep.min_id is not None:
            return _Sweep(min_id=max(ids, key=_order), newest=newest), True
        return _Sweep(min_id=_earlier(newest, OVERLAP), newest=newest), False


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
