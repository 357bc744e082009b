"""Contract of SourceStore."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import CUTOFF, a_source, a_state
from tests.contracts.together import at_once
from vigie.domain.connectors.followed import StackPlan
from vigie.domain.connectors.lookouts import Lookout
from vigie.domain.feeds import PublishingHints
from vigie.domain.rhythm import Rhythm
from vigie.domain.sources import Move, Odometer, SourceState, SourceWindow, shard_of
from vigie.errors import Busy
from vigie.ports import ShardHead, SourceStore

HOST = "courrier-armelie.example"
SHARD = shard_of(HOST, 4)
counts = st.builds(
    Odometer,
    polled=st.integers(0, 50),
    fetched=st.integers(0, 500),
    failed=st.dictionaries(st.sampled_from(["timeout", "dns", "bad_status"]), st.integers(1, 9)),
)


def save(
    sources: SourceStore,
    poll_id: str,
    states: list[SourceState],
    windows: Sequence[SourceWindow] = (),
    counted: Odometer | None = None,
) -> None:
    """Save a poll of the one shard."""
    sources.save(SHARD, poll_id, states, windows, counted or Odometer())


@pytest.fixture
def sources(stores: Any) -> SourceStore:
    """Return a store that follows one source."""
    stores.sources.put_sources([a_source()], 4)
    return stores.sources


def test_sources_come_back_whole_and_by_id(stores: Any) -> None:
    """What was put is read back, by id, and only what was not there counts as new."""
    some = [a_source(f"journal-{n:02d}", language="fr") for n in range(40)]
    assert stores.sources.put_sources(reversed(some), 4) == 40
    renamed = replace(some[0], name="Le Journal")
    assert stores.sources.put_sources([renamed, a_source("journal-99")], 4) == 1
    assert stores.sources.sources() == [renamed, *some[1:], a_source("journal-99")]


def test_a_host_keeps_its_shard(sources: SourceStore) -> None:
    """A host polled by one shard stays there when the number of shards changes."""
    sources.put_sources([a_source("other-feed", url=f"https://{HOST}/other")], 97)
    assert [source.source_id for source in sources.load(SHARD)[0]] == ["courrier-armelie", "other-feed"]


def test_a_source_that_changes_host_moves_with_nothing_left_behind(sources: SourceStore) -> None:
    """A new host is a new shard; the old one forgets the source, its state and its window."""
    save(sources, "poll-1", [a_state()], [SourceWindow("courrier-armelie", ("aa" * 8,))])
    elsewhere = next(f"host-{n}.example" for n in range(99) if shard_of(f"host-{n}.example", 4) != SHARD)
    sources.put_sources([a_source(url=f"https://{elsewhere}/rss")], 4)
    assert sources.load(SHARD) == ([], {})
    assert sources.windows(SHARD, ["courrier-armelie"]) == {}
    assert [source.source_id for source in sources.load(shard_of(elsewhere, 4))[0]] == ["courrier-armelie"]


def test_a_source_is_in_the_shard_of_its_host(sources: SourceStore) -> None:
    """A followed source has a place; an unknown one has none."""
    assert (sources.place("courrier-armelie"), sources.place("unknown")) == (SHARD, None)


def test_removing_a_source_forgets_it_once(sources: SourceStore) -> None:
    """A source is removed with its state, and its shard's head stays."""
    save(sources, "poll-1", [a_state()])
    assert [sources.remove_source("courrier-armelie") for _ in range(2)] == [True, False]
    assert (sources.sources(), sources.states()) == ([], {})
    assert [head.shard for head in sources.heads()] == [SHARD]


def test_states_and_windows_come_back_whole(sources: SourceStore) -> None:
    """Every field of a state and a window survives, and saving again changes nothing."""
    state = a_state(
        etag='W/"é"',
        last_modified="Sun, 22 Nov 2026 06:00:00 GMT",
        validators_url="https://courrier-armelie.example/rss",
        body_sha256="0" * 64,
        full_at=CUTOFF - timedelta(days=1),
        distrusted=True,
        next_poll_at=CUTOFF + timedelta(seconds=901),
        failing_since=CUTOFF,
        failures=3,
        failure="timeout: 20 s",
        quiet_until=CUTOFF + timedelta(hours=1),
        gone=True,
        slow=True,
        gap_at=CUTOFF - timedelta(hours=2),
        rhythm=Rhythm(
            per_day=3.27, peak_per_day=48.1, window=30, burst=4, hours=tuple(range(24)), news_at=CUTOFF
        ),
        hints=PublishingHints(interval_seconds=3600, skip_hours=(0, 23), skip_days=(5, 6)),
        move=Move(url="https://courrier.example/é", since=CUTOFF, polls=3, adopted=True),
    )
    window = SourceWindow("courrier-armelie", tuple(f"{n:016x}" for n in range(300)))
    for _ in range(2):
        save(sources, "poll-1", [state], [window])
        assert sources.load(SHARD) == ([a_source()], {"courrier-armelie": state})
        assert sources.states() == {"courrier-armelie": state}
        assert sources.windows(SHARD, ["courrier-armelie", "unknown"]) == {"courrier-armelie": window}


