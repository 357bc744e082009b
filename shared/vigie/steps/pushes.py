"""Pushes, seen from the poll: what it notes of offers and missed pushes, and what it asks hubs for.

Polling is where everything about WebSub starts (a feed names its hub in what a poll reads) and where trust in it
ends (a poll finds what the hub should have pushed). Notes are made before the poll is committed: made twice they
harm less than not at all. Hubs are asked after it, when the shard is free again, for a hub may verify, and push,
before it answers; each is asked under a state written beforehand, so that nobody asks twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from vigie.domain.feeds import ParsedFeed
from vigie.domain.fetching import FetchOutcome
from vigie.domain.polling import audited
from vigie.domain.sources import Source, SourceState
from vigie.domain.websub.offers import PushOffer, offer_of
from vigie.domain.websub.signing import hub_form
from vigie.domain.websub.subscriptions import (
    PushKey,
    Subscription,
    asking,
    is_kept,
    left_behind,
    missed,
    must_ask,
    not_heard,
    trusted_until,
    wanted,
)
from vigie.ports import Clock, Hub, SubscriptionStore
from vigie.steps.commits import SourcePoll

Decide = Callable[[Subscription | None], Subscription | None]


@dataclass(frozen=True, slots=True)
class Noted:
    """A shard's polls, slowed down where pushes are trusted, its subscriptions, and whose hub missed something."""

    polls: list[SourcePoll]
    subscriptions: tuple[Subscription, ...] = ()
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """How many requests hubs were sent, and by source why some failed."""

    requests: int = 0
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushes:
    """Keeps subscriptions in step with what polls find. ``callback_url`` is where hubs reach this stack.

    ``plain_http`` lets hubs of a local environment go without TLS.
    """

    subscriptions: SubscriptionStore
    hub: Hub
    stack_secret: Callable[[], str]
    clock: Clock
    callback_url: str
    plain_http: bool = False
    budget_seconds: float = 6.0

    def offers(self, outcome: FetchOutcome, feed: ParsedFeed) -> tuple[PushOffer, ...]:
        """Return how a feed that was fetched can be pushed."""
        offer = offer_of(outcome.links, feed, outcome.final_url, plain_http=self.plain_http)
        return () if offer is None else (offer,)

    # -- notes ----------------------------------------------------------------------------------------------

    def note(
        self,
        shard: str,
        sources: Sequence[Source],
        states: Mapping[str, SourceState],
        polls: Sequence[SourcePoll],
    ) -> Noted:
        """Note what a shard's polls say of its hubs; ``states`` are the sources' states before."""
        now = self.clock()
        kept = {found.key: found for found in self.subscriptions.of(shard)}
        followed = {source.source_id for source in sources}
        lost: list[str] = []
        for key, found in list(kept.items()):
            if key.source_id not in followed:
                self._change(kept, key, lambda each: each and left_behind(each, now))
            elif self._is_missed(found, states, polls, now):
                before = states[key.source_id].polled_at
                self._change(kept, key, _missing(before, now))
                lost.append(key.source_id)
        for poll in polls:
            self._take_offers(kept, shard, poll, now)
        slowed = [self._slowed(kept, poll, now) for poll in polls]
        return Noted(slowed, tuple(kept.values()), tuple(lost))

    def _is_missed(
        self,
        found: Subscription,
        states: Mapping[str, SourceState],
        polls: Sequence[SourcePoll],
        now: datetime,
    ) -> bool:
        before = states.get(found.source_id)
        news = any(poll.documents and poll.state.source_id == found.source_id for poll in polls)
        return before is not None and news and missed(found, before.polled_at, now) != found

    def _take_offers(
        self, kept: dict[PushKey, Subscription], shard: str, poll: SourcePoll, now: datetime
    ) -> None:
        """Want what the feed offers, and leave what it offers no more; a source that is gone offers nothing."""
        offers = () if poll.state.gone else poll.offers
        if offers is None:
            return
        source_id = poll.state.source_id
        offered = {PushKey(shard, source_id, offer.offer_id): offer for offer in offers}
        for key in [key for key in kept if key.source_id == source_id and key not in offered]:
            self._change(kept, key, lambda each: each and left_behind(each, now))
        for key, offer in offered.items():
            if key not in kept or not is_kept(kept[key]):
                self._change(kept, key, _wanting(shard, source_id, offer, now))

    def _slowed(self, kept: Mapping[PushKey, Subscription], poll: SourcePoll, now: datetime) -> SourcePoll:
        own = (found for key, found in kept.items() if key.source_id == poll.state.source_id)
        until = max((moment for found in own if (moment := trusted_until(found, now))), default=None)
        return replace(poll, state=audited(poll.state, until, now))

    def _change(
        self,
        kept: dict[PushKey, Subscription],
        key: PushKey,
        decide: Decide,
    ) -> None:
        after = self.subscriptions.change(key, decide)
        if after is None or after.status == "left":
            kept.pop(key, None)
        else:
            kept[key] = after

    # -- requests -------------------------------------------------------------------------------------------

    def ask(self, noted: Noted, states: Mapping[str, SourceState]) -> Asked:
        """Ask hubs for what is due, one after the other, as long as there is time; the rest stays due.

        A source that fails is not subscribed anew, though what is subscribed is renewed.
        """
        asked = Asked()
        deadline = self.clock() + timedelta(seconds=self.budget_seconds)
        for found in noted.subscriptions:
            state = states.get(found.source_id)
            healthy = state is not None and not state.failures
            if not must_ask(found, self.clock()) or not (healthy or found.status in {"active", "leaving"}):
                continue
            if self.clock() > deadline:
                break
            asked = self._ask_one(found.key, asked)
        return asked

    def _ask_one(self, key: PushKey, asked: Asked) -> Asked:
        now = self.clock()
        ours: list[Subscription] = []

        def decide(found: Subscription | None) -> Subscription | None:
            ours.clear()
            if found is None or not must_ask(found, now):
                return found  # another worker asks
            ours.append(asking(found, now))
            return ours[0]

        self.subscriptions.change(key, decide)
        if not ours or ours[0].status == "left":
            return asked
        form = hub_form(ours[0], self.callback_url, self.stack_secret())
        trouble = self.hub(ours[0].hub, form)
        if trouble is None:
            return replace(asked, requests=asked.requests + 1)
        self.subscriptions.change(key, lambda found: found and not_heard(found, trouble))
        return Asked(asked.requests + 1, {**asked.refused, key.source_id: trouble})


def _missing(polled_before: datetime | None, now: datetime) -> Decide:
    return lambda found: None if found is None else missed(found, polled_before, now)


def _wanting(shard: str, source_id: str, offer: PushOffer, now: datetime) -> Decide:
    new = wanted(shard, source_id, offer, now)
    return lambda found: found if found is not None and is_kept(found) else new
