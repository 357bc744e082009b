"""A stack of fakes that is pushed by the stub hub over real HTTP, under a clock of ours."""

from collections.abc import Mapping
from datetime import timedelta

from tests.builders import a_source
from tests.fakes import World
from tests.journal import Crash
from tests.pipeline.spine import LEASE_SECONDS
from tests.pipeline.stub_hub import TOPIC, Answer, StubHub
from vigie.adapters.feeds import parse_feed
from vigie.adapters.http import HttpFetcher
from vigie.adapters.http_guard import AllowList
from vigie.adapters.hub import HttpHub
from vigie.domain.polling import PollPolicy
from vigie.domain.sources import SourceState, shard_of
from vigie.domain.websub.subscriptions import Subscription, standing
from vigie.messages import DocumentsFetched, FeedPushed, ShardDue
from vigie.steps.arrivals import ArrivalReport, Arrivals
from vigie.steps.callbacks import Callbacks
from vigie.steps.ingest import Ingest
from vigie.steps.poll import Poll, PollReport
from vigie.steps.pushes import Pushes

SHARD = shard_of("courrier.test", 64)
SOURCE = a_source("courrier", url=TOPIC)


class PushedStack:
    """A stack of fakes that follows the stub hub's feed over HTTP."""

    def __init__(self, hub: StubHub) -> None:
        self.world, self.hub = World(), hub
        world, allow = self.world, AllowList.parse(hub.allow)
        self.poll = Poll(
            sources=world.sources,
            fetcher=lambda: HttpFetcher(user_agent="vigie/0", allow=allow),
            parse=parse_feed,
            outbox=world.outbox,
            blobs=world.blobs,
            clock=world.clock,
            policy=PollPolicy(),
            lease_seconds=LEASE_SECONDS,
            budget_seconds=80,
            host_spacing_seconds=0,
            pushes=Pushes(
                subscriptions=world.subscriptions,
                hub=HttpHub(user_agent="vigie/0", allow=allow),
                stack_secret=lambda: "the stack's",
                clock=world.clock,
                callback_url="http://api.test/v1",
                plain_http=True,
            ),
        )
        ingest = Ingest(
            sources=world.sources,
            parse=parse_feed,
            outbox=world.outbox,
            blobs=world.blobs,
            clock=world.clock,
            lease_seconds=LEASE_SECONDS,
        )
        self.arrivals = Arrivals(
            ingest=ingest, subscriptions=world.subscriptions, outbox=world.outbox, clock=world.clock
        )
        self.callbacks = Callbacks(world.subscriptions, world.outbox, lambda: "the stack's", world.clock)
        self.outcomes: list[str] = []
        hub.callback = self.answer
        world.sources.put_sources([SOURCE], 64)
        self._tries = 0

    def answer(
        self, method: str, token: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Answer the hub as the webhooks function does."""
        get = method == "GET"
        try:
            reply = (
                self.callbacks.verify(token, query) if get else self.callbacks.receive(token, headers, body)
            )
        except Crash:
            return 502, ""  # what the gateway says of a worker that died
        self.outcomes.append(reply.outcome)
        return reply.status, reply.text

    def tick(self) -> PollReport:
        """Poll the shard at the time it is now."""
        self._tries += 1
        message = ShardDue(shard=SHARD, due_at=self.world.clock())
        return self.poll.run(message, holder=f"try-{self._tries}")

    def next_poll(self) -> PollReport:
        """Wait until the source is due, and poll it."""
        due = self.state.next_poll_at
        assert due is not None
        self.world.clock.instant = max(due, self.world.clock())
        return self.tick()

    def deliver(self) -> list[ArrivalReport]:
        """Give the poll function what was pushed."""
        self._tries += 1
        pushed = self.world.outbox.take(FeedPushed)
        return [
            self.arrivals.run(message, holder=f"push-{self._tries}-{n}") for n, message in enumerate(pushed)
        ]

    def fetched(self) -> int:
        """Take the batches for match; return how many documents are in them."""
        return sum(len(batch.documents) for batch in self.world.outbox.take(DocumentsFetched))

    @property
    def state(self) -> SourceState:
        """The source's state."""
        return self.world.sources.states()[SOURCE.source_id]

    @property
    def subscription(self) -> Subscription:
        """The one subscription."""
        (found,) = self.world.subscriptions.all()
        return found

    @property
    def standing(self) -> str:
        """How it stands."""
        return standing(self.subscription, self.world.clock())

    @property
    def waits(self) -> timedelta:
        """How long until the source is polled."""
        assert self.state.next_poll_at is not None
        return self.state.next_poll_at - self.world.clock()
