"""The site's sentences and files."""

import json
import re
from pathlib import Path

import pytest

from vigie.adapters.web.assets import asset, asset_names
from vigie.adapters.web.catalogue import FOLDER, site_catalogue
from vigie.domain.clients import LOCALES
from vigie.errors import NotFound

COMPUTED = (
    "purpose_",
    "test_",
    "packs_",
    "kind_",
    "health_",
    "act_",
    "added_",
    "alert_state_",
    "correct_",
    "impact_",
    "home_step_",
    "irrelevant_",
    "join_",
    "look_around_",
    "often_",
    "plan_name_",
    "why_",
)
"""Sentences whose names end with a value of the domain."""
TEMPLATES = FOLDER.parent / "templates"


def messages(locale: str) -> dict[str, str | dict[str, str]]:
    """Return the site's own sentences of a language."""
    read: dict[str, str | dict[str, str]] = json.loads((FOLDER / f"{locale}.json").read_text("utf-8"))
    return read


def fields(message: str | dict[str, str]) -> set[str]:
    """Return the fields a sentence asks for."""
    texts = [message] if isinstance(message, str) else list(message.values())
    return {name for text in texts for name in re.findall(r"\{(\w+)\}", text)} - {"count"}


def test_the_languages_say_the_same_things() -> None:
    """Each sentence is there in each language, asks for the same fields, and agrees with a count in both or none."""
    french, english = messages("fr"), messages("en")
    assert list(french) == list(english)
    for key, message in french.items():
        assert fields(message) == fields(english[key]), key
        assert isinstance(message, dict) == isinstance(english[key], dict), key


@pytest.mark.parametrize("locale", LOCALES)
def test_the_site_repeats_no_sentence_of_the_mail(locale: str) -> None:
    """What both say is written once, in the mail's catalogue."""
    catalogue = site_catalogue("fr" if locale == "fr" else "en")
    assert "essential" in catalogue
    assert "chart_title" in catalogue
    with pytest.raises(ValueError, match="chart_title"):
        catalogue.extended(FOLDER)


def test_each_sentence_is_said_somewhere() -> None:
    """No sentence outlives the page that said it."""
    package = Path(FOLDER).parents[2]
    code = "".join(path.read_text("utf-8") for path in [*package.rglob("*.py"), *TEMPLATES.iterdir()])
    unsaid = [
        key
        for key in messages("fr")
        if f'"{key}"' not in code and f"'{key}'" not in code and not key.startswith(COMPUTED)
    ]
    assert unsaid == []


@pytest.mark.parametrize("path", sorted(TEMPLATES.iterdir()), ids=lambda path: path.stem)
def test_templates_hold_no_words(path: Path) -> None:
    """Whatever a reader reads comes from a catalogue: templates hold markup and punctuation only."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^<>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]{2,}", text) == []


def test_a_file_is_found_under_its_served_name_only() -> None:
    """A name holds a digest of the file, so that it can be kept for good."""
    served = asset_names()["site.css"]
    assert asset(served).status == 200
    for name in ("site.css", "../pages.py", served.replace("-", "-0"), ""):
        with pytest.raises(NotFound):
            asset(name)
