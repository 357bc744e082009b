"""YAML without its surprises."""

import pytest

from infra.stacks.strict_yaml import load
from vigie.errors import BadField


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("17:30", "17:30"),
        ("2026-11-23", "2026-11-23"),
        ("0o17", "0o17"),
        ("true", True),
        ("null", None),
        ("-12", -12),
        ("1.5", 1.5),
        ('"12"', "12"),
    ],
)
def test_words_stay_words(text: str, value: object) -> None:
    """What YAML 1.1 would take for a truth, an hour in base sixty or a date stays as it is written."""
    assert load(f"key: {text}") == {"key": value}


def test_a_key_given_twice_is_refused_with_its_line() -> None:
    """The second of two keys would silently win: it is named instead."""
    with pytest.raises(BadField, match=r"line 3: name is given twice"):
        load("name: a\nzone: b\nname: c\n")


def test_broken_yaml_is_refused_with_its_line() -> None:
    """What is no YAML says where."""
    with pytest.raises(BadField, match="line 2"):
        load("name: a\n  : [b\n")


def test_nothing_is_built_from_tags() -> None:
    """A tag that would make an object is refused."""
    with pytest.raises(BadField, match="line 1"):
        load("name: !!python/object/apply:os.getcwd []")
