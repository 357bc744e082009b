"""The whole spine in memory: real steps, real parser, real query engine; queues, stores and the web are fakes.

``Spine`` plays the queues as SQS would: a message is gone only when its step returns; a step that dies or asks
for time gets it again, after ``REDELIVERY_SECONDS``.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from html import escape
from typing import Any

from tests.fakes import World
from tests.journal import Crash
from vigie.adapters.feeds import parse_feed
from vigie.domain.classification import classify
from vigie.domain.cutoffs import Interval
from vigie.domain.fetching import Failure, FetchOutcome, FetchRequest
from vigie.domain.polling import PollPolicy
from vigie.domain.sources import Source
from vigie.errors import Transient
from vigie.messages import (
    DigestReady,
    DocumentsFetched,
    DocumentsGrouped,
    DocumentsMatched,
    Message,
    PreviewReady,
    ShardDue,
)
from vigie.ports import RenderedDigest
from vigie.steps.alerts_told import AlertsTold
from vigie.steps.appointments import Appointments
from vigie.steps.billing.entitlements import Entitlements
from vigie.steps.classify import Classify
from vigie.steps.corrected import CorrectedMentions
from vigie.steps.deduplicate import Deduplicate
from vigie.steps.deliver import Deliver, Pace
from vigie.steps.digest import BuildDigests
from vigie.steps.mail_events import MailEvents
from vigie.steps.match import Match
from vigie.steps.overdue import Overdue
from vigie.steps.pen import Pen
from vigie.steps.poll import Poll
from vigie.steps.preview import Preview
from vigie.steps.schedule import Schedule
from vigie.steps.send import Send
from vigie.steps.subjects import ClientSubjects, StackTerms
from vigie.steps.unsubscribe import Unsubscribe
from vigie.steps.watches import CurrentWatches

REDELIVERY_SECONDS = 720
LEASE_SECONDS = 180


def rss(*items: tuple[str, str, str]) -> bytes:
    """Return an RSS feed of (title, link, summary) items; the link is the guid."""
    body = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link><guid>{escape(link)}</guid>"
        f"<description>{escape(summary)}</description></item>"
        for title, link, summary in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{body}</channel></rss>'.encode()


@dataclass
class Web:
    """Feeds by address: bytes, or an HTTP status. Answers 304 to the ETag it gave."""

    pages: dict[str, bytes | int] = field(default_factory=dict)
    requests: list[FetchRequest] = field(default_factory=list)

    async def fetch(self, request: FetchRequest) -> FetchOutcome:
        """Answer one request."""
        self.requests.append(request)
        page = self.pages[request.url]
        if isinstance(page, int):
            failure = Failure.from_status(page)
            return FetchOutcome(kind="failed", final_url=request.url, status=page, failure=failure)
        etag = f'"{hash(page)}"'
        if request.etag == etag:
            return FetchOutcome(kind="unchanged", final_url=request.url, status=304, etag=etag)
        return FetchOutcome(kind="fetched", final_url=request.url, status=200, body=page, etag=etag)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Web"]:
        """Live as long as a poll."""
        yield self


def plain_render(digest: Any, links: Any) -> RenderedDigest:
    """Render the counts only: the mail's look is tested elsewhere."""
    text = f"{digest.digest_id} {digest.totals.retained}"
    return RenderedDigest(subject=text, html=text, text=text)


def plain_frame(rendered: RenderedDigest, *_: Any) -> RenderedDigest:
    """Say that it is a preview."""
    return replace(rendered, subject=f"preview {rendered.subject}")


def plain_compose(rendered: RenderedDigest, **parts: Any) -> bytes:
    """Compose a mail of one line."""
    return f"Message-ID: {parts['message_id']}\r\nSubject: {rendered.subject}\r\n\r\n{rendered.text}".encode()


