"""What to look for on behalf of a business, and which words tell its namesakes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from vigie.domain.backtest import BackTest, Sample
from vigie.domain.exclusions import Sample as Text
from vigie.domain.query import parse
from vigie.domain.query.builder import Wishes, query_of
from vigie.domain.query.nodes import And, Near, Node, Or, Term
from vigie.domain.query.prepared import QueryDocument
from vigie.domain.query.text import fold
from vigie.domain.signing_up.companies import Company, Trade, words_of

About = Literal["town_and_trade", "town", "trade"]

CHIPS = 8
EXCLUDED_LIMIT = 12


@dataclass(frozen=True, slots=True)
class Chip:
    """A word that stands near the name in texts shown, as published, and in how many: one may want none of them."""

    word: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What somebody wants to see: a name; the company they mean, by its number; words that tell its namesakes."""

    name: str
    siren: str = ""
    excluded: tuple[str, ...] = ()
    with_town: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What is said around a business, and of what exactly."""

    about: About
    found: BackTest


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What there is to show: ``companies`` may be meant while ``company`` is None.

    ``register_answers`` tells none found from a register that could not be asked.
    """

    looked: Looked
    company: Company | None
    companies: tuple[Company, ...]
    register_answers: bool
    found: BackTest
    chips: tuple[Chip, ...]
    around: Around | None


def wishes_of_name(name: str, excluded: Sequence[str], town: str = "") -> Wishes:
    """Return what a business's own watch looks for: its name; with ``town``, only where the town is named as well."""
    return Wishes(any=(name,), all=(town,) if town else (), none=tuple(excluded[:EXCLUDED_LIMIT]))


def query_around(town: str, trade: Trade | None) -> str:
    """Return the query for what is said of a town's trade: both must be named. Empty when either is unknown."""
    return query_of(Wishes(any=trade.words, all=(town,))) if town and trade else ""


def query_of_town(town: str) -> str:
    """Return the query for what is said of a town. Empty when it is unknown."""
    return query_of(Wishes(all=(town,))) if town else ""


def query_of_trade(trade: Trade | None) -> str:
    """Return the query for what is said of a trade. Empty when it is unknown."""
    return query_of(Wishes(any=trade.words)) if trade else ""


def chips_of(query: str, samples: Sequence[Sample], own: Collection[str]) -> list[Chip]:
    """Return the words that stand near the name, most telling first: each picks texts that those before do not.

    ``own`` are texts that hold words of the business itself: its name, its town, its trade.
    """
    leaves = list(_terms(parse(query).root))
    known = {word for text in own for word in words_of(text)}
    near = [_text(sample).words_near(leaves) for sample in samples]
    left, chips = set(range(len(near))), list[Chip]()
    words = {word for found in near for word in found} - known
    while left and words and len(chips) < CHIPS:
        best = min(words, key=lambda word: (_distance(word, near, left), word))
        covered = {number for number in left if best in near[number]}
        if not covered:
            break
        chips.append(Chip(_published(best, samples), sum(best in found for found in near)))
        left -= covered
        words.discard(best)
    return chips


def _distance(word: str, near: Sequence[dict[str, int]], left: set[int]) -> tuple[int, int]:
    places = [near[number][word] for number in left if word in near[number]]
    return -len(places), min(places, default=99)


def _terms(node: Node) -> list[Term]:
    match node:
        case And(operands) | Or(operands):
            return [term for operand in operands for term in _terms(operand)]
        case Near(left, right):
            return _terms(left) + _terms(right)
        case Term():
            return [node]
    return []


def _text(sample: Sample) -> Text:
    document = QueryDocument(
        published=(sample.title, sample.extract, "", ""),
        url=sample.url,
        links=(),
        language="",
        platform=sample.platform,
        type="",
        holds=frozenset(),
    )
    return Text(sample.url, document)


def _published(word: str, samples: Sequence[Sample]) -> str:
    """Return a folded word as the first text that holds it writes it."""
    for sample in samples:
        for field in _text(sample).document.fields.values():
            if word in field.places:
                token = field.tokens[field.places[word][0]]
                return field.text[token.start : token.end]
    return fold(word)
