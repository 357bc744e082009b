"""How an entity stands in its document, as signs of relevance."""

import pytest

from tests.builders import a_document
from vigie.domain.entities.standing import standing_of
from vigie.domain.stream import ENTITY, read_stream


def signs_of(title: str, text: str, cues: frozenset[str] = frozenset()) -> set[str]:
    """Return the signs of « Norvac » in a document that names it."""
    stream = read_stream(a_document(title, summary=text))
    places = [at for at, word in enumerate(stream.words) if word == "norvac"]
    return set(standing_of(stream.masked([(at, at + 1) for at in places]), places, cues))


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Norvac recrute", "Chez Norvac, on embauche.", {"covered:5", "at:0", "rival:less", "title:own:0"}),
        ("Le port vote", "Il pleut. On en parle. Merci à Norvac.", {"covered:1", "last:3", "only-last"}),
        ("Le port vote", "Avec Lise, Morel, Astrel et Norvac.", {"rival:even", "ahead:3", "title:none:0"}),
        ("", "On doit Zéphyr à Lise : Zéphyr ou Norvac", {"rival:more", "rivals-more:1", "not-only-last"}),
        ("", "Un an chez Norvac Lille. Rien", {"w-:chez", "w-1:chez", "w+:lille", "w1:lille"}),
    ],
)
def test_a_place_among_other_names_and_sentences_is_told(title: str, text: str, expected: set[str]) -> None:
    """Signs say how much of a text names the entity, where, which other names do better, and what stands beside."""
    assert expected - signs_of(title, text) == set()


def test_words_of_another_sentence_do_not_stand_beside() -> None:
    """What comes after a stop is beside nobody."""
    assert {sign for sign in signs_of("", "Fini. Norvac. Rien") if sign.startswith("w")} == set()


def test_signs_of_a_sense_tell_more_by_two() -> None:
    """Signs of who is meant come two by two, in one order; signs of other things do not."""
    cues = frozenset({"sense:small=all", "one-word", "names:1"})
    assert [sign for sign in sorted(signs_of("", "norvac ?", cues)) if sign.startswith("&")] == [
        "&one-word&sense:small=all"
    ]


def test_an_entity_by_itself_has_a_standing() -> None:
    """A text that is nothing but the name is told of too."""
    assert ENTITY not in signs_of("", "Norvac")
    assert {"covered:5", "at:0", "last:0", "rivals-more:0"} <= signs_of("", "Norvac")
