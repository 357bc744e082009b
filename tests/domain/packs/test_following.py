"""What a stack must follow for the packs of its clients."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.packs.following import Following, edition_of, upkeep, wanted
from vigie.domain.packs.pack import Pack, PackSource

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


def a_source(name: str, was: tuple[str, ...] = ()) -> PackSource:
    """Return a source of a pack, by its name."""
    return PackSource(name=name, url=f"https://{name}.example/rss", site=f"{name}.example", was=was)


def a_pack(*names: str, version: int = 1) -> Pack:
    """Return a pack of these sources."""
    return Pack(
        name="bretagne",
        version=version,
        kind="regional",
        title={"fr": "Bretagne", "en": "Brittany"},
        licence="Links only.",
        sources=tuple(map(a_source, names)),
    )


def a_following(client_id: str = "morel", *removed: str) -> Following:
    """Return what a client follows, but for the sources named."""
    ids = tuple(a_source(name).source_id for name in removed)
    return Following(client_id=client_id, pack="bretagne", followed_at=NOW, removed=ids)


def names_of(pack: Pack, *followings: Following) -> set[str]:
    """Return the names of what is wanted."""
    return {source.name for source in wanted(followings, {"bretagne": pack}).values()}


def test_what_a_client_removed_is_not_wanted_unless_another_wants_it() -> None:
    """Clients of one stack share its sources."""
    pack = a_pack("phare", "port")
    assert names_of(pack, a_following("morel", "phare")) == {"port"}
    assert names_of(pack, a_following("morel", "phare"), a_following("union", "port")) == {"phare", "port"}
    assert names_of(pack) == set()


def test_a_new_version_brings_what_is_new_and_not_what_was_removed() -> None:
    """A source that is added comes, one that is taken out goes, and a removed one stays away."""
    assert names_of(a_pack("phare", "cale", version=2), a_following("morel", "phare")) == {"cale"}


def test_a_removed_source_stays_away_at_its_new_address() -> None:
    """What the pack says it ``was`` is the same source."""
    moved = replace(a_source("nouveau-phare"), was=(a_source("phare").url,))
    pack = replace(a_pack("port"), sources=(moved, a_source("port")))
    assert names_of(pack, a_following("morel", "phare")) == {"port"}


def test_a_pack_that_is_there_no_more_wants_nothing() -> None:
    """Its followers are left, and no source is invented for them."""
    assert wanted([a_following()], {}) == {}


def test_what_was_imported_by_hand_stays() -> None:
    """A source that was there before the pack is neither replaced nor removed with it."""
    own = a_pack("phare").source(a_source("phare"))
    imported = {own.source_id: replace(own, name="Notre Phare")}
    plan = upkeep({own.source_id: own}, imported, frozenset())
    assert (plan.add, plan.remove, plan.source_ids) == ((), (), ())
    assert upkeep({}, imported, frozenset()).remove == ()


def test_the_edition_changes_with_any_version() -> None:
    """So that new code is noticed."""
    assert edition_of([a_pack("a")]) != edition_of([a_pack("a", version=2)])


NAMES = st.frozensets(st.sampled_from("abcdef"))


@given(imported=NAMES, first=NAMES, second=NAMES)
def test_keeping_up_ends_where_it_should_and_stays(
    imported: frozenset[str], first: frozenset[str], second: frozenset[str]
) -> None:
    """The stack follows what is wanted and what was imported; doing it again changes nothing."""
    pack = a_pack(*sorted("abcdef"))
    every = {each.name: pack.source(each) for each in pack.sources}
    followed = {every[name].source_id: every[name] for name in imported}
    brought: frozenset[str] = frozenset()
    for names in (first, second, second):
        plan = upkeep({every[name].source_id: every[name] for name in names}, followed, brought)
        for source in plan.add:
            followed[source.source_id] = source
        for source_id in plan.remove:
            del followed[source_id]
        brought = frozenset(plan.source_ids)
    assert {source.name for source in followed.values()} == second | imported
    assert (plan.add, plan.remove) == ((), ())
