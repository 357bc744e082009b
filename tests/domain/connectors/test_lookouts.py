"""What platforms brought is looked at again once a day for a week, and nothing is forgotten on the way."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_document
from vigie.domain.connectors.lookouts import (
    BELIEVED_AT_ONCE,
    LOOKED_EVERY,
    LOOKED_FOR,
    THINGS_TOGETHER,
    Lookout,
    believed,
    lookouts_for,
    settled,
    taken_of,
    things_of,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
names = st.sampled_from([f"post-{n}" for n in range(60)])
lookouts = st.builds(
    lambda days, until: Lookout(connector="chirp", due_at=NOON - timedelta(days=days), until=until),
    st.integers(0, 3),
    st.dictionaries(names, st.integers(-2, 8).map(lambda days: NOON + timedelta(days=days)), min_size=1),
)


def test_documents_are_looked_at_a_day_later_for_a_week() -> None:
    """Each thing with a native id is due a day after it was seen, some together; others are not."""
    documents = [a_document(f"d{n}", native_id=f"post-{n}", seen_at=NOON) for n in range(THINGS_TOGETHER + 1)]
    made = lookouts_for("chirp", [*documents, a_document("press", native_id=None)])
    assert [len(each.until) for each in made] == [THINGS_TOGETHER, 1]
    assert {each.due_at for each in made} == {NOON + LOOKED_EVERY}
    assert made[1].until == {f"post-{THINGS_TOGETHER}": NOON + LOOKED_FOR}


def test_documents_without_native_ids_are_not_looked_at() -> None:
    """What no platform numbers makes no lookout."""
    assert lookouts_for("chirp", [a_document("press", native_id=None)]) == ()


def test_the_same_things_make_the_same_lookout() -> None:
    """The id of a lookout is its things', in whatever order."""
    one, other = ({"a": NOON, "b": NOON}, {"b": NOON, "a": NOON})
    made = [Lookout(connector="chirp", due_at=NOON, until=until).lookout_id for until in (one, other)]
    assert made[0] == made[1]


@given(st.lists(lookouts, max_size=6), st.sets(names), st.sets(names))
def test_every_thing_stays_unless_it_is_gone_or_let_go(
    taken: list[Lookout], answered: set[str], gone: set[str]
) -> None:
    """After a look each thing is gone, let go, due tomorrow, or due as it was; and once only."""
    kept, done = settled(taken, answered, gone & answered, NOON)
    again = [native_id for lookout in kept for native_id in lookout.until]
    assert len(again) == len(set(again))
    for native_id, until in things_of(taken, NOON).items():
        stays = native_id not in answered or (native_id not in gone and until > NOON + LOOKED_EVERY)
        assert (native_id in again) == stays
    tomorrow = {id_ for lookout in kept if lookout.due_at > NOON for id_ in lookout.until}
    assert tomorrow <= answered - gone
    left = {each.lookout_id for each in taken if each not in done}
    assert left <= {each.lookout_id for each in kept}


@given(st.integers(0, 60), st.integers(0, 60), st.booleans())
def test_a_few_gone_are_believed_and_most_are_asked_twice(things: int, gone: int, again: bool) -> None:
    """What is gone is believed at once while it is few or the lesser part; else when it was suspected before."""
    answered = {f"post-{n}" for n in range(max(things, gone))}
    missing = {f"post-{n}" for n in range(gone)}
    taken = [Lookout(connector="chirp", due_at=NOON, until=dict.fromkeys(answered, NOON), suspected=again)]
    few = gone <= BELIEVED_AT_ONCE or 2 * gone <= len(answered)
    assert believed(taken, answered, missing) == (missing if few or again else frozenset())


@given(st.lists(lookouts, max_size=6), st.integers(1, 60))
def test_lookouts_are_taken_whole_until_there_are_enough(due: list[Lookout], things: int) -> None:
    """The first are taken, and no more once they hold what is wanted."""
    taken = taken_of(due, things)
    assert taken == due[: len(taken)]
    held = {native_id for lookout in taken for native_id in lookout.until}
    but_last = {native_id for lookout in taken[:-1] for native_id in lookout.until}
    assert len(but_last) < things
    assert len(held) >= things or taken == due