@pytest.mark.parametrize(
    "state",
    [
        SourceState(source_id="courrier-armelie"),
        a_state(succeeded_at=None, failures=1),
        a_state(succeeded_at=CUTOFF - timedelta(days=9), failures=1, body_sha256="no hex"),
    ],
    ids=["empty", "never succeeded", "failing"],
)
def test_what_a_state_does_not_hold_stays_unsaid(sources: SourceStore, state: SourceState) -> None:
    """What is absent, or unlike what is usual, comes back as it was."""
    save(sources, "poll-1", [state])
    assert sources.states() == {"courrier-armelie": state}


def test_a_state_saved_without_its_window_keeps_it(sources: SourceStore) -> None:
    """A poll without news writes a state; the window saved before stands."""
    window = SourceWindow("courrier-armelie", ("aa" * 8,))
    save(sources, "poll-1", [a_state()], [window])
    save(sources, "poll-2", [a_state(etag='"2"')])
    assert sources.windows(SHARD, ["courrier-armelie"]) == {"courrier-armelie": window}


def retire(sources: SourceStore, poll_id: str, keys: Sequence[str], **state: Any) -> None:
    """Save a poll by which some keys retired."""
    save(sources, poll_id, [a_state(**state)], [SourceWindow("courrier-armelie", ("aa" * 8,), tuple(keys))])


def some_keys(count: int, seed: str = "") -> list[str]:
    """Return keys as they are: without order."""
    return [hashlib.sha256(f"{seed}{number}".encode()).hexdigest()[:16] for number in range(count)]


def test_retired_keys_are_found_again(sources: SourceStore) -> None:
    """Thousands of keys, retired a few or many at a time: all are found, no other is, and the window stands."""
    keys = some_keys(4_000)
    sizes = [1, 28, 300, 103, 104, 105, 2_000, 1, 1_358]
    start = 0
    for number, size in enumerate(sizes):
        retire(sources, f"poll-{number}", keys[start : start + size])
        start += size
    assert start == len(keys)
    wanted = {"courrier-armelie": [*keys, *some_keys(50, "other")], "unknown": keys[:3]}
    assert sources.retired(wanted) == {"courrier-armelie": frozenset(keys)}
    assert sources.retired({"courrier-armelie": some_keys(9, "other")}) == {}
    assert sources.windows(SHARD, ["courrier-armelie"]) == {
        "courrier-armelie": SourceWindow("courrier-armelie", ("aa" * 8,))
    }


def test_keys_that_retire_again_are_found(sources: SourceStore) -> None:
    """A key may retire at every poll, or the same poll be saved twice."""
    keys = some_keys(200)
    for number in range(30):
        for _ in range(2):
            retire(sources, f"poll-{number}", keys)
    assert sources.retired({"courrier-armelie": keys}) == {"courrier-armelie": frozenset(keys)}


def test_a_source_removed_takes_its_retired_keys_along(sources: SourceStore) -> None:
    """Followed anew, a source knows nothing."""
    keys = some_keys(3_000)
    retire(sources, "poll-1", keys)
    sources.remove_source("courrier-armelie")
    assert sources.retired({"courrier-armelie": keys}) == {}


def test_saving_some_states_keeps_the_others(sources: SourceStore) -> None:
    """A save touches the states it names only, at any time, by any worker."""
    at_once(4, lambda n: save(sources, f"poll-{n}", [a_state(f"journal-{n}")]))
    assert sorted(sources.states()) == [f"journal-{n}" for n in range(4)]


def test_a_lease_is_held_by_one(sources: SourceStore) -> None:
    """Of many workers that ask at once exactly one gets the shard."""
    heads = at_once(8, lambda n: sources.acquire(SHARD, f"worker-{n}", CUTOFF, 60))
    held = [head for head in heads if head is not None]
    assert len(held) == 1
    assert sources.heads() == held
    assert held[0].lease_until == CUTOFF + timedelta(seconds=60)


