"""Where a document names an entity."""

import pytest

from tests.builders import a_document
from vigie.domain.entities import Entity
from vigie.domain.entities.find import find
from vigie.domain.stream import read_stream


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "Laiterie Montclar",
            "La laiterie Montclar recrute. Montclar cherche dix postes.",
            ["whole", "short"],
        ),
        ("Banque d'Armélie", "La BANQUE D’ARMELIE ferme", ["whole"]),
        ("Norvac", "#BoycottNorvac et @norvac", ["whole", "whole"]),
        (
            "Caisse des Dentistes",
            "La Caisse des Dentistes (CD). La CD paie.",
            ["whole", "initials", "initials"],
        ),
        ("Jean Montclar", "Jean Montclar et Lise Montclar", ["whole"]),
        ("Norvac", "Rien de tel ici", []),
    ],
)
def test_an_entity_is_found_by_its_names(name: str, text: str, expected: list[str]) -> None:
    """Whole names anywhere, whatever the accents, capitals and apostrophes; cut short once the whole was given."""
    found = find(read_stream(a_document("", summary=text)), Entity("k", name))
    assert expected == [one.kind for one in found]


def test_the_club_is_not_the_future() -> None:
    """A name has the capitals it is known by; a trade in it may go without."""
    stream = read_stream(
        a_document("", summary="Il s'agit de l'avenir d'Auzelle, et de la banque d'Armélie.")
    )
    club, bank = Entity("a", "Avenir d'Auzelle"), Entity("b", "Banque d'Armélie")
    assert [find(stream, club)[0].capital, find(stream, bank)[0].capital] == [False, True]
