"""Bluesky: sessions, ``searchPosts`` newest first by when it was indexed, ``getPosts``.

Source: the lexicons ``com.atproto.server.*`` and ``app.bsky.feed.*``; rate headers as bsky.social sends them.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from infra.local.platforms.content import Post, stamp
from infra.local.platforms.queries import finds
from infra.local.platforms.wire import Asked, Said, Stage, json_reply

IDENTIFIER, PASSWORD = "vigie.social.test", "abcd-efgh-ijkl-mnop"
LIMIT, WINDOW_SECONDS = 3_000, 300
_XRPC = "/xrpc/"
_EVER, _NEVER = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
_CID = "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq"


@dataclass(slots=True)
class Bluesky:
    """An account's server."""

    stage: Stage
    sessions: dict[str, str] = field(default_factory=dict)  # access token → refresh token
    opened: int = 0

    def answer(self, asked: Asked) -> Said | None:
        """Answer a call of XRPC."""
        if not asked.path.startswith(_XRPC):
            return None
        method = asked.path.removeprefix(_XRPC)
        anybodys = {
            "com.atproto.server.createSession": self._create,
            "com.atproto.server.refreshSession": self._refresh,
        }
        ours = {"app.bsky.feed.searchPosts": self._search, "app.bsky.feed.getPosts": self._posts}
        if method in anybodys:
            return anybodys[method](asked)
        return self._barred(asked) or ours.get(method, _unknown)(asked)

    def _barred(self, asked: Asked) -> Said | None:
        if self.stage.trouble.strikes("expired_sessions"):
            self.sessions.pop(asked.token, None)
            return _error(400, "ExpiredToken", "Token has expired")
        if asked.token not in self.sessions:
            return _error(401, "AuthMissing", "Authentication Required")
        return None

    def _create(self, asked: Asked) -> Said:
        login = json.loads(asked.body)
        if self.stage.trouble.refused_login or (login["identifier"], login["password"]) != (
            IDENTIFIER,
            PASSWORD,
        ):
            return _error(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._open()

    def _refresh(self, asked: Asked) -> Said:
        if asked.token not in [f"refresh-{number}" for number in range(1, self.opened + 1)]:
            return _error(400, "ExpiredToken", "Token has been revoked")
        return self._open()

    def _open(self) -> Said:
        self.opened += 1
        access, refresh = f"access-{self.opened}", f"refresh-{self.opened}"
        self.sessions[access] = refresh
        return json_reply(
            {
                "accessJwt": access,
                "refreshJwt": refresh,
                "handle": IDENTIFIER,
                "did": "did:plc:vigie",
                "active": True,
            }
        )

    def _search(self, asked: Asked) -> Said:
        query = asked.query
        size = int(query.get("limit", "25"))
        if not query.get("q") or not 1 <= size <= 100:
            return _error(400, "InvalidRequest", "Error: Params must have the property q")
        since, until = _moment(query.get("since"), _EVER), _moment(query.get("until"), _NEVER)
        found = [
            post
            for post in sorted(self.stage.content.bluesky, key=_sort_at, reverse=True)
            if post.shown_at <= asked.now
            if since <= _sort_at(post) < until and finds(query["q"], post.text)
        ]
        posts, following = self.stage.page(
            found[: self.stage.trouble.window], int(query.get("cursor", "0")), size
        )
        answer: dict[str, Any] = {"posts": [_view(post) for post in posts], "hitsTotal": len(found)}
        if following is not None:
            answer["cursor"] = str(following)
        return json_reply(answer, headers=_rates(asked.now))

    def _posts(self, asked: Asked) -> Said:
        wanted = asked.query.get("uris", "").split(",")
        there = {uri_of(post): post for post in self.stage.content.bluesky}
        return json_reply({"posts": [_view(there[uri]) for uri in wanted if uri in there]})


def uri_of(post: Post) -> str:
    """Return a post's address in the network."""
    return f"at://{_did(post)}/app.bsky.feed.post/3k{post.number:011d}"


def _sort_at(post: Post) -> datetime:
    return min(post.published_at, post.shown_at)


def _did(post: Post) -> str:
    return "did:plc:" + "".join(c for c in post.handle if c.isalnum())


def _view(post: Post) -> dict[str, Any]:
    said: dict[str, Any] = {
        "$type": "app.bsky.feed.post",
        "text": post.text,
        "createdAt": stamp(post.published_at),
        "langs": [post.language],
    }
    if post.reply_to is not None:
        parent = {"uri": f"at://{_did(post)}/app.bsky.feed.post/3k{post.reply_to:011d}", "cid": _CID}
        said["reply"] = {"root": parent, "parent": parent}
    view: dict[str, Any] = {
        "uri": uri_of(post),
        "cid": _CID,
        "author": {"did": _did(post), "handle": post.handle, "displayName": post.name},
        "record": said,
        "indexedAt": stamp(post.shown_at),
        "likeCount": post.likes,
        "replyCount": 0,
        "repostCount": 0,
        "quoteCount": 0,
    }
    embed = _embed(post)
    return view | {"embed": embed} if embed else view


def _embed(post: Post) -> dict[str, Any] | None:
    if post.link:
        card = {"uri": post.link, "title": post.link, "description": ""}
        return {"$type": "app.bsky.embed.external#view", "external": card}
    if post.image:
        image = {"thumb": "https://cdn.test/t.jpg", "fullsize": "https://cdn.test/f.jpg", "alt": ""}
        return {"$type": "app.bsky.embed.images#view", "images": [image]}
    return None


def _moment(text: str | None, without: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else without


def _unknown(_: Asked) -> Said:
    return _error(501, "MethodNotImplemented", "Method Not Implemented")


def _rates(now: datetime) -> dict[str, str]:
    resets = (int(now.timestamp()) // WINDOW_SECONDS + 1) * WINDOW_SECONDS
    return {
        "RateLimit-Limit": str(LIMIT),
        "RateLimit-Remaining": str(LIMIT - 1),
        "RateLimit-Reset": str(resets),
        "RateLimit-Policy": f"{LIMIT};w={WINDOW_SECONDS}",
    }


def _error(status: int, name: str, message: str) -> Said:
    return json_reply({"error": name, "message": message}, status)


def too_many(asked: Asked, patience_seconds: int) -> Said:
    """Return the refusal of one request too many."""
    resets = str(int(asked.now.timestamp()) + patience_seconds)
    headers = {**_rates(asked.now), "RateLimit-Remaining": "0", "RateLimit-Reset": resets}
    return json_reply({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, 429, headers)
