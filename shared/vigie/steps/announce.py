"""Announce: queue what happened for the endpoints of a client that want it, a message each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.domain.alerts.alert import Alert, EventKind
from vigie.domain.mentions import Mention
from vigie.domain.notices import Subscribed, event_id_of
from vigie.messages import NoticeDue
from vigie.ports import Clock, Outbox
from vigie.steps.notify import EndpointStore

MENTIONS_AT_ONCE = 50
OPENING: frozenset[EventKind] = frozenset({"opened", "reopened"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Queues events for the endpoints that want them; on a stack without webhooks, none."""

    endpoints: EndpointStore
    outbox: Outbox
    clock: Clock
    is_on: bool

    def mentions(self, mentions: Sequence[Mention]) -> int:
        """Announce mentions as recorded, by client; return how many messages. Again, the events have the same ids."""
        by_batch: dict[tuple[str, str], list[str]] = {}
        for mention in mentions if self.is_on else ():
            if mention.status == "kept" and not mention.backfilled:
                by_batch.setdefault((mention.client_id, mention.batch_id), []).append(mention.mention_id)
        notices = []
        for (client_id, batch_id), ids in sorted(by_batch.items()):
            for place in range(0, len(ids), MENTIONS_AT_ONCE):
                some = tuple(ids[place : place + MENTIONS_AT_ONCE])
                what = f"{batch_id}/{some[0]}"
                notices += self._notices(client_id, "mention.recorded", what, mention_ids=some)
        return self._queue(notices)

    def alert(self, alert: Alert) -> int:
        """Announce the events of an alert that were not; return how many messages."""
        notices = []
        for event in alert.events[alert.announced :] if self.is_on else ():
            kind: Subscribed = "alert.opened" if event.kind in OPENING else "alert.changed"
            what = f"{alert.alert_id}/{event.number}"
            notices += self._notices(
                alert.client_id,
                kind,
                what,
                happened_at=event.at,
                alert_id=alert.alert_id,
                alert_event=event.number,
            )
        return self._queue(notices)

    def digest(self, client_id: str, digest_id: str) -> int:
        """Announce a digest that left; return how many messages."""
        if not self.is_on:
            return 0
        return self._queue(self._notices(client_id, "digest.ready", digest_id, digest_id=digest_id))

    def _notices(
        self,
        client_id: str,
        event: Subscribed,
        what: str,
        *,
        happened_at: datetime | None = None,
        **fields: Any,
    ) -> list[NoticeDue]:
        return [
            NoticeDue(
                client_id=client_id,
                endpoint_id=endpoint.endpoint_id,
                event_id=event_id_of(client_id, event, what),
                event=event,
                happened_at=happened_at or self.clock(),
                **fields,
            )
            for endpoint in self.endpoints.endpoints(client_id)
            if event in endpoint.events and not endpoint.disabled_at
        ]

    def _queue(self, notices: list[NoticeDue]) -> int:
        if notices:
            self.outbox.send(notices)
        return len(notices)
