"""Names that somebody must look at before they are watched."""

import pytest

from vigie.domain.signing_up.companies import Company
from vigie.domain.signing_up.persons import may_be_person, to_review


@pytest.mark.parametrize(
    "name",
    [
        "Camille Fontanel",
        "Fontanel Camille",
        "Mme Fontanel",
        "Jean-Marc Delaunay",
        "Dr. Aïcha Benali",
        "ÉLODIE ROUX",
    ],
)
def test_a_persons_name_is_seen(name: str) -> None:
    """In any case and order, with a title, with a compound first name."""
    assert may_be_person(name)


@pytest.mark.parametrize(
    "name", ["Boulangerie Morel", "Camping des Gaves", "Morel", "Garage du Centre", "L'Épi d'or"]
)
def test_a_businesss_name_is_let_pass(name: str) -> None:
    """Words of a trade, or one word alone, are nobody's name."""
    assert not may_be_person(name)


def test_the_register_clears_a_company_of_that_very_name() -> None:
    """A self-employed person's business is one; another company's number, or a closed one, clears nothing."""
    own = Company(siren="100000066", name="CAMILLE FONTANEL", is_person=True)
    other = Company(siren="100000058", name="CAMPING DES GAVES")
    closed = Company(siren="100000066", name="CAMILLE FONTANEL", is_open=False)
    assert to_review(("Camille Fontanel",), own) is None
    for company in (None, other, closed):
        assert to_review(("Camille Fontanel",), company) == "Camille Fontanel"
    assert to_review(("Boulangerie Morel",), None) is None
