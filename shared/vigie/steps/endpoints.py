"""Endpoints as their clients set them up, every answer within one client."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from vigie.domain.clients import Client
from vigie.domain.notices import (
    ENDPOINTS_LIMIT,
    SUBSCRIBED,
    Attempt,
    Endpoint,
    Subscribed,
    event_id_of,
    secret_of,
)
from vigie.errors import BadField, Conflict, NotFound
from vigie.messages import NoticeDue
from vigie.ports import Clock, Outbox
from vigie.steps.notify import EndpointStore

ATTEMPTS_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointDesk:
    """Registers endpoints, shows how they do, changes their secrets. ``refusal`` says what can be no receiver.

    ``is_on``: whether this stack delivers anything.
    """

    endpoints: EndpointStore
    outbox: Outbox
    clock: Clock
    refusal: Callable[[str], str | None]
    secret: Callable[[], str]
    is_on: bool
    token: Callable[[], str] = lambda: secrets.token_hex(6)

    def create(self, client: Client, url: str, events: Sequence[Subscribed]) -> tuple[Endpoint, str]:
        """Add an endpoint; return it and its secret, shown this once. Raises BadField or Conflict."""
        self._demand_on()
        self._check(url, events)
        if len(self.endpoints.endpoints(client.client_id)) >= ENDPOINTS_LIMIT:
            raise Conflict(f"There are {ENDPOINTS_LIMIT} endpoints already; remove one first.")
        made = Endpoint(
            client_id=client.client_id,
            endpoint_id=self.token(),
            url=url,
            events=tuple(dict.fromkeys(events)),
            created_at=self.clock(),
        )
        self.endpoints.change(client.client_id, made.endpoint_id, lambda _: made)
        return made, self._secret(made)

    def listed(self, client: Client) -> list[Endpoint]:
        """Return the client's endpoints."""
        return self.endpoints.endpoints(client.client_id)

    def show(self, client: Client, endpoint_id: str) -> Endpoint:
        """Return one endpoint. Raises NotFound."""
        found = self.endpoints.endpoint(client.client_id, endpoint_id)
        if found is None:
            raise NotFound(f"There is no endpoint {endpoint_id}.")
        return found

    def change(
        self,
        client: Client,
        endpoint_id: str,
        url: str,
        events: Sequence[Subscribed],
        check: Callable[[Endpoint], None] = lambda _: None,
    ) -> Endpoint:
        """Replace what an endpoint is told, and where; it is tried afresh, also when it was disabled.

        ``check`` is asked of the endpoint as it stands, in the write itself; what it raises is raised.
        """
        self._check(url, events)

        def make(found: Endpoint) -> Endpoint:
            check(found)
            return replace(
                found,
                url=url,
                events=tuple(dict.fromkeys(events)),
                failures=0,
                failing_since=None,
                trouble="",
                next_try_at=None,
                disabled_at=None,
            )

        return self._change(client, endpoint_id, make)

    def remove(self, client: Client, endpoint_id: str) -> None:
        """Forget an endpoint; what is on its way to it is dropped. Raises NotFound."""
        self.show(client, endpoint_id)
        self.endpoints.change(client.client_id, endpoint_id, lambda _: None)

    def rotate(self, client: Client, endpoint_id: str) -> tuple[Endpoint, str]:
        """Give an endpoint a new secret, shown this once; for a day the one before signs as well."""
        now = self.clock()
        rotated = self._change(
            client,
            endpoint_id,
            lambda found: replace(found, secret_version=found.secret_version + 1, rotated_at=now),
        )
        return rotated, self._secret(rotated)

    def ping(self, client: Client, endpoint_id: str) -> str:
        """Queue an event that says nothing, to try an endpoint with; return its id."""
        self._demand_on()
        endpoint, now = self.show(client, endpoint_id), self.clock()
        event_id = event_id_of(client.client_id, "ping", f"{endpoint_id}/{now.isoformat()}")
        notice = NoticeDue(
            client_id=client.client_id,
            endpoint_id=endpoint.endpoint_id,
            event_id=event_id,
            event="ping",
            happened_at=now,
        )
        self.outbox.send([notice])
        return event_id

    def attempts(self, client: Client, endpoint_id: str) -> list[Attempt]:
        """Return what became of the week's latest events, the latest first. Raises NotFound."""
        self.show(client, endpoint_id)
        return self.endpoints.attempts(client.client_id, endpoint_id, ATTEMPTS_SHOWN)

    def _change(self, client: Client, endpoint_id: str, make: Callable[[Endpoint], Endpoint]) -> Endpoint:
        changed = self.endpoints.change(
            client.client_id, endpoint_id, lambda found: make(found) if found else None
        )
        if changed is None:
            raise NotFound(f"There is no endpoint {endpoint_id}.")
        return changed

    def _check(self, url: str, events: Sequence[Subscribed]) -> None:
        if not events:
            raise BadField("events", "names no event", f"Use some of {', '.join(SUBSCRIBED)}.")
        trouble = self.refusal(url)
        if trouble:
            raise BadField("url", trouble, "Give an address of yours on the public web: https://….")

    def _demand_on(self) -> None:
        if not self.is_on:
            raise Conflict(
                "This stack delivers no webhooks; whoever runs it can turn them on (Webhooks: on)."
            )

    def _secret(self, endpoint: Endpoint) -> str:
        return secret_of(self.secret(), endpoint.client_id, endpoint.endpoint_id, endpoint.secret_version)
