"""YouTube: ``search``, ``videos``, ``commentThreads`` and ``comments`` of the Data API v3, and channels' feeds.

Source: the discovery document youtube:v3. As there, search escapes its titles for HTML, cuts its descriptions, and
answers 403 for a quota that is used up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from infra.local.platforms.content import Comment, Video, stamp
from infra.local.platforms.queries import finds
from infra.local.platforms.wire import Asked, Said, Stage, feed_reply, json_reply

KEY = "youtube-key"
_API = "/youtube/v3/"
_CUT = 120
_TOKEN = "CAUQ"  # noqa: S105 - what page tokens begin with


@dataclass(slots=True)
class YouTube:
    """The Data API of one project."""

    stage: Stage

    def answer(self, asked: Asked) -> Said | None:
        """Answer a call of the API, or for a channel's feed."""
        if asked.path == "/feeds/videos.xml":
            return self._feed(asked)
        if not asked.path.startswith(_API):
            return None
        if asked.query.get("key") != KEY and asked.headers.get("x-goog-api-key") != KEY:
            return _error(400, "API key not valid. Please pass a valid API key.", "badRequest")
        if self.stage.trouble.quota_exceeded:
            return quota_exceeded()
        methods = {
            "search": self._search,
            "videos": self._videos,
            "commentThreads": self._threads,
            "comments": self._comments,
        }
        method = methods.get(asked.path.removeprefix(_API))
        return method(asked) if method else _error(404, "Not Found", "notFound")

    def _search(self, asked: Asked) -> Said:
        after = _moment(asked.query.get("publishedAfter"))
        found = [
            video
            for video in self._by_date(asked)
            if finds(asked.query.get("q", ""), f"{video.title}\n{video.description}")
            if after is None or video.published_at >= after
        ][: self.stage.trouble.window]
        return self._page(asked, "youtube#searchListResponse", found, _result, {"regionCode": "FR"})

    def _videos(self, asked: Asked) -> Said:
        wanted = asked.query.get("id", "").split(",")
        there = {video.video_id: video for video in self.stage.content.videos}
        parts = asked.query["part"].split(",")
        items = [
            _video(there[id_], parts) for id_ in wanted if id_ in there.keys() - self.stage.trouble.withheld
        ]
        info = {"totalResults": len(items), "resultsPerPage": len(items)}
        return json_reply(
            {"kind": "youtube#videoListResponse", "etag": "v", "items": items, "pageInfo": info}
        )

    def _threads(self, asked: Asked) -> Said:
        channel = asked.query.get("allThreadsRelatedToChannelId")
        here = [
            comment
            for comment in self.stage.content.comments
            if comment.channel_id == channel and comment.published_at <= asked.now
        ]
        opening = [comment for comment in here if comment.parent_id is None]
        opening.sort(key=lambda comment: comment.published_at, reverse=True)

        def thread(comment: Comment) -> dict[str, Any]:
            return _thread(comment, [reply for reply in here if reply.parent_id == comment.comment_id])

        kept = opening[: self.stage.trouble.window]
        return self._page(asked, "youtube#commentThreadListResponse", kept, thread)

    def _comments(self, asked: Asked) -> Said:
        wanted = asked.query.get("id", "").split(",")
        there = {comment.comment_id for comment in self.stage.content.comments}
        items = [{"kind": "youtube#comment", "etag": "c", "id": id_} for id_ in wanted if id_ in there]
        return json_reply({"kind": "youtube#commentListResponse", "etag": "l", "items": items})

    def _by_date(self, asked: Asked) -> list[Video]:
        shown = self.stage.shown(self.stage.content.videos, asked)
        return sorted(shown, key=lambda video: video.published_at, reverse=True)

    def _page(
        self, asked: Asked, kind: str, found: Sequence[Any], view: Any, more: dict[str, Any] | None = None
    ) -> Said:
        size = int(asked.query.get("maxResults", "5"))
        token = asked.query.get("pageToken", _TOKEN + "0").removeprefix(_TOKEN)
        if not token.isdecimal():
            return _error(400, "The request specifies an invalid page token.", "invalidPageToken")
        items, following = self.stage.page(found, int(token), size)
        answer = {
            "kind": kind,
            "etag": "e",
            "pageInfo": {"totalResults": len(found), "resultsPerPage": size},
            "items": [view(item) for item in items],
            **(more or {}),
        }
        if following is not None:
            answer["nextPageToken"] = f"{_TOKEN}{following}"
        return json_reply(answer)

    def _feed(self, asked: Asked) -> Said:
        channel = asked.query.get("channel_id", "")
        videos = [video for video in self._by_date(asked) if video.channel_id == channel][:15]
        if not videos:
            return Said(404, b"")
        entries = "".join(map(_entry, videos))
        return feed_reply(
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom" '
            'xmlns:media="http://search.yahoo.com/mrss/">'
            f"<id>yt:channel:{channel[2:]}</id><title>{escape(videos[0].channel)}</title>{entries}</feed>",
            "text/xml",
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _result(video: Video) -> dict[str, Any]:
    cut = video.description if len(video.description) <= _CUT else video.description[:_CUT] + " ..."
    snippet = _snippet(video) | {"title": escape(video.title), "description": cut}
    return {
        "kind": "youtube#searchResult",
        "etag": "r",
        "id": {"kind": "youtube#video", "videoId": video.video_id},
        "snippet": snippet,
    }


def _snippet(video: Video) -> dict[str, Any]:
    return {
        "publishedAt": stamp(video.published_at, "seconds"),
        "channelId": video.channel_id,
        "title": video.title,
        "description": video.description,
        "thumbnails": {},
        "channelTitle": video.channel,
        "liveBroadcastContent": "none",
    }


def _video(video: Video, parts: Sequence[str]) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "snippet": _snippet(video) | {"categoryId": "25"},
        "statistics": {
            "viewCount": str(video.views),
            "likeCount": str(video.likes),
            "favoriteCount": "0",
            "commentCount": "0",
        },
    }
    named = {part: whole[part] for part in parts if part in whole}
    return {"kind": "youtube#video", "etag": "v", "id": video.video_id, **named}


