"""Seeding can be repeated: what is there stays, what changed is replaced, keys stay the same."""

from pathlib import Path
from typing import Any

from infra.local.seed import OWN_CLIENT, load_keys, save_keys, seed_clients, seed_sources
from tests.builders import a_source
from tests.fakes import World
from vigie.domain.clients import Client
from vigie.steps.desk import Desk
from vigie.steps.key_desk import KeyDesk

DEMO: list[dict[str, Any]] = [
    {
        "id": "banque",
        "name": "La Banque",
        "watches": [{"id": "marque", "name": "Nous", "purpose": "brand", "query": '"la banque"'}],
    }
]


def desk_of(world: World, enrolled: list[str] | None = None) -> Desk:
    """Return a desk on the fakes that notes who is enrolled."""

    def enrol(client: Client, _before: Client | None) -> None:
        (enrolled if enrolled is not None else []).append(client.client_id)

    return Desk(
        accounts=world.accounts,
        keys=KeyDesk(keys=world.keys, clock=world.clock, requests_per_minute=300),
        mentions=world.mentions,
        digests=world.digests,
        enrol=enrol,
        clock=world.clock,
    )


def test_clients_are_made_once_with_their_watches_and_keys() -> None:
    """Two seedings leave one client, enrolled once, its watch and one key that opens its own data."""
    world, enrolled, keys = World(), list[str](), dict[str, str]()
    desk = desk_of(world, enrolled)
    for _ in range(2):
        clients = seed_clients(desk, world.accounts, DEMO, None, keys)
    assert ([client.client_id for client in clients], enrolled) == (["banque"], ["banque"])
    assert [watch.query for watch in world.accounts.watches("banque")] == ['"la banque"']
    assert desk.caller(f"Bearer {keys['banque']}").client_id == "banque"


def test_key_of_another_stack_is_replaced() -> None:
    """A key left by an earlier stack, which this one does not know, gives way to a new one."""
    world, keys = World(), {"banque": "vigie_banque_" + "x" * 43}
    desk = desk_of(world)
    seed_clients(desk, world.accounts, DEMO, None, keys)
    assert desk.caller(f"Bearer {keys['banque']}").client_id == "banque"


def test_own_watch_adds_a_client_and_follows_its_query() -> None:
    """WATCH adds a client; another query the next time changes its watch."""
    world, keys = World(), dict[str, str]()
    for query in ("port", "phare"):
        clients = seed_clients(desk_of(world), world.accounts, DEMO, query, keys)
    assert [client.client_id for client in clients] == ["banque", OWN_CLIENT]
    assert [watch.query for watch in world.accounts.watches(OWN_CLIENT)] == ["phare"]


def test_sources_are_exactly_those_of_the_run() -> None:
    """Sources of another run are followed no more."""
    world = World()
    seed_sources(world.sources, [a_source("a"), a_source("b")], 16)
    new = seed_sources(world.sources, [a_source("b"), a_source("c")], 16)
    assert (new, [source.source_id for source in world.sources.sources()]) == (1, ["b", "c"])


def test_keys_are_kept_for_their_owner_only(tmp_path: Path) -> None:
    """The file of keys can be read by its owner alone."""
    file = tmp_path / "keys.json"
    assert load_keys(file) == {}
    save_keys(file, {"banque": "vigie_banque_x"})
    assert (load_keys(file), file.stat().st_mode & 0o077) == ({"banque": "vigie_banque_x"}, 0)
