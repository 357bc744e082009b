"""YouTube: search of videos, and the comments below the videos of followed channels.

Source: the discovery document youtube:v3, methods ``search.list``, ``videos.list``, ``commentThreads.list`` and
``comments.list``. A search is dear (a hundred a day for a whole project), so all watches share it. It cuts
descriptions and escapes titles: each page of videos is completed by one call of ``videos.list``, from another budget.

Results come newest first and are paged backwards, as far as ``publishedAfter``: a *sweep* goes from now to what the
last one began with, less an overlap, because videos are indexed late.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import unescape
from typing import Any, Literal
from urllib.parse import parse_qs, quote, urlsplit

import msgspec

from vigie.adapters.feeds.text import language_tag, tidy
from vigie.adapters.platforms.client import PlatformHttp, Reply, refusal_of
from vigie.adapters.platforms.values import counts, read_cursor, record, records, text_of, when, write_cursor
from vigie.domain.connectors.budgets import Bucket, Cost, window_of
from vigie.domain.connectors.native import Syntax
from vigie.domain.connectors.outcomes import Answer, AuthRevoked, QueryRejected, QuotaUntil, Refusal
from vigie.domain.connectors.pushdown import Place
from vigie.domain.connectors.recognise import YOUTUBE_KEEPS, youtube_video
from vigie.domain.feeds import FeedEntry, Native

_PACIFIC = "America/Los_Angeles"
SEARCHES = Bucket(name="youtube-search", limit=100, window_seconds=86_400, zone=_PACIFIC)
UNITS = Bucket(name="youtube-units", limit=10_000, window_seconds=86_400, zone=_PACIFIC)
API = "https://youtube.googleapis.com"
PAGE_VIDEOS, PAGE_THREADS = 50, 100
COMMENTS_RECHECKED = 25  # in one call; ids are long, and all stand in its address
SEARCH_SHOWS_AT_MOST = 500  # results of one search, however many there are
FIRST_LOOK = timedelta(hours=24)
OVERLAP = timedelta(hours=3)
COMMENTS_OVERLAP = timedelta(hours=1)
_PATIENCE = timedelta(minutes=15)  # when too many a minute were asked
_COUNTS = {"views": "viewCount", "likes": "likeCount", "comments": "commentCount"}
_OF_THE_DAY = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_OF_THE_MINUTE = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_SILENT = "commentsDisabled"


class _Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sweep stands: back to ``since``; ``newest`` is what the next one goes back to, ``shown`` were had."""

    v: Literal[1] = 1
    since: datetime
    newest: datetime | None = None
    page: str | None = None
    shown: int = 0

    def after(self, published: Sequence[datetime], page: str, shown: int) -> "_Sweep":
        """Return the sweep after a page with another behind it."""
        newest = max([*published, *([self.newest] if self.newest else [])], default=None)
        return _Sweep(since=self.since, newest=newest, page=page or None, shown=self.shown + shown)

    def following(self, now: datetime, overlap: timedelta) -> "_Sweep":
        """Return the sweep to begin when this one is at its end: never after a time still to come."""
        return _Sweep(since=max(self.since, min(self.newest or self.since, now) - overlap))


class _Api:
    """The Data API under one project's key."""

    def __init__(self, http: PlatformHttp, key: str, base_url: str, bucket: Bucket) -> None:
        self._http, self._key, self._base_url, self._bucket = http, key, base_url.rstrip("/"), bucket

    async def get(self, method: str, query: Mapping[str, str], now: datetime) -> Reply | Refusal:
        """Call a method; a quota that is used up is a refusal that says until when."""
        return await self._http.ask(
            "GET",
            f"{self._base_url}/youtube/v3/{method}",
            query=query,
            headers={"X-Goog-Api-Key": self._key},
            now=now,
            refusal=self._refusal,
        )

    async def videos(self, ids: Sequence[str], part: str, now: datetime) -> list[dict[str, Any]] | Refusal:
        """Return the videos that there are of some ids."""
        reply = await self.get("videos", {"part": part, "id": ",".join(ids)}, now)
        return records(record(reply.data).get("items")) if isinstance(reply, Reply) else reply

    def _refusal(self, reply: Reply, now: datetime) -> Refusal:
        usual = refusal_of(reply, now)
        error = record(record(reply.data).get("error"))
        reasons = {text_of(each.get("reason")) for each in records(error.get("errors"))}
        resets_at = window_of(self._bucket, now).resets_at
        if reasons & _OF_THE_DAY:
            return QuotaUntil(resets_at, f"YouTube says that {self._bucket.name} is used up for today")
        if reasons & _OF_THE_MINUTE:
            return QuotaUntil(min(resets_at, now + _PATIENCE), "YouTube was asked too much in a short time")
        if _SILENT in reasons:
            return QueryRejected(_SILENT)
        if isinstance(usual, QueryRejected) and "API key" in usual.detail:
            return AuthRevoked(usual.detail)
        return usual


