"""Numbers for everything a query can ask of a document: its *facts*.

A fact is a token (``airbus``), a tag or handle (``#airbus``), a pattern (``airb*``), one of these in one field
(``title:airbus``), or a filter's value (``lang:fr``). They cannot be mistaken for each other: tokens hold neither
a colon nor a wildcard.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.domain.query.engine.patterns import Patterns
from vigie.domain.query.engine.table import StringTable
from vigie.domain.query.occurrences import is_pattern
from vigie.domain.query.prepared import FIELDS

_NO_NAMES = StringTable.of(())


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of a compiled file: their names, which are patterns, and those that stand in one field.

    Facts are numbered from 1. ``scoped`` holds, field after field, pairs of a fact and the same in that field.
    """

    names: StringTable = _NO_NAMES
    patterns: Sequence[int] = ()
    scoped: tuple[Sequence[int], ...] = ((),) * len(FIELDS)


class Vocabulary:
    """Facts by name: those of a compiled file, used as they lie in it, and those added since.

    ``added`` are the latter by name (UTF-8); ``scoped`` holds for each field what a fact is called in it.
    """

    def __init__(self, known: Known | None = None) -> None:
        known = known or Known()
        self._known = known.names
        self._base = len(known.names)
        self._names: list[bytes] = []
        self.added: dict[bytes, int] = {}
        self.patterns = Patterns()
        for number in known.patterns:
            self.patterns.add(self.name(number), number)
        self.scoped: tuple[dict[int, int], ...] = tuple(
            dict(zip(pairs[::2], pairs[1::2], strict=True)) for pairs in known.scoped
        )

    def __len__(self) -> int:
        return self._base + len(self._names)

    def number(self, name: str) -> int:
        """Return a fact's number, 0 when no query asks for it."""
        return self.number_of(name.encode("utf-8", "surrogatepass"))

    def number_of(self, written: bytes) -> int:
        """Return the number of a fact whose name is given in UTF-8, 0 when no query asks for it."""
        return self.added.get(written) or (self._known.number(written) if self._base else 0)

    def name(self, number: int) -> str:
        """Return the name of a fact."""
        return self.written(number).decode()

    def written(self, number: int) -> bytes:
        """Return the name of a fact in UTF-8."""
        if number <= self._base:
            return self._known.written(number)
        return self._names[number - self._base - 1]

    def add(self, name: str) -> int:
        """Return a fact's number, giving it one when it has none."""
        written = name.encode()
        number = self.number_of(written)
        if not number:
            self._names.append(written)
            number = self.added[written] = len(self)
        return number

    def add_token(self, form: str, field: str | None = None) -> int:
        """Return the number of a query's token, in one field or in title, summary and body."""
        number = self.add(form)
        if is_pattern(form):
            self.patterns.add(form, number)
        if field is None:
            return number
        in_field = self.add(f"{field}:{form}")
        self.scoped[FIELDS.index(field)][number] = in_field
        return in_field

    def all_known(self) -> Known:
        """Return every fact, to be kept in a file."""
        names = [self.name(number) for number in range(1, len(self) + 1)]
        return Known(
            names=StringTable.of([name.encode() for name in names]),
            patterns=[n for n, name in enumerate(names, 1) if ":" not in name and is_pattern(name)],
            scoped=tuple([each for pair in pairs.items() for each in pair] for pairs in self.scoped),
        )
