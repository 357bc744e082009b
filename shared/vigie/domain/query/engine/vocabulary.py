"""Numbers for everything a query can ask of a document: its *facts*.

A fact is a token (``airbus``), a tag or handle (``#airbus``), a pattern (``airb*``), one of these in one field
(``title:airbus``), or a filter's value (``lang:fr``). They cannot be mistaken for each other: tokens hold neither
a colon nor a wildcard.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vigie.domain.query.engine.patterns import Patterns
from vigie.domain.query.occurrences import is_pattern
from vigie.domain.query.prepared import FIELDS


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of a compiled file: their names (UTF-8), which are patterns, and those that stand in one field.

    Facts are numbered from 1. ``scoped`` holds, field after field, pairs of a fact and the same in that field.
    """

    names: Sequence[bytes] = ()
    patterns: Sequence[int] = ()
    scoped: tuple[Sequence[int], ...] = ((),) * len(FIELDS)


class Vocabulary:
    """Facts by name: those of a compiled file, and those added since.

    ``numbers`` are all of them by name; ``scoped`` holds for each field what a fact is called in it.
    """

    def __init__(self, known: Known | None = None) -> None:
        known = known or Known()
        self._names = list(known.names)
        self.numbers = dict(zip(self._names, range(1, len(self._names) + 1), strict=True))
        self.patterns = Patterns()
        for number in known.patterns:
            self.patterns.add(self.name(number), number)
        self.scoped: tuple[dict[int, int], ...] = tuple(
            dict(zip(pairs[::2], pairs[1::2], strict=True)) for pairs in known.scoped
        )

    def __len__(self) -> int:
        return len(self._names)

    def number(self, name: str) -> int:
        """Return a fact's number, 0 when no query asks for it."""
        return self.numbers.get(name.encode("utf-8", "surrogatepass"), 0)

    def name(self, number: int) -> str:
        """Return the name of a fact."""
        return self._names[number - 1].decode()

    def written(self, number: int) -> bytes:
        """Return the name of a fact in UTF-8."""
        return self._names[number - 1]

    def add(self, name: str) -> int:
        """Return a fact's number, giving it one when it has none."""
        written = name.encode()
        number = self.numbers.setdefault(written, len(self._names) + 1)
        if number > len(self._names):
            self._names.append(written)
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
            names=tuple(self._names),
            patterns=[n for n, name in enumerate(names, 1) if ":" not in name and is_pattern(name)],
            scoped=tuple([each for pair in pairs.items() for each in pair] for pairs in self.scoped),
        )
