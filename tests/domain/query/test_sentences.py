"""The catalogue: every reason in every language, set as print wants it."""

import ast
import re
import string
from pathlib import Path

import pytest

import vigie.domain.query
from vigie.domain.clients import LOCALES, Locale
from vigie.domain.query import lint, parse
from vigie.domain.query.filters import KINDS
from vigie.domain.query.sentences import CATALOGUES, CODES, advice, refusal, told_advice, told_refusal
from vigie.errors import BadQuery

_REFUSALS = """EMPTY SYNTAX UNKNOWN_FIELD NESTED_FIELD BAD_VALUE NO_TOKENS URL_TERM LEADING_WILDCARD INNER_STAR
    SHORT_PREFIX NEAR_OPERAND NEAR_RANGE BAD_SLOP SLOP_TOO_LONG TOO_DEEP TOO_MANY_TERMS"""
_LINTS = "UNANCHORED BROAD MIXED_AND_OR LOWERCASE_OPERATOR"


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_reason_is_told_in_every_language() -> None:
    """Each reason has a code of the language, and both its sentences everywhere, about the same things."""
    assert set(CODES.values()) == {*_REFUSALS.split(), *_LINTS.split()}
    for locale in LOCALES:
        assert set(CATALOGUES[locale]) == set(CODES), locale
    for reason, sentences in CATALOGUES["en"].items():
        for english, french in zip(sentences, CATALOGUES["fr"][reason], strict=True):
            assert _fields(english) == _fields(french), reason


def test_no_reason_is_never_given() -> None:
    """Every sentence can be said: some rule of the language names its reason."""
    rules = Path(vigie.domain.query.__file__).parent.glob("*.py")
    trees = [ast.parse(path.read_text()) for path in rules if path.name != "sentences.py"]
    said = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}

    assert set(CODES) <= said | {f"bad_{name}" for name in KINDS}


@pytest.mark.parametrize("reason", sorted(CODES))
def test_french_is_set_as_print_wants_it(reason: str) -> None:
    """Narrow no-break spaces before the high signs and inside guillemets, and no straight apostrophe."""
    for sentence in CATALOGUES["fr"][reason]:
        assert not re.search(r" [;:!?»]|« |\w'\w", sentence)
    problem, remedy = CATALOGUES["fr"][reason]
    assert not problem.endswith(".")
    assert remedy.endswith(".")


@pytest.mark.parametrize(
    ("locale", "summary"),
    [
        (
            "en",
            "query: BAD_VALUE at character 5: lang: does not take “french”. Write a language of two or three",
        ),
        (
            "fr",
            "query\u202f: BAD_VALUE au caractère 5\u202f: lang: n’accepte pas «\u202ffrench\u202f». Écrivez une",
        ),
    ],
)
def test_a_refusal_is_told_in_the_readers_language(locale: Locale, summary: str) -> None:
    """Code and place stay; the sentences and their summary change with the reader."""
    with pytest.raises(BadQuery) as refused:
        parse("lang:french")

    told = told_refusal(told_refusal(refused.value, "fr"), locale)

    assert str(told).startswith(summary)
    assert (told.code, told.position, told.field) == ("BAD_VALUE", 5, "query")
    assert f"{told.problem}. {told.remedy}" in str(told)


def test_advice_is_told_in_the_readers_language() -> None:
    """What is said beside a valid query is told in French too."""
    [remark] = lint(parse("a et b"))

    told = told_advice(remark, "fr")

    assert (told.code, told.position) == ("LOWERCASE_OPERATOR", 2)
    assert told.problem == "et est cherché comme un mot"
    assert told_advice(told, "en") == remark == advice("lowercase_operator", 2, word="et")


def test_a_refusal_may_concern_another_field() -> None:
    """An item of the simple form is named instead of the query."""
    assert str(refusal("no_tokens", 3, where="any[1]")).startswith("any[1]: NO_TOKENS at character 3: ")
