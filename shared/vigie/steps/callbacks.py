"""Callbacks: what hubs ask and push (WebSub §5.3, §7), answered at once and done later.

Anybody can call. Nothing is read, kept or counted against a subscription before it is proven that the caller was
told our secrets: first the address, then the signature of the very bytes, then what we know of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vigie.domain.urls import site_of
from vigie.domain.websub.offers import own_address
from vigie.domain.websub.signing import is_signed, key_of, secret_of
from vigie.domain.websub.subscriptions import (
    PushKey,
    Subscription,
    confirmed,
    denied,
    forgotten,
    is_expected,
    is_kept,
)
from vigie.messages import FeedPushed
from vigie.ports import Clock, Outbox, SubscriptionStore

PUSH_LIMIT_BYTES = 4_500_000  # a Lambda is given 6 MB, and binary bodies arrive as base64
_CHALLENGE_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Reply:
    """What a hub is told: ``status`` and ``text``; and for the log, what became of its call, in a few words."""

    status: int
    outcome: str
    text: str = ""
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Callbacks:
    """Answers hubs."""

    subscriptions: SubscriptionStore
    outbox: Outbox
    stack_secret: Callable[[], str]
    clock: Clock

    def verify(self, token: str, query: Mapping[str, str]) -> Reply:
        """Answer a verification of intent: echo the challenge of what we mean, refuse the rest; note a denial."""
        key = key_of(token, self.stack_secret())
        if key is None:
            return Reply(404, "unknown address")
        mode, topic = query.get("hub.mode", ""), query.get("hub.topic", "")
        challenge = query.get("hub.challenge", "")
        if mode != "denied" and not 0 < len(challenge) <= _CHALLENGE_CHARACTERS:
            return Reply(400, "no challenge", "hub.challenge is missing or too long.", key.source_id)
        meant: list[bool] = []

        def decide(found: Subscription | None) -> Subscription | None:
            meant[:] = [is_expected(found, mode, topic)]
            return self._after(found, query) if found is not None and meant[0] else found

        self.subscriptions.change(key, decide)
        if not meant[0]:
            return Reply(404, f"not meant: {mode[:20]}", source_id=key.source_id)
        text = "" if mode == "denied" else challenge
        return Reply(200, f"{mode} verified" if text else "denied", text, key.source_id)

    def _after(self, found: Subscription, query: Mapping[str, str]) -> Subscription:
        now = self.clock()
        if query.get("hub.mode") == "subscribe":
            return confirmed(found, _seconds(query.get("hub.lease_seconds")), now)
        if query.get("hub.mode") == "unsubscribe":
            return forgotten(found)
        return denied(found, query.get("hub.reason", ""), now)

    def receive(self, token: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Queue an authentic push; answer only once it is kept. ``headers`` have names in lower case.

        Hubs name the topic less exactly than we ask for it (YouTube's has two addresses): another site's is dropped.
        What is not signed as agreed is answered as if it were, and dropped: nobody learns which guess was right.
        Raises Transient when it cannot be queued now: the hub is to push it again.
        """
        secret = self.stack_secret()
        key = key_of(token, secret)
        if key is None:
            return Reply(404, "unknown address")
        if len(body) > PUSH_LIMIT_BYTES:
            return Reply(413, "dropped: too large", source_id=key.source_id)
        if not is_signed(headers.get("x-hub-signature"), body, secret_of(token, secret)):
            why = "dropped: wrong signature" if headers.get("x-hub-signature") else "dropped: no signature"
            return Reply(202, why, source_id=key.source_id)
        found = self.subscriptions.get(key)
        if found is None or not is_kept(found):
            return Reply(410, "dropped: no longer subscribed", source_id=key.source_id)
        own = own_address(headers.get("link", ""), found.topic)
        if own is not None and site_of(own) != site_of(found.topic):
            return Reply(202, "dropped: another site's topic", source_id=key.source_id)
        self.outbox.send([self._message(key, headers, body)])
        return Reply(202, "queued", source_id=key.source_id)

    def _message(self, key: PushKey, headers: Mapping[str, str], body: bytes) -> FeedPushed:
        return FeedPushed(
            shard=key.shard,
            source_id=key.source_id,
            offer_id=key.offer_id,
            received_at=self.clock(),
            body=body,
            content_type=headers.get("content-type"),
        )


def _seconds(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits[:10]) if digits.isascii() and digits.isdigit() else None
