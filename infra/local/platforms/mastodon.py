"""Mastodon: search with a user's token, timelines of hashtags without, single statuses.

Source: docs.joinmastodon.org, methods search, timelines and statuses; ids as Mastodon 4 makes them: the milliseconds
of when a status was published, shifted by sixteen bits.
"""

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any

from infra.local.platforms.content import Post, stamp
from infra.local.platforms.queries import finds
from infra.local.platforms.wire import Asked, Said, Stage, json_reply

TOKEN = "mastodon-token"  # noqa: S105 - what the stub takes, and nobody else
LIMIT, WINDOW = 300, timedelta(minutes=5)
_NONE_HIGHER = 1 << 63


@dataclass(slots=True)
class Mastodon:
    """One instance."""

    stage: Stage

    def answer(self, asked: Asked) -> Said | None:
        """Answer a call of the API."""
        if asked.path == "/api/v2/search":
            return self._search(asked)
        if asked.path.startswith("/api/v1/timelines/tag/"):
            return self._tag(asked, asked.path.rpartition("/")[2])
        if asked.path.startswith("/api/v1/statuses/"):
            return self._status(asked.path.rpartition("/")[2], asked)
        return None

    def _search(self, asked: Asked) -> Said:
        query = asked.query
        if asked.token != TOKEN:
            return json_reply({"error": "The access token is invalid"}, 401)
        if not query.get("q"):
            return json_reply({"error": "param is missing or the value is empty: q"}, 422)
        found = [post for post in self._between(asked) if finds(query["q"], post.text)]
        size = min(int(query.get("limit", "20")), 40)
        statuses, _ = self.stage.page(found[: self.stage.trouble.window], int(query.get("offset", "0")), size)
        answer = {"accounts": [], "statuses": self._views(statuses, asked), "hashtags": [], "collections": []}
        return json_reply(answer, headers=_rates(asked))

    def _tag(self, asked: Asked, tag: str) -> Said:
        if asked.token not in ("", TOKEN):
            return json_reply({"error": "The access token is invalid"}, 401)
        found = [post for post in self._between(asked) if f"#{tag.lower()}" in post.text.lower().split()]
        size = min(int(asked.query.get("limit", "20")), 40, self.stage.trouble.page_size or 40)
        # min_id pages forwards: the oldest after it, shown newest first all the same.
        kept = found[-size:] if "min_id" in asked.query else found[:size]
        return json_reply(self._views(kept, asked), headers=_rates(asked) | _links(asked, kept))

    def _status(self, status_id: str, asked: Asked) -> Said:
        for post in self.stage.content.mastodon:
            if id_of(post) == status_id:
                return json_reply(self._view(post, asked), headers=_rates(asked))
        return json_reply({"error": "Record not found"}, 404)

    def _between(self, asked: Asked) -> list[Post]:
        """Return what is shown by now between the ids asked for, newest first by id."""
        above, below = int(asked.query.get("min_id", "0")), int(asked.query.get("max_id", _NONE_HIGHER))
        there = [
            post
            for post in self.stage.content.mastodon
            if post.shown_at <= asked.now and above < int(id_of(post)) < below
        ]
        return sorted(there, key=lambda post: int(id_of(post)), reverse=True)

    def _views(self, posts: list[Post], asked: Asked) -> list[dict[str, Any]]:
        return [self._view(post, asked) for post in posts]

    def _view(self, post: Post, asked: Asked) -> dict[str, Any]:
        name = post.handle.partition(".")[0]
        return {
            "id": id_of(post),
            "uri": uri_of(post),
            "url": f"https://mastodon.test/@{name}/{id_of(post)}",
            "created_at": stamp(post.published_at),
            "edited_at": None,
            "account": _account(name, post, asked),
            "content": f"<p>{escape(post.text)}</p>",
            "visibility": "public",
            "sensitive": False,
            "spoiler_text": "",
            "media_attachments": [_image(post)] if post.image else [],
            "mentions": [],
            "tags": [],
            "emojis": [],
            "reblogs_count": 0,
            "favourites_count": post.likes,
            "replies_count": 0,
            "in_reply_to_id": self._parent(post),
            "in_reply_to_account_id": None,
            "reblog": None,
            "poll": None,
            "card": _card(post.link) if post.link else None,
            "language": post.language,
        }

    def _parent(self, post: Post) -> str | None:
        parents = (other for other in self.stage.content.mastodon if other.number == post.reply_to)
        return next((id_of(parent) for parent in parents), None)


def id_of(post: Post) -> str:
    """Return the id that the instance gives a status."""
    return str((int(post.published_at.timestamp() * 1000) << 16) + post.number % 65_536)


def uri_of(post: Post) -> str:
    """Return the address by which all instances know a status."""
    return f"https://mastodon.test/users/{post.handle.partition('.')[0]}/statuses/{id_of(post)}"


def _account(name: str, post: Post, asked: Asked) -> dict[str, Any]:
    return {
        "id": "1",
        "username": name,
        "acct": name,
        "display_name": post.name,
        "locked": False,
        "bot": False,
        "created_at": stamp(asked.now - timedelta(days=400)),
        "note": "",
        "url": f"https://mastodon.test/@{name}",
        "uri": f"https://mastodon.test/users/{name}",
        "avatar": "https://mastodon.test/a.png",
        "avatar_static": "https://mastodon.test/a.png",
        "header": "https://mastodon.test/h.png",
        "header_static": "https://mastodon.test/h.png",
        "followers_count": 0,
        "following_count": 0,
        "statuses_count": 1,
        "last_status_at": None,
        "emojis": [],
        "fields": [],
        "group": False,
        "discoverable": True,
        "indexable": True,
        "hide_collections": False,
    }


def _image(post: Post) -> dict[str, Any]:
    url = f"https://mastodon.test/media/{post.number}.jpg"
    size = {"width": 640, "height": 480, "size": "640x480", "aspect": 1.3333}
    return {
        "id": str(post.number),
        "type": "image",
        "url": url,
        "preview_url": url,
        "meta": {"original": size, "small": size},
        "description": None,
        "blurhash": "UeKUpFxuo~R%0nW;WCnhF6RjaJt757oJodS$",
    }


def _card(url: str) -> dict[str, Any]:
    empty = ("description", "html", "author_name", "author_url", "provider_name", "provider_url", "embed_url")
    return {"url": url, "title": url, "type": "link", "width": 0, "height": 0, **dict.fromkeys(empty, "")}


def _links(asked: Asked, kept: list[Post]) -> dict[str, str]:
    if not kept:
        return {}
    page = asked.base_url + asked.path
    older, newer = id_of(kept[-1]), id_of(kept[0])
    return {"Link": f'<{page}?max_id={older}>; rel="next", <{page}?min_id={newer}>; rel="prev"'}


def _rates(asked: Asked, left: int = LIMIT - 1, resets_in: timedelta = WINDOW) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(LIMIT),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": stamp(asked.now + resets_in, "microseconds"),
    }


def too_many(asked: Asked, patience_seconds: int) -> Said:
    """Return the refusal of one request too many."""
    headers = _rates(asked, 0, timedelta(seconds=patience_seconds))
    return json_reply({"error": "Too many requests"}, 429, headers)