class YouTube:
    """The connector of videos; ``key`` is an API key of the project."""

    place = Place("youtube", frozenset({"video"}))
    syntax = Syntax(either="|", longest_characters=400)
    packed = True
    bucket = SEARCHES
    units = 1
    also = (Cost(UNITS),)
    recheck = Cost(UNITS)
    rechecked_at_once = PAGE_VIDEOS

    def __init__(self, http: PlatformHttp, *, key: str, base_url: str = API) -> None:
        self._api = _Api(http, key, base_url, SEARCHES)
        self._units = _Api(http, key, base_url, UNITS)

    def page_url(self, native: str) -> str:
        """Return the page of the same search."""
        return f"https://www.youtube.com/results?search_query={quote(native)}"

    async def poll(self, native: str, cursor: str | None, now: datetime) -> Answer:
        """Ask for one page of the sweep that ``cursor`` is in, and for its videos."""
        sweep = read_cursor(cursor, _Sweep) or _Sweep(since=now - FIRST_LOOK)
        reply = await self._api.get("search", _search(native, sweep), now)
        if not isinstance(reply, Reply):
            return _refused(reply, sweep)
        found = {
            id_: record(item.get("snippet"))
            for item in records(record(reply.data).get("items"))
            if (id_ := text_of(record(item.get("id")).get("videoId")))
        }
        whole = await self._units.videos(list(found), "snippet,statistics", now) if found else []
        if not isinstance(whole, list):
            return Answer(refusal=whole)  # the page is asked again: a cut description may miss a word
        there = {text_of(video.get("id")): video for video in whole}
        entries = [_video(id_, there.get(id_) or {"snippet": _cut(found[id_])}, now) for id_ in found]
        page = text_of(record(reply.data).get("nextPageToken")) if found else ""
        sweep = sweep.after([at for entry in entries if (at := entry.published_at)], page, len(found))
        return Answer(
            entries=tuple(entries),
            cursor=write_cursor(sweep if page else sweep.following(now, OVERLAP)),
            more=page != "",
            coverage="truncated" if not page and sweep.shown >= SEARCH_SHOWS_AT_MOST else "complete",
        )

    async def missing(self, native_ids: Sequence[str], now: datetime) -> frozenset[str] | Refusal:
        """Return which of at most fifty videos are gone, or private now."""
        there = await self._units.videos(native_ids, "id", now)
        if not isinstance(there, list):
            return there
        return frozenset(native_ids) - {text_of(video.get("id")) for video in there}


class YouTubeComments:
    """The connector of comments below a channel's videos: follows the channels whose feeds are followed.

    A thread shows five answers at most, and answers to threads older than the last sweep stay unseen: the coverage
    is "sampled".
    """

    place = Place("youtube", frozenset({"comment"}))
    syntax = Syntax(either=None)
    packed = False
    bucket = UNITS
    units = 1
    also: tuple[Cost, ...] = ()
    recheck = Cost(UNITS)
    rechecked_at_once = COMMENTS_RECHECKED

    def __init__(self, http: PlatformHttp, *, key: str, base_url: str = API) -> None:
        self._api = _Api(http, key, base_url, UNITS)

    def page_url(self, native: str) -> str:
        """Return the channel's page."""
        return f"https://www.youtube.com/channel/{quote(_channel(native))}"

    def search_of_feed(self, feed_url: str) -> str | None:
        """Return what to ask when this feed is followed: ``channel:UC…`` for a channel's."""
        try:
            parts = urlsplit(feed_url)
        except ValueError:
            return None
        of_youtube = (parts.hostname or "").removeprefix("www.") == "youtube.com"
        channel = parse_qs(parts.query).get("channel_id", [""])[0]
        if not of_youtube or parts.path != "/feeds/videos.xml" or not channel.startswith("UC"):
            return None
        return f"channel:{channel}"

    async def poll(self, native: str, cursor: str | None, now: datetime) -> Answer:
        """Ask for one page of threads, as far back as the sweep goes."""
        sweep = read_cursor(cursor, _Sweep) or _Sweep(since=now - FIRST_LOOK)
        reply = await self._api.get("commentThreads", _threads(native, sweep), now)
        if reply == QueryRejected(_SILENT):
            return Answer(cursor=write_cursor(sweep))
        if not isinstance(reply, Reply):
            return _refused(reply, sweep)
        threads = records(record(reply.data).get("items"))
        opened = [at for thread in threads if (at := _published(_opening(thread)))]
        entries = [entry for thread in threads for entry in _comments(thread, now)]
        page = text_of(record(reply.data).get("nextPageToken"))
        if not threads or any(at < sweep.since for at in opened):
            page = ""
        sweep = sweep.after(opened, page, len(threads))
        return Answer(
            entries=tuple(entries),
            cursor=write_cursor(sweep if page else sweep.following(now, COMMENTS_OVERLAP)),
            more=page != "",
            coverage="sampled",
        )

    async def missing(self, native_ids: Sequence[str], now: datetime) -> frozenset[str] | Refusal:
        """Return which of some comments are gone, or hidden by the channel."""
        reply = await self._api.get("comments", {"part": "id", "id": ",".join(native_ids)}, now)
        if not isinstance(reply, Reply):
            return reply
        there = {text_of(comment.get("id")) for comment in records(record(reply.data).get("items"))}
        return frozenset(native_ids) - there