def test_a_lease_runs_out(sources: SourceStore) -> None:
    """At the very end of a lease another worker may take it, and the first can commit no more."""
    sources.acquire(SHARD, "first", CUTOFF, 60)
    assert sources.acquire(SHARD, "second", CUTOFF + timedelta(seconds=59.999999), 60) is None
    assert sources.acquire(SHARD, "second", CUTOFF + timedelta(seconds=60), 60) is not None
    with pytest.raises(Busy):
        sources.commit(SHARD, "first", "archive/key")
    sources.release(SHARD, "first", CUTOFF)
    assert sources.heads()[0].holder == "second"


def test_a_committed_poll_is_pending_until_the_release(sources: SourceStore) -> None:
    """A worker that dies after its commit leaves the key of what is unfinished to the next one."""
    sources.acquire(SHARD, "first", CUTOFF, 60)
    sources.commit(SHARD, "first", "archive/key")
    later = CUTOFF + timedelta(minutes=5)
    head = sources.acquire(SHARD, "second", later, 60)
    assert head is not None
    assert head.pending == "archive/key"
    sources.release(SHARD, "second", later)
    assert sources.heads() == [ShardHead(shard=SHARD, next_due_at=later)]


def test_a_release_without_a_due_time_makes_the_shard_due_at_once(sources: SourceStore) -> None:
    """None replaces an earlier due time."""
    for due in (CUTOFF, None):
        sources.acquire(SHARD, "worker", CUTOFF, 60)
        sources.release(SHARD, "worker", due)
    assert sources.heads() == [ShardHead(shard=SHARD)]


def test_an_unknown_shard_cannot_be_held(sources: SourceStore) -> None:
    """A message that names no shard of ours makes none."""
    assert sources.acquire("9999", "worker", CUTOFF, 60) is None
    assert [head.shard for head in sources.heads()] == [SHARD]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(polls=st.lists(st.tuples(st.integers(1, 3), counts), max_size=5))
def test_the_odometer_is_the_sum_of_what_polls_counted(
    make_stores: Any, polls: list[tuple[int, Odometer]]
) -> None:
    """However often a poll is saved, what it counted is added exactly once, over all shards."""
    sources = make_stores().sources
    sources.put_sources([a_source()], 4)
    total = Odometer()
    for number, (times, counted) in enumerate(polls):
        for _ in range(times):
            save(sources, f"poll-{number}", [a_state()], counted=counted)
        total = total.plus(counted)
    assert sources.odometer() == total


def test_forgetting_a_source_forgets_no_count(sources: SourceStore) -> None:
    """What was polled of a source stays counted when the source goes."""
    save(sources, "poll-1", [a_state()], counted=Odometer(1, 2, {"dns": 1}))
    sources.remove_source("courrier-armelie")
    assert sources.odometer() == Odometer(1, 2, {"dns": 1})


def test_the_search_plan_is_replaced_whole(sources: SourceStore) -> None:
    """What searches were planned from is empty at first, and is what was kept last."""
    assert sources.search_plan() == StackPlan()
    plan = StackPlan(version="7", connectors=("bluesky",), troubles={"mastodon": "no JSON"})
    sources.keep_search_plan(StackPlan(version="6"))
    sources.keep_search_plan(plan)
    assert sources.search_plan() == plan


def a_lookout(day: int, *names: str, connector: str = "bluesky") -> Lookout:
    """Return a lookout due on a day."""
    until = dict.fromkeys(names, CUTOFF + timedelta(days=30))
    return Lookout(connector=connector, due_at=CUTOFF + timedelta(days=day), until=until)


def test_lookouts_that_are_due_come_the_longest_due_first(sources: SourceStore) -> None:
    """Lookouts come whole once they are due, by connector, in the order they are due, and no more than asked for."""
    long = a_lookout(1, *(f"at://did:plc:{n:024d}/app.bsky.feed.post/é" for n in range(25)))
    other = a_lookout(0, "c", connector="bluesky-two")
    sources.change_lookouts([a_lookout(3, "a"), long, a_lookout(2, "b"), other], [])
    assert sources.lookouts("bluesky", CUTOFF, 9) == []
    assert sources.lookouts("bluesky", CUTOFF + timedelta(days=2), 9) == [long, a_lookout(2, "b")]
    assert sources.lookouts("bluesky", CUTOFF + timedelta(days=9), 1) == [long]
    assert sources.lookouts("bluesky-two", CUTOFF, 9) == [other]


def test_lookouts_change_once(sources: SourceStore) -> None:
    """What is done goes and what is next comes, however often that is said, in a store that had neither too."""
    sources.change_lookouts([a_lookout(0, "a", "b")], [])
    for _ in range(2):
        sources.change_lookouts([a_lookout(1, "b")], [a_lookout(0, "b", "a")])
        assert sources.lookouts("bluesky", CUTOFF + timedelta(days=9), 9) == [a_lookout(1, "b")]
