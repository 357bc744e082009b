"""Bluesky: search of posts through the account's own server, with an app password.

Source: the lexicons ``com.atproto.server.createSession``, ``refreshSession`` and ``app.bsky.feed.searchPosts``.
Results come newest first and are paged backwards; a *sweep* goes from now to what the last one began with, less an
overlap, because posts are indexed late. Its cursor survives in the middle: pages that shift under it repeat posts,
and posts that arrive meanwhile belong to the next sweep. The syntax of ``q`` is unspecified, so it holds words only,
one alternative at a time.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from vigie.adapters.feeds.text import language_tag, safe_link, tidy
from vigie.adapters.platforms.client import PlatformHttp, Reply
from vigie.domain.connectors.budgets import Bucket
from vigie.domain.connectors.native import Syntax
from vigie.domain.connectors.outcomes import Answer, AuthRevoked, QueryRejected, Rate, Refusal
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
    """Where a sweep stands: it goes back to ``since``; ``newest`` is what the next one goes back to."""

    v: Literal[1] = 1
    since: datetime
    newest: datetime | None = None
    page: str | None = None


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
        sweep = _sweep(cursor, now)
        query = {"q": native, "sort": "latest", "limit": str(PAGE_POSTS), "since": _stamp(sweep.since)}
        if sweep.page:
            query["cursor"] = sweep.page
        reply = await self._authorised(query, now)
        if not isinstance(reply, Reply):
            return Answer(refusal=reply)
        return _answer(reply, sweep, now)

    async def _authorised(self, query: dict[str, str], now: datetime) -> Reply | Refusal:
        for _ in range(2):
            refused = await self._open(now)
            if refused is not None or self._session is None:
                return refused or AuthRevoked("Bluesky gives no session")
            reply = await self._search(query, self._session, now)
            if not _is_expired(reply):
                return reply
            refreshed = await self._post("refreshSession", None, self._session.refresh, now)
            self._session = _session_of(refreshed)
        return AuthRevoked("Bluesky ends every session at once")

    async def _open(self, now: datetime) -> Refusal | None:
        if self._session is not None:
            return None
        opened = await self._post("createSession", self._login, None, now)
        if not isinstance(opened, Reply):
            return opened
        self._session = _session_of(opened)
        return None if self._session else AuthRevoked("Bluesky's session is not one")

    async def _search(self, query: dict[str, str], session: _Session, now: datetime) -> Reply | Refusal:
        return await self._http.ask(
            "GET",
            f"{self._service}/xrpc/app.bsky.feed.searchPosts",
            query=query,
            headers={"Authorization": f"Bearer {session.access}"},
            now=now,
        )

    async def _post(self, method: str, body: Any, token: str | None, now: datetime) -> Reply | Refusal:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self._service}/xrpc/com.atproto.server.{method}"
        return await self._http.ask("POST", url, headers=headers, body=body, now=now)


def _sweep(cursor: str | None, now: datetime) -> _Sweep:
    if cursor is None:
        return _Sweep(since=now - FIRST_LOOK)
    try:
        return msgspec.json.decode(cursor, type=_Sweep)
    except msgspec.MsgspecError:  # another version's: look a day back, what is known is known
        return _Sweep(since=now - FIRST_LOOK)


def _answer(reply: Reply, sweep: _Sweep, now: datetime) -> Answer:
    data = reply.data if isinstance(reply.data, dict) else {}
    posts = data.get("posts")
    if not isinstance(posts, list):
        return Answer(refusal=QueryRejected("Bluesky's answer holds no posts"))
    entries = [entry for post in posts if isinstance(post, dict) and (entry := _entry(post))]
    indexed = [
        moment for post in posts if isinstance(post, dict) and (moment := _when(post.get("indexedAt")))
    ]
    newest = max([*indexed, *([sweep.newest] if sweep.newest else [])], default=None)
    page = data.get("cursor") if posts and isinstance(data.get("cursor"), str) else None
    following = _Sweep(since=sweep.since, newest=newest, page=page) if page else _next(sweep, newest, now)
    return Answer(
        entries=tuple(entries),
        cursor=msgspec.json.encode(following).decode(),
        more=page is not None,
        rates=_rates(reply),
    )


def _next(sweep: _Sweep, newest: datetime | None, now: datetime) -> _Sweep:
    """Return the sweep after this one: back to the newest post seen, never to a time still to come."""
    return _Sweep(since=max(sweep.since, min(newest or sweep.since, now) - OVERLAP))


def _entry(post: dict[str, Any]) -> FeedEntry | None:
    record, author = post.get("record"), post.get("author")
    uri = post.get("uri")
    if not isinstance(record, dict) or not isinstance(author, dict) or not isinstance(uri, str):
        return None
    handle = str(author.get("handle") or author.get("did") or "")
    name = tidy(str(author.get("displayName") or "")).replace("\n", " ")
    languages = record.get("langs") or [None]
    return FeedEntry(
        guid=uri,
        link=f"https://bsky.app/profile/{quote(handle)}/post/{quote(uri.rpartition('/')[2])}",
        body=tidy(str(record.get("text") or "")),
        author=f"{name} @{handle}".strip(),
        published_at=_when(record.get("createdAt")) or _when(post.get("indexedAt")),
        links=_links(record, post.get("embed")),
        media=_media(post.get("embed")),
        language=language_tag(languages[0]) if isinstance(languages, list) else None,
        native=Native(
            platform="bluesky",
            native_id=uri,
            type="post",
            parent_id=_parent(record),
            metrics={name: post[key] for name, key in _COUNTS.items() if isinstance(post.get(key), int)},
        ),
    )


def _parent(record: dict[str, Any]) -> str | None:
    reply = record.get("reply")
    parent = reply.get("parent") if isinstance(reply, dict) else None
    uri = parent.get("uri") if isinstance(parent, dict) else None
    return uri if isinstance(uri, str) else None


def _links(record: dict[str, Any], embed: Any) -> tuple[str, ...]:
    """Return where a post links to: its text's links, and the page it carries a card of."""
    facets = record.get("facets")
    features = [
        feature
        for facet in (facets if isinstance(facets, list) else [])
        if isinstance(facet, dict)
        for feature in (facet.get("features") or [])
        if isinstance(feature, dict)
    ]
    found = [feature.get("uri") for feature in features]
    found += [
        part["external"].get("uri") for part in _embeds(embed) if isinstance(part.get("external"), dict)
    ]
    safe = [safe_link(uri) for uri in found if isinstance(uri, str)]
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
    if not isinstance(embed, dict):
        return []
    return [embed, *_embeds(embed.get("media"))] if "media" in embed else [embed]


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


def _rates(reply: Reply) -> tuple[Rate, ...]:
    limit, remaining = reply.headers.get("RateLimit-Limit"), reply.headers.get("RateLimit-Remaining")
    if not (limit and limit.isdecimal() and remaining and remaining.isdecimal()):
        return ()
    return (Rate(bucket="bluesky", limit=int(limit), remaining=int(remaining), units=1),)


def _when(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
