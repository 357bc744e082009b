"""Settings, as the environment says them."""

import pytest

from vigie.errors import BadField
from vigie.settings import Settings


def test_environment_is_read_by_name_and_type() -> None:
    """Texts, whole numbers and fractions are read; other variables are nobody's business."""
    actual = Settings.from_mapping(
        {
            "VIGIE_STACK": "demo",
            "VIGIE_SHARD_COUNT": "4",
            "VIGIE_HOST_SPACING_SECONDS": "0.25",
            "VIGIE_UNKNOWN": "x",
            "STACK": "other",
            "vigie_locale": "en",
        }
    )
    assert Settings(stack="demo", shard_count=4, host_spacing_seconds=0.25) == actual


def test_empty_environment_gives_the_defaults() -> None:
    """A function is given only what it uses; the rest has a default."""
    assert Settings() == Settings.from_mapping({})


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("VIGIE_SHARD_COUNT", "many", "int"),
        ("VIGIE_SHARD_COUNT", "", "int"),
        ("VIGIE_SHARD_COUNT", "1.5", "int"),
        ("VIGIE_HOST_SPACING_SECONDS", "1,5", "float"),
    ],
)
def test_number_that_is_none_is_named(name: str, text: str, kind: str) -> None:
    """The variable, what it holds and what it should hold are in the refusal."""
    with pytest.raises(BadField) as refusal:
        Settings.from_mapping({name: text})
    assert str(refusal.value) == f"{name}: {text!r} is no {kind}. Give a number."


def test_needed_setting_is_returned_as_text() -> None:
    """What wiring needs is there, numbers too."""
    settings = Settings(sources_table="sources")
    assert (settings.need("sources_table"), settings.need("shard_count")) == ("sources", "16")


@pytest.mark.parametrize("environment", [{}, {"VIGIE_SOURCES_TABLE": ""}])
def test_needed_setting_that_is_missing_is_named(environment: dict[str, str]) -> None:
    """A function deployed without a variable says which, at the first use."""
    with pytest.raises(BadField, match=r"^VIGIE_SOURCES_TABLE: is not set"):
        Settings.from_mapping(environment).need("sources_table")
