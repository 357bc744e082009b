"""Notify: tell clients' endpoints what happened, each event once or more, none waiting for another's endpoint.

An event is a message per endpoint. One try is made at an endpoint at a time, and none while it pauses after a
failure: a message that finds it so is put off without waiting, so that a slow receiver costs no other a second.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

import msgspec

from vigie.domain.alerts.alert import Alert
from vigie.domain.mentions import Mention, Parked
from vigie.domain.notices import (
    GIVE_UP_AFTER,
    Attempt,
    Endpoint,
    EventKind,
    Outcome,
    Posted,
    outcome_of,
    secret_of,
    settled,
    signed,
    taken_up,
    trouble_of,
)
from vigie.messages import NoticeDue
from vigie.ports import LONGEST_DELAY_SECONDS, Clock, LedgerStore, MentionStore, Outbox

ALERT_EVENTS: frozenset[EventKind] = frozenset({"alert.opened", "alert.changed"})
_SHORTEST_DELAY_SECONDS = 5
_DELAYS = (30, 60, 120, 240, 480)  # as an endpoint pauses; then every quarter of an hour, for a day


class Courier(Protocol):
    """Posts to addresses that strangers gave. Never raises for what the other side does."""

    def refusal(self, url: str) -> str | None:
        """Return why an address can be no receiver."""
        ...

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Posted:
        """Post once."""
        ...


class EndpointStore(Protocol):
    """Clients' endpoints, and what became of what they were told."""

    def endpoints(self, client_id: str) -> list[Endpoint]:
        """Return a client's endpoints, by id."""
        ...

    def endpoint(self, client_id: str, endpoint_id: str) -> Endpoint | None:
        """Return one endpoint."""
        ...

    def change(
        self, client_id: str, endpoint_id: str, decide: Callable[[Endpoint | None], Endpoint | None]
    ) -> Endpoint | None:
        """Replace an endpoint by what ``decide`` makes of it, and return that; None removes it, or leaves nothing.

        ``decide`` is pure: it is asked again when somebody else changed the endpoint meanwhile. Returning what it
        was given writes nothing.
        """
        ...

    def note(self, client_id: str, endpoint_id: str, attempt: Attempt) -> None:
        """Keep what became of an event, replacing what was known of it, for a week."""
        ...

    def attempts(self, client_id: str, endpoint_id: str, limit: int) -> list[Attempt]:
        """Return what became of the latest events, the latest first."""
        ...


