"""The rule grammar, and that every rule of the package can be read."""

from pathlib import Path

import pytest

from tests.builders import a_document
from vigie.domain.classification.rules.grammar import LEXICON, Grammar
from vigie.domain.classification.rules.patterns import Rule, Written, pattern_of, rules_of
from vigie.domain.stream import Stream, read_stream

RULE = Rule(name="r", kind="bad")


@pytest.mark.parametrize("path", sorted(LEXICON.glob("*.toml")), ids=lambda path: path.stem)
def test_every_rule_of_the_package_can_be_read(path: Path) -> None:
    """Patterns are read when a document first needs them; a broken one would be found then, so it is here."""
    assert all(
        pattern_of(each.rule, each.text).elements for each in rules_of(path.read_text(encoding="utf-8"))
    )


def _said(text: str) -> str:
    """Return words that a pattern should be found in, the last choice of each place taken, optional ones too."""
    words = []
    for part in text.split():
        choice = part.removeprefix("?").split("|")[-1]
        words.append("9" if choice == "#" else "mot" if choice == "..." else choice.replace("*", "x"))
    return " ".join(words)


@pytest.mark.parametrize("path", sorted(LEXICON.glob("*.toml")), ids=lambda path: path.stem)
def test_every_line_of_the_lexicon_is_found_in_what_it_says(path: Path) -> None:
    """A pattern is met by the grammar in a text that is made of it."""
    missed = []
    for each in rules_of(path.read_text(encoding="utf-8")):
        grammar = Grammar()
        grammar.add(each)
        words = _said(each.text).split()
        size = len(words)
        read = Stream(a_document(""), words, [], [2, *[0] * (size - 1)], [False] * size, [False] * size)
        missed += [] if grammar.find(read) else [each.text]
    assert not missed


def test_a_choice_of_several_words_is_each_of_them_in_a_row() -> None:
    """``toujours_pas|jamais`` are two ways to say it, not a word and then a choice."""
    content = """[[rule]]
name = "late"
kind = "bad"
patterns = ["colis ... toujours_pas|jamais arrive*"]"""
    grammar = Grammar()
    for each in rules_of(content):
        grammar.add(each)
    told = ["Mon colis n'est toujours pas arrivé", "Colis jamais arrivé", "Un colis toujours arrivé"]
    assert [bool(grammar.find(read_stream(a_document("", summary=text)))) for text in told] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("greve", "La grève continue", True),
        ("licenci*", "Des licenciements", True),
        ("client|usager mecontent*", "Un usager mécontent", True),
        ("rappel de ?la creme", "Rappel de crème", True),
        ("rappelle ... lots", "Norvac rappelle aussi plusieurs lots", True),
        ("rappelle ... lots", "Norvac rappelle un four. Des lots restent", False),
        ("# blesses", "12 blessés", True),
    ],
)
def test_a_pattern_is_found(pattern: str, text: str, found: bool) -> None:
    """Accents and capitals do not matter; a gap stays in its sentence."""
    grammar = Grammar()
    grammar.add(Written(RULE, pattern))
    assert bool(grammar.find(read_stream(a_document("", summary=text)))) is found


def test_a_pattern_starts_with_a_word() -> None:
    """What may be missing cannot be looked for."""
    with pytest.raises(ValueError, match="starts with nothing"):
        pattern_of(RULE, "?le client")


def test_patterns_are_looked_up_as_they_are_tried() -> None:
    """Where many patterns open with one word, each is found as it would be alone, in the lexicon's order."""
    ends = [f"fin{number}" for number in range(9)]
    ways = [f"a {end}" for end in ends] + [f"a ... {end}" for end in ends]
    ways += ["a fin*", "a ?tres fin3", "a ... fin*", "a # fin4", "a fin1|fin2 fin3", "a de|du ... fin5"]
    rules = [Written(Rule(name=str(number), kind="bad"), way) for number, way in enumerate(ways)]
    together = Grammar()
    for rule in rules:
        together.add(rule)
    for text in ("a fin1 fin3", "a tres fin3", "a du fin5 fin4", "a 3 fin4 a", "a. fin2 a fin"):
        stream = read_stream(a_document("", summary=text))
        alone = []
        for rule in rules:
            grammar = Grammar()
            grammar.add(rule)
            alone += grammar.find(stream)
        assert sorted(alone, key=lambda one: (one.start, int(one.rule.name))) == together.find(stream)


def test_what_was_read_before_changes_nothing() -> None:
    """A grammar that has met tens of thousands of words finds what a new one does."""
    ways = [f"a fin{number}" for number in range(20)] + ["colis ... casse*", "retard"]
    worn, fresh = Grammar(), Grammar()
    for number, way in enumerate(ways):
        for each in (worn, fresh):
            each.add(Written(Rule(name=str(number), kind="bad"), way))
    stream = read_stream(a_document("", summary="Le colis a fin3, arrive cassé, en retard, a fin19"))
    expected = fresh.find(stream)
    for start in range(0, 40_000, 100):
        words = (_spelt_in_letters(number) for number in range(start, start + 100))
        assert not worn.find(read_stream(a_document("", body=" a ".join(words))))
        assert worn.find(stream) == expected


def _spelt_in_letters(number: int) -> str:
    return "z" + "".join(chr(ord("a") + int(digit)) for digit in str(number))
