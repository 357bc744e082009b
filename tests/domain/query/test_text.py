"""Cleaning and folding, and the way back to the text as published."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.query.text import clean_document, clean_query, fold
from vigie.domain.query.tokens import tokenize

_ODD = st.text(
    alphabet="aé\u0301\u00ad\u200b ™’\u2011\u00a0&;#eacutmp가\u1100\u1161\u11a8👍🏽が\u3099İﬁ\n\t`\u1fef＃"
)


@given(st.text() | _ODD)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """A cleaned query is clean."""
    cleaned = clean_query(text).text

    assert clean_query(cleaned).text == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


@given(st.text() | _ODD)
def test_cleaning_keeps_count_of_where_things_were(text: str) -> None:
    """Each cleaned character has its start in the text as given, in order, and the whole is covered to its end."""
    cleaned = clean_document(text)

    assert len(cleaned.starts) == len(cleaned.text) + 1
    assert list(cleaned.starts) == sorted(cleaned.starts)
    assert cleaned.starts[-1] == len(text)


@given(st.text() | _ODD)
def test_a_token_is_found_again_in_its_own_slice(text: str) -> None:
    """The slice of the published text that a token came from holds that token, in whatever form it was written."""
    cleaned = clean_document(text)
    for token in tokenize(cleaned.text):
        if token.form:
            start, end = cleaned.origin(token.start, token.end)
            assert token.form in "".join(each.form for each in tokenize(clean_document(text[start:end]).text))


@given(st.text())
def test_folding_twice_is_folding_once_for_common_letters(text: str) -> None:
    """What is folded holds nothing but letters, digits, marks and emoji; no case, no Latin accent."""
    for token in tokenize(clean_document(text).text):
        assert not any(character.isspace() or character in "'\"-_.,#@" for character in token.form)


def test_marks_are_what_normal_form_composes() -> None:
    """Cleaning finds the reach of NFC by category: every character with a combining class is a mark."""
    combining = [chr(code) for code in range(0x110000) if unicodedata.combining(chr(code))]

    assert {unicodedata.category(character)[0] for character in combining} == {"M"}


def test_folding_by_the_letter() -> None:
    """Letters that Unicode leaves whole are folded too, and a lone accent folds to nothing."""
    assert [fold(word) for word in ("Œuf", "ÆGIS", "Łódź", "Đ", "Þ", "ıİ", "ﬁn", "ẞ", "\u0301", "が")] == [
        "oeuf",
        "aegis",
        "lodz",
        "d",
        "th",
        "ii",
        "fin",
        "ss",
        "",
        "が",
    ]
