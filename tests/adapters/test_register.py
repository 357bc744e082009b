"""The register of companies: its wire format, against our stub of it."""

from collections.abc import Iterator

import pytest

from infra.local.register import serving
from vigie.adapters.register import FrenchRegister, read_company
from vigie.domain.signing_up.companies import Company
from vigie.errors import Unanswered


@pytest.fixture(scope="module")
def register() -> Iterator[FrenchRegister]:
    """Return the adapter on the stub."""
    with serving() as server:
        yield FrenchRegister(server.url)


def test_a_company_is_found_by_its_name(register: FrenchRegister) -> None:
    """Its town and its trade tell it from a namesake, which is found as well."""
    found = register.search("l'épi d'or")
    assert [(each.town, each.trade_code) for each in found] == [("Auzelle", "10.71C"), ("Montbrac", "56.10A")]
    assert found[0].trade is not None
    assert found[0].trade.fr == "la boulangerie"


def test_a_company_is_found_by_its_number(register: FrenchRegister) -> None:
    """A number that is nobody's finds nothing."""
    found = register.company("100000066")
    assert found is not None
    assert (found.name, found.is_person) == ("CAMILLE FONTANEL", True)
    assert register.company("999999999") is None


def test_what_cannot_be_searched_for_is_not_there(register: FrenchRegister) -> None:
    """The API refuses short texts: nothing is asked, nothing fails."""
    assert register.search("é") == []


def test_a_register_that_is_down_can_be_asked_later() -> None:
    """Nobody answers at that address."""
    with pytest.raises(Unanswered):
        FrenchRegister("http://127.0.0.1:9", timeout_seconds=0.5).search("Morel")


def test_a_result_is_read_whatever_it_leaves_out() -> None:
    """Null lists and missing seats are frequent; a result without number or name is none."""
    assert read_company({"siren": "123456789", "nom_complet": "MOREL", "siege": None}) == Company(
        siren="123456789", name="MOREL", is_open=False
    )
    seat = {
        "libelle_commune": "SAINT-GERMAIN-EN-LAYE",
        "code_postal": "78100",
        "liste_enseignes": ["CHEZ MOREL"],
    }
    found = read_company(
        {
            "siren": "123456789",
            "nom_complet": "MOREL",
            "siege": seat,
            "etat_administratif": "A",
            "sigle": None,
        }
    )
    assert found is not None
    assert (found.town, found.signs, found.is_open) == ("Saint-Germain-en-Laye", ("CHEZ MOREL",), True)
    assert read_company({"nom_complet": "MOREL"}) is None
    assert read_company({"siren": "12", "nom_complet": "MOREL"}) is None
