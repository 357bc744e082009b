"""A stack that follows one search on a stub platform: the real poll step, connector and HTTP, the rest in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from infra.local.platforms import Article, Comment, Content, Platforms, Post, Video
from infra.local.platforms import bluesky as bluesky_stub
from infra.local.platforms import mastodon as mastodon_stub
from infra.local.platforms import youtube as youtube_stub
from tests.fakes import World
from tests.searching import searching_poll
from vigie.adapters.http_guard import AllowList
from vigie.adapters.platforms.bluesky import Bluesky
from vigie.adapters.platforms.client import PlatformHttp
from vigie.adapters.platforms.google_news import GoogleNews
from vigie.adapters.platforms.mastodon import Mastodon
from vigie.adapters.platforms.youtube import YouTube, YouTubeComments
from vigie.domain.connectors.searches import search_source
from vigie.domain.documents import Document
from vigie.domain.sources import Source, SourceState
from vigie.messages import DocumentsFetched, ShardDue, decode_value
from vigie.ports import Connector
from vigie.steps.poll import Poll, PollReport

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHANNEL = "UC" + "c" * 22
Http = PlatformHttp


@dataclass(frozen=True)
class Case:
    """One connector: how it is made, what it is asked, and how a thing with a number is put on its platform."""

    name: str
    make: Callable[[Http], Connector]
    native: str
    put: Callable[[Content, int, datetime], None]
    paged: bool = True
    platform: str = ""

    def __str__(self) -> str:
        return self.name


def _post(number: int, at: datetime) -> Post:
    return Post(number=number, text=f"Airbus, message {number} #airbus", published_at=at)


def _put_video(content: Content, number: int, at: datetime) -> None:
    content.videos.append(
        Video(
            video_id=f"video-{number:05d}",
            channel_id=CHANNEL,
            channel="Ciel & Terre",
            title=f"L'avion, message {number}",
            description="Un vol de plus. " * 10 + "Airbus était là.",
            published_at=at,
            views=12,
            likes=3,
        )
    )


def _put_comment(content: Content, number: int, at: datetime) -> None:
    content.comments.append(
        Comment(
            comment_id=f"comment-{number}",
            video_id="v" * 11,
            channel_id=CHANNEL,
            author="@lu",
            text=f"Airbus, message {number}",
            published_at=at,
        )
    )


def _put_article(content: Content, number: int, at: datetime) -> None:
    content.articles.append(
        Article(
            title=f"Airbus, message {number}",
            publisher="Le Courrier - Lyon",
            publisher_url="https://www.courrier.test",
            url=f"https://www.courrier.test/{number}",
            published_at=at,
            opaque=number % 2 == 0,
        )
    )


def _mastodon(token: str | None) -> Callable[[Http], Connector]:
    return lambda http: Mastodon(http, instance="http://mastodon.test", token=token)


CASES = [
    Case(
        "bluesky",
        lambda http: Bluesky(
            http,
            identifier=bluesky_stub.IDENTIFIER,
            password=bluesky_stub.PASSWORD,
            service="http://bluesky.test",
        ),
        "airbus",
        lambda content, number, at: content.bluesky.append(_post(number, at)),
    ),
    Case(
        "mastodon",
        _mastodon(mastodon_stub.TOKEN),
        "airbus",
        lambda content, number, at: content.mastodon.append(_post(number, at)),
    ),
    Case(
        "mastodon-tags",
        _mastodon(None),
        "airbus",
        lambda content, number, at: content.mastodon.append(_post(number, at)),
    ),
    Case(
        "youtube",
        lambda http: YouTube(http, key=youtube_stub.KEY, base_url="http://youtube.test"),
        'airbus|"boeing"',
        _put_video,
    ),
    Case(
        "youtube-comments",
        lambda http: YouTubeComments(http, key=youtube_stub.KEY, base_url="http://youtube.test"),
        f"channel:{CHANNEL}",
        _put_comment,
    ),
    Case(
        "google-news",
        lambda http: GoogleNews(http, base_url="http://news.test"),
        "airbus OR boeing",
        _put_article,
        paged=False,
    ),
]
BY_NAME = {case.name: case for case in CASES}


@dataclass
class Follower:
    """A worker's view: one search followed, polled when told."""

    case: Case
    platforms: Platforms
    world: World = field(default_factory=World)
    tries: int = 0

    def __post_init__(self) -> None:
        http = PlatformHttp(user_agent="vigie-tests", allow=AllowList.parse(self.platforms.allow))
        self.http, self.connector = http, self.case.make(http)
        self.world.clock.instant = NOON
        self.platforms.clock = self.world.clock
        self.world.sources.put_sources([self.source], 1)

    @property
    def source(self) -> Source:
        """The search as a source."""
        place, native = self.connector.place, self.case.native
        page_url = self.connector.page_url(native)
        return search_source(self.case.name, place.platform, native, page_url=page_url, pace_seconds=60)

    @property
    def state(self) -> SourceState:
        """The search's state."""
        return self.world.sources.states()[self.source.source_id]

    def put(self, *numbers: int, at: datetime | None = None, apart: timedelta = timedelta(minutes=1)) -> None:
        """Put numbered things on the platform, the last one dated a minute ago by the platform's clock."""
        last = (at or self.world.clock() - apart) + self.platforms.trouble.skew
        for place, number in enumerate(reversed(numbers)):
            self.case.put(self.platforms.content, number, last - place * apart)

    def poll(self, minutes: float = 0) -> PollReport:
        """Poll after some minutes."""
        self.world.clock.advance(60 * minutes)
        self.tries += 1
        return self._step().run(
            ShardDue(shard="0000", due_at=self.world.clock(), force=True), f"try-{self.tries}"
        )

    def documents(self) -> list[Document]:
        """Return all documents queued, a batch sent twice counted once."""
        batches = {m.batch_id: m for m, _ in self.world.outbox.sent if isinstance(m, DocumentsFetched)}
        return [decode_value(raw, Document) for batch in batches.values() for raw in batch.documents]

    def numbers(self) -> list[int]:
        """Return the numbers of all documents queued, in order."""
        return sorted(int(document.text.split("message ")[1].split()[0]) for document in self.documents())

    def _step(self) -> Poll:
        return searching_poll(self.world, {self.case.name: self.connector}, opened=self.http)


def fresh(follower: Follower) -> Follower:
    """Return a follower of the same platform that knows nothing yet."""
    return replace(follower, world=World(), tries=0)
