"""The tokenizer, position by position."""

import pytest

from vigie.domain.query.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Covid-19, l'Oréal & AT&T", ["covid", "19", "l", "oreal", "at", "t"]),
        ("snake_case U.S.A.", ["snake", "case", "u", "s", "a"]),
        ("東京Tower 한국어 ไทย", ["東", "京", "tower", "한국어", "ไ", "ท", "ย"]),
        ("ok👍❤🇫🇷", ["ok", "👍", "❤", "🇫", "🇷"]),
        ("2½ m² 1ª", ["2", "m", "1a"]),
        ("x(https://a.fr/b)", ["x", ""]),
        ("voirhttps://a.fr www.b.fr. HTTP://C", ["voirhttps", "a", "fr", "", ""]),
        ('<a href="https://a.fr">b</a>', ["a", "href", "", "b", "a"]),
        ("\u0301 a", ["a"]),
    ],
)
def test_positions_are_what_the_language_says(text: str, forms: list[str]) -> None:
    """Runs, characters of unspaced scripts, emoji and URLs are one position each; the rest separates."""
    assert [token.form for token in tokenize(text)] == forms


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#Crédit_Agricole", ["#credit_agricole", ""]),
        ("@jean.dupont", ["@jean", ""]),
        ("(#a) ##b .@c", ["#a", "#b", "@c"]),
        ("x#a a@b #12 # @_", ["", "", "", "", ""]),
        ("#__a_", ["#__a_"]),
        ("#4G", ["#4g"]),
        ("#東京", ["#東京", ""]),
    ],
)
def test_the_first_token_of_a_tag_carries_it(text: str, tags: list[str]) -> None:
    """A tag or handle is carried whole by its first token, unless glued to a word or without a letter."""
    assert [token.tag for token in tokenize(text)] == tags
