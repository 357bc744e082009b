"""What the stub platforms hold: plain data. The lists may change while they are served; to delete is to remove."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

PEOPLE = "https://social.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of a network. ``number`` identifies it on both; ``indexed_at`` is when search knows it, if later."""

    number: int
    text: str
    published_at: datetime
    handle: str = "claire.social.test"
    name: str = "Claire"
    indexed_at: datetime | None = None
    reply_to: int | None = None
    link: str | None = None
    image: bool = False
    language: str = "fr"
    likes: int = 0

    @property
    def shown_at(self) -> datetime:
        """When search shows it."""
        return self.indexed_at or self.published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A video. Ids have eleven characters, those of channels twenty-four and begin with ``UC``."""

    video_id: str
    channel_id: str
    channel: str
    title: str
    description: str
    published_at: datetime
    indexed_at: datetime | None = None
    views: int = 0
    likes: int = 0

    @property
    def shown_at(self) -> datetime:
        """When search shows it."""
        return self.indexed_at or self.published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment below a video, or the answer to one (``parent_id``)."""

    comment_id: str
    video_id: str
    channel_id: str
    author: str
    text: str
    published_at: datetime
    parent_id: str | None = None
    likes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as a news search lists it. An ``opaque`` one's redirector link does not hold its address."""

    title: str
    publisher: str
    publisher_url: str
    url: str
    published_at: datetime
    opaque: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumPost:
    """A post of a forum: the ``number``-th of its topic, 1 opens it."""

    topic_id: int
    number: int
    title: str
    author: str
    text: str
    published_at: datetime
    forum: str = "Général"

    @property
    def post_id(self) -> int:
        """The forum's own number for it."""
        return self.topic_id * 1_000 + self.number


@dataclass(slots=True, kw_only=True)
class Content:
    """Everything the stubs serve. What is dated later than now is not shown yet."""

    bluesky: list[Post] = field(default_factory=list)
    mastodon: list[Post] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    discourse: list[ForumPost] = field(default_factory=list)
    phpbb: list[ForumPost] = field(default_factory=list)


def stamp(moment: datetime, timespec: str = "milliseconds") -> str:
    """Return an instant as JSON APIs write it."""
    return moment.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
