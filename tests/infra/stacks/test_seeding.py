"""What a stack begins with, on fakes of its stores."""

from dataclasses import replace

import pytest

from infra.stacks.drift import Packed, Step
from infra.stacks.reading import convert
from infra.stacks.seeding import Seeding
from tests.fakes import World
from tests.infra.stacks.clients import RIGHT, file_with
from tests.journal import Crash
from vigie.domain.sources import Source, source_id_of
from vigie.steps.appointments import Appointments
from vigie.steps.desk import Desk
from vigie.steps.key_desk import KeyDesk

FILE = file_with(
    watches=[*RIGHT["watches"], {"name": "Voisins", "purpose": "competitor", "any": ["la bouée"]}]
)


def seeding(world: World) -> Seeding:
    """Return the seeding of a stack in memory."""
    appointments = Appointments(digests=world.digests, sources=world.sources, clock=world.clock)
    desk = Desk(
        accounts=world.accounts,
        keys=KeyDesk(keys=world.keys, clock=world.clock, requests_per_minute=300),
        mentions=world.mentions,
        digests=world.digests,
        enrol=appointments.keep,
        clock=world.clock,
    )
    return Seeding(
        desk=desk,
        accounts=world.accounts,
        sources=world.sources,
        blobs=world.blobs,
        clock=world.clock,
        shard_count=4,
        enrol=appointments.keep,
    )


def packed(letter: str, *was: str, name: str = "") -> Packed:
    """Return a pack's source, and the addresses that it had."""
    url = f"https://{letter}.example/rss"
    source = Source(source_id=source_id_of(url), name=name or letter, url=url)
    return Packed(source, tuple(source_id_of(f"https://{old}.example/rss") for old in was))


def actions(done: list[Step]) -> dict[str, str]:
    """Return what was done with each thing that is named in brackets."""
    return {step.address: step.action for step in done if "[" in step.address}


def state(world: World) -> object:
    """Return all that seeding leaves behind."""
    watches = [(each.watch_id, each.query) for each in world.accounts.watches("phare")]
    due = [(each.client_id, each.rhythm) for each in world.digests.appointments("phare")]
    return world.accounts.clients(), watches, world.sources.sources(), due, world.blobs.get("ops/seeded.json")


def test_a_new_stack_gets_its_client_watches_and_sources() -> None:
    """And the client's first digest is due; the second time there is nothing to do."""
    world = World()
    seeding(world).run(FILE, [packed("a"), packed("b")])
    client = world.accounts.client("phare")
    assert client is not None
    assert [each.email for each in client.recipients] == ["ana@phare.example"]
    assert [each.watch_id for each in world.accounts.watches("phare")] == ["marque", "voisins"]
    assert [each.name for each in world.sources.sources()] == ["a", "b"]
    assert world.digests.upcoming("phare") is not None
    before = state(world)
    assert seeding(world).run(FILE, [packed("a"), packed("b")]) == []
    assert state(world) == before


def test_a_watch_taken_out_of_the_file_goes() -> None:
    """Unless its client has changed it."""
    world = World()
    seeding(world).run(FILE, [])
    assert actions(seeding(world).run(file_with(), [])) == {"watches[voisins]": "remove"}
    assert [each.watch_id for each in world.accounts.watches("phare")] == ["marque"]


def test_sources_follow_their_pack_and_ops() -> None:
    """What the pack renames is renamed, what it drops goes; what ops removed stays away, even where it moves."""
    world = World()
    seeding(world).run(FILE, [packed("a"), packed("b"), packed("c"), packed("d")])
    world.sources.remove_source(packed("c").source.source_id)
    world.sources.remove_source(packed("d").source.source_id)
    later = [packed("a", name="A"), packed("c"), packed("e", "d")]
    done = seeding(world).run(FILE, later)
    assert sorted(actions(done).values()) == ["keep", "keep", "remove", "update"]
    assert [each.name for each in world.sources.sources()] == ["A"]
    assert set(actions(seeding(world).run(FILE, later)).values()) == {"keep"}


def test_a_source_that_its_pack_moves_is_followed_where_it_is() -> None:
    """The old address goes, the new one comes."""
    world = World()
    seeding(world).run(FILE, [packed("d")])
    seeding(world).run(FILE, [packed("e", "d")])
    assert [each.name for each in world.sources.sources()] == ["e"]


def test_searches_are_no_business_of_files() -> None:
    """What was planned from watches is neither shown nor removed."""
    world = World()
    search = replace(packed("s").source, connector="bluesky")
    world.sources.put_sources([search], 4)
    assert seeding(world).run(FILE, []) != []
    assert seeding(world).plan(FILE, []) == []
    assert world.sources.sources() == [search]


def test_a_shared_tier_has_sources_only() -> None:
    """Its clients are nobody's file."""
    world = World()
    bare = {name: RIGHT[name] for name in ("client", "name", "mail", "alarms_to")}
    shared = convert(bare | {"kind": "booost"})
    assert set(actions(seeding(world).run(shared, [packed("a")])).values()) == {"create"}
    assert world.accounts.clients() == []


def test_interrupted_anywhere_it_goes_on() -> None:
    """Whatever write is the first that does not happen, seeding again leaves what an uninterrupted one does."""
    whole = World()
    seeding(whole).run(FILE, [packed("a"), packed("b")])
    writes = len(whole.journal.writes)
    assert writes > 5
    for number in range(1, writes + 1):
        world = World()
        world.journal.interrupt(before=number)
        with pytest.raises(Crash):
            seeding(world).run(FILE, [packed("a"), packed("b")])
        seeding(world).run(FILE, [packed("a"), packed("b")])
        assert state(world) == state(whole), f"after {world.journal.writes[: number - 1]}"
