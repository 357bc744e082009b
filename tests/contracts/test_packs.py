"""Contract of PackStore."""

from dataclasses import replace
from typing import Any

from tests.builders import CUTOFF
from tests.contracts.together import at_once
from vigie.domain.packs.following import Brought, Following

OURS = Following(client_id="morel", pack="region-corse", followed_at=CUTOFF, removed=("a-1", "b-2"))


def test_followings_come_back_by_client_and_by_pack(stores: Any) -> None:
    """Every field is read back; each change moves the version, and what changes nothing does not."""
    theirs, town = replace(OURS, client_id="union"), replace(OURS, pack="ville-ajaccio", removed=())
    assert (stores.packs.version(), stores.packs.all_followings()) == (0, [])
    for each in (town, theirs, OURS, OURS):
        assert stores.packs.change(each.client_id, each.pack, lambda _, made=each: made) == each
    assert stores.packs.followings("morel") == [OURS, town]
    assert stores.packs.all_followings() == [OURS, town, theirs]
    assert stores.packs.version() == 3
    stores.packs.change("morel", "region-corse", lambda _: None)
    assert (stores.packs.followings("morel"), stores.packs.version()) == ([town], 4)


def test_changes_at_the_same_time_are_all_made(stores: Any) -> None:
    """Each is decided of what the one before left."""

    def remove(number: int) -> None:
        def decide(standing: Following | None) -> Following:
            found = standing or replace(OURS, removed=())
            return replace(found, removed=(*found.removed, str(number)))

        stores.packs.change("morel", "region-corse", decide)

    at_once(4, remove)
    (found,) = stores.packs.followings("morel")
    assert sorted(found.removed) == ["0", "1", "2", "3"]


def test_what_packs_brought_is_remembered(stores: Any) -> None:
    """Nothing at first, then what was kept last."""
    assert stores.packs.brought() == Brought()
    brought = Brought(version=3, edition="e", source_ids=("a", "b"))
    stores.packs.keep_brought(brought)
    assert stores.packs.brought() == brought
