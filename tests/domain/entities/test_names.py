"""How an entity is called."""

import pytest

from vigie.domain.entities.names import is_in_full


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("banque d armelie", True),
        ("avenir d auzelle", True),
        ("l epi d or", False),  # « or » is too short to tell anything
        ("marchal", False),
        ("le trianon", False),
        ("jeanne aldebert", False),  # persons share their names
    ],
)
def test_a_name_is_in_full_when_several_of_its_words_tell_something(words: str, expected: bool) -> None:
    """Articles and persons' first names do not."""
    assert is_in_full(words.split()) is expected
