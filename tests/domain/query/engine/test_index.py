"""The index: exactly the queries that the language says, whether compiled, added since, or both."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.query.reference import Doc, Tree, matches
from tests.domain.query.spelling import spelled
from tests.domain.query.strategies import documents, prepared_fields, trees
from vigie.domain.query import evaluate, parse, prepare
from vigie.domain.query.engine import Index, compile_queries
from vigie.domain.query.engine.compiled import Compiled


def asked(index: Index, **fields: Any) -> list[int]:
    """Return what the index answers for a document."""
    return index.matching(index.recognise(prepare(**fields)))


@settings(max_examples=80)
@given(st.lists(trees, min_size=1, max_size=8), documents, documents)
def test_it_answers_as_the_language_says(watches: list[Tree], doc: Doc, sampled: Doc) -> None:
    """Added one by one or compiled, with anchors chosen by any sample, queries match what the reference matches."""
    queries = [(str(number), parse(spelled(tree, 0)), "") for number, tree in enumerate(watches)]
    added = Index()
    for query in queries:
        added.add(*query)
    compiled = Index(Compiled(compile_queries(queries, [prepare(**prepared_fields(sampled))])))

    expected = [number for number, tree in enumerate(watches) if matches(tree, doc)]

    fields = prepared_fields(doc)
    assert asked(added, **fields) == asked(compiled, **fields) == expected


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.none() | trees), max_size=8),
    st.lists(trees, max_size=5),
    documents,
)
def test_changes_are_the_same_as_compiling_anew(
    changes: list[tuple[int, Tree | None]], watches: list[Tree], doc: Doc
) -> None:
    """Queries replaced, removed and added over a file answer as if the file held them so."""
    fields = prepared_fields(doc)
    now: dict[str, Tree] = {str(number): tree for number, tree in enumerate(watches)}
    index = Index(
        Compiled(compile_queries((name, parse(spelled(tree, 0)), name) for name, tree in now.items()))
    )
    asked(index, **fields)
    for number, tree in changes:
        now.pop(str(number), None)
        if tree is None:
            index.remove(str(number))
        else:
            now[str(number)] = tree
            index.add(str(number), parse(spelled(tree, 0)), str(number))

    found = {index.label(number) for number in asked(index, **fields)}

    assert found == {name for name, tree in now.items() if matches(tree, doc)}
    assert len(index) == len(now)


_ODD = "aé½ªİıœßかが東ไ한𝐀👍🏽\u0301\u200b\u00ad\u00a0\u2009 \t\n#@_-'’.:/*?&;™`＃²ʼw1"
_odd_texts = st.lists(
    st.sampled_from([*_ODD, "&eacute;", "&nbsp;", "&quot;", "https://x.fr/a", "www.a", "a b"]), max_size=25
).map("".join)


@settings(max_examples=400)
@given(
    _odd_texts,
    st.sampled_from(
        ["a", "ae*", "a?", "e", "1", "#a", "#a?", "w?w*", '"a e"', '"a b"~2', "x", "か", "👍", "raw:a"]
    ),
)
def test_cutting_at_white_space_changes_nothing(text: str, query: str) -> None:
    """Whatever stands in a text, pieces of it hold the tokens of the whole."""
    read = parse(query)
    index = Index()
    index.add("it", read)
    assert bool(asked(index, body=text)) == bool(evaluate(read, prepare(body=text)))


def test_a_file_is_asked_by_name_and_label() -> None:
    """A query is found again by its name, with what was kept of it."""
    queries = [(f"client/{n}", parse(f"mot{n}"), f'{{"n": {n}}}') for n in range(200)]
    index = Index(Compiled(compile_queries(queries)))

    assert asked(index, title="Mot7 et mot150") == [7, 150]
    assert (index.label(150), index.number("client/150"), index.number("client/200")) == (
        '{"n": 150}',
        150,
        None,
    )


@pytest.mark.parametrize("field", ["title", "summary", "body"])
def test_no_term_spans_two_fields(field: str) -> None:
    """The widest NEAR and the widest window stop at the end of a field."""
    index = Index()
    for query in ("aa NEAR/100 bb", '"aa bb cc dd ee ff gg hh"~100', '"aa bb"', f"{field}:aa {field}:bb"):
        index.add(query, parse(query))
    fields = {"title": "aa cc dd ee", "summary": "bb ff gg hh", "body": "bb"}

    assert asked(index, **fields) == []
    assert asked(index, **{field: "aa cc dd ee bb ff gg hh"}) == [0, 1, 3]


def test_what_no_encoding_writes_is_not_found() -> None:
    """A document with half a surrogate pair, in a text or elsewhere, is asked like any other."""
    index = Index()
    index.add("it", parse("banque platform:press"))
    assert asked(index, title="banque \ud800", platform="\udfff") == []
    assert asked(index, title="banque\ud800x", url="https://\ud800.fr/", author="\ud800") == [0]


@pytest.mark.parametrize("author", ["Léa Martin", "Léa Martin" + " et al." * 40])
def test_an_author_remembered_answers_later_watches(author: str) -> None:
    """What is remembered of who signs, or was too long to be, does not outlive the watches it was worked out for."""
    index = Index()
    index.add("0", parse("author:martin"))
    assert asked(index, author=author) == asked(index, author=author) == [0]
    index.add("1", parse("author:lea"))
    index.add("2", parse("title:martin"))
    assert asked(index, author=author) == [0, 1]
    assert asked(index, author="Paul Durand") == asked(index, title=author)[:0] == []
    assert asked(index, title=author) == [2]


def test_a_told_publisher_is_the_site() -> None:
    """Where an address is somebody else's (an aggregator's), ``site:`` asks for the publisher that is told."""
    index = Index()
    for query in ("site:journal.fr", "site:agregateur.fr"):
        index.add(query, parse(query))
    assert asked(index, url="https://agregateur.fr/1", site="www.journal.fr") == [0]
    assert asked(index, url="https://agregateur.fr/1") == [1]
