"""The trades that words belong to, as signs of whether an entity is meant."""

import pytest

from vigie.domain.entities import Entity
from vigie.domain.entities.names import names_of
from vigie.domain.entities.sectors import field_signs, sectors_of
from vigie.domain.stream import folded

BAKERY = sectors_of(["boulangerie"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deux baguettes et un croissant", {"field:2", "field-most:own"}),
        ("le pain du gardien de but", {"field:1", "field-other:2", "field-most:other"}),
        ("la fanfare passe mardi", {"field:0", "field-other:0", "field-most:none"}),
        ("la baguette du train", {"field:1", "field-other:1", "field-most:even"}),
    ],
)
def test_a_text_speaks_of_a_trade_or_of_another(text: str, expected: set[str]) -> None:
    """Signs say how many words are of the entity's trade, how many of another, and which has most."""
    assert expected - field_signs(folded(text).split(), BAKERY) == set()


def test_a_word_and_its_plural_are_one() -> None:
    """The same word twice says no more than once."""
    assert "field:1" in field_signs(["baguette", "baguettes"], BAKERY)


def test_nothing_is_told_of_an_unknown_trade() -> None:
    """Where nobody said what the entity is, only what else the text speaks of is known."""
    assert "field:unknown" in field_signs(["baguette"], frozenset())


@pytest.mark.parametrize(
    "entity",
    [
        Entity("w", "Norvac", (), "Boulangerie artisanale, Nantes"),
        Entity("w", "Boulangerie Norvac", (), ""),
        Entity("w", "Norvac", ("Norvac boulangerie",), ""),
    ],
)
def test_a_trade_is_told_by_what_is_said_of_an_entity_or_by_its_name(entity: Entity) -> None:
    """The sentence about an entity says its trade, and so does a trade in one of its names."""
    assert names_of(entity).sectors >= BAKERY
