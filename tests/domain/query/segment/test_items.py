"""Items: many byte strings in one file, had a few at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.query.engine import BadFile
from vigie.domain.query.segment import Items, write_items


@given(st.lists(st.binary(max_size=40), max_size=40))
def test_each_item_comes_back(items: list[bytes]) -> None:
    """Whatever they hold and however many they are."""
    read = Items(write_items(items))

    assert [read[number] for number in range(len(read))] == items


def test_damage_is_seen() -> None:
    """A file cut short is refused."""
    with pytest.raises(BadFile, match="cut short"):
        Items(write_items([b"un", b"deux"])[:-1])
