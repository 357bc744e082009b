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

_NOTHING = StringTable.of(())


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of a compiled file: their names, which are patterns, and those that stand in one field.

    ``scoped`` holds, field after field, pairs of a fact and the same fact in that field.
    """

    names: StringTable = _NOTHING
    patterns: Sequence[int] = ()
    scoped: tuple[Sequence[int], ...] = ((),) * len(FIELDS)


class Vocabulary:
    """Facts by name: those of a compiled file, and those added since."""

    def __init__(self, known: Known | None = None) -> None:
        self.known = known or Known()
        self._added: dict[str, int] = {}
        self._names: list[str] = []
        self._patterns = Patterns()
        for number in self.known.patterns:
            self._patterns.add(self.known.names.string(number), number)
        self.scoped: tuple[dict[int, int], ...] = tuple(
            dict(zip(pairs[::2], pairs[1::2], strict=True)) for pairs in self.known.scoped
        )

    def __len__(self) -> int:
        return len(self.known.names) + len(self._names)

    def number(self, name: str) -> int:
        """Return a fact's number, 0 when no query asks for it."""
        return self._added.get(name) or self.known.names.number(name)

    def name(self, number: int) -> str:
        """Return the name of a fact."""
        first = len(self.known.names) + 1
        return self._names[number - first] if number >= first else self.known.names.string(number)

    def add(self, name: str) -> int:
        """Return a fact's number, giving it one when it has none."""
        number = self.number(name)
        if not number:
            self._names.append(name)
            number = self._added[name] = len(self)
        return number

    def add_token(self, form: str, field: str | None = None) -> int:
        """Return the number of a query's token, in one field or in title, summary and body."""
        number = self.number(form)
        if not number:
            number = self.add(form)
            if is_pattern(form):
                self._patterns.add(form, number)
        if field is None:
            return number
        in_field = self.add(f"{field}:{form}")
        self.scoped[FIELDS.index(field)][number] = in_field
        return in_field

    def of_token(self, form: str, tag: str = "") -> tuple[int, ...]:
        """Return the numbers of all that a document's token answers, itself or by the tag that it carries."""
        found = []
        for name in (form, tag) if tag else (form,):
            if number := self.number(name):
                found.append(number)
            found += self._patterns.answered_by(name)
        return tuple(found)

    def all_known(self) -> Known:
        """Return every fact, to be kept in a file."""
        names = [self.name(number) for number in range(1, len(self) + 1)]
        return Known(
            names=StringTable.of(names),
            patterns=[n for n, name in enumerate(names, 1) if ":" not in name and is_pattern(name)],
            scoped=tuple([each for pair in pairs.items() for each in pair] for pairs in self.scoped),
        )
