"""Tone: how a text is written, whatever the facts. Posts and press write differently, and are told apart."""

from vigie.domain.classification.heads import Head, Model
from vigie.domain.classification.reading import Reading
from vigie.domain.language import UNKNOWN
from vigie.domain.mentions import Label

_OF_PRESS = frozenset({"fr", "en", UNKNOWN})  # the languages that the press head has read


def tone_of(reading: Reading, model: Model, language: str) -> Label:
    """Return ``negative``, ``neutral`` or ``positive``; it abstains where its kind of text leaves it unsure."""
    return reading.label(_head(reading, model, language))


def _head(reading: Reading, model: Model, language: str) -> Head:
    if reading.family == "press" and language in _OF_PRESS:
        return model.heads["tone_press"]
    return model.heads["tone_social" if language in {"fr", UNKNOWN} else "tone_world"]
