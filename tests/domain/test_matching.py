"""Decisions in parts: cut the same on every try, and resumed from whatever part was recorded."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.matching import PART_CLIENT_LIMIT, Decision, Pair, next_part
from vigie.domain.mentions import ClientMatch

NOW = datetime(2026, 12, 8, 6, tzinfo=UTC)


def a_pair(position: int, client: int) -> Pair:
    """Return a document's match with a numbered client."""
    return Pair(position=position, match=ClientMatch(f"client-{client:03d}", ()))


def parts_of(
    pairs: list[Pair], limit: int = PART_CLIENT_LIMIT, previous: Decision | None = None
) -> list[Decision]:
    """Return the parts that follow ``previous``, to the last."""
    found: list[Decision] = []
    while not found or not found[-1].last:
        after = found[-1] if found else previous
        found.append(next_part("b.0", pairs, after, documents=50, parked=2, now=NOW, client_limit=limit))
    return found


PAIRS = st.sets(st.tuples(st.integers(0, 8), st.integers(0, 9)), max_size=40).map(
    lambda keys: [a_pair(*key) for key in keys]
)


@given(PAIRS, st.integers(1, 5))
def test_parts_hold_every_pair_once_in_order(pairs: list[Pair], limit: int) -> None:
    """The parts of any pairs, one after the other, are all of them by place and client, few clients a part."""
    parts = parts_of(pairs, limit)
    assert sorted(pairs, key=lambda pair: pair.key) == [pair for part in parts for pair in part.pairs]
    assert all(len(part.matched) <= limit for part in parts)
    assert all(part.pairs for part in parts[1:])
    assert [part.part for part in parts] == list(range(len(parts)))
    assert [part.last for part in parts] == [False] * (len(parts) - 1) + [True]


@given(PAIRS, st.integers(1, 5), st.randoms(use_true_random=False))
def test_any_order_of_pairs_is_cut_alike(pairs: list[Pair], limit: int, chance: object) -> None:
    """The cut depends on the pairs, not on the order a watch set gave them in."""
    shuffled = list(pairs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert parts_of(pairs, limit) == parts_of(shuffled, limit)


@given(PAIRS, st.integers(1, 5), st.data())
def test_a_recorded_part_is_resumed_after(pairs: list[Pair], limit: int, data: st.DataObject) -> None:
    """A second try that finds parts recorded goes on with exactly the others."""
    parts = parts_of(pairs, limit)
    recorded = data.draw(st.integers(0, len(parts) - 1))
    if not parts[recorded].last:
        assert parts[recorded + 1 :] == parts_of(pairs, limit, previous=parts[recorded])


def test_counts_of_the_batch_stand_once() -> None:
    """Documents read and parked are in part 0 alone, so that they are summed once."""
    parts = parts_of([a_pair(n, n) for n in range(5)], limit=2)
    assert [(part.documents, part.parked) for part in parts] == [(50, 2), (0, 0), (0, 0)]


def test_batch_that_concerns_nobody_is_decided_too() -> None:
    """A batch without a pair has one part, the last, that carries its counts."""
    expected = Decision(batch_id="b.0", part=0, decided_at=NOW, pairs=(), documents=50, parked=2)
    assert [expected] == parts_of([])


def test_watches_that_changed_meanwhile_do_not_reopen_a_part() -> None:
    """After a recorded part, pairs found since for earlier places are left out: they were decided."""
    first, *_ = parts_of([a_pair(n, n) for n in range(4)], limit=2)
    late = [a_pair(0, 9), a_pair(3, 9)]
    later = next_part("b.0", late, first, documents=50, parked=2, now=NOW + timedelta(minutes=6))
    assert ((a_pair(3, 9),), 1, True) == (later.pairs, later.part, later.last)


def test_documents_are_counted_by_client() -> None:
    """A part knows how many of its documents concern each client."""
    decision = parts_of([a_pair(0, 1), a_pair(0, 2), a_pair(1, 2)])[0]
    assert decision.matched == {"client-001": 1, "client-002": 2}
