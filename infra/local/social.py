"""The demo's networks, forum and videos: stub platforms that show the chatter, and how the stack reaches them."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from infra.demo_press.chatter import Saying, chatter
from infra.local.platforms import Content, ForumPost, Post, Video, start
from infra.local.platforms.bluesky import IDENTIFIER, PASSWORD
from infra.local.trouble import CannotRun
from vigie.domain.sources import Source

CHANNEL_ID, CHANNEL = "UCdemoDemoDemoDemoDemo00", "Armélie à la loupe"
FORUM = "Forum d'Armélie"
FIRST_LOOK = timedelta(hours=24)  # how far back searches go at first


class Social:
    """What is said beside the press, on a port of its own. ``opened_at`` is the home's first run."""

    def __init__(self, port: int, opened_at: datetime) -> None:
        self._port = port
        self._said = chatter(opened_at)

    @property
    def worker_environment(self) -> str:
        """Return what lets the workers reach the platforms, as a grant of the guard."""
        return f"127.0.0.1:{self._port}"

    @property
    def credentials(self) -> dict[str, str]:
        """Return the demo's credentials by platform; a news search on the real web is no part of the demo."""
        bluesky = {"identifier": IDENTIFIER, "password": PASSWORD, "service": self._url}
        return {"bluesky": json.dumps(bluesky), "google-news": json.dumps({"off": True})}

    @property
    def sources(self) -> list[Source]:
        """Return the forum's feed and the channel's: the rest is found by searches."""
        return [
            Source(
                source_id="forum-armelie",
                name=FORUM,
                url=f"{self._url}/latest.rss",
                platform="forum",
                type="post",
            ),
            Source(
                source_id="youtube-armelie",
                name=CHANNEL,
                url=f"{self._url}/feeds/videos.xml?channel_id={CHANNEL_ID}",
                platform="youtube",
                type="video",
            ),
        ]

    def truth(self) -> list[dict[str, Any]]:
        """Return the truth about everything said."""
        return [saying.truth(self._page(saying)) for saying in self._said]

    def visible_ids(self, now: datetime) -> frozenset[str]:
        """Return what a first look at ``now`` can find."""
        return frozenset(
            saying.document_id
            for saying in self._said
            if now - FIRST_LOOK <= saying.published_at <= now or saying.channel != "bluesky"
        )

    @contextmanager
    def open(self) -> Iterator[None]:
        """Serve the platforms while the block runs. Raises CannotRun when the port is taken."""
        try:
            platforms = start(_content(self._said), self._port)
        except OSError as error:
            raise CannotRun(
                f"Port {self._port} is taken: stop what uses it, or give another PORT."
            ) from error
        try:
            yield
        finally:
            platforms.stop()

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _page(self, saying: Saying) -> str:
        if saying.channel == "bluesky":
            return f"https://bsky.app/profile/{saying.details['handle']}/post/3k{_number(saying):011d}"
        if saying.channel == "video":
            return f"https://www.youtube.com/watch?v={saying.details['id']}"
        slug = re.sub(r"[^a-z0-9]+", "-", saying.title.lower()).strip("-")
        return f"{self._url}/t/{slug}/{saying.details['topic']}"


def _number(saying: Saying) -> int:
    return int(saying.document_id.removeprefix(saying.channel))


def _content(said: Sequence[Saying]) -> Content:
    return Content(
        bluesky=[_post(saying) for saying in said if saying.channel == "bluesky"],
        discourse=[_message(saying) for saying in said if saying.channel == "forum"],
        videos=[_video(saying) for saying in said if saying.channel == "video"],
    )


def _post(saying: Saying) -> Post:
    return Post(
        number=_number(saying),
        text=saying.text,
        published_at=saying.published_at,
        handle=saying.details["handle"],
        name=saying.details["name"],
        likes=saying.details["likes"],
    )


def _message(saying: Saying) -> ForumPost:
    return ForumPost(
        topic_id=saying.details["topic"],
        number=1,
        title=saying.title,
        author=saying.details["author"],
        text=saying.text,
        published_at=saying.published_at,
    )


def _video(saying: Saying) -> Video:
    return Video(
        video_id=saying.details["id"],
        channel_id=CHANNEL_ID,
        channel=CHANNEL,
        title=saying.title,
        description=saying.text,
        published_at=saying.published_at,
        views=saying.details["views"],
    )