class Spine:
    """Steps around a world and a web; ``drain`` runs until every queue is empty."""

    def __init__(self, world: World, web: Web, *, copies: int = 1) -> None:
        self.world, self.web, self.copies = world, web, copies
        self.reports: list[Any] = []
        self.broken_watches: list[Any] = []
        self.schedule = Schedule(sources=world.sources, outbox=world.outbox, clock=world.clock)
        self.poll = Poll(
            sources=world.sources,
            fetcher=web.open,
            parse=parse_feed,
            outbox=world.outbox,
            blobs=world.blobs,
            clock=world.clock,
            policy=PollPolicy(interval_seconds=86_400),
            lease_seconds=LEASE_SECONDS,
            budget_seconds=80,
            host_spacing_seconds=0,
        )
        self.match = Match(
            watches=CurrentWatches(world.accounts, world.blobs, self.broken_watches.append),
            ledger=world.ledger,
            outbox=world.outbox,
            clock=world.clock,
        )
        self.deduplicate = Deduplicate(
            stories=world.stories, ledger=world.ledger, outbox=world.outbox, clock=world.clock
        )
        self.classify = Classify(
            classifier=classify,
            mentions=world.mentions,
            ledger=world.ledger,
            clock=world.clock,
            objected=world.objections.objected,
        )
        mentions = CorrectedMentions(world.mentions, world.feedback, world.stories)
        self.appointments = Appointments(digests=world.digests, sources=world.sources, clock=world.clock)
        self.digest = BuildDigests(
            accounts=world.accounts,
            mentions=mentions,
            ledger=world.ledger,
            sources=world.sources,
            digests=world.digests,
            subjects=ClientSubjects(
                mentions=mentions,
                accounts=world.accounts,
                terms=StackTerms(world.blobs, may_count=True),
            ),
            alerts=AlertsTold(world.alerts, lambda alert, _: alert.trigger),
            appointments=self.appointments,
            outbox=world.outbox,
            clock=world.clock,
            settle_seconds=120,
            late_after_seconds=3600,
            is_mailed=Entitlements(world.billing).is_mailed,
        )
        self.deliver_mail = Deliver(
            deliveries=world.deliveries,
            ledger=world.ledger,
            mailer=world.mailer,
            addresses=world.addresses,
            pace=Pace(lambda: 0, lambda _: None, lambda: world.clock().timestamp()),
            clock=world.clock,
        )
        self.mail_events = MailEvents(
            deliver=self.deliver_mail,
            addresses=world.addresses,
            unsubscribe=Unsubscribe(world.accounts),
            ledger=world.ledger,
            clock=world.clock,
        )
        self.overdue = Overdue(world.digests, world.outbox, world.clock)
        self.send = Send(
            accounts=world.accounts,
            digests=world.digests,
            reviews=world.reviews,
            deliver=self.deliver_mail,
            outbox=world.outbox,
            render=plain_render,
            pen=Pen(plain_compose, "veille@vigie.example"),
            links=lambda *_: None,
            clock=world.clock,
            budget_seconds=40,
        )
        self.preview = Preview(
            accounts=world.accounts,
            digests=world.digests,
            reviews=world.reviews,
            deliver=self.deliver_mail,
            outbox=world.outbox,
            render=plain_render,
            frame=plain_frame,
            pen=Pen(plain_compose, "veille@vigie.example"),
            review_link=lambda *_: None,
            clock=world.clock,
        )
        self._tries = 0

    def follow(self, *sources: Source) -> None:
        """Follow sources, each host in a shard of its own as far as can be."""
        self.world.sources.put_sources(sources, shard_count=64)

    def drain(self) -> None:
        """Deliver every message until the queues are empty; what dies or asks for time comes back."""
        queue = self.world.outbox
        while queue.sent:
            message, delay_seconds = queue.sent.pop(0)
            self.world.clock.advance(delay_seconds)
            for _ in range(self.copies):
                self.deliver(message)

    def deliver(self, message: Message) -> None:
        """Give one message to its step, again and again until the step returns."""
        while True:
            try:
                self.reports.append(self._handle(message))
            except (Crash, Transient):
                self._provider_events()
                self.world.clock.advance(REDELIVERY_SECONDS)
            else:
                self._provider_events()
                return

    def deliver_once(self, message: Message) -> None:
        """Give one message to its step, once: it may die on it, or raise."""
        self.reports.append(self._handle(message))

    def tick(self, function: Callable[[], object]) -> None:
        """Run a scheduled or notified function until it lives through; a minute passes between two tries."""
        while True:
            try:
                function()
            except Crash:
                self.world.clock.advance(60)
            else:
                return

    def _handle(self, message: Message) -> Any:
        match message:
            case ShardDue():
                self._tries += 1
                return self.poll.run(message, holder=f"try-{self._tries}")
            case DocumentsFetched():
                return self.match.run(message)
            case DocumentsMatched():
                return self.deduplicate.run(message)
            case DocumentsGrouped():
                return self.classify.run(message)
            case DigestReady():
                return self.send.run(message)
            case PreviewReady():
                return self.preview.run(message)

    def _provider_events(self) -> None:
        """Tell of every mail the provider accepted, as SES does, again and again."""
        for number, mail in enumerate(self.world.mailer.sent, start=1):
            self.tick(lambda key=mail.delivery_key, n=number: self.deliver_mail.confirm(key, f"provider-{n}"))


def facts(world: World, interval: Interval) -> dict[str, Any]:
    """Return what a stack holds, without the instants a retry may move."""
    digests = {
        client.client_id: [
            world.digests.get(client.client_id, entry.digest_id)
            for entry in world.digests.entries(client.client_id)
        ]
        for client in world.accounts.clients()
    }
    return {
        "windows": {source.source_id: _window(world, source) for source in world.sources.sources()},
        "pending": [head.pending for head in world.sources.heads()],
        "counted": world.sources.odometer(),
        "mentions": {
            client.client_id: sorted(
                (m.mention_id, m.status, m.held_reason, m.story.story_id, m.story.role)
                for m in world.mentions.recorded_in(client.client_id, interval)
            )
            for client in world.accounts.clients()
        },
        "ledgers": {client: [d.ledger for d in own if d] for client, own in digests.items()},
        "sums that fail": [wrong for own in digests.values() for d in own if d for wrong in d.check()],
        "mails": sorted((mail.to, mail.message_id, _text(mail.raw)) for mail in world.mailer.sent),
        "left in queues": world.outbox.sent,
    }


def _window(world: World, source: Source) -> list[tuple[str, ...]]:
    shards = [head.shard for head in world.sources.heads()]
    return [
        window.keys
        for shard in shards
        for window in world.sources.windows(shard, [source.source_id]).values()
    ]


def _text(raw: bytes) -> str:
    return str(message_from_bytes(raw, policy=policy.default).get_content())
