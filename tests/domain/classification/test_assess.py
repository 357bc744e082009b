"""Evidence and edges of assessments."""

from tests.builders import a_document
from vigie.domain.classification import classify
from vigie.domain.entities import Entity

NORVAC = Entity("brand", "Norvac", (), "Fabricant d'électroménager à Lille")


def test_evidence_is_the_words_as_published() -> None:
    """Each clue names a field of the document, and its offsets give the words that it shows."""
    document = a_document(
        "Grève illimitée chez Norvac", summary="Les salariés de Norvac bloquent l’usine depuis lundi."
    )
    (assessed,) = classify(document, [NORVAC]).assessments
    clues = assessed.relevance.evidence + assessed.impact.evidence + assessed.crisis.evidence
    assert clues
    assert [clue.text for clue in clues] == [
        getattr(document, clue.field)[clue.start : clue.end] for clue in clues
    ]
    assert (
        max(map(len, (assessed.relevance.evidence, assessed.impact.evidence, assessed.crisis.evidence))) <= 3
    )


def test_an_entity_that_is_not_named_is_to_be_verified() -> None:
    """A document that a query found by other words says nothing sure of the entity."""
    labels = classify(a_document("Le marché du lave-linge recule"), [NORVAC])
    assert labels.assessments[0].relevance.abstained


def test_without_entities_nothing_is_assessed() -> None:
    """A document that no watch names anybody for has labels of its own only."""
    assert classify(a_document("Norvac recrute")).assessments == ()


def test_a_name_of_several_words_in_full_is_not_doubted_without_a_reason() -> None:
    """Few others are called so: a text of things that nobody told us about is still the entity's."""
    club = Entity("brand", "ronces bleues de vaubrun", (), "")
    document = a_document(
        "Avant-match : les Ronces Bleues de Vaubrun attendent Rocavel",
        summary="Les Ronces Bleues de Vaubrun reçoivent Rocavel dimanche, l’infirmerie se vide.",
    )
    (assessed,) = classify(document, [club]).assessments
    assert assessed.relevance.value != "homonym"


def test_a_sign_of_another_sense_is_heard_all_the_same() -> None:
    """Written small, as the common words it is made of, the name is not the entity's."""
    brand = Entity("brand", "Sapin Vert", (), "Vente à distance")
    document = a_document("", summary="On a ramené un petit sapin vert de la forêt, il sent bon.")
    (assessed,) = classify(document, [brand]).assessments
    assert assessed.relevance.value == "homonym"
