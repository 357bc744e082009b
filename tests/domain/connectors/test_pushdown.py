"""What a platform is asked for is never less than what the watch would accept."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.connectors.platform_model import finds
from tests.domain.connectors.small_world import documents, trees
from tests.domain.query.reference import Doc, Tree
from tests.domain.query.spelling import spelled
from vigie.adapters.platforms.bluesky import Bluesky
from vigie.adapters.platforms.client import PlatformHttp
from vigie.adapters.platforms.google_news import GoogleNews
from vigie.adapters.platforms.mastodon import Mastodon
from vigie.adapters.platforms.youtube import YouTube
from vigie.domain.connectors.native import Syntax, native_queries
from vigie.domain.connectors.pushdown import (
    ANYTHING,
    NOTHING,
    Piece,
    Place,
    alternatives,
)
from vigie.domain.query import evaluate, parse, prepare

POSTS = Place("bluesky", frozenset({"post"}))

MASTODON = Mastodon(PlatformHttp(user_agent="vigie-tests"), instance="https://mamot.test", token="t")
# What the platforms take, and shorter, so that queries of a few words must be split. Hashtags alone are left out:
# they find a part only, and say so.
SYNTAXES = {
    "Bluesky": replace(Bluesky.syntax, longest_characters=30),
    "Mastodon": replace(MASTODON.syntax, longest_characters=30),
    "YouTube": replace(YouTube.syntax, longest_characters=40),
    "Google News": replace(GoogleNews.syntax, longest_characters=80),
}


def asked(text: str, place: Place = POSTS) -> set[frozenset[str]]:
    """Return the alternatives of a query, each as the texts of its pieces."""
    return {frozenset(piece.text for piece in need) for need in alternatives(parse(text), place)}


@pytest.mark.parametrize("syntax", SYNTAXES.values(), ids=SYNTAXES)
@given(tree=trees, doc=documents)
@settings(max_examples=60, deadline=None)
def test_a_platform_finds_what_the_query_accepts(tree: Tree, doc: Doc, syntax: Syntax) -> None:
    """Whatever the watch would match, one of the platform's queries returns, however short they must be."""
    query = parse(spelled(tree, 0))
    post = prepare(**doc, platform="bluesky", type="post")
    needs = alternatives(query, POSTS)
    if evaluate(query, post) is None or frozenset() in needs:
        return
    text = "\n".join((doc["title"], doc["summary"], doc["body"]))
    native = native_queries(needs, syntax)
    assert not native.unasked
    assert any(finds(one, text, either=syntax.either) for one in native.queries)


@given(tree=trees, doc=documents)
@settings(max_examples=60, deadline=None)
def test_nothing_to_ask_means_nothing_to_find(tree: Tree, doc: Doc) -> None:
    """A query without alternatives matches no document of the place."""
    query = parse(spelled(("and", tree, ("filter", "platform", ("press",))), 0))
    assert alternatives(query, POSTS) == NOTHING
    assert evaluate(query, prepare(**doc, platform="bluesky", type="post")) is None


@given(words=st.lists(st.text("ab'-& ", min_size=1, max_size=60), min_size=1, max_size=12))
def test_queries_keep_within_the_longest_allowed(words: list[str]) -> None:
    """No native query is longer than the platform takes, and each alternative is asked or owned up to."""
    needs = [frozenset({Piece(" ".join(word.split()), "phrase")}) for word in words if word.split()]
    for syntax in SYNTAXES.values():
        native = native_queries(needs, syntax)
        assert all(0 < len(query) <= syntax.longest_characters for query in native.queries)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("airbus", {frozenset({"airbus"})}),
        ("airbus OR boeing", {frozenset({"airbus"}), frozenset({"boeing"})}),
        ("airbus -football", {frozenset({"airbus"})}),
        ('"Crédit Agricole" lang:fr', {frozenset({"Crédit Agricole"})}),
        (
            "orange NEAR/5 (panne OR réseau)",
            {frozenset({"orange", "panne"}), frozenset({"orange", "réseau"})},
        ),
        ("airbus grèv*", {frozenset({"airbus"})}),
        ("grèv*", {frozenset()}),
        ("airbus OR author:dupont", {frozenset({"airbus"}), frozenset()}),
        ("airbus (site:lemonde.fr OR grève)", {frozenset({"airbus"})}),
        ("airbus OR (airbus grève)", {frozenset({"airbus"})}),
        ("#Credit_Agricole", {frozenset({"#credit_agricole"})}),
        ("raw:SNCF", {frozenset({"sncf"})}),
        ("airbus platform:bluesky", {frozenset({"airbus"})}),
        ("airbus platform:(press OR bluesky)", {frozenset({"airbus"})}),
        ("airbus platform:press", set()),
        ("airbus type:article", set()),
        ("airbus NOT platform:press", {frozenset({"airbus"})}),
        ("(airbus platform:press) OR boeing", {frozenset({"boeing"})}),
    ],
)
def test_what_is_sure_to_be_there(query: str, expected: set[frozenset[str]]) -> None:
    """Words that any match holds are asked for; what a platform cannot express is left to us."""
    assert asked(query) == expected


def test_products_beyond_the_limit_keep_the_most_telling_operand() -> None:
    """An AND of long lists is asked by its rarer list alone, not by every pair."""
    short = " OR ".join(f"a{n}" for n in range(20))
    long = " OR ".join(f"hippopotame{n}" for n in range(20))
    assert asked(f"({short}) AND ({long})") == {frozenset({f"hippopotame{n}"}) for n in range(20)}


def test_a_list_of_thousands_of_words_is_asked_whole() -> None:
    """An OR of 10,000 words becomes as many alternatives, in one pass."""
    assert len(alternatives(parse(" OR ".join(f"w{n}" for n in range(10_000))), POSTS)) == 10_000


def test_a_negation_alone_cannot_be_asked() -> None:
    """No word is sure to be in a document that lacks another."""
    assert alternatives(parse("NOT airbus"), POSTS) == ANYTHING
