"""The rule grammar, and that every rule of the package can be read."""

from pathlib import Path

import pytest

from tests.builders import a_document
from vigie.domain.classification.rules.grammar import (
    LEXICON,
    Grammar,
    Rule,
    Written,
    pattern_of,
    rules_of,
)
from vigie.domain.stream import read_stream

RULE = Rule(name="r", kind="bad")


@pytest.mark.parametrize("path", sorted(LEXICON.glob("*.toml")), ids=lambda path: path.stem)
def test_every_rule_of_the_package_can_be_read(path: Path) -> None:
    """Patterns are read when a document first needs them; a broken one would be found then, so it is here."""
    assert all(
        pattern_of(each.rule, each.text).elements for each in rules_of(path.read_text(encoding="utf-8"))
    )


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
