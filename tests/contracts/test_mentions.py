"""Contract of MentionStore."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import A_DAY, CUTOFF, a_document, a_mention
from tests.contracts.together import at_once
from vigie.domain.cutoffs import Interval
from vigie.domain.mentions import Mention
from vigie.errors import BadField
from vigie.ports import Recording

OURS = "banque-armelie"


def mentions_of(count: int, client_id: str = OURS) -> list[Mention]:
    """Return mentions recorded a minute apart, oldest first."""
    return [
        a_mention(
            a_document(f"Article {n:03d}", document_id=f"doc-{n:03d}"),
            client_id=client_id,
            recorded_at=A_DAY.since + timedelta(minutes=n),
        )
        for n in range(count)
    ]


def test_mentions_come_back_whole_and_in_order(stores: Any) -> None:
    """What was recorded is read back, oldest first, held ones included."""
    some = mentions_of(120)
    some[7] = a_mention(
        some[7].document, recorded_at=some[7].recorded_at, status="held", held_reason="parked"
    )
    assert stores.mentions.record(some[::-1]).new == 120
    assert stores.mentions.recorded_in(OURS, A_DAY) == some
    assert stores.mentions.get(OURS, "doc-007") == some[7]


def test_a_document_is_one_mention_of_a_client_for_ever(stores: Any) -> None:
    """A second record, minutes later and otherwise labelled, changes nothing; new neighbours are recorded."""
    first = mentions_of(3)
    later = [
        a_mention(mention.document, tone="negative", recorded_at=CUTOFF - timedelta(minutes=1))
        for mention in mentions_of(5)
    ]
    assert stores.mentions.record(first).new == 3
    assert stores.mentions.record([*later, *later]).new == 2
    assert stores.mentions.recorded_in(OURS, A_DAY) == [*first, *later[3:]]


def test_a_document_another_batch_brought_is_told_apart_from_a_repeated_delivery(stores: Any) -> None:
    """The same batch again is nothing new; another batch with a known document hears which, and records the rest."""
    first, second = mentions_of(3), [replace(m, batch_id="0002-later.0") for m in mentions_of(4)]
    stores.mentions.record(first)
    assert stores.mentions.record(first) == Recording(0, [])
    again = stores.mentions.record(second)
    assert (again.new, again.seen_before) == (1, second[:3])
    held = [replace(m, status="held", held_reason="seen_before") for m in again.seen_before]
    assert [stores.mentions.record(held).new for _ in range(2)] == [3, 0]
    assert len(stores.mentions.recorded_in(OURS, A_DAY)) == 7


def test_of_records_at_once_each_document_is_new_once(stores: Any) -> None:
    """Two deliveries of the same batch, at the same time, record it once."""
    new = at_once(4, lambda n: stores.mentions.record(mentions_of(20)[n * 3 :] + mentions_of(20)[: n * 3]))
    assert sum(recording.new for recording in new) == 20
    assert len(stores.mentions.recorded_in(OURS, A_DAY)) == 20


def test_a_long_mention_is_kept_whole(stores: Any) -> None:
    """A whole newspaper page fits, thirty times in one call."""
    body = "".join(f"Phrase n° {n}, où l’on parle de tout. " for n in range(2_000))
    some = [
        a_mention(a_document(f"Page {n}", body=body), recorded_at=A_DAY.since + timedelta(seconds=n))
        for n in range(30)
    ]
    assert stores.mentions.record(some).new == 30
    assert stores.mentions.recorded_in(OURS, A_DAY) == some


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (A_DAY.since - timedelta(microseconds=1), False),
        (A_DAY.since, True),
        (A_DAY.until - timedelta(microseconds=1), True),
        (A_DAY.until, False),
    ],
)
def test_an_interval_is_half_open_to_the_microsecond(stores: Any, at: datetime, inside: bool) -> None:
    """What was recorded at the cut-off belongs to the next digest, and to it alone."""
    stores.mentions.record([a_mention(recorded_at=at)])
    assert len(stores.mentions.recorded_in(OURS, A_DAY)) == inside
    assert len(stores.mentions.page(OURS, A_DAY, 10).mentions) == inside


@pytest.mark.parametrize("limit", [1, 3, 7, 8, 50])
def test_pages_put_together_are_the_list(stores: Any, limit: int) -> None:
    """Pages run newest first, overlap nowhere, and the last one says so."""
    some = mentions_of(7)
    stores.mentions.record(some)
    shown: list[Mention] = []
    cursor = None
    for _ in range(9):
        page = stores.mentions.page(OURS, A_DAY, limit, cursor)
        assert len(page.mentions) <= limit
        shown += page.mentions
        cursor = page.cursor
        if cursor is None:
            break
    assert shown == some[::-1]


def test_a_cursor_survives_new_mentions(stores: Any) -> None:
    """What is recorded while somebody reads shifts no page."""
    some = mentions_of(6)
    stores.mentions.record(some[:5])
    page = stores.mentions.page(OURS, A_DAY, 2)
    stores.mentions.record(some[5:])
    assert stores.mentions.page(OURS, A_DAY, 2, page.cursor).mentions == [some[2], some[1]]


def test_one_client_never_sees_another_s(stores: Any) -> None:
    """With another client's name, ids and cursor there is nothing to read."""
    stores.mentions.record(mentions_of(5))
    stores.mentions.record(mentions_of(1, "banque-armelie-2"))
    cursor = stores.mentions.page(OURS, A_DAY, 2).cursor
    for other in ("banque", "banque-armelie-3"):
        assert stores.mentions.recorded_in(other, A_DAY) == []
        assert stores.mentions.get(other, "doc-000") is None
        assert stores.mentions.page(other, A_DAY, 10).mentions == []
    assert len(stores.mentions.recorded_in("banque-armelie-2", A_DAY)) == 1
    assert stores.mentions.get("banque-armelie-2", "doc-001") is None
    with pytest.raises(BadField, match="cursor"):
        stores.mentions.page("banque-armelie-2", A_DAY, 2, cursor)


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "////", "YmFucXVlLWFybWVsaWUK", "\u0000"])
def test_a_forged_cursor_is_refused(stores: Any, cursor: str) -> None:
    """Anything but a cursor that was given is the caller's mistake."""
    stores.mentions.record(mentions_of(2))
    with pytest.raises(BadField, match="cursor"):
        stores.mentions.page(OURS, A_DAY, 2, cursor)


