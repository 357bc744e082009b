"""Finding in a document the facts that queries ask for."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from vigie.domain.query.bits import bits
from vigie.domain.query.engine.cutting import Cut, Cutter
from vigie.domain.query.engine.vocabulary import Vocabulary
from vigie.domain.query.filters import host_name, host_of
from vigie.domain.query.occurrences import is_pattern
from vigie.domain.query.prepared import FIELDS, QueryDocument

AUTHOR = FIELDS.index("author")
ANY_TEXT = -1  # title, summary and body
_SIGNS = b"#@"

# Wider than any NEAR (100) or window (100 and its 8 words) can reach, so that neither spans two fields.
FIELD_GAP = 128

_MEMO_LIMIT = 300_000  # answers remembered
_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?:[/?#]|\Z)")


class Recognised:
    """What queries see of one document: the facts it holds, and where its tokens stand.

    ``held`` are the facts (and 0, which everything holds). Positions are bits of whole numbers: bit ``p`` is token
    ``p`` of title, summary, body and author one after the other, ``FIELD_GAP`` apart.
    """

    __slots__ = ("_masks", "_recogniser", "_texts", "document", "held", "starts")

    def __init__(
        self, document: QueryDocument, texts: Sequence[Cut], held: set[int], recogniser: "Recogniser"
    ) -> None:
        self.document = document
        self.held = held
        self._texts = texts
        self._recogniser = recogniser
        self._masks: dict[tuple[int, int], int] = {}
        title, summary, body, _ = texts
        after_title = len(title.forms) + FIELD_GAP
        after_summary = after_title + len(summary.forms) + FIELD_GAP
        self.starts = (0, after_title, after_summary, after_summary + len(body.forms) + FIELD_GAP)

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
        return bits([place for each in fields for place in self._places(fact, each)])

    def _places(self, fact: int, field: int) -> list[int]:
        text, start = self._texts[field], self.starts[field]
        name = self._recogniser.name(fact)
        if name[0] in _SIGNS or is_pattern(name.decode()):
            carriers = self._recogniser.carriers(fact, {*text.forms, *(tag for _, tag in text.tags)})
            places = [start + position for position, form in enumerate(text.forms) if form in carriers]
            return [*places, *(start + position for position, tag in text.tags if tag in carriers)]
        places, found = [], -1
        for _ in range(text.forms.count(name)):
            found = text.forms.index(name, found + 1)
            places.append(start + found)
        return places


class Recogniser:
    """Turns documents into what a vocabulary's queries see of them. ``forget`` when the vocabulary grows."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._cut = Cutter()
        self.name = vocabulary.written
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered of the vocabulary."""
        self._answers = _Answers(self._facts_of)
        self._facts = _Memo(self._read_fact)
        self._hosts = _Memo(self._read_host)

    def __call__(self, document: QueryDocument) -> Recognised:
        """Return what queries see of ``document``."""
        if len(self._answers) + len(self._facts) + len(self._hosts) > _MEMO_LIMIT:
            self.forget()
        texts = title, summary, body, _ = list(map(self._cut, document.published))
        held = self._held({*title.forms, *summary.forms, *body.forms})
        for text in (title, summary, body):
            if text.tags:
                held |= self._held({tag for _, tag in text.tags})
        for text, scoped in zip(texts, self._vocabulary.scoped, strict=True):
            if scoped and text.forms:
                here = self._held({*text.forms, *(tag for _, tag in text.tags)})
                held.update([scoped[fact] for fact in here & scoped.keys()])
        held.update(self._filtered(document))
        held.add(0)
        return Recognised(document, texts, held, self)

    def carriers(self, fact: int, tokens: Iterable[bytes]) -> set[bytes]:
        """Return those of the tokens that answer a fact."""
        return {token for token in tokens if fact in self._facts_of(token)}

    def _held(self, tokens: set[bytes]) -> set[int]:
        """Return the facts that forms and tags answer."""
        answers = self._answers
        return set(chain.from_iterable(map(answers.__getitem__, tokens - answers.silent)))

    def _facts_of(self, token: bytes) -> tuple[int, ...]:
        number = self._vocabulary.numbers.get(token)
        patterns = self._vocabulary.patterns.answered_by(token.decode())
        return (number, *patterns) if number else tuple(patterns)

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
