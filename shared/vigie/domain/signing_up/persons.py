"""Names that are a private person's: watching one needs somebody of ours to look, unless the register clears it.

A name of two to four words that begins or ends with a first name, and holds no word of a trade, could be anybody's.
This errs to the side of asking: a held sign-up waits a day, a watched neighbour cannot be un-watched.
"""

from functools import cache
from pathlib import Path

from vigie.domain.query.text import fold
from vigie.domain.signing_up.companies import Company, words_of

_FIRST_NAMES = Path(__file__).with_name("first-names.txt")
_TITLES = frozenset(["m", "mr", "mme", "mlle", "monsieur", "madame", "docteur", "dr", "maitre", "me"])
_LONGEST = 4


def may_be_person(name: str) -> bool:
    """Whether a name reads like somebody's."""
    spaced = "".join(letter if letter.isalnum() or letter == "-" else " " for letter in name)
    words = [fold(word) for word in spaced.split()]
    if len(words) > 1 and words[0] in _TITLES:
        return True
    if not 2 <= len(words) <= _LONGEST:
        return False
    known = _first_names()
    return any(word in known or word.partition("-")[0] in known for word in (words[0], words[-1]))


def clears(company: Company | None, name: str) -> bool:
    """Whether the register says that a name is a business's: an open company, under this very name."""
    if company is None or not company.is_open:
        return False
    return words_of(name) in map(words_of, (company.name, *company.signs))


def to_review(asked: tuple[str, ...], company: Company | None) -> str | None:
    """Return the first of the names asked for that somebody must look at, None when there is none."""
    return next((name for name in asked if may_be_person(name) and not clears(company, name)), None)


@cache
def _first_names() -> frozenset[str]:
    return frozenset(fold(name) for name in _FIRST_NAMES.read_text("utf-8").split())
