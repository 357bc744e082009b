"""What the API says of a refusal, in French.

The domain speaks one language, English; each of its sentences that a caller can be told has its twin in
``sentences_fr.toml``, its values carried over. What is said of a query has its own catalogue
(``domain.query.sentences``). A sentence without a twin is told as it is: a test reads the sentences of the code and
finds each of them there.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from vigie.domain.typography import french_spaces


@cache
def _twins() -> list[tuple[re.Pattern[str], str]]:
    table = tomllib.loads(files("vigie.api").joinpath("sentences_fr.toml").read_text(encoding="utf-8"))
    return [(re.compile(english), french) for english, french in table.items()]


def in_french(sentence: str) -> str:
    """Return a sentence's French twin, with its values; the sentence itself when it has none."""
    for pattern, french in _twins():
        found = pattern.fullmatch(sentence)
        if found:
            return french_spaces(found.expand(french))
    return sentence