def test_a_page_holds_one_mention_at_least(stores: Any) -> None:
    """A limit of nothing is refused."""
    with pytest.raises(BadField, match="limit"):
        stores.mentions.page(OURS, A_DAY, 0)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deliveries=st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=4),
    cut=st.integers(0, 10),
)
def test_any_interleaving_of_deliveries_records_each_document_once(
    make_stores: Any, deliveries: list[list[int]], cut: int
) -> None:
    """However documents are batched and repeated, the sum of two intervals is what was ever delivered."""
    mentions = make_stores().mentions
    some = mentions_of(10)
    new = sum(mentions.record([some[n] for n in delivery]).new for delivery in deliveries)
    expected = sorted({n for delivery in deliveries for n in delivery})
    middle = A_DAY.since + timedelta(minutes=cut)
    halves = [Interval(A_DAY.since, middle), Interval(middle, A_DAY.until)]
    assert new == len(expected)
    assert [m for half in halves for m in mentions.recorded_in(OURS, half)] == [some[n] for n in expected]


def test_a_mention_tells_when_its_platform_wants_it_gone(stores: Any) -> None:
    """What may be kept until then only comes back with its date, and may be shown no longer."""
    until = CUTOFF + timedelta(days=30)
    mention = a_mention(a_document(document_id="video", retain_until=until), recorded_at=A_DAY.since)
    stores.mentions.record([mention])
    found = stores.mentions.get(OURS, "video")
    assert (found.may_be_shown(until - timedelta(seconds=1)), found.may_be_shown(until)) == (True, False)


def blank(mention: Mention) -> bool:
    """Tell whether a mention shows nothing of what was withdrawn."""
    document = mention.document
    texts = (document.title, document.summary, document.body, document.author, document.url)
    return (
        not any(texts)
        and not document.links
        and (mention.status, mention.held_reason) == ("held", "withdrawn")
    )


@pytest.mark.parametrize("before", [True, False])
def test_what_is_withdrawn_shows_nothing_whichever_came_first(stores: Any, before: bool) -> None:
    """Withdrawn after it was recorded or before, a mention keeps its place and shows nothing; others stay."""
    first, other = mentions_of(2)
    steps = [
        lambda: stores.mentions.record([first, other]),
        lambda: stores.mentions.withdraw(OURS, "doc-000", CUTOFF),
    ]
    for step in (*(steps[::-1] if before else steps), *steps):
        step()
    found = stores.mentions.recorded_in(OURS, A_DAY)
    assert [mention.mention_id for mention in found] == ["doc-000", "doc-001"]
    assert (blank(found[0]), found[1]) == (True, other)
    assert blank(stores.mentions.get(OURS, "doc-000"))
    assert stores.mentions.record([first]) == Recording(0, [])


def test_what_was_told_again_is_withdrawn_too(stores: Any) -> None:
    """A document that its source showed twice is withdrawn in both its mentions, each under its own id."""
    (mention,) = mentions_of(1)
    again = replace(mention, batch_id="0002-later.0", status="held", held_reason="seen_before")
    stores.mentions.record([mention, again])
    stores.mentions.withdraw(OURS, "doc-000", CUTOFF)
    found = stores.mentions.recorded_in(OURS, A_DAY)
    assert {m.mention_id for m in found} == {mention.mention_id, again.mention_id}
    assert not any(m.document.title or m.document.author for m in found)
    assert all(m.status == "held" for m in found)


def test_another_clients_mention_is_left_alone(stores: Any) -> None:
    """Withdrawing is by client; a stub of one client hides nothing of another's."""
    theirs = mentions_of(1, "abeille")
    stores.mentions.withdraw(OURS, "doc-000", CUTOFF)
    stores.mentions.record(theirs)
    assert stores.mentions.recorded_in("abeille", A_DAY) == theirs
    assert stores.mentions.recorded_in(OURS, A_DAY) == []
    assert stores.mentions.get(OURS, "doc-000") is None


def test_mentions_are_read_by_their_places(stores: Any) -> None:
    """Those that are there come back, of this client alone; a page goes on after any place."""
    some = mentions_of(5)
    stores.mentions.record(some)
    stores.mentions.record(mentions_of(2, "union"))
    places = [(mention.recorded_at, mention.mention_id) for mention in some]
    asked = [places[3], (A_DAY.since, "doc-999"), places[0]]
    found = {mention.mention_id for mention in stores.mentions.at(OURS, asked)}
    assert found == {"doc-003", "doc-000"}
    assert stores.mentions.at(OURS, []) == []
    cursor = stores.mentions.cursor_after(OURS, places[3])
    assert stores.mentions.page(OURS, A_DAY, 2, cursor).mentions == [some[2], some[1]]
