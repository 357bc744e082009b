"""The parser's limits and robustness; what each wrong query is refused for is in cases/refused.toml."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.query import canonical, evaluate, lint, parse, prepare
from vigie.domain.query.terms import plain_forms
from vigie.domain.query.tokens import tokenize
from vigie.errors import BadQuery

_PIECES = [
    "a",
    "bc",
    " ",
    " ",
    "(",
    ")",
    '"',
    "-",
    "*",
    "?",
    "~2",
    ":",
    "title:",
    "site:",
    "raw:",
    "OR",
    "AND",
    "NOT",
]
_MORE = [
    "NEAR/3",
    "ONEAR",
    "#",
    "@",
    "/",
    "https://",
    "x.fr",
    "é",
    "\u0301",
    "👍🏽",
    "東",
    "&amp;",
    "«",
    "\u00ad",
    "\n",
]


def _code(text: str) -> str:
    with pytest.raises(BadQuery) as refused:
        parse(text)
    return refused.value.code


@given(st.lists(st.sampled_from(_PIECES + _MORE), max_size=25).map("".join) | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed, the parser answers with a query that can be used, or with a place inside the text."""
    with contextlib.suppress(BadQuery):
        query = parse(text)
        lint(query)
        assert parse(canonical(query)) == query
        evaluate(query, prepare(title=text, body=text))
        return
    with pytest.raises(BadQuery) as refused:
        parse(text)
    assert 0 <= refused.value.position <= len(text)


@given(st.text("aéœßŸǅ09 '&-#@*", min_size=1, max_size=12))
def test_a_word_read_at_a_glance_is_what_the_tokenizer_reads(text: str) -> None:
    """The short cut for plain words gives the tokens that the one tokenizer gives."""
    if plain := plain_forms(text):
        assert plain == tuple(token.tag or token.form for token in tokenize(text, wildcards=True))


def test_siblings_do_not_deepen_each_other() -> None:
    """NEARs that stand beside each other are as deep as one."""
    parse(" ".join(["a NEAR b NEAR (c OR d NEAR e)"] * 100))


@pytest.mark.parametrize(
    "nest",
    [
        lambda levels: "(" * levels + "a" + ")" * levels,
        lambda levels: "NOT " * levels + "a",
        lambda levels: "-" * levels + "a",
        lambda levels: " NEAR ".join(["a"] * (levels + 1)),
        lambda levels: "a NEAR (" * (levels // 2) + "a" + ")" * (levels // 2),
        lambda levels: "NOT (" * (levels // 2) + "a" + ")" * (levels // 2),
        lambda levels: "(" * (levels // 2) + "a" + " NEAR b)" * (levels // 2),
    ],
)
def test_depth_is_bounded(nest: object) -> None:
    """Sixty levels of anything are read and evaluated, more are refused however many, without exhausting Python."""
    assert callable(nest)
    evaluate(parse(nest(60)), prepare(title="a b a b"))

    assert [_code(nest(levels)) for levels in (62, 1000, 100_000)] == ["TOO_DEEP"] * 3


def test_terms_are_bounded() -> None:
    """Twenty thousand terms are read, one more is refused, and values of filters count."""
    parse(" OR ".join(["aa"] * 20_000))

    assert _code(" OR ".join(["aa"] * 20_001)) == "TOO_MANY_TERMS"
    assert _code(f"site:({' OR '.join(['x.fr'] * 20_001)})") == "TOO_MANY_TERMS"


@pytest.mark.parametrize(
    ("piece", "code"),
    [
        ("a", None),
        ("a ", "TOO_MANY_TERMS"),
        ("-", "TOO_DEEP"),
        ("(", "TOO_DEEP"),
        ('"', "NO_TOKENS"),
        ("*", "LEADING_WILDCARD"),
        ("a:", "UNKNOWN_FIELD"),
        ("#a", None),
        ("a\u0301", None),
        ("&amp;", None),
        ("www.", "URL_TERM"),
    ],
)
def test_a_megabyte_is_read_or_refused(piece: str, code: str | None) -> None:
    """A million characters of anything end in an answer, not in an exhausted stack."""
    text = piece * (1_000_000 // len(piece))

    if code is None:
        assert parse(text).text == text
    else:
        assert _code(text) == code
