"""Lists of words that tell names apart (``words.toml``)."""

from functools import cache
from pathlib import Path
from tomllib import loads


@cache
def listed(of: str) -> frozenset[str]:
    """Return one list, by its name in the file."""
    return frozenset(_lists()[of].split())


@cache
def _lists() -> dict[str, str]:
    return loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
