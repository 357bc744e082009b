"""Contract of AccountStore."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from tests.builders import CUTOFF, a_client, a_watch
from tests.contracts.together import at_once
from vigie.domain.clients import DigestSchedule, Recipient
from vigie.domain.connectors.followed import ClientPlan
from vigie.domain.connectors.plan import Unsearchable
from vigie.domain.feedback import Undone
from vigie.domain.query_fix import WatchFix
from vigie.domain.subjects.decisions import SubjectDecision
from vigie.ports import WatchesState

OURS = "banque-armelie"
HASH = "ab" * 32


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
    """Adding, replacing and removing a watch change it; clients, keys and reading do not."""
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
    stores.accounts.put_key(OURS, HASH, ["read"], CUTOFF)
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


def test_a_key_opens_its_own_client_only(stores: Any) -> None:
    """Another client with the same hash has no right; scopes given last stand."""
    stores.accounts.put_key(OURS, HASH, ["read"], CUTOFF)
    stores.accounts.put_key(OURS, HASH, ["read", "write"], CUTOFF)
    assert stores.accounts.key_scopes(OURS, HASH) == ("read", "write")
    assert stores.accounts.key_scopes("other", HASH) is None
    assert stores.accounts.key_scopes(OURS, "cd" * 32) is None


def test_one_client_never_sees_another_s(stores: Any) -> None:
    """Neither profile nor watches, and it removes nothing of another's."""
    stores.accounts.put_client(a_client())
    stores.accounts.put_watch(a_watch())
    for other in ("banque", "banque-armelie-2"):
        assert stores.accounts.client(other) is None
        assert stores.accounts.watches(other) == []
        assert stores.accounts.remove_watch(other, "brand") is False
    assert stores.accounts.watches(OURS) == [a_watch()]


def test_a_clients_searches_are_replaced_whole(stores: Any) -> None:
    """A client's plan is empty at first, survives whole, and is no watch."""
    empty = ClientPlan(client_id=OURS)
    assert stores.accounts.search_plan(OURS) == empty
    plan = ClientPlan(
        client_id=OURS,
        searches={"bluesky": ("bluesky-1", "bluesky-2"), "mastodon@mamot.fr": ()},
        unsearchable={"bluesky": (Unsearchable(OURS, "brand", "too_long"),)},
    )
    for each in (ClientPlan(client_id=OURS, searches={"bluesky": ("old",)}), plan):
        stores.accounts.put_search_plan(each)
    assert stores.accounts.search_plan(OURS) == plan
    assert stores.accounts.search_plan("abeille") == ClientPlan(client_id="abeille")
    assert stores.accounts.all_watches() == []


def test_decisions_on_subjects_come_back_whole_and_in_order(stores: Any) -> None:
    """Every field survives, a decision put again is one, and another client's are not ours."""
    first = SubjectDecision(
        client_id=OURS,
        decision_id="9f",
        kind="split",
        one=("story-b",),
        other=("story-a", "story-c"),
        decided_at=CUTOFF,
        decided_by="Jeanne (banque-armelie)",
        reason="Un autre guichet",
    )
    then = SubjectDecision(
        client_id=OURS,
        decision_id="01",
        kind="merge",
        one=("story-a",),
        other=("story-b",),
        decided_at=CUTOFF + timedelta(hours=1),
        decided_by="ops",
    )
    for decision in (then, first, first):
        stores.accounts.put_subject_decision(decision)
    assert stores.accounts.subject_decisions(OURS) == [first, then]
    assert stores.accounts.subject_decisions("abeille") == []


FIX = WatchFix(
    fix_id="f1",
    client_id=OURS,
    watch_id="brand",
    query_before="armelie",
    query_after="armelie AND NOT fleuve",
    exclusions=("NOT fleuve",),
    decision="accepted",
    decided_at=CUTOFF,
    decided_by="Jeanne",
    reason="Le fleuve",
    undone=Undone(CUTOFF, "Paul"),
)


def test_a_watch_is_swapped_with_the_fix_that_did_it(stores: Any) -> None:
    """Both are there, the version moves, and readers of changes see the new query."""
    before = a_watch(query=FIX.query_before)
    after = a_watch(query=FIX.query_after)
    stores.accounts.put_watch(before)
    version = stores.accounts.watches_state().version
    assert stores.accounts.swap_watch(before, after, FIX)
    assert stores.accounts.watches(OURS) == [after]
    assert stores.accounts.fixes(OURS, "brand") == [FIX]
    (change,) = stores.accounts.watch_changes(version)
    assert change.watch == after


def test_a_watch_that_changed_is_not_swapped(stores: Any) -> None:
    """Neither the watch nor the fix is written over what somebody else did, nor a watch that is gone brought back."""
    before, after = a_watch(query=FIX.query_before), a_watch(query=FIX.query_after)
    assert not stores.accounts.swap_watch(before, after, FIX)
    changed = a_watch(query="something else")
    stores.accounts.put_watch(changed)
    assert not stores.accounts.swap_watch(before, after, FIX)
    assert stores.accounts.watches(OURS) == [changed]
    assert stores.accounts.fixes(OURS, "brand") == []


def test_of_two_who_swap_a_watch_at_once_one_does(stores: Any) -> None:
    """The other is told no."""
    before = a_watch(query=FIX.query_before)
    stores.accounts.put_watch(before)
    done = at_once(
        4, lambda number: stores.accounts.swap_watch(before, a_watch(query=f"armelie {number}"), FIX)
    )
    assert sorted(done) == [False, False, False, True]


def test_what_was_decided_of_fixes_comes_back_by_time(stores: Any) -> None:
    """A fix decided again replaces what was decided of it; those of other watches are not told."""
    later = replace(FIX, fix_id="f0", decision="refused", decided_at=CUTOFF + timedelta(hours=1))
    for fix in (later, replace(FIX, reason="old"), FIX, replace(FIX, watch_id="brand2")):
        stores.accounts.put_fix(fix)
    assert stores.accounts.fixes(OURS, "brand") == [FIX, later]
