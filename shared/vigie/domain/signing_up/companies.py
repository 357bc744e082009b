"""Companies as the public register knows them, and what their trade is called where people write."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vigie.domain.query.text import fold

_TRADES = Path(__file__).with_name("trades.toml")
_FORMS = frozenset(
    {"sa", "sarl", "sas", "sasu", "eurl", "sci", "snc", "scop", "selarl", "earl", "gaec", "ei", "eirl"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """One company of the register. ``trade_code`` is its main activity (NAF: ``10.71C``), empty when unknown.

    ``signs`` are what its establishments are called on the street. ``is_person``: a self-employed person, whose
    company has the person's own name.
    """

    siren: str
    name: str
    signs: tuple[str, ...] = ()
    town: str = ""
    postcode: str = ""
    trade_code: str = ""
    is_person: bool = False
    is_open: bool = True

    @property
    def trade(self) -> "Trade | None":
        """What it does."""
        return trade_of(self.trade_code)

    def is_called(self, name: str) -> bool:
        """Whether somebody could mean it by ``name``: all of one name's words stand in the other."""
        wanted = words_of(name)
        return any(
            wanted <= known or known <= wanted for known in map(words_of, (self.name, *self.signs)) if known
        )


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade: its name in each language, and the words that texts about it hold."""

    fr: str
    en: str
    words: tuple[str, ...]


def trade_of(code: str) -> Trade | None:
    """Return the trade of an activity code, by its class or else its division; None when we have no words for it."""
    trades = _trades()
    return trades.get(code[:5]) or trades.get(code[:2])


def words_of(name: str) -> frozenset[str]:
    """Return the words of a name that tell it from others: folded, without its legal form."""
    words = "".join(letter if letter.isalnum() else " " for letter in name).split()
    return frozenset(fold(word) for word in words) - _FORMS


@cache
def _trades() -> dict[str, Trade]:
    table = tomllib.loads(_TRADES.read_text("utf-8"))
    return {code: Trade(each["fr"], each["en"], tuple(each["words"])) for code, each in table.items()}
