"""Finding in a document the facts that queries ask for.

A text is cut at white space, and what its pieces say is remembered: language repeats itself, so that nearly all of a
document is known before it is read, and asking about a piece is looking it up. Tokens and their places are worked out
only when some query's phrase, window or NEAR asks where.
"""

import re
from collections.abc import Callable
from functools import cached_property

from vigie.domain.query.bits import bits
from vigie.domain.query.engine.cutting import Cut, Cutter, says_nothing, tokens_of_piece
from vigie.domain.query.engine.vocabulary import Vocabulary
from vigie.domain.query.filters import host_name, host_of
from vigie.domain.query.occurrences import is_pattern, pattern_of
from vigie.domain.query.prepared import FIELDS, QueryDocument

AUTHOR = FIELDS.index("author")
ANY_TEXT = -1  # title, summary and body
_SIGNS = b"#@"

# Wider than any NEAR (100) or window (100 and its 8 words) can reach, so that neither spans two fields.
FIELD_GAP = 128

_MEMO_LIMIT = 300_000  # pieces and values remembered
_PIECE_LIMIT = 40  # longer ones (addresses, unspaced scripts) do not come again
_AUTHOR_LIMIT = 100  # as much for what signs a document
_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?:[/?#]|\Z)")


class Recognised:
    """What queries see of one document: the facts it holds, and where its tokens stand.

    ``held`` are the facts (and 0, which everything holds). Positions are bits of whole numbers: bit ``p`` is token
    ``p`` of title, summary, body and author one after the other, ``FIELD_GAP`` apart.
    """

    def __init__(self, document: QueryDocument, held: set[int], recogniser: "Recogniser") -> None:
        self.document = document
        self.held = held
        self._recogniser = recogniser

    @cached_property
    def _texts(self) -> list[Cut]:
        return list(map(self._recogniser.cut, self.document.published))

    @cached_property
    def _masks(self) -> dict[tuple[int, int], int]:
        return {}

    @cached_property
    def starts(self) -> tuple[int, int, int, int]:
        """Where title, summary, body and author begin."""
        title, summary, body, _ = self._texts
        after_title = len(title.forms) + FIELD_GAP
        after_summary = after_title + len(summary.forms) + FIELD_GAP
        return (0, after_title, after_summary, after_summary + len(body.forms) + FIELD_GAP)

    def mask(self, fact: int, field: int) -> int:
        """Return the positions of a token or pattern in a field (or ``ANY_TEXT``), as bits."""
        key = fact, field
        mask = self._masks.get(key)
        if mask is None:
            mask = self._masks[key] = self._mask(fact, field)
        return mask

    def _mask(self, fact: int, field: int) -> int:
        if field != AUTHOR and fact not in self.held:
            return 0
        fields = range(AUTHOR) if field == ANY_TEXT else (field,)
        name = self._recogniser.name(fact)
        places = _places_of_pattern if name[0] in _SIGNS or is_pattern(name.decode()) else _places_of_word
        return bits(
            [self.starts[each] + place for each in fields for place in places(name, self._texts[each])]
        )


def _places_of_word(name: bytes, text: Cut) -> list[int]:
    places, found = [], -1
    for _ in range(text.forms.count(name)):
        found = text.forms.index(name, found + 1)
        places.append(found)
    return places


def _places_of_pattern(name: bytes, text: Cut) -> list[int]:
    """Return where tokens or tags answer a pattern, or tags a tag."""
    answers = _test_of(name)
    places = [place for place, form in enumerate(text.forms) if answers(form)]
    return [*places, *(place for place, tag in text.tags if answers(tag))]


def _test_of(name: bytes) -> Callable[[bytes], bool]:
    """Return what tells whether a token or tag of a document answers one of a query."""
    written = name.decode()
    if not is_pattern(written):
        return name.__eq__
    if "?" not in written:
        prefix = name[:-1]
        return lambda form: form.startswith(prefix)
    fits = pattern_of(written).fullmatch
    return lambda form: fits(form.decode()) is not None


class Recogniser:
    """Turns documents into what a vocabulary's queries see of them. ``forget`` when the vocabulary grows."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.cut = Cutter()
        self.name = vocabulary.written
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered of the vocabulary."""
        self._codes = _Codes(self._vocabulary)
        self._scoped = [
            (number, scoped, frozenset(scoped))
            for number, scoped in enumerate(self._vocabulary.scoped)
            if scoped and number != AUTHOR
        ]
        self._values: dict[tuple[str, str, str, frozenset[str]], tuple[int, ...]] = {}
        self._hosts: dict[str, tuple[int, ...]] = {}
        self._authors: dict[str, tuple[int, ...]] = {}

    def __call__(self, document: QueryDocument) -> Recognised:
        """Return what queries see of ``document``."""
        if len(self._codes) + len(self._values) + len(self._hosts) + len(self._authors) > _MEMO_LIMIT:
            self.forget()
        title, summary, body, author = document.published
        pieces = set(body.split())
        pieces.update(title.split(), summary.split())
        held = self._held(pieces)
        for number, scoped, facts in self._scoped:
            if not facts.isdisjoint(held):
                here = self._held(set(document.published[number].split()))
                held.update([scoped[fact] for fact in here & facts])
        held.update((0, *self._of_author(author), *self._of_values(document)))
        return Recognised(document, held, self)

    def _held(self, pieces: set[str]) -> set[int]:
        """Return the facts that the tokens and tags in pieces of text answer."""
        codes = self._codes
        held = set(map(codes.__getitem__, pieces - codes.silent))
        if several := [code for code in held if code < 0]:
            held.difference_update(several)
            held.update(*map(codes.several.__getitem__, several))
        return held

    def _of_author(self, author: str) -> tuple[int, ...]:
        """Return the facts that a document's author answers. The same ones sign often."""
        facts = self._authors.get(author)
        if facts is None:
            scoped = self._vocabulary.scoped[AUTHOR]
            here = self._held(set(author.split())) if scoped else set()
            facts = tuple(scoped[fact] for fact in here & scoped.keys())
            if len(author) <= _AUTHOR_LIMIT:
                self._authors[author] = facts
        return facts

    def _of_values(self, document: QueryDocument) -> list[int]:
        """Return the facts that a document's filters answer."""
        key = document.language, document.platform, document.type, document.holds
        values = self._values.get(key)
        if values is None:
            values = self._values[key] = self._read_values(*key)
        host = document.host if document.site else _address(document.url)
        found = [*values, *self._of_host(f"site:{host}")]
        for link in document.links:
            found += self._of_host(f"links:{_address(link)}")
        return found

    def _read_values(self, language: str, platform: str, kind: str, holds: frozenset[str]) -> tuple[int, ...]:
        names = [
            f"lang:{language}",
            f"platform:{platform}",
            f"type:{kind}",
            *(f"has:{each}" for each in holds),
        ]
        return tuple(filter(None, map(self._vocabulary.number, names)))

    def _of_host(self, name: str) -> tuple[int, ...]:
        """Return the facts of a host and of those it is under."""
        facts = self._hosts.get(name)
        if facts is None:
            filter_name, _, host = name.partition(":")
            labels = host.split(".") if host else []
            names = [f"{filter_name}:{'.'.join(labels[index:])}" for index in range(len(labels))]
            facts = self._hosts[name] = tuple(filter(None, map(self._vocabulary.number, names)))
        return facts


class _Codes(dict[str, int]):
    """What pieces of text without white space answer, kept as it is worked out.

    A fact's number, or the code of ``several``, below 0; ``silent`` are the pieces that answer nothing (0).
    """

    __slots__ = ("_codes", "_vocabulary", "several", "silent")

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._codes: dict[tuple[int, ...], int] = {}
        self.several: dict[int, tuple[int, ...]] = {}
        self.silent: set[str] = set()

    def __len__(self) -> int:
        return super().__len__() + len(self.silent) + len(self.several)

    def __missing__(self, piece: str) -> int:
        if says_nothing(piece):
            return 0
        code = self._code({fact for token in tokens_of_piece(piece) for fact in self._facts_of(token)})
        if len(piece) > _PIECE_LIMIT:
            return code
        if code:
            self[piece] = code
        else:
            self.silent.add(piece)
        return code

    def _code(self, facts: set[int]) -> int:
        if len(facts) < 2:
            return next(iter(facts), 0)
        key = tuple(sorted(facts))
        code = self._codes.setdefault(key, -1 - len(self._codes))
        self.several[code] = key
        return code

    def _facts_of(self, token: bytes) -> list[int]:
        """Return the facts that a token or tag answers."""
        facts = self._vocabulary.patterns.answered_by(token.decode())
        if number := self._vocabulary.number_of(token):
            facts.append(number)
        return facts


def _address(url: str) -> str:
    """Return the host of a URL as ``host_of`` does, sooner when it is written plainly."""
    plain = _PLAIN_HOST.match(url)
    return host_name(plain[1]) if plain else host_of(url)
