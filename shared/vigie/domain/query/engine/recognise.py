"""Finding in a document the facts that queries ask for."""

import re
import sys
from array import array
from collections.abc import Callable, Sequence
from itertools import chain

from vigie.domain.query.bits import bits
from vigie.domain.query.engine.cutting import TAGGED, Cutter
from vigie.domain.query.engine.vocabulary import Vocabulary
from vigie.domain.query.filters import host_name, host_of
from vigie.domain.query.prepared import FIELDS, QueryDocument

AUTHOR = FIELDS.index("author")
ANY_TEXT = -1  # title, summary and body

# Wider than any NEAR (100) or window (100 and its 8 words) can reach, so that neither spans two fields.
FIELD_GAP = 128

_MEMO_LIMIT = 300_000  # answers remembered
_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?:[/?#]|\Z)")


class Recognised:
    """What queries see of one document: the facts it holds, and where its tokens stand.

    ``held`` are the facts. Positions are bits of whole numbers: bit ``p`` is token ``p`` of title, summary, body
    and author one after the other, ``FIELD_GAP`` apart.
    """

    __slots__ = ("_codes", "_masks", "_packed", "_tokens", "document", "held", "starts")

    def __init__(
        self,
        document: QueryDocument,
        tokens: Sequence[list[bytes]],
        held: set[int],
        codes: "Codes",
    ) -> None:
        self.document = document
        self.held = held
        self._tokens = tokens
        self._codes = codes
        self._masks: dict[tuple[int, int], int] = {}
        self._packed: list[array[int]] = []
        title, summary, body, _ = map(len, tokens)
        after_title = title + FIELD_GAP
        after_summary = after_title + summary + FIELD_GAP
        self.starts = (0, after_title, after_summary, after_summary + body + FIELD_GAP)

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
        if not self._packed:
            self._packed = [array("i", map(self._codes.__getitem__, tokens)) for tokens in self._tokens]
        fields = range(AUTHOR) if field == ANY_TEXT else (field,)
        return bits([place for each in fields for place in self._places(fact, each)])

    def _places(self, fact: int, field: int) -> list[int]:
        """Return where a field holds a fact: its packed codes are searched as a text is, which nothing outruns."""
        codes, several, start = self._packed[field], self._codes.several, self.starts[field]
        content = codes.tobytes()
        carriers = [code for code in set(codes) if code < 0 and fact in several[code]]
        places = []
        for code in (fact, *carriers):
            wanted = code.to_bytes(4, sys.byteorder, signed=True)
            found = content.find(wanted)
            while found >= 0:
                if not found & 3:
                    places.append(start + (found >> 2))
                    found += 3
                found = content.find(wanted, found + 1)
        return places


class Recogniser:
    """Turns documents into what a vocabulary's queries see of them. ``forget`` when the vocabulary grows."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._cutter = Cutter()
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered of the vocabulary."""
        self._answers = _Answers(self._facts_of)
        self._facts: _Memo = _Memo(self._read_fact)
        self._hosts: _Memo = _Memo(self._read_host)
        self._codes = Codes(self._facts_of)

    def __call__(self, document: QueryDocument) -> Recognised:
        """Return what queries see of ``document``."""
        if len(self._answers) + len(self._facts) + len(self._hosts) > _MEMO_LIMIT:
            self.forget()
        tokens = [self._cutter(text) if text else [] for text in document.published]
        title, summary, body, _ = tokens
        held = self._held({*title, *summary, *body})
        for field, scoped in enumerate(self._vocabulary.scoped):
            if scoped and tokens[field]:
                here = self._held(set(tokens[field]))
                held.update([scoped[fact] for fact in here & scoped.keys()])
        held.update(self._filtered(document))
        return Recognised(document, tokens, held, self._codes)

    def _held(self, tokens: set[bytes]) -> set[int]:
        """Return the facts that tokens answer."""
        answers = self._answers
        return set(chain.from_iterable(map(answers.__getitem__, tokens - answers.silent)))

    def _facts_of(self, token: bytes) -> tuple[int, ...]:
        """Return all that a token answers, itself or by the tag that it carries."""
        names = token.split(TAGGED)
        known = [number for name in names if (number := self._vocabulary.numbers.get(name))]
        return (
            *known,
            *chain.from_iterable(self._vocabulary.patterns.answered_by(name.decode()) for name in names),
        )

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


class Codes(dict[bytes, int]):
    """A token's code: 0 when it answers nothing, its fact when it answers one, and a number below 0 for several.

    ``several`` are these, by code.
    """

    __slots__ = ("_facts_of", "_given", "several")

    def __init__(self, facts_of: Callable[[bytes], tuple[int, ...]]) -> None:
        super().__init__()
        self._facts_of = facts_of
        self._given: dict[tuple[int, ...], int] = {}
        self.several: dict[int, tuple[int, ...]] = {}

    def __missing__(self, token: bytes) -> int:
        facts = self._facts_of(token)
        if len(facts) < 2:
            code = facts[0] if facts else 0
        else:
            code = self._given.setdefault(facts, -1 - len(self._given))
            self.several[code] = facts
        self[token] = code
        return code


class _Answers(dict[bytes, tuple[int, ...]]):
    """The facts that tokens answer, kept as they are worked out; ``silent`` are the tokens that answer none."""

    __slots__ = ("_facts_of", "silent")

    def __init__(self, facts_of: Callable[[bytes], tuple[int, ...]]) -> None:
        super().__init__()
        self._facts_of = facts_of
        self.silent: set[bytes] = set()

    def __len__(self) -> int:
        return super().__len__() + len(self.silent)

    def __missing__(self, token: bytes) -> tuple[int, ...]:
        facts = self._facts_of(token)
        if facts:
            self[token] = facts
        else:
            self.silent.add(token)
        return facts


class _Memo(dict[str, tuple[int, ...]]):
    """Facts by name, kept as they are worked out."""

    __slots__ = ("_read",)

    def __init__(self, read: Callable[[str], tuple[int, ...]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, name: str) -> tuple[int, ...]:
        facts = self[name] = self._read(name)
        return facts


def _address(url: str) -> str:
    """Return the host of a URL as ``host_of`` does, sooner when it is written plainly."""
    plain = _PLAIN_HOST.match(url)
    return host_name(plain[1]) if plain else host_of(url)
