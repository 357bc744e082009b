"""Bluesky: search of posts through the account's own server, with an app password.

Source: the lexicons ``com.atproto.server.createSession``, ``refreshSession`` and ``app.bsky.feed.searchPosts``,
``getPosts``. Results come newest first and are paged backwards; a *sweep* goes from now to what the last one began
with, less an overlap, because posts are indexed late. Its cursor survives in the middle: pages that shift under it
repeat posts, and posts that arrive meanwhile belong to the next sweep. The platform's cursor may end before the
results do: the search then goes on before the oldest post had (``until``). The syntax of ``q`` is unspecified, so
it holds words only, one alternative at a time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from vigie.adapters.feeds.text import language_tag, safe_link, tidy
from vigie.adapters.platforms.client import PlatformHttp, Reply
from vigie.adapters.platforms.values import (
    counts,
    rates,
    read_cursor,
    record,
    records,
    stamp,
    text_of,
    when,
    write_cursor,
)
from vigie.domain.connectors.budgets import Bucket, Cost
from vigie.domain.connectors.native import Syntax
from vigie.domain.connectors.outcomes import (
    Answer,
    AuthRevoked,
    QueryRejected,
    Refusal,
    RetryAfter,
    Unavailable,
)
from vigie.domain.connectors.pushdown import Place
from vigie.domain.feeds import FeedEntry, Native

PLACE = Place("bluesky", frozenset({"post"}))
SYNTAX = Syntax(either=None, phrases=False, longest_characters=300)
OVERLAP = timedelta(minutes=10)
FIRST_LOOK = timedelta(hours=24)
PAGE_POSTS = 100
_EXPIRED = frozenset({"ExpiredToken", "InvalidToken"})
_COUNTS = {"likes": "likeCount", "reposts": "repostCount", "replies": "replyCount", "quotes": "quoteCount"}


class _Sweep(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sweep stands: it goes back to ``since``; ``newest`` is what the next one goes back to.

    ``page`` is the next of the results before ``until``, of which ``shown`` were had.
    """

    v: Literal[1] = 1
    since: datetime
    newest: datetime | None = None
    until: datetime | None = None
    page: str | None = None
    shown: int = 0


class _Session(msgspec.Struct):
    access: str = msgspec.field(name="accessJwt")
    refresh: str = msgspec.field(name="refreshJwt")


class Bluesky:
    """The connector. ``service`` is the account's server, ``identifier`` and ``password`` an app password's.

    The session lives as long as the worker: a new one costs of 300 a day, so it is refreshed where it can be.
    """

    place = PLACE
    syntax = SYNTAX
    packed = False
    bucket = Bucket(name="bluesky", limit=3_000, window_seconds=300)
    units = 1
    also: tuple[Cost, ...] = ()
    recheck = Cost(bucket)
    rechecked_at_once = 25

    def __init__(
        self, http: PlatformHttp, *, identifier: str, password: str, service: str = "https://bsky.social"
    ) -> None:
        self._http = http
        self._service = service.rstrip("/")
        self._login = {"identifier": identifier, "password": password}
        self._session: _Session | None = None

    def page_url(self, native: str) -> str:
        """Return the page of the same search."""
        return f"https://bsky.app/search?q={quote(native)}"

    async def poll(self, native: str, cursor: str | None, now: datetime) -> Answer:
        """Ask for one page of the sweep that ``cursor`` is in, or of the one that begins."""
        sweep = read_cursor(cursor, _Sweep) or _Sweep(since=now - FIRST_LOOK)
        reply = await self._authorised("searchPosts", _query(native, sweep), now)
        if isinstance(reply, Reply):
            return _answer(reply, sweep, now)
        if isinstance(reply, QueryRejected) and (
            sweep.page or sweep.until
        ):  # it may be the page that is refused
            return Answer(refusal=reply, cursor=write_cursor(_Sweep(since=sweep.since)))
        return Answer(refusal=reply)

    async def missing(self, native_ids: Sequence[str], now: datetime) -> frozenset[str] | Refusal:
        """Return which of at most 25 posts are gone."""
        reply = await self._authorised("getPosts", [("uris", uri) for uri in native_ids], now)
        if not isinstance(reply, Reply):
            return reply
        there = {text_of(post.get("uri")) for post in records(record(reply.data).get("posts"))}
        return frozenset(native_ids) - there

    async def _authorised(
        self, method: str, query: Sequence[tuple[str, str]], now: datetime
    ) -> Reply | Refusal:
        """Call a method within a session: the one that is open, refreshed, or a new one."""
        for _ in range(3):
            refused = await self._open(now)
            if refused is not None or self._session is None:
                return refused or AuthRevoked("Bluesky gives no session")
            headers = {"Authorization": f"Bearer {self._session.access}"}
            url = f"{self._service}/xrpc/app.bsky.feed.{method}"
            reply = await self._http.ask("GET", url, query=query, headers=headers, now=now)
            if not _is_expired(reply):
                return reply
            refused = await self._renew(now)
            if refused is not None:
                return refused
        return AuthRevoked("Bluesky ends every session at once")

    async def _renew(self, now: datetime) -> Refusal | None:
        """Refresh the session, or forget it when that is refused; a server that does not answer is another matter."""
        if self._session is None:
            return None
        renewed = await self._post("refreshSession", None, self._session.refresh, now)
        if isinstance(renewed, RetryAfter | Unavailable):
            return renewed
        self._session = _session_of(renewed)
        return None

    async def _open(self, now: datetime) -> Refusal | None:
        if self._session is not None:
            return None
        opened = await self._post("createSession", self._login, None, now)
        if not isinstance(opened, Reply):
            return opened
        self._session = _session_of(opened)
        return None if self._session else AuthRevoked("Bluesky's session is not one")

    async def _post(self, method: str, body: Any, token: str | None, now: datetime) -> Reply | Refusal:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self._service}/xrpc/com.atproto.server.{method}"
        return await self._http.ask("POST", url, headers=headers, body=body, now=now)


