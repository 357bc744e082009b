"""Contract of StoryStore: members, postings, links, and the time they are remembered."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.builders import CUTOFF, a_document
from tests.contracts.together import at_once
from vigie.domain.stories.fingerprint import fingerprint
from vigie.domain.stories.union import StoryMember
from vigie.errors import Transient
from vigie.ports import Posting

TEXT = "La Banque d'Armélie fermera trois guichets du Vaurel au printemps, a annoncé sa direction. " * 3
DAY = timedelta(days=1)


def a_member(document_id: str = "first", *, arrival: int = 1, parent: str | None = None) -> StoryMember:
    """Return a member whose text is its own."""
    mark, _ = fingerprint(a_document(document_id, body=f"{TEXT} {document_id}"))
    return StoryMember(document_id=document_id, mark=mark, arrival=arrival, parent=parent)


def post(
    stores: Any, seen: tuple[str, ...], wanted: tuple[str, ...], now: datetime = CUTOFF
) -> tuple[str, ...]:
    """Post documents under one key; return those that stand there."""
    (standing,) = stores.stories.post({"key": Posting(seen, wanted)}, now).values()
    return tuple(standing)


def test_the_first_record_of_a_document_stands(stores: Any) -> None:
    """Whoever records it again gets the first record back, parent and all."""
    first = a_member(arrival=7, parent="root")
    assert stores.stories.add(first, CUTOFF) == first
    assert stores.stories.add(a_member(arrival=9), CUTOFF) == first
    assert stores.stories.members(["first", "other"], CUTOFF) == {"first": first}


def test_of_records_at_once_one_stands_for_all(stores: Any) -> None:
    """Every worker learns of the same winner."""
    standing = at_once(8, lambda n: stores.stories.add(a_member(arrival=n), CUTOFF))
    assert len({member.arrival for member in standing}) == 1


def test_a_posting_takes_only_on_what_was_seen(stores: Any) -> None:
    """Who looked before somebody posted is shown what stands, and may try again on that."""
    assert post(stores, (), ("a",)) == ("a",)
    assert post(stores, (), ("b",)) == ("a",)
    assert post(stores, ("a",), ("a", "b")) == ("a", "b")
    assert stores.stories.postings(["key", "unknown"], CUTOFF) == {"key": ("a", "b")}


def test_keys_are_posted_each_for_itself(stores: Any) -> None:
    """A key that somebody took meanwhile keeps no other from being taken."""
    post(stores, (), ("a",))
    asked = {"other": Posting((), ("b",)), "key": Posting((), ("b",)), "third": Posting((), ("b", "c"))}
    standing = stores.stories.post(asked, CUTOFF)
    assert standing == {"other": ("b",), "key": ("a",), "third": ("b", "c")}
    assert stores.stories.postings(["key", "other", "third"], CUTOFF) == standing
    assert stores.stories.post({}, CUTOFF) == {}


def test_of_postings_at_once_one_takes_and_the_others_are_shown_it(stores: Any) -> None:
    """Nobody's posting is lost in silence."""
    standing = at_once(8, lambda n: post(stores, (), (f"doc-{n}",)))
    assert len(set(standing)) == 1


def test_a_root_is_linked_once(stores: Any) -> None:
    """The first parent stands for whoever links later, and on redelivery."""
    for name in ("a", "b", "c"):
        stores.stories.add(a_member(name), CUTOFF)
    assert stores.stories.link("c", "b", CUTOFF) == "b"
    assert stores.stories.link("c", "a", CUTOFF) == "b"
    assert stores.stories.link("c", "b", CUTOFF) == "b"
    assert stores.stories.members(["c"], CUTOFF)["c"].parent == "b"


def test_of_links_at_once_one_stands_for_all(stores: Any) -> None:
    """Two workers that would hang a story under two others agree on one."""
    stores.stories.add(a_member("root"), CUTOFF)
    assert len(set(at_once(8, lambda n: stores.stories.link("root", f"p-{n}", CUTOFF)))) == 1


def test_readers_follow_merged_stories_to_the_last(stores: Any) -> None:
    """An id given long ago leads to the story it is part of; one never heard of leads to itself."""
    for name in ("a", "b", "c"):
        stores.stories.add(a_member(name), CUTOFF)
    stores.stories.link("c", "b", CUTOFF)
    stores.stories.link("b", "a", CUTOFF)
    assert stores.stories.roots(["c", "b", "a", "gone"]) == {"c": "a", "b": "a", "a": "a", "gone": "gone"}
    assert stores.stories.roots([]) == {}


def test_a_posting_is_forgotten_after_its_retention(stores: Any) -> None:
    """The same text a month later is another story, even before the table dropped the old one."""
    post(stores, (), ("a",))
    assert stores.stories.postings(["key"], CUTOFF + 29 * DAY) == {"key": ("a",)}
    assert stores.stories.postings(["key"], CUTOFF + 30 * DAY) == {}
    assert post(stores, (), ("b",), CUTOFF + 30 * DAY) == ("b",)


def test_a_member_outlives_what_it_posted(stores: Any) -> None:
    """Whoever finds a document under a key finds its fingerprint too."""
    stores.stories.add(a_member(), CUTOFF)
    assert stores.stories.members(["first"], CUTOFF + 59 * DAY)
    assert stores.stories.members(["first"], CUTOFF + 60 * DAY) == {}
    later = a_member(arrival=5)
    assert stores.stories.add(later, CUTOFF + 60 * DAY) == later


def test_a_root_that_gains_members_is_kept(stores: Any) -> None:
    """A story that is still reprinted is remembered from its beginning."""
    stores.stories.add(a_member(), CUTOFF)
    root = stores.stories.members(["first"], CUTOFF)["first"]
    stores.stories.keep(root, CUTOFF + 29 * DAY)  # time enough is left: nothing to do
    assert stores.stories.members(["first"], CUTOFF + 60 * DAY) == {}
    stores.stories.keep(root, CUTOFF + 40 * DAY)
    assert stores.stories.members(["first"], CUTOFF + 99 * DAY)


def test_a_merge_is_remembered_as_long_as_mentions_are(stores: Any) -> None:
    """A year on, a mention of the merged story is still read as one of the other."""
    stores.stories.add(a_member(), CUTOFF)
    stores.stories.link("first", "other", CUTOFF)
    assert stores.stories.members(["first"], CUTOFF + 394 * DAY)


def test_nobody_links_a_story_that_was_forgotten(stores: Any) -> None:
    """The work is done again, and finds the story gone."""
    with pytest.raises(Transient, match="nobody was forgotten"):
        stores.stories.link("nobody", "first", CUTOFF)
