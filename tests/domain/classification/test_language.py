"""The language of a document, by script or by head."""

import pytest

from tests.builders import a_document
from vigie.domain.classification.heads import model
from vigie.domain.classification.language import language_of
from vigie.domain.classification.reading import read_document
from vigie.domain.mentions import Label


def told(text: str, declared: str | None = None) -> Label:
    """Return the language of a post."""
    heads = model()
    return language_of(read_document(a_document("", document_id="x", body=text), heads), heads, declared)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "Le conseil municipal se réunit jeudi pour voter le budget"),
        ("en", "The council meets on Thursday to vote on the budget"),
        ("de", "Der Gemeinderat tagt am Donnerstag und stimmt über den Haushalt ab"),
        ("es", "El ayuntamiento se reúne el jueves para votar el presupuesto"),
        ("it", "Il consiglio comunale si riunisce giovedì per votare il bilancio"),
        ("pt", "A câmara municipal reúne-se na quinta-feira para votar o orçamento"),
        ("nl", "De gemeenteraad vergadert donderdag over de begroting"),
        ("ar", "يجتمع المجلس البلدي يوم الخميس"),
        ("hi", "नगर परिषद की बैठक गुरुवार को होगी"),
        ("hi", "kal subah hum log milte hai aur baat karte hai yaar"),
        ("fr", "tro contente jvous adore les filles"),
        ("fr", "Fermeture de l'usine"),
    ],
)
def test_nine_languages_are_told(code: str, text: str) -> None:
    """A sentence is told surely, and so are a few telling words; a smiley is no code."""
    label = told(text)
    assert (code, False) == (label.value, label.abstained)
    assert code == told(text + " ;-;").value


@pytest.mark.parametrize(
    "text",
    ["", "2024 : 12 %", "https://a.example/b", "for item in the_list: print(item) if item else {'a': 1}"],
)
def test_nothing_to_tell_by_is_und(text: str) -> None:
    """Numbers, addresses and code are of no language."""
    assert Label("und", 0.0) == told(text)


def test_a_name_by_itself_is_of_no_language() -> None:
    """One word that could be anything is unknown, and said to be a guess."""
    label = told("Vauclair")
    assert (label.value, label.abstained) == ("und", True)


def test_another_language_in_latin_letters_is_und() -> None:
    """What none of the nine is like is unknown, and not its nearest neighbour."""
    assert told("Zarząd potwierdził, że ceny wzrosną o trzy procent od stycznia").value == "und"


def test_the_declared_language_tips_and_does_not_decide() -> None:
    """What the source says settles a doubt; a text that is plainly another's keeps its language."""
    assert told("Vauclair", declared="fr-CA").value == "fr"
    assert told("Le conseil municipal se réunit jeudi pour voter le budget", declared="en-US").value == "fr"
