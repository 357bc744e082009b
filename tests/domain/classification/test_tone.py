"""Tone: the head that reads a text is that of its kind and language."""

import pytest

from tests.builders import a_document
from vigie.domain.classification import classify
from vigie.domain.mentions import Label


def tone(text: str, platform: str = "press") -> Label:
    """Return the tone of a text."""
    return classify(a_document("", document_id="x", summary=text, platform=platform, language=None)).tone


@pytest.mark.parametrize(
    "text",
    [
        "Le groupe a été condamné à 200 000 euros d'amende par le tribunal de commerce de Lille.",
        "La société a annoncé mardi la suppression de 140 postes sur trois sites.",
        "Le rappel concerne les lots dont la date limite est le 4 décembre.",
    ],
)
def test_sober_press_on_grave_things_is_neutral(text: str) -> None:
    """How it is written, whatever the facts."""
    assert tone(text).value == "neutral"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("negative", "Service honteux, trois semaines de retard et personne pour répondre, quelle arnaque !"),
        ("positive", "Merci à toute l'équipe, accueil génial et conseils au top, bravo !!"),
    ],
)
def test_posts_say_what_they_feel(value: str, text: str) -> None:
    """A post that cries is heard."""
    assert value == tone(text, platform="bluesky").value


def test_posts_in_other_languages_have_a_head_of_theirs() -> None:
    """A language that the French head never read is left to the one that did."""
    assert tone("Der Service ist furchtbar, nie wieder, was für ein Mist!", platform="x").value == "negative"