def _thread(comment: Comment, replies: Sequence[Comment]) -> dict[str, Any]:
    snippet = {
        "channelId": comment.channel_id,
        "videoId": comment.video_id,
        "topLevelComment": _comment(comment),
        "canReply": False,
        "totalReplyCount": len(replies),
        "isPublic": True,
    }
    thread = {"kind": "youtube#commentThread", "etag": "t", "id": comment.comment_id, "snippet": snippet}
    return (
        thread | {"replies": {"comments": [_comment(reply) for reply in replies[:5]]}} if replies else thread
    )


def _comment(comment: Comment) -> dict[str, Any]:
    snippet = {
        "channelId": comment.channel_id,
        "videoId": comment.video_id,
        "textDisplay": comment.text,
        "textOriginal": comment.text,
        "authorDisplayName": comment.author,
        "authorChannelUrl": "http://www.youtube.com/@lecteur",
        "authorChannelId": {"value": "UC" + "l" * 22},
        "canRate": False,
        "viewerRating": "none",
        "likeCount": comment.likes,
        "publishedAt": stamp(comment.published_at, "seconds"),
        "updatedAt": stamp(comment.published_at, "seconds"),
    }
    if comment.parent_id:
        snippet["parentId"] = comment.parent_id
    return {"kind": "youtube#comment", "etag": "c", "id": comment.comment_id, "snippet": snippet}


def _entry(video: Video) -> str:
    link = f"https://www.youtube.com/watch?v={video.video_id}"
    moment = stamp(video.published_at, "seconds")
    return (
        f"<entry><id>yt:video:{video.video_id}</id><yt:videoId>{video.video_id}</yt:videoId>"
        f"<yt:channelId>{video.channel_id}</yt:channelId><title>{escape(video.title)}</title>"
        f'<link rel="alternate" href="{link}"/><author><name>{escape(video.channel)}</name></author>'
        f"<published>{moment}</published><updated>{moment}</updated><media:group>"
        f"<media:title>{escape(video.title)}</media:title>"
        f"<media:description>{escape(video.description)}</media:description></media:group></entry>"
    )


def quota_exceeded(reason: str = "quotaExceeded") -> Said:
    """Return the refusal of a call beyond the day's quota."""
    return _error(403, "The request cannot be completed because you have exceeded your quota.", reason)


def _error(status: int, message: str, reason: str) -> Said:
    each = {"message": message, "domain": "youtube.quota" if status == 403 else "global", "reason": reason}
    return json_reply({"error": {"code": status, "message": message, "errors": [each]}}, status)
