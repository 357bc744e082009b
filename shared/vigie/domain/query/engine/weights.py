"""How common a fact is: counted in a sample of documents, and guessed where the sample is silent."""

from vigie.domain.language import FUNCTION_WORDS
from vigie.domain.query.text import fold

GUESS_COUNTS_AS = 10  # documents; what the guess weighs beside the sample

_COMMON = frozenset(fold(word) for words in FUNCTION_WORDS.values() for word in words.split())
_FILTERS = {"lang": 0.5, "platform": 0.5, "type": 0.5, "has": 0.3, "site": 0.005, "links": 0.005}
_IN_FIELD = 0.2  # a title holds so much less than a whole text


def guess(name: str) -> float:
    """Return the share of documents that hold a fact, from its name alone."""
    first, colon, rest = name.partition(":")
    if colon:
        return _FILTERS.get(first) or _IN_FIELD * guess(rest)
    literal = name.partition("*")[0].partition("?")[0]
    if literal != name:
        return 0.4 / max(1, len(literal.lstrip("#@"))) ** 2
    if name in _COMMON:
        return 0.3
    return 0.001 if name[0] in "#@" else 0.02 / max(1, len(name))


def share(name: str, held: int, documents: int) -> float:
    """Return the share of documents that hold a fact, which ``held`` of a sample of ``documents`` do."""
    return (held + GUESS_COUNTS_AS * guess(name)) / (documents + GUESS_COUNTS_AS)
