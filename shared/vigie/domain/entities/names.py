"""The ways an entity is called: its names as words, what may be left out of them, and what is left when cut short."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vigie.domain.entities.entity import Entity
from vigie.domain.entities.sectors import sectors_of
from vigie.domain.entities.words import listed
from vigie.domain.stream import folded

_WORD = re.compile(r"[^\W_]+")
_FEWEST_LETTERS: Final = 4
_STEM_LETTERS: Final = 5


@dataclass(frozen=True, slots=True)
class Names:
    """What to look for: whole names as words, each run together, and what a text may cut them to once it gave one.

    ``capitals`` are the places of each whole name where it is written with a capital, trades left out: « banque
    d'Armélie » is the bank, « l'avenir d'Auzelle » not the club. ``about`` are beginnings of the words that say what
    the entity is, ``sectors`` its trades. ``opening`` are the whole names by their first words, longest first, and
    ``own`` all their words.
    """

    whole: tuple[tuple[str, ...], ...]
    opening: dict[str, tuple[tuple[str, ...], ...]]
    own: frozenset[str]
    capitals: dict[tuple[str, ...], tuple[int, ...]]
    glued: frozenset[str]
    short: frozenset[str]
    initials: frozenset[str]
    about: frozenset[str]
    sectors: frozenset[str]


@lru_cache(maxsize=4_096)
def names_of(entity: Entity) -> Names:
    """Return the ways an entity is called, longest first."""
    whole: dict[tuple[str, ...], tuple[int, ...]] = {}
    for name in (entity.name, *entity.aliases):
        words = tuple(_WORD.findall(folded(name)))
        upper = [found.group()[0].isupper() for found in _WORD.finditer(name)]
        for form in (words, _without_ends(words)):
            if form and (len(form) > 1 or len(form[0]) > 1):
                whole[form] = _capitals(form, upper[_start_of(form, words) :])
    ordered = tuple(sorted(whole, key=len, reverse=True))
    own = frozenset(word for form in ordered for word in form)
    told = _WORD.findall(folded(entity.about))
    about = frozenset(stem_of(word) for word in told if len(word) > 3)
    trades = own & listed("trades")
    return Names(
        ordered,
        {word: tuple(form for form in ordered if form[0] == word) for word in {form[0] for form in ordered}},
        own,
        whole,
        frozenset("".join(form) for form in ordered if len("".join(form)) > _FEWEST_LETTERS),
        frozenset(word for form in ordered if len(form) > 1 for word in _distinctive(form)),
        frozenset(letters for form in ordered if len(letters := _initials(form)) > 1),
        about | {stem_of(word) for word in trades},
        sectors_of([*told, *trades]),
    )


def stem_of(word: str) -> str:
    """Return the beginning of a word, which its family shares."""
    return word[:_STEM_LETTERS]


def is_in_full(words: Sequence[str]) -> bool:
    """Tell whether the words of a name are several, so that few others are called so; persons share theirs."""
    telling = [word for word in words if len(word) > 2 and word not in listed("small")]
    return len(telling) > 1 and not any(word in listed("first_names") for word in telling)


def _start_of(form: tuple[str, ...], words: tuple[str, ...]) -> int:
    return next(at for at in range(len(words)) if words[at : at + len(form)] == form)


def _capitals(form: tuple[str, ...], upper: list[bool]) -> tuple[int, ...]:
    """Return the places that should have a capital; the first telling one of a name written without any."""
    telling = [at for at, word in enumerate(form) if word not in listed("small")] or [0]
    written = [at for at in telling if upper[at]]
    proper = [at for at in written if form[at] not in listed("trades")]
    return tuple(proper or written or telling[:1])


def _without_ends(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name without its article, ``groupe`` and legal form; whole when nothing telling is left."""
    found = list(words)
    while found and (found[0] in listed("small") or found[0] in {"groupe", "societe", "group"}):
        found.pop(0)
    while found and (found[-1] in listed("legal") or found[-1] in {"groupe", "group"}):
        found.pop()
    return tuple(found) if any(word not in listed("trades") for word in found) else words


def _distinctive(form: tuple[str, ...]) -> list[str]:
    """Return the one word that stands for a name of several: its last that is no trade and no small word."""
    telling = [
        word
        for word in form
        if word not in listed("trades") and word not in listed("small") and len(word) >= _FEWEST_LETTERS
    ]
    return telling[-1:]


def _initials(form: tuple[str, ...]) -> str:
    return "".join(word[0] for word in form if word not in listed("small")) if len(form) > 1 else ""
