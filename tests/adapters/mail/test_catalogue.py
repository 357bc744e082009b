"""The sentences of the digest in both languages."""

import json
import string
from pathlib import Path
from typing import get_args

import pytest

import vigie.adapters.mail
from vigie.adapters.mail.catalogue import catalogue_for
from vigie.domain.clients import LOCALES
from vigie.domain.digest import CHANNELS, TONES
from vigie.domain.mentions import HeldReason
from vigie.domain.sources import Tier

FOLDER = Path(vigie.adapters.mail.__file__).parent / "catalogues"
Messages = dict[str, str | dict[str, str]]


def messages(locale: str) -> Messages:
    """Read a catalogue as it is written."""
    return dict(json.loads((FOLDER / f"{locale}.json").read_text(encoding="utf-8")))


def fields(message: str | dict[str, str]) -> list[set[str]]:
    """Return the fields of a message's texts."""
    texts = [message] if isinstance(message, str) else list(message.values())
    return [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]


def test_languages_say_the_same_things() -> None:
    """Every language has the same messages, with the same fields and the same need of a count."""
    reference = messages("fr")
    for locale in LOCALES:
        other = messages(locale)
        assert list(other) == list(reference)
        assert {key: fields(value) for key, value in other.items()} == {
            key: fields(value) for key, value in reference.items()
        }


@pytest.mark.parametrize("locale", LOCALES)
def test_every_value_of_the_domain_has_its_word(locale: str) -> None:
    """Tones, channels, tiers and reasons to hold back all have a word in each language."""
    catalogue = messages(locale)
    wanted = [
        *(f"tone_{tone}" for tone in TONES),
        *(f"channel_{channel}" for channel in CHANNELS),
        *(f"tier_{tier}" for tier in get_args(Tier)),
        *(f"held_{reason}" for reason in get_args(HeldReason)),
    ]
    assert [key for key in wanted if key not in catalogue] == []


def test_counts_agree() -> None:
    """Zero is singular in French and plural in English."""
    assert catalogue_for("fr").count("mentions", 0) == "0 retombée"
    assert catalogue_for("fr").count("mentions", 1200) == "1\u202f200 retombées"
    assert catalogue_for("en").count("mentions", 0) == "0 mentions"


def test_french_spaces_are_put_in() -> None:
    """A translator types plain spaces; the reader gets narrow no-break ones."""
    assert catalogue_for("fr").say("next", day="mardi 8", hour="7 h") == "Prochain envoi\u202f: mardi 8 à 7 h"


def test_message_that_needs_a_count_says_so() -> None:
    """Asking for a message the wrong way is an error that names it."""
    with pytest.raises(TypeError, match="mentions needs a count"):
        catalogue_for("fr").say("mentions")
    with pytest.raises(TypeError, match="next takes no count"):
        catalogue_for("fr").count("next", 1)
