"""Contract of LedgerStore."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import A_DAY, CUTOFF, a_document, a_hit
from tests.contracts.together import at_once
from vigie.domain.cutoffs import Interval
from vigie.domain.ledger import Evaluated
from vigie.domain.matching import Decision, Pair
from vigie.domain.mentions import ClientMatch, Parked

NOON = CUTOFF - timedelta(hours=18)


def a_decision(batch_id: str = "batch", clients: str = "ab", **fields: Any) -> Decision:
    """Return a decision about one document that concerns some clients, one letter each."""
    hit = a_hit(a_document("La Banque d'Armélie recrute"))
    pairs = tuple(Pair(position=0, match=ClientMatch(f"client-{letter}", (hit,))) for letter in clients)
    defaults: dict[str, Any] = {"part": 0, "decided_at": NOON, "documents": 10, "parked": 1}
    return Decision(batch_id=batch_id, pairs=pairs, **{**defaults, **fields})


def test_the_first_decision_stands_with_its_counts(stores: Any) -> None:
    """A second decision about the same batch returns the first, and counts nothing."""
    first = a_decision()
    assert stores.ledger.record_decision(first) == first
    assert stores.ledger.record_decision(a_decision(clients="abcd", documents=99)) == first
    assert stores.ledger.evaluated(A_DAY) == [Evaluated(10, 1)]
    assert [stores.ledger.matched(f"client-{letter}", A_DAY) for letter in "abc"] == [1, 1, 0]


def test_of_decisions_at_once_one_stands_for_all(stores: Any) -> None:
    """Two workers with the same batch send what one of them decided."""
    decided = at_once(6, lambda n: stores.ledger.record_decision(a_decision(documents=n + 1)))
    assert len({decision.documents for decision in decided}) == 1
    assert stores.ledger.evaluated(A_DAY) == [Evaluated(decided[0].documents, 1)]


def test_parts_are_decided_apart_and_counted_once(stores: Any) -> None:
    """A later part adds its clients and no documents."""
    stores.ledger.record_decision(a_decision(last=False))
    stores.ledger.record_decision(a_decision(clients="bc", part=1, documents=0, parked=0))
    assert stores.ledger.evaluated(A_DAY) == [Evaluated(10, 1)]
    assert [stores.ledger.matched(f"client-{letter}", A_DAY) for letter in "abc"] == [1, 2, 1]


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
    """What was decided at the cut-off belongs to the next interval, and to it alone."""
    stores.ledger.record_decision(a_decision(decided_at=at))
    assert len(stores.ledger.evaluated(A_DAY)) == inside
    assert stores.ledger.matched("client-a", A_DAY) == inside


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    minutes=st.lists(st.integers(0, 2879), max_size=6, unique=True),
    cut=st.integers(0, 2880),
    again=st.lists(st.integers(0, 5), max_size=4),
)
def test_two_intervals_count_what_their_union_counts(
    make_stores: Any, minutes: list[int], cut: int, again: list[int]
) -> None:
    """However time is cut and whatever is delivered again, each batch is counted once."""
    ledger = make_stores().ledger
    decisions = [a_decision(f"b{m}", decided_at=A_DAY.since + timedelta(minutes=m)) for m in minutes]
    for decision in [*decisions, *(decisions[n % len(decisions)] for n in again if decisions)]:
        ledger.record_decision(replace(decision, decided_at=decision.decided_at))
    whole = Interval(A_DAY.since, A_DAY.since + timedelta(minutes=2880))
    middle = A_DAY.since + timedelta(minutes=cut)
    halves = [Interval(whole.since, middle), Interval(middle, whole.until)]
    assert sum(len(ledger.evaluated(half)) for half in halves) == len(minutes)
    assert sum(ledger.matched("client-a", half) for half in halves) == len(minutes)


def test_a_decision_about_many_documents_and_clients_is_kept_whole(stores: Any) -> None:
    """A part of 90 clients and 40 documents each, with evidence, fits."""
    hits = tuple(a_hit(a_document(f"La Banque d'Armélie, épisode {n}"), watch_id=f"w{n}") for n in range(2))
    pairs = tuple(
        Pair(position=position, match=ClientMatch(f"client-{client:02d}", hits))
        for position in range(40)
        for client in range(90)
    )
    decision = replace(a_decision(), pairs=pairs)
    assert stores.ledger.record_decision(decision) == decision
    assert stores.ledger.record_decision(a_decision()) == decision
    assert stores.ledger.matched("client-89", A_DAY) == 40


def test_a_thing_is_parked_once_a_stage(stores: Any) -> None:
    """The first reason stands; another stage has its own; newest first."""
    odd = "https://exemple.fr/é#🚀" + "x" * 3_000
    first = Parked("match", odd, "not JSON", NOON, {"raw": "…"})
    other = Parked("classify", odd, "no text", NOON + timedelta(seconds=1))
    for parked in (first, other, Parked("match", odd, "again", NOON + timedelta(seconds=2))):
        stores.ledger.park(parked)
    assert stores.ledger.parked() == [other, first]
    assert stores.ledger.parked(limit=1) == [other]