def _query(native: str, sweep: _Sweep) -> list[tuple[str, str]]:
    query = [
        ("q", native),
        ("sort", "latest"),
        ("limit", str(PAGE_POSTS)),
        ("since", stamp(sweep.since)),
    ]
    if sweep.until:
        query.append(("until", stamp(sweep.until)))
    if sweep.page:
        query.append(("cursor", sweep.page))
    return query


def _answer(reply: Reply, sweep: _Sweep, now: datetime) -> Answer:
    data = record(reply.data)
    if not isinstance(data.get("posts"), list):
        return Answer(refusal=QueryRejected("Bluesky's answer holds no posts"))
    posts = records(data.get("posts"))
    times = [moment for post in posts if (moment := _sorted_at(post))]
    newest = max([*times, *([sweep.newest] if sweep.newest else [])], default=None)
    following = _page_after(sweep, newest, posts, data)
    return Answer(
        entries=tuple(entry for post in posts if (entry := _entry(post))),
        cursor=write_cursor(following or _next(sweep, newest, now)),
        more=following is not None,
        rates=rates(reply.headers, "bluesky"),
    )


def _page_after(
    sweep: _Sweep, newest: datetime | None, posts: Sequence[dict[str, Any]], data: dict[str, Any]
) -> _Sweep | None:
    """Return where the next page is: where the platform says, or before what was had when it said too little."""
    page, hits = text_of(data.get("cursor")), data.get("hitsTotal")
    shown = sweep.shown + len(posts)
    if page and posts:
        return _Sweep(since=sweep.since, newest=newest, until=sweep.until, page=page, shown=shown)
    times = [at for post in posts if (at := _sorted_at(post)) and at >= sweep.since]
    if not isinstance(hits, int) or hits <= shown or not times:
        return None
    until = min(times) + timedelta(milliseconds=1)  # it leaves its own instant out
    if sweep.until is not None and until >= sweep.until:
        return None
    return _Sweep(since=sweep.since, newest=newest, until=until)


def _next(sweep: _Sweep, newest: datetime | None, now: datetime) -> _Sweep:
    """Return the sweep after this one: back to the newest post seen, never to a time still to come."""
    return _Sweep(since=max(sweep.since, min(newest or sweep.since, now) - OVERLAP))


def _sorted_at(post: dict[str, Any]) -> datetime | None:
    """Return the time that search sorts and cuts by: the earlier of what the author says and when it was indexed."""
    times = [when(record(post.get("record")).get("createdAt")), when(post.get("indexedAt"))]
    return min(filter(None, times), default=None)


def _entry(post: dict[str, Any]) -> FeedEntry | None:
    said, author, uri = record(post.get("record")), record(post.get("author")), text_of(post.get("uri"))
    if not uri or not said:
        return None
    handle = text_of(author.get("handle")) or text_of(author.get("did"))
    name = tidy(text_of(author.get("displayName"))).replace("\n", " ")
    languages = said.get("langs")
    return FeedEntry(
        guid=uri,
        link=f"https://bsky.app/profile/{quote(handle)}/post/{quote(uri.rpartition('/')[2])}",
        body=tidy(text_of(said.get("text"))),
        author=f"{name} @{handle}".strip(),
        published_at=when(said.get("createdAt")) or when(post.get("indexedAt")),
        links=_links(said, post.get("embed")),
        media=_media(post.get("embed")),
        language=language_tag(text_of(languages[0]) or None)
        if isinstance(languages, list) and languages
        else None,
        native=Native(
            platform="bluesky",
            native_id=uri,
            type="post",
            parent_id=text_of(record(record(said.get("reply")).get("parent")).get("uri")) or None,
            metrics=counts(post, _COUNTS),
        ),
    )


def _links(said: dict[str, Any], embed: Any) -> tuple[str, ...]:
    """Return where a post links to: its text's links, and the page it carries a card of."""
    features = [
        feature for facet in records(said.get("facets")) for feature in records(facet.get("features"))
    ]
    cards = [record(part.get("external")) for part in _embeds(embed)]
    safe = [safe_link(text_of(part.get("uri"))) for part in (*features, *cards)]
    return tuple(dict.fromkeys(link for link in safe if link))


def _media(embed: Any) -> tuple[str, ...]:
    kinds = {
        str(part.get("$type", "")).removeprefix("app.bsky.embed.").partition("#")[0]
        for part in _embeds(embed)
    }
    found = {"images": "image", "gallery": "image", "video": "video"}
    return tuple(sorted({found[kind] for kind in kinds if kind in found}))


def _embeds(embed: Any) -> list[dict[str, Any]]:
    """Return what a post carries: one thing, or one beside the post it quotes."""
    carried = record(embed)
    return [carried, *records([carried.get("media")])]


def _session_of(reply: Reply | Refusal) -> _Session | None:
    if not isinstance(reply, Reply):
        return None
    try:
        return msgspec.convert(reply.data, _Session)
    except msgspec.ValidationError:
        return None


def _is_expired(reply: Reply | Refusal) -> bool:
    """Tell a session that ended from a refusal: the lexicons name it in a 400, servers also say 401."""
    if isinstance(reply, QueryRejected):
        return any(name in reply.detail for name in _EXPIRED)
    return isinstance(reply, AuthRevoked)
