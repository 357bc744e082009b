"""Contract of AccountStore."""

from datetime import time
from typing import Any

from tests.builders import CUTOFF, a_client, a_watch
from tests.contracts.together import at_once
from vigie.domain.clients import DigestSchedule, Recipient
from vigie.ports import WatchesState

OURS = "banque-armelie"


def test_clients_come_back_whole_and_by_id(stores: Any) -> None:
    """Every field survives, and putting a client again replaces it."""
    other = a_client(
        client_id="abeille",
        locale="en",
        zone="Europe/London",
        schedule=DigestSchedule(time(6, 45), (0, 2), 30),
        recipients=(Recipient("a@abeille.example"), Recipient("b@abeille.example", "B. É.")),
    )
    for client in (a_client(name="Old"), other, a_client()):
        stores.accounts.put_client(client)
    assert stores.accounts.clients() == [other, a_client()]
    assert stores.accounts.client("abeille") == other
    assert stores.accounts.client("nobody") is None


def test_watches_come_back_whole_and_by_id(stores: Any) -> None:
    """A watch is replaced by its id, and every client's are found together."""
    theirs = a_watch("brand", client_id="abeille", query="abeille OR (ruche NOT miel)")
    for watch in (a_watch("sector", purpose="sector"), a_watch(query="old"), a_watch(), theirs):
        stores.accounts.put_watch(watch)
    ours = [a_watch(), a_watch("sector", purpose="sector")]
    assert stores.accounts.watches(OURS) == ours
    assert stores.accounts.all_watches() == [theirs, *ours]


def test_a_watch_is_removed_once(stores: Any) -> None:
    """The second removal finds nothing."""
    stores.accounts.put_watch(a_watch())
    assert [stores.accounts.remove_watch(OURS, "brand") for _ in range(2)] == [True, False]
    assert stores.accounts.watches(OURS) == []


def test_the_version_moves_with_the_watches_and_with_nothing_else(stores: Any) -> None:
    """Adding, replacing and removing a watch change it; clients and reading do not."""
    versions = [stores.accounts.watches_version()]
    for change in (
        lambda: stores.accounts.put_watch(a_watch()),
        lambda: stores.accounts.put_watch(a_watch(query="other")),
        lambda: stores.accounts.remove_watch(OURS, "brand"),
    ):
        change()
        versions.append(stores.accounts.watches_version())
    assert len(set(versions)) == 4
    stores.accounts.remove_watch(OURS, "brand")
    stores.accounts.put_client(a_client())
    assert (stores.accounts.all_watches(), stores.accounts.watches_version()) == ([], versions[-1])


def test_every_change_made_at_once_moves_the_version(stores: Any) -> None:
    """No change of many hides another."""
    versions = at_once(
        6, lambda n: (stores.accounts.put_watch(a_watch(f"w{n}")), stores.accounts.watches_version())[1]
    )
    assert len(stores.accounts.all_watches()) == 6
    assert stores.accounts.watches_version() == max(versions, key=int) == "6"


def test_each_change_is_kept_under_the_version_it_made(stores: Any) -> None:
    """What followed a version is told in order: watches put, whole, and watches removed."""
    stores.accounts.put_watch(a_watch())
    stores.accounts.put_watch(a_watch("sector"))
    stores.accounts.remove_watch(OURS, "brand")
    changes = [(each.version, each.watch_id, each.watch) for each in stores.accounts.watch_changes(0)]
    assert changes == [(1, "brand", a_watch()), (2, "sector", a_watch("sector")), (3, "brand", None)]
    assert [each.version for each in stores.accounts.watch_changes(2)] == [3]
    assert stores.accounts.watches_state() == WatchesState(version=3)


def test_changes_made_at_once_leave_no_gap(stores: Any) -> None:
    """Two who change watches at the same moment both find their change told."""
    at_once(5, lambda n: stores.accounts.put_watch(a_watch(f"w{n}")))
    changes = stores.accounts.watch_changes(0)
    assert [each.version for each in changes] == [1, 2, 3, 4, 5]
    assert {each.watch_id for each in changes} == {f"w{n}" for n in range(5)}


def test_a_compiled_file_stands_until_a_later_one(stores: Any) -> None:
    """It takes the place of the changes that it holds; a file that comes late changes nothing."""
    for number in range(3):
        stores.accounts.put_watch(a_watch(f"w{number}"))
    assert stores.accounts.put_compiled("watches/2", 2, CUTOFF)
    assert not stores.accounts.put_compiled("watches/1", 1, CUTOFF)
    assert stores.accounts.watches_state() == WatchesState(
        version=3, compiled_key="watches/2", compiled_version=2, compiled_at=CUTOFF
    )
    assert [each.version for each in stores.accounts.watch_changes(0)] == [3]
    assert stores.accounts.put_compiled("watches/2-again", 2, CUTOFF)
