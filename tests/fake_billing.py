# ruff: noqa: D102 - the port says what each method does
"""Subscriptions in memory, held to the contract of the real store."""

from collections.abc import Callable
from datetime import datetime

from tests.journal import Journal
from vigie.domain.subscriptions import Subscription, next_change_at
from vigie.messages import decode_value, encode
from vigie.ports import BillingStore


class FakeBilling(BillingStore):
    """Who subscribes, and which events were dealt with."""

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._kept: dict[str, bytes] = {}
        self._due: dict[str, datetime] = {}
        self._handled: set[str] = set()

    def subscription(self, client_id: str) -> Subscription | None:
        data = self._kept.get(client_id)
        return decode_value(data, Subscription) if data else None

    def change(
        self, client_id: str, now: datetime, decide: Callable[[Subscription | None], Subscription | None]
    ) -> Subscription | None:
        while True:
            before = self._kept.get(client_id)
            standing = self.subscription(client_id)
            after = decide(standing)
            if after == standing:
                return standing
            with self._journal.write("billing.change"):
                if self._kept.get(client_id) != before:
                    continue  # changed meanwhile: decide again
                self._keep(client_id, after, now)
            return after

    def _keep(self, client_id: str, after: Subscription | None, now: datetime) -> None:
        self._kept.pop(client_id, None)
        self._due.pop(client_id, None)
        if after is not None:
            self._kept[client_id] = encode(after)
            if due_at := next_change_at(after, now):
                self._due[client_id] = due_at

    def due(self, now: datetime) -> list[str]:
        return [
            client_id for at, client_id in sorted((at, id_) for id_, at in self._due.items()) if at <= now
        ]

    def is_handled(self, event_id: str) -> bool:
        return event_id in self._handled

    def handled(self, event_id: str, now: datetime) -> None:  # noqa: ARG002 - a fake forgets nothing
        with self._journal.write("billing.handled"):
            self._handled.add(event_id)
