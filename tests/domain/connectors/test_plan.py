"""Searches are shared, split and paced so that every client has its part."""

from datetime import UTC, datetime

from vigie.domain.clients import Purpose, Watch
from vigie.domain.connectors.native import Syntax
from vigie.domain.connectors.plan import Search, plan_searches, share_seconds
from vigie.domain.connectors.pushdown import Place
from vigie.domain.query import Query, parse

BLUESKY = Place("bluesky", frozenset({"post"}))
YOUTUBE = Place("youtube", frozenset({"video", "comment"}))
ONE = Syntax(either=None)
BARS = Syntax(either="|", longest_characters=20)


def watch(
    client_id: str, query: str, watch_id: str = "brand", purpose: Purpose = "brand"
) -> tuple[Watch, Query]:
    """Return a watch and its query, read."""
    created = datetime(2026, 11, 22, tzinfo=UTC)
    made = Watch(
        client_id=client_id, watch_id=watch_id, name="w", purpose=purpose, query=query, created_at=created
    )
    return made, parse(query)


def test_clients_who_ask_the_same_share_a_search() -> None:
    """The same query is asked once, for both."""
    plan = plan_searches([watch("a", "airbus lang:fr"), watch("b", "airbus -golf")], BLUESKY, ONE)
    assert plan.searches == (Search("airbus", frozenset({"a", "b"})),)


def test_a_platform_without_or_is_asked_once_an_alternative() -> None:
    """Each alternative is a search of its own where a search holds one only."""
    plan = plan_searches([watch("a", "airbus OR boeing")], BLUESKY, ONE)
    assert [search.native for search in plan.searches] == ["airbus", "boeing"]


def test_dear_searches_are_packed_across_clients() -> None:
    """Where searches are counted in tens a day, everybody's words share them, as many as fit."""
    watches = [watch("a", "airbus"), watch("b", "boeing OR dassault"), watch("c", "embraer")]
    plan = plan_searches(watches, YOUTUBE, BARS, packed=True)
    assert [search.native for search in plan.searches] == ["airbus|boeing", "dassault|embraer"]
    assert all(search.clients == {"a", "b", "c"} for search in plan.searches)


def test_a_watch_that_cannot_be_searched_is_named() -> None:
    """A watch with an alternative that no word is sure of is said to be unsearchable; its others are asked."""
    plan = plan_searches([watch("a", "airbus OR grèv*")], BLUESKY, ONE)
    assert [search.native for search in plan.searches] == ["airbus"]
    assert [(one.client_id, one.reason) for one in plan.unsearchable] == [("a", "no_sure_word")]


def test_a_watch_of_another_platform_asks_nothing() -> None:
    """A watch that can match nothing here costs nothing, and nothing is said of it."""
    plan = plan_searches([watch("a", "airbus platform:press")], BLUESKY, ONE)
    assert plan.searches == plan.unsearchable == ()


def test_a_client_with_many_searches_waits_longer_for_each() -> None:
    """Ninety calls of a hundred are for everybody; two clients have 45 each, whatever they ask."""
    few = [Search("x", frozenset({"a"}))]
    many = [Search(f"y{n}", frozenset({"b"})) for n in range(9)]
    seconds = share_seconds([*few, *many], calls=100, window_seconds=90_000)
    assert seconds["x"] == 2_000
    assert seconds["y0"] == 18_000


def test_a_shared_search_goes_at_the_pace_of_the_best_served() -> None:
    """A client who asks little does not wait because the other who asks the same asks much."""
    shared = Search("x", frozenset({"a", "b"}))
    many = [Search(f"y{n}", frozenset({"b"})) for n in range(9)]
    assert share_seconds([shared, *many], calls=100, window_seconds=90_000)["x"] == 2_000


def test_what_watches_a_crisis_is_urgent() -> None:
    """A search that any crisis watch asks for is urgent, and packed apart from what can wait."""
    watches = [
        watch("a", "airbus"),
        watch("b", "boeing", purpose="crisis"),
        watch("c", "airbus", purpose="crisis"),
    ]
    single = plan_searches(watches, BLUESKY, ONE)
    assert {search.native: search.urgent for search in single.searches} == {"airbus": True, "boeing": True}
    packed = plan_searches([*watches, watch("d", "embraer")], YOUTUBE, BARS, packed=True)
    assert [(search.native, search.urgent) for search in packed.searches] == [
        ("airbus|boeing", True),
        ("airbus|embraer", False),
    ]
