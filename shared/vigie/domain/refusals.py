"""What the API and the pages say of a refusal, in French.

The domain speaks one language, English; each of its sentences that a caller can be told has its twin in
``refusals_fr.toml``, its values carried over. What is said of a query has its own catalogue
(``domain.query.sentences``). A sentence without a twin is told as it is: a test reads the sentences of the code and
finds each of them there.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files

from vigie.domain.clients import Locale
from vigie.domain.query.sentences import told_refusal
from vigie.domain.typography import french_spaces
from vigie.errors import BadField, BadQuery, Refused


@cache
def _twins() -> list[tuple[re.Pattern[str], str]]:
    table = tomllib.loads(files("vigie.domain").joinpath("refusals_fr.toml").read_text(encoding="utf-8"))
    return [(re.compile(english), french) for english, french in table.items()]


def in_french(sentence: str) -> str:
    """Return a sentence's French twin, with its values; the sentence itself when it has none."""
    for pattern, french in _twins():
        found = pattern.fullmatch(sentence)
        if found:
            return french_spaces(found.expand(french))
    return sentence


def told(refusal: Refused, locale: Locale) -> str:
    """Return a refusal in a language, without the name that programs give its field."""
    if isinstance(refusal, BadQuery):
        refusal = told_refusal(refusal, locale)
    if not isinstance(refusal, BadField):
        return in_french(str(refusal)) if locale == "fr" else str(refusal)
    problem, remedy = refusal.problem, refusal.remedy
    if locale == "fr" and not isinstance(refusal, BadQuery):
        problem, remedy = in_french(problem), in_french(remedy)
    return f"{problem[:1].upper()}{problem[1:]}. {remedy}"