@dataclass(frozen=True, slots=True)
class NotifyReport:
    """What became of a message."""

    outcome: Outcome | Literal["put_off", "gone", "nothing"]

    @property
    def delivered(self) -> int:
        """How many events a receiver took."""
        return int(self.outcome == "delivered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Delivers notices. ``show`` and ``show_alert`` make plain values, ``secret`` is the stack's."""

    endpoints: EndpointStore
    mentions: MentionStore
    courier: Courier
    outbox: Outbox
    ledger: LedgerStore
    clock: Clock
    show: Callable[[Mention], dict[str, Any]]
    alert: Callable[[str, str], Alert | None]
    show_alert: Callable[[Alert], dict[str, Any]]
    secret: Callable[[], str]

    def run(self, message: NoticeDue) -> NotifyReport:
        """Try one event at one endpoint, or put it off."""
        now = self.clock()
        endpoint, is_ours = self._take_up(message, now)
        if endpoint is None or endpoint.disabled_at is not None:
            return NotifyReport("gone")
        if not is_ours:
            return self._put_off(message, endpoint, endpoint.free_at(now) - now)
        body = self._body(message)
        if body is None:
            self._settle(message, Posted(204))
            return NotifyReport("nothing")
        posted = self.courier.post(endpoint.url, self._headers(endpoint, message, body), body)
        return self._told(message, posted)

    def _take_up(self, message: NoticeDue, now: datetime) -> tuple[Endpoint | None, bool]:
        """Return the endpoint, and whether this worker is the one that may try it now."""
        is_ours = False

        def decide(endpoint: Endpoint | None) -> Endpoint | None:
            nonlocal is_ours
            is_ours = endpoint is not None and not endpoint.disabled_at and endpoint.free_at(now) <= now
            return taken_up(endpoint, now) if endpoint and is_ours else endpoint

        return self.endpoints.change(message.client_id, message.endpoint_id, decide), is_ours

    def _told(self, message: NoticeDue, posted: Posted) -> NotifyReport:
        now = self.clock()
        outcome = outcome_of(posted, message.happened_at, now)
        if outcome == "failed":  # queued before it is noted: who dies in between tries once more
            pause = LONGEST_DELAY_SECONDS if message.tries >= len(_DELAYS) else _DELAYS[message.tries]
            self.outbox.send([_again(message, message.tries + 1)], delay_seconds=pause)
        self._note(message, outcome, posted, now)
        if outcome == "given_up":
            self._park(message, trouble_of(posted), now)
        self._settle(message, posted)
        return NotifyReport(outcome)

    def _put_off(self, message: NoticeDue, endpoint: Endpoint, pause: timedelta) -> NotifyReport:
        now = self.clock()
        if now >= message.happened_at + GIVE_UP_AFTER:
            self._note(message, "given_up", Posted(None, endpoint.trouble), now)
            self._park(message, endpoint.trouble, now)
            return NotifyReport("given_up")
        seconds = min(LONGEST_DELAY_SECONDS, max(_SHORTEST_DELAY_SECONDS, int(pause.total_seconds()) + 1))
        self.outbox.send([message], delay_seconds=seconds)
        return NotifyReport("put_off")

    def _settle(self, message: NoticeDue, posted: Posted) -> None:
        now = self.clock()
        self.endpoints.change(
            message.client_id,
            message.endpoint_id,
            lambda endpoint: settled(endpoint, posted, now) if endpoint else None,
        )

    def _note(self, message: NoticeDue, outcome: Outcome, posted: Posted, now: datetime) -> None:
        attempt = Attempt(
            event_id=message.event_id,
            event=message.event,
            happened_at=message.happened_at,
            tried_at=now,
            tries=message.tries + 1,
            outcome=outcome,
            status=posted.status,
            trouble="" if posted.is_taken else trouble_of(posted),
        )
        self.endpoints.note(message.client_id, message.endpoint_id, attempt)

    def _park(self, message: NoticeDue, trouble: str, now: datetime) -> None:
        thing_id = f"{message.client_id}/{message.endpoint_id}/{message.event_id}"
        self.ledger.park(Parked("notify", thing_id, f"no receiver in a day: {trouble}", now))

    def _headers(self, endpoint: Endpoint, message: NoticeDue, body: bytes) -> dict[str, str]:
        now = self.clock()
        secrets = [
            secret_of(self.secret(), endpoint.client_id, endpoint.endpoint_id, version)
            for version in endpoint.versions(now)
        ]
        return signed(secrets, message.event_id, now, body)

    def _body(self, message: NoticeDue) -> bytes | None:
        """Return what is told, as it stands now; None when nothing of it is left to tell."""
        data: dict[str, Any] = {}
        if message.event == "mention.recorded":
            mentions = [self.mentions.get(message.client_id, each) for each in message.mention_ids]
            told = [self.show(mention) for mention in mentions if mention and self._may_tell(mention)]
            if not told:
                return None
            data = {"mentions": told}
        if message.event in ALERT_EVENTS:
            alert = self.alert(message.client_id, message.alert_id)
            if alert is None or len(alert.events) < message.alert_event:
                return None
            shown = self.show_alert(alert)
            data = {"alert": shown, "event": shown["events"][message.alert_event - 1]}
        if message.event == "digest.ready":
            path = f"/clients/{message.client_id}/digests/{message.digest_id}"
            data = {"digest_id": message.digest_id, "path": path}
        body = {
            "id": message.event_id,
            "type": message.event,
            "timestamp": message.happened_at.isoformat().replace("+00:00", "Z"),
            "client_id": message.client_id,
            "data": data,
        }
        return json.dumps(body, ensure_ascii=False).encode()

    def _may_tell(self, mention: Mention) -> bool:
        return mention.status == "kept" and mention.may_be_shown(self.clock())


def _again(message: NoticeDue, tries: int) -> NoticeDue:
    return msgspec.structs.replace(message, tries=tries)
