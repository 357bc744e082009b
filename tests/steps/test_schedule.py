"""Which shards are sent to be polled."""

from datetime import timedelta

from tests.builders import a_source
from tests.fakes import World
from tests.pipeline.spine import Spine, Web


def a_spine(world: World, hosts: int = 3) -> Spine:
    """Return a spine that follows one source on each of some hosts."""
    spine = Spine(world, Web())
    spine.follow(*(a_source(f"s{n}", url=f"https://host-{n}.test/rss") for n in range(hosts)))
    return spine


def test_a_shard_never_polled_is_due() -> None:
    """Every shard is due at first, and each is sent once."""
    world = World()
    due = a_spine(world).schedule.run()
    assert due == [head.shard for head in world.sources.heads()]
    assert [message.shard for message, _ in world.outbox.sent] == due


def test_a_shard_is_due_when_its_first_source_is() -> None:
    """Not a second before; at its time, yes."""
    world = World()
    spine = a_spine(world, hosts=1)
    (shard,) = [head.shard for head in world.sources.heads()]
    world.sources.acquire(shard, "worker", world.clock(), 60)
    world.sources.release(shard, "worker", world.clock() + timedelta(seconds=90))
    assert spine.schedule.run() == []
    assert spine.schedule.run(force=True) == [shard]
    world.clock.advance(90)
    assert spine.schedule.run() == [shard]


def test_a_shard_under_lease_is_sent_again_when_the_lease_runs_out() -> None:
    """A dead worker's shard comes back by itself."""
    world = World()
    spine = a_spine(world, hosts=1)
    (shard,) = [head.shard for head in world.sources.heads()]
    world.sources.acquire(shard, "dead", world.clock(), 60)
    assert spine.schedule.run(force=True) == []
    world.clock.advance(60)
    assert spine.schedule.run() == [shard]
