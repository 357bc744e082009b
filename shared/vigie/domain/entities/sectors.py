"""The trades that words belong to (``sectors.toml``): whether a document speaks of an entity's, or of another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from tomllib import loads
from typing import Final

_STEM_LETTERS: Final = 7
_FEWEST_LETTERS: Final = 3
_MOST: Final = 2  # words, beyond which more say nothing more
_KEPT_WORDS: Final = 1 << 12


def sectors_of(words: Iterable[str]) -> frozenset[str]:
    """Return the trades that some folded words belong to."""
    known = _sectors()
    return frozenset(sector for word in words for sector in known.get(_stem(word), ()))


def field_signs(words: Iterable[str], own: frozenset[str]) -> set[str]:
    """Return how many words of a document are of the trades of an entity, and how many of the one most told besides.

    ``words`` are folded; ``own`` are the trades of the entity, none where nobody said what it is.
    """
    told = _told(words)
    others = max((len(stems) for sector, stems in told.items() if sector not in own), default=0)
    other = f"field-other:{min(others, _MOST)}"
    if not own:
        return {"field:unknown", other}
    same = max((len(stems) for sector, stems in told.items() if sector in own), default=0)
    most = "own" if same > others else "other" if others > same else "even" if same else "none"
    return {f"field:{min(same, _MOST)}", other, f"field-most:{most}"}


def _told(words: Iterable[str]) -> Mapping[str, set[str]]:
    """Return the beginnings of words by the trades that they tell of."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for stem, sectors in filter(None, map(_sectors_of_word, words)):
        for sector in sectors:
            told[sector].add(stem)
    return told


@lru_cache(maxsize=_KEPT_WORDS)
def _sectors_of_word(word: str) -> tuple[str, tuple[str, ...]] | None:
    stem = _stem(word)
    sectors = _sectors().get(stem) if len(word) >= _FEWEST_LETTERS else None
    return (stem, sectors) if sectors else None


def _stem(word: str) -> str:
    """Return the beginning of a word, which its family shares, whatever its number."""
    return word.rstrip("sx")[:_STEM_LETTERS]


@cache
def _sectors() -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    lists = loads((Path(__file__).parent / "sectors.toml").read_text(encoding="utf-8"))
    for sector, words in lists.items():
        for stem in sorted({_stem(word) for word in words.split()}):
            found[stem].append(sector)
    return {stem: tuple(sectors) for stem, sectors in found.items()}
