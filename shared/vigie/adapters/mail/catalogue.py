"""The sentences of the digest, one JSON file a language under ``catalogues/``.

A message is a text with ``{fields}``, or two texts (``one``, ``other``) chosen by a count. French spaces are
put in when the file is read, so that a translator types plain ones.
"""

import json
from functools import cache
from pathlib import Path

from vigie.domain.clients import Locale
from vigie.domain.typography import french_spaces, number, plural

_FOLDER = Path(__file__).parent / "catalogues"


class Catalogue:
    """Messages in one language. A missing key is a KeyError: a test compares the files with each other."""

    def __init__(self, locale: Locale, messages: dict[str, str | dict[str, str]]) -> None:
        self.locale = locale
        self._messages = messages

    def say(self, key: str, **fields: str) -> str:
        """Return a message with its fields filled in."""
        message = self._messages[key]
        if isinstance(message, dict):
            raise TypeError(f"{key} needs a count")
        return message.format(**fields)

    def count(self, key: str, count: int, **fields: str) -> str:
        """Return a message that agrees with ``count``, written in it as ``{count}``."""
        message = self._messages[key]
        if isinstance(message, str):
            raise TypeError(f"{key} takes no count")
        return message[plural(count, self.locale)].format(count=number(count, self.locale), **fields)

    def extended(self, folder: Path) -> "Catalogue":
        """Return these messages and those of a folder's file in the same language, which repeats none of them."""
        added = _read(folder, self.locale)
        if twice := self._messages.keys() & added.keys():
            raise ValueError(f"said twice: {', '.join(sorted(twice))}")
        return Catalogue(self.locale, self._messages | added)

    def __contains__(self, key: object) -> bool:
        """Whether the language has this message."""
        return key in self._messages


@cache
def catalogue_for(locale: Locale) -> Catalogue:
    """Return the catalogue of a language, read once."""
    return Catalogue(locale, _read(_FOLDER, locale))


def _read(folder: Path, locale: Locale) -> dict[str, str | dict[str, str]]:
    messages = json.loads((folder / f"{locale}.json").read_text(encoding="utf-8"))
    return {key: _typeset(message, locale) for key, message in messages.items()}


def _typeset(message: str | dict[str, str], locale: Locale) -> str | dict[str, str]:
    if locale != "fr":
        return message
    if isinstance(message, str):
        return french_spaces(message)
    return {category: french_spaces(text) for category, text in message.items()}
