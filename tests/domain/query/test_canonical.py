"""The canonical form of a query."""

import pytest
from hypothesis import given

from tests.domain.query.reference import Tree
from tests.domain.query.spelling import spelled
from tests.domain.query.strategies import seeds, trees
from vigie.domain.query import canonical, parse


@given(trees, seeds)
def test_it_reads_back_as_the_same_query(tree: Tree, seed: int) -> None:
    """Whatever the query, its canonical form parses to the same tree, and is its own canonical form."""
    query = parse(spelled(tree, seed))

    printed = canonical(query)

    assert parse(printed) == query
    assert canonical(parse(printed)) == printed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("covid-19 OR coronavirus site:twitch.tv", '("covid-19" OR coronavirus) AND site:twitch.tv'),
        ("-lang:fr a1 OR b1 NOT site:x.fr", "NOT lang:fr AND (a1 OR b1) AND NOT site:x.fr"),
        ("-(a1 OR b1 lang:fr) c1", "NOT ((a1 OR b1) AND lang:fr) AND c1"),
        ("title:(a1 OR (b1 OR c1 -type:post))", "title:a1 OR ((title:b1 OR title:c1) AND NOT type:post)"),
        ("a1 OR b1 AND lang:fr site:x.fr", "(a1 OR (b1 AND lang:fr)) AND site:x.fr"),
        ("lang:fr site:x.fr AND a1 OR b1", "lang:fr AND ((site:x.fr AND a1) OR b1)"),
        ("lang:fr AND site:x.fr a1 OR b1", "(lang:fr AND site:x.fr AND a1) OR b1"),
        ("a1 OR b1 title:lang:fr", "a1 OR (b1 AND lang:fr)"),
        ("a1 OR b1 (lang:fr)", "a1 OR (b1 AND lang:fr)"),
        ("a1 OR b1 NOT NOT lang:fr", "a1 OR (b1 AND NOT NOT lang:fr)"),
        ("a1 OR b1 c1", "a1 OR (b1 AND c1)"),
        ("-a1 NEAR b1", "NOT (a1 NEAR/10 b1)"),
        ("TITLE:(a1 OR « b1 c1 »~2)", 'title:a1 OR title:"b1 c1"~2'),
        ("text:a1 ((b1))", "a1 AND b1"),
        ("site:(WWW.X.fr OR y.fr OR x.fr)", "site:(x.fr OR y.fr)"),
        ("author:raw:PAU", 'author:raw:"PAU"'),
        ('"OR" et', '"OR" AND "et"'),
        ("a1 NEAR (b1 ONEAR/2 (c1 OR d1))", "a1 NEAR/10 (b1 ONEAR/2 (c1 OR d1))"),
    ],
)
def test_it_leaves_nothing_to_precedence(text: str, expected: str) -> None:
    """What was left to precedence, shorthand or case is written out."""
    assert canonical(parse(text)) == expected
