"""Packs are followed by clients, and the stack keeps up with them."""

from contextlib import suppress
from dataclasses import replace

import pytest

from tests.builders import a_client
from tests.fakes import World
from tests.journal import Crash
from vigie.domain.packs.following import PACKS_LIMIT
from vigie.domain.packs.pack import Pack, pack_named, packs
from vigie.errors import BadField, Conflict, NotFound, Outdated
from vigie.steps.packs import KeepUp, PackDesk

CLIENT = a_client(client_id="morel")
CORSE = pack_named("region-corse")
FIRST, *OTHERS = CORSE.sources


def a_keeper(world: World, **changed: Pack) -> KeepUp:
    """Return a new process that keeps up, with some packs changed."""
    return KeepUp(
        store=world.packs,
        sources=world.sources,
        outbox=world.outbox,
        packs=lambda: packs() | {pack.name: pack for pack in changed.values()},
        clock=world.clock,
        shard_count=16,
    )


def a_desk(world: World) -> PackDesk:
    """Return a desk."""
    return PackDesk(store=world.packs, clock=world.clock)


def followed(world: World) -> set[str]:
    """Return the ids of the stack's sources."""
    return {source.source_id for source in world.sources.sources()}


def test_a_followed_pack_is_polled_at_once() -> None:
    """Its sources are the stack's, and the shards they went to are queued."""
    world = World()
    a_desk(world).follow(CLIENT, CORSE.name)
    assert a_keeper(world).run() == len(CORSE.sources)
    assert followed(world) == {each.source_id for each in CORSE.sources}
    assert {message.shard for message, _ in world.outbox.sent} == {
        head.shard for head in world.sources.heads()
    }


def test_nothing_is_read_twice_nor_before_anybody_follows() -> None:
    """A minute in which nothing changed costs one reading of the version."""
    world = World()
    assert a_keeper(world).run() == 0
    a_desk(world).follow(CLIENT, CORSE.name)
    keeper = a_keeper(world)
    keeper.run()
    before = len(world.journal.writes)
    assert (keeper.run(), a_keeper(world).run()) == (0, 0)
    assert len(world.journal.writes) == before


def test_new_code_reaches_who_follows_without_undoing_what_they_removed() -> None:
    """A later version adds one source, moves the removed one and drops another."""
    world = World()
    a_desk(world).follow(CLIENT, CORSE.name, [FIRST.source_id])
    a_keeper(world).run()
    moved = replace(FIRST, url="https://www.corsematin.com/rss", was=(FIRST.url,))
    added = replace(FIRST, name="Le Phare", url="https://phare.example/rss", was=())
    newer = replace(CORSE, version=CORSE.version + 1, sources=(moved, *OTHERS[1:], added))
    assert a_keeper(world, corse=newer).run() == 2
    assert followed(world) == {each.source_id for each in (*OTHERS[1:], added)}


def test_leaving_takes_away_what_nobody_else_wants() -> None:
    """What another client follows stays; so does what was imported before."""
    world, other = World(), a_client(client_id="union")
    imported = CORSE.source(FIRST)
    world.sources.put_sources([imported], 16)
    desk, keeper = a_desk(world), a_keeper(world)
    desk.follow(CLIENT, CORSE.name)
    desk.follow(other, CORSE.name, [each.source_id for each in OTHERS[1:]])
    keeper.run()
    desk.leave(CLIENT, CORSE.name)
    keeper.run()
    assert followed(world) == {FIRST.source_id, OTHERS[0].source_id}
    desk.leave(other, CORSE.name)
    keeper.run()
    assert followed(world) == {FIRST.source_id}


@pytest.mark.parametrize("at", range(1, 6))
def test_dying_anywhere_leaves_nothing_that_is_never_taken_away(at: int) -> None:
    """Whatever write a worker dies at, the next one ends as if it had not; and leaving still takes all of it away."""
    world = World()
    a_desk(world).follow(CLIENT, CORSE.name)
    world.journal.interrupt(after=at)
    with suppress(Crash):
        a_keeper(world).run()
    world.journal.interrupt()
    a_keeper(world).run()
    assert followed(world) == {each.source_id for each in CORSE.sources}
    a_desk(world).leave(CLIENT, CORSE.name)
    a_keeper(world).run()
    assert followed(world) == set()


def test_what_cannot_be_followed_is_refused_by_field() -> None:
    """An unknown pack, a source of another, more packs than there may be, and leaving what is not followed."""
    desk = a_desk(World())
    with pytest.raises(NotFound, match="atlantide"):
        desk.follow(CLIENT, "atlantide")
    with pytest.raises(BadField, match=r"removed\[0\]: 'x' is no source of the pack region-corse"):
        desk.follow(CLIENT, CORSE.name, ["x"])
    with pytest.raises(NotFound, match="does not follow"):
        desk.leave(CLIENT, CORSE.name)
    first, *rest = packs()
    for name in rest[:PACKS_LIMIT]:
        desk.follow(CLIENT, name)
    with pytest.raises(Conflict, match="leave one first"):
        desk.follow(CLIENT, first)


def test_a_change_is_made_to_what_was_read() -> None:
    """The caller's condition is asked of the following as it stands."""
    desk = a_desk(World())
    first = desk.follow(CLIENT, CORSE.name)
    desk.follow(CLIENT, CORSE.name, [FIRST.source_id])

    def check(standing: object) -> None:
        if standing != first:
            raise Outdated("read it again")

    with pytest.raises(Outdated):
        desk.follow(CLIENT, CORSE.name, [], check)
    assert desk.following(CLIENT, CORSE.name).removed == (FIRST.source_id,)
