"""The builder: words in, a query out, and back."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.query import canonical, evaluate, parse, prepare
from vigie.domain.query.builder import Wishes, query_of, wishes_of
from vigie.errors import BadQuery

_ITEMS = st.lists(
    st.sampled_from(
        ["banque", "Crédit Rural", "-foot", "OR", "près (de)", "#tag_x", "@moi", "agri*", "« a »", "et"]
    )
    | st.text(min_size=1, max_size=12),
    max_size=4,
).map(tuple)


@given(st.builds(Wishes, any=_ITEMS, all=_ITEMS, none=_ITEMS))
def test_what_was_asked_for_comes_back(wishes: Wishes) -> None:
    """Words that make a query come back out of it, and make the same query again."""
    with contextlib.suppress(BadQuery):
        query = query_of(wishes)

        again = wishes_of(parse(query))

        assert again is not None
        assert query_of(again) == query == canonical(parse(query))
        assert wishes_of(parse(query_of(again))) == again


@given(_ITEMS)
def test_an_item_never_becomes_an_operator(items: tuple[str, ...]) -> None:
    """Whatever is written in an item, a document that holds it word for word is found by it."""
    with contextlib.suppress(BadQuery):
        query = query_of(Wishes(all=items))
        assert evaluate(parse(query), prepare(body=" \n. ".join(items).replace("&", " "))) or "&" in query


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (Wishes(any=("a", "b c"), all=("d",), none=("e", "f")), '(a OR "b c") AND d AND NOT e AND NOT f'),
        (Wishes(any=("a", "b")), "a OR b"),
        (Wishes(any=("a",), all=("a", " ")), "a"),
        (Wishes(all=("-banque", "OR", "site:x.fr")), '"-banque" AND "OR" AND "site:x.fr"'),
        (Wishes(all=('dit "Le Net"', "“Que choisir ?”")), '"dit Le Net" AND "Que choisir"'),
        (Wishes(all=("l’Oréal", "agri*", "#Crédit", "@moi")), '"l\'Oréal" AND agri* AND #Crédit AND @moi'),
        (Wishes(any=("Pau", "PAU", "pau")), "Pau"),
        (Wishes(none=("foot",)), "NOT foot"),
    ],
)
def test_words_make_a_canonical_query(wishes: Wishes, expected: str) -> None:
    """Signs of the language are only signs in an item, and an item is asked for once."""
    assert query_of(wishes) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a", Wishes(all=("a",))),
        ("a OR b OR c", Wishes(any=("a", "b", "c"))),
        ("-c a (b OR d)", Wishes(any=("b", "d"), all=("a",), none=("c",))),
        ("a NOT (b OR c)", Wishes(all=("a",), none=("b", "c"))),
        ('"b c" text:a', Wishes(all=("b c", "a"))),
        ("AT&T agri*", Wishes(all=("AT&T", "agri*"))),
    ],
)
def test_a_simple_query_is_told_in_words(query: str, expected: Wishes) -> None:
    """A query of words, at most one choice among them, and negations is what the simple form can show."""
    assert wishes_of(parse(query)) == expected


@pytest.mark.parametrize(
    "query",
    [
        "a OR b c",
        "(a OR b) (c OR d)",
        "title:a",
        "a lang:fr",
        "a NEAR b",
        '"a b"~2',
        "raw:A",
        "p?nne",
        "NOT NOT a",
        "-(a b)",
    ],
)
def test_what_words_cannot_say_is_not_told(query: str) -> None:
    """Anything more is left to the query itself."""
    assert wishes_of(parse(query)) is None


@pytest.mark.parametrize(
    ("wishes", "field", "code", "position"),
    [
        (Wishes(), "all", "EMPTY", 0),
        (Wishes(any=(" ",)), "all", "EMPTY", 0),
        (Wishes(any=("a", "!!")), "any[1]", "NO_TOKENS", 0),
        (Wishes(none=("voir https://x.fr",)), "none[0]", "URL_TERM", 5),
        (Wishes(all=("b*nque",)), "all[0]", "INNER_STAR", 0),
    ],
)
def test_an_item_that_cannot_be_looked_for_is_named(
    wishes: Wishes, field: str, code: str, position: int
) -> None:
    """The refusal names the item, and counts characters in it."""
    with pytest.raises(BadQuery) as refused:
        query_of(wishes)

    assert (refused.value.field, refused.value.code, refused.value.position) == (field, code, position)
