"""Finding in a document the facts that queries ask for.

A document is cut at white space, and each piece is looked up whole in a memo: cleaning, tokens, folding and
wildcards are paid once for each distinct piece. That is exact, because nothing in the language's characters and
tokens reaches across white space.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import chain

from vigie.domain.query.engine.vocabulary import Vocabulary
from vigie.domain.query.filters import host_name, host_of
from vigie.domain.query.prepared import FIELDS, QueryDocument
from vigie.domain.query.text import clean_document, fold
from vigie.domain.query.tokens import tokenize

AUTHOR = FIELDS.index("author")
ANY_TEXT = -1  # title, summary and body

# Wider than any NEAR (100) or window (100 and its 8 words) can reach, so that neither spans two fields.
FIELD_GAP = 128

_MEMO_LIMIT = 300_000  # pieces and words remembered, about 50 MB
_PIECE_LIMIT = 40  # longer ones (addresses, unspaced scripts) do not come again

# Pieces of western words and punctuation, in which a token is a run of letters and digits and nothing else.
_LATIN = "A-Za-z0-9À-ÖØ-öø-ÿœŒ"
_PLAIN = re.compile(f"[{_LATIN}.,;:!?()\\[\\]\"'’«»…–—%€$+=/-]*")
_WORDS = re.compile(f"[{_LATIN}]+")
_ADDRESS = re.compile(r"https?://[!#-%'-;=?-~]+")  # ASCII; no quote, <, > (which end it) nor & (an entity)
_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?:[/?#]|\Z)")
_UNKNOWN = (0,)  # one position that no query asks about


class Recognised:
    """What queries see of one document: the facts it holds, and where its tokens stand.

    ``held`` are the facts. Positions are bits of whole numbers: bit ``p`` is token ``p`` of title, summary, body
    and author one after the other, ``FIELD_GAP`` apart.
    """

    __slots__ = ("_author", "_codes", "_masks", "_places", "_several", "document", "held", "starts")

    def __init__(
        self,
        document: QueryDocument,
        codes: Sequence[list[int]],
        held: set[int],
        several: Mapping[int, tuple[int, ...]],
    ) -> None:
        self.document = document
        self.held = held
        self._codes = codes
        self._several = several
        self._places: dict[int, list[int]] | None = None
        self._author: dict[int, list[int]] | None = None
        self._masks: dict[tuple[int, int], int] = {}
        starts = [0]
        for field in codes[:AUTHOR]:
            starts.append(starts[-1] + len(field) + FIELD_GAP)
        self.starts = starts

    def mask(self, fact: int, field: int) -> int:
        """Return the positions of a token or pattern in a field (or ``ANY_TEXT``), as bits."""
        key = fact, field
        mask = self._masks.get(key)
        if mask is None:
            mask = self._masks[key] = self._mask(fact, field)
        return mask

    def _mask(self, fact: int, field: int) -> int:
        if field == AUTHOR:
            if self._author is None:
                self._author = self._places_in(range(AUTHOR, AUTHOR + 1))
            return bits(self._author.get(fact, ()))
        if fact not in self.held:
            return 0
        if self._places is None:
            self._places = self._places_in(range(AUTHOR))
        mask = bits(self._places.get(fact, ()))
        return mask if field == ANY_TEXT else mask & self._extent(field)

    def _extent(self, field: int) -> int:
        return ((1 << len(self._codes[field])) - 1) << self.starts[field]

    def _places_in(self, fields: range) -> dict[int, list[int]]:
        places: defaultdict[int, list[int]] = defaultdict(list)
        for field in fields:
            for position, code in enumerate(self._codes[field], self.starts[field]):
                if code:
                    places[code].append(position)
        for code in [code for code in places if code < 0]:
            for fact in self._several[code]:
                places[fact] += places[code]
        return places


class Recogniser:
    """Turns documents into what a vocabulary's queries see of them. ``forget`` when the vocabulary grows."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered."""
        self._pieces = _Memo(self._read_piece)
        self._words = _Memo(self._read_word)
        self._facts = _Memo(self._read_fact)
        self._hosts = _Memo(self._read_host)
        self._several: dict[int, tuple[int, ...]] = {}
        self._codes: dict[tuple[int, ...], int] = {}

    def __call__(self, document: QueryDocument) -> Recognised:
        """Return what queries see of ``document``."""
        if len(self._pieces) + len(self._words) + len(self._facts) + len(self._hosts) > _MEMO_LIMIT:
            self.forget()
        of_piece = self._pieces.__getitem__
        title, summary, body, _ = codes = [
            list(chain.from_iterable(map(of_piece, text.split()))) if text else []
            for text in document.published
        ]
        held = {*title, *summary, *body}
        self._spread(held)
        for field, scoped in enumerate(self._vocabulary.scoped):
            if scoped and codes[field]:
                here = set(codes[field])
                self._spread(here)
                held.update([scoped[fact] for fact in here & scoped.keys()])
        held.update(self._filtered(document))
        return Recognised(document, codes, held, self._several)

    def _spread(self, held: set[int]) -> None:
        """Add, for each code of several facts, these facts."""
        several = self._several
        for code in [code for code in held if code < 0]:
            held.update(several[code])

    def _filtered(self, document: QueryDocument) -> list[int]:
        facts = self._facts
        found = [
            *facts[f"lang:{document.language}"],
            *facts[f"platform:{document.platform}"],
            *facts[f"type:{document.type}"],
            *self._hosts[f"site:{_address(document.url)}"],
        ]
        for medium in document.holds:
            found += facts[f"has:{medium}"]
        for link in document.links:
            found += self._hosts[f"links:{_address(link)}"]
        return found

    def _read_fact(self, name: str) -> tuple[int, ...]:
        number = self._vocabulary.number(name)
        return (number,) if number else ()

    def _read_host(self, name: str) -> tuple[int, ...]:
        """Return the facts of a host and of those it is under."""
        filter_name, _, host = name.partition(":")
        labels = host.split(".") if host else []
        names = [f"{filter_name}:{'.'.join(labels[index:])}" for index in range(len(labels))]
        return tuple(filter(None, map(self._vocabulary.number, names)))

    def _read_piece(self, piece: str) -> tuple[int, ...]:
        if _PLAIN.fullmatch(piece) and "//" not in piece and "ww." not in piece.lower():
            words = _WORDS.findall(piece)
            return (
                self._words[words[0]]
                if len(words) == 1
                else tuple(chain(*map(self._words.__getitem__, words)))
            )
        if _ADDRESS.fullmatch(piece):
            return _UNKNOWN
        tokens = tokenize(clean_document(piece).text)
        return tuple(
            self._code(self._vocabulary.of_token(token.form, token.tag)) if token.form else 0
            for token in tokens
        )

    def _read_word(self, word: str) -> tuple[int, ...]:
        code = self._code(self._vocabulary.of_token(fold(word)))
        return (code,) if code else _UNKNOWN

    def _code(self, facts: tuple[int, ...]) -> int:
        """Return one number for what a token answers: 0 nothing, the fact alone, or below 0 for several."""
        if len(facts) < 2:
            return facts[0] if facts else 0
        code = self._codes.setdefault(facts, -1 - len(self._codes))
        self._several[code] = facts
        return code


class _Memo(dict[str, tuple[int, ...]]):
    """Answers kept as they are worked out, those of short keys."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[str], tuple[int, ...]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: str) -> tuple[int, ...]:
        answer = self._read(key)
        if len(key) <= _PIECE_LIMIT:
            self[key] = answer
        return answer


def _address(url: str) -> str:
    """Return the host of a URL as ``host_of`` does, sooner when it is written plainly."""
    plain = _PLAIN_HOST.match(url)
    return host_name(plain[1]) if plain else host_of(url)


def bits(positions: Sequence[int]) -> int:
    """Return the number that has these bits."""
    if len(positions) < 8:
        return reduce(lambda mask, position: mask | 1 << position, positions, 0)
    packed = bytearray((max(positions) >> 3) + 1)
    for position in positions:
        packed[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(packed, "little")