def _search(native: str, sweep: _Sweep) -> dict[str, str]:
    query = {
        "part": "snippet",
        "type": "video",
        "order": "date",
        "maxResults": str(PAGE_VIDEOS),
        "q": native,
        "publishedAfter": sweep.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return query | ({"pageToken": sweep.page} if sweep.page else {})


def _threads(native: str, sweep: _Sweep) -> dict[str, str]:
    query = {
        "part": "snippet,replies",
        "allThreadsRelatedToChannelId": _channel(native),
        "order": "time",
        "maxResults": str(PAGE_THREADS),
        "textFormat": "plainText",
    }
    return query | ({"pageToken": sweep.page} if sweep.page else {})


def _channel(native: str) -> str:
    return native.removeprefix("channel:")


def _refused(refusal: Refusal, sweep: _Sweep) -> Answer:
    """Return a refusal; when it may be the page token that is not understood, the sweep begins again."""
    if isinstance(refusal, QueryRejected) and sweep.page:
        return Answer(refusal=refusal, cursor=write_cursor(_Sweep(since=sweep.since)))
    return Answer(refusal=refusal)


def _cut(snippet: dict[str, Any]) -> dict[str, Any]:
    """Return a search's snippet as a video's: its texts are escaped for HTML."""
    texts = {key: unescape(text_of(snippet.get(key))) for key in ("title", "description", "channelTitle")}
    return {**snippet, **texts}


def _video(video_id: str, video: dict[str, Any], now: datetime) -> FeedEntry:
    snippet = record(video.get("snippet"))
    language = text_of(snippet.get("defaultAudioLanguage")) or text_of(snippet.get("defaultLanguage"))
    return FeedEntry(
        guid=f"yt:video:{video_id}",
        link=f"https://www.youtube.com/watch?v={video_id}",
        title=tidy(text_of(snippet.get("title"))).replace("\n", " "),
        body=tidy(text_of(snippet.get("description"))),
        author=tidy(text_of(snippet.get("channelTitle"))).replace("\n", " "),
        published_at=when(snippet.get("publishedAt")),
        media=("video",),
        language=language_tag(language or None),
        native=youtube_video(video_id, now, counts(record(video.get("statistics")), _COUNTS)),
    )


def _opening(thread: dict[str, Any]) -> dict[str, Any]:
    return record(record(thread.get("snippet")).get("topLevelComment"))


def _published(comment: dict[str, Any]) -> datetime | None:
    return when(record(comment.get("snippet")).get("publishedAt"))


def _comments(thread: dict[str, Any], now: datetime) -> list[FeedEntry]:
    video_id = text_of(record(thread.get("snippet")).get("videoId"))
    comments = [_opening(thread), *records(record(thread.get("replies")).get("comments"))]
    return [entry for comment in comments if (entry := _comment(comment, video_id, now))]


def _comment(comment: dict[str, Any], video_id: str, now: datetime) -> FeedEntry | None:
    id_, snippet = text_of(comment.get("id")), record(comment.get("snippet"))
    if not id_:
        return None
    page = (
        f"watch?v={video_id}&lc={quote(id_)}" if video_id else f"channel/{text_of(snippet.get('channelId'))}"
    )
    return FeedEntry(
        guid=f"yt:comment:{id_}",
        link=f"https://www.youtube.com/{page}",
        body=tidy(text_of(snippet.get("textDisplay"))),
        author=tidy(text_of(snippet.get("authorDisplayName"))).replace("\n", " "),
        published_at=when(snippet.get("publishedAt")),
        native=Native(
            platform="youtube",
            native_id=id_,
            type="comment",
            parent_id=text_of(snippet.get("parentId")) or video_id or None,
            metrics=counts(snippet, {"likes": "likeCount"}),
            retain_until=now + YOUTUBE_KEEPS,
        ),
    )
