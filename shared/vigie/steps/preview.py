"""Preview: a digest to its client's reviewer, half an hour before it leaves, with the way to change it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from vigie.domain.clients import Client, Recipient
from vigie.domain.digest import Digest
from vigie.domain.review import apply_review
from vigie.messages import PreviewReady
from vigie.ports import (
    AccountStore,
    Clock,
    DigestStore,
    Mail,
    Outbox,
    RenderedDigest,
    Renderer,
    ReviewStore,
)
from vigie.steps.deliver import Deliver, SendReport, delivery_key
from vigie.steps.pen import Pen
from vigie.steps.putting_off import put_off

Framer = Callable[[RenderedDigest, Digest, datetime, str | None], RenderedDigest]
"""Puts around a rendered digest what only its reviewer reads: when it leaves, and the address to change it at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Mails previews of stored digests."""

    accounts: AccountStore
    digests: DigestStore
    reviews: ReviewStore
    deliver: Deliver
    outbox: Outbox
    render: Renderer
    frame: Framer
    pen: Pen
    review_link: Callable[[str, str, str, datetime], str | None]
    clock: Clock

    def run(self, message: PreviewReady) -> SendReport:
        """Mail a preview, once; none when the digest has left meanwhile, or nobody reviews any more.

        Raises Busy and Transient as Send does. A preview that never arrives holds nothing up.
        """
        report = SendReport()
        if put_off(message, message.preview_at, self.outbox, self.clock()):
            report.put_off = True
            return report
        client = self.accounts.client(message.client_id)
        digest = self.digests.get(message.client_id, message.digest_id)
        if client is None or client.reviewer is None or digest is None or self.clock() >= message.send_at:
            return report
        key = delivery_key(client.client_id, f"{digest.digest_id}-preview", client.reviewer.email)
        reviewer = Recipient(client.reviewer.email, client.reviewer.name)
        write = partial(self._mail, client, digest, reviewer, key, message.send_at)
        self.deliver.run(client.client_id, key, reviewer.email, write, report)
        return report

    def _mail(
        self, client: Client, digest: Digest, reviewer: Recipient, key: str, leaves_at: datetime
    ) -> Mail:
        state = self.reviews.get(client.client_id, digest.digest_id)
        rendered = self.render(apply_review(digest, state.review), None)
        link = self.review_link(client.client_id, digest.digest_id, reviewer.email, self.clock())
        framed = self.frame(rendered, digest, leaves_at, link)
        return self.pen.write(key, framed, client=client, digest=digest, recipient=reviewer)
