"""Endpoints as their clients set them up."""

from dataclasses import replace

import pytest

from tests.builders import CUTOFF, a_client
from tests.fakes import World
from vigie.domain.notices import ENDPOINTS_LIMIT, Attempt, secret_of
from vigie.errors import BadField, Conflict, NotFound
from vigie.steps.endpoints import EndpointDesk

CLIENT = a_client()
URL = "https://intranet.example/vigie"


def desk_of(world: World, *, is_on: bool = True) -> EndpointDesk:
    """Return a desk that refuses what is not https."""
    world.clock.instant = CUTOFF
    tokens = iter(f"e{number}" for number in range(100))
    return EndpointDesk(
        endpoints=world.endpoints,
        outbox=world.outbox,
        clock=world.clock,
        refusal=lambda url: None if url.startswith("https://") else "the address is not https",
        secret=lambda: "stack-secret",
        is_on=is_on,
        token=lambda: next(tokens),
    )


def test_an_endpoint_is_registered_with_a_secret_of_its_own() -> None:
    """The secret is shown by nothing else."""
    desk = desk_of(World())
    made, secret = desk.create(CLIENT, URL, ["digest.ready", "digest.ready"])
    assert secret == secret_of("stack-secret", CLIENT.client_id, "e0", 1)
    assert made.events == ("digest.ready",)
    assert desk.listed(CLIENT) == [desk.show(CLIENT, "e0")] == [made]
    assert secret not in repr(made)


def test_what_cannot_be_told_anything_is_refused() -> None:
    """By its field; and no more than ten a client."""
    desk = desk_of(World())
    for url, events, name in ((URL, [], "events"), ("http://intranet.example/", ["digest.ready"], "url")):
        with pytest.raises(BadField) as refusal:
            desk.create(CLIENT, url, events)  # type: ignore[arg-type]
        assert refusal.value.field == name
    for _ in range(ENDPOINTS_LIMIT):
        desk.create(CLIENT, URL, ["digest.ready"])
    with pytest.raises(Conflict):
        desk.create(CLIENT, URL, ["digest.ready"])


def test_a_stack_without_webhooks_says_so() -> None:
    """Rather than take an address and stay silent."""
    world = World()
    desk_of(world).create(CLIENT, URL, ["digest.ready"])
    desk = desk_of(world, is_on=False)
    with pytest.raises(Conflict):
        desk.create(CLIENT, URL, ["digest.ready"])
    with pytest.raises(Conflict):
        desk.ping(CLIENT, "e0")


def test_rotating_gives_a_new_secret() -> None:
    """The one before signs as well for a day: see the notices."""
    desk = desk_of(World())
    _, first = desk.create(CLIENT, URL, ["digest.ready"])
    rotated, second = desk.rotate(CLIENT, "e0")
    assert first != second
    assert rotated.versions(CUTOFF) == (2, 1)


def test_changing_an_endpoint_tries_it_afresh() -> None:
    """Also one that its receiver had disabled."""
    world = World()
    desk = desk_of(world)
    made, _ = desk.create(CLIENT, URL, ["digest.ready"])
    world.endpoints.change(
        CLIENT.client_id, "e0", lambda _: replace(made, disabled_at=CUTOFF, failing_since=CUTOFF, failures=9)
    )
    changed = desk.change(CLIENT, "e0", f"{URL}/2", ["mention.recorded"])
    assert changed == replace(made, url=f"{URL}/2", events=("mention.recorded",))
    with pytest.raises(BadField):
        desk.change(CLIENT, "e0", "http://x.example/", ["digest.ready"])


def test_a_ping_is_queued_each_time() -> None:
    """Each is another event."""
    world = World()
    desk = desk_of(world)
    desk.create(CLIENT, URL, ["digest.ready"])
    first = desk.ping(CLIENT, "e0")
    world.clock.advance(1)
    assert desk.ping(CLIENT, "e0") != first
    assert [message.event for message, _ in world.outbox.sent] == ["ping", "ping"]


def test_what_is_not_the_clients_is_not_there() -> None:
    """Removed, unknown, or another client's."""
    world = World()
    desk = desk_of(world)
    desk.create(CLIENT, URL, ["digest.ready"])
    attempt = Attempt(
        event_id="evt_1",
        event="ping",
        happened_at=CUTOFF,
        tried_at=CUTOFF,
        tries=1,
        outcome="delivered",
        status=200,
    )
    world.endpoints.note(CLIENT.client_id, "e0", attempt)
    assert desk.attempts(CLIENT, "e0") == [attempt]
    other = a_client(client_id="union")
    for ask in (desk.show, desk.remove, desk.rotate, desk.ping, desk.attempts):
        with pytest.raises(NotFound):
            ask(other, "e0")
    with pytest.raises(NotFound):
        desk.change(other, "e0", URL, ["digest.ready"])
    desk.remove(CLIENT, "e0")
    with pytest.raises(NotFound):
        desk.show(CLIENT, "e0")
