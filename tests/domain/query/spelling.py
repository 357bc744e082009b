"""Queries as people write them: one tree, many spellings, and the same meaning whatever the spelling."""

import re
from random import Random

from tests.domain.query.reference import Tree

_OR, _AND, _NOT, _NEAR, _PRIM = range(5)
_BARE = re.compile(r'(?![-"])(?!\w+:)[^\s()"“”„«»]+')
_OPERATORS = re.compile(r"AND|OR|NOT|O?NEAR(/.*)?")
_QUOTES = ('"{}"', '"{}"', "“{}”", "«{}»", "„{}“", "« {} »")


def spelled(tree: Tree, seed: int) -> str:
    """Return the tree as a query; ``seed`` chooses among the spellings."""
    return _Speller(Random(seed)).write(tree, _OR)


def _is_filter(tree: Tree) -> bool:
    return tree[0] == "filter" or (tree[0] == "not" and tree[1][0] == "filter")


class _Speller:
    """Writes a tree with no more parentheses than its neighbours need, except now and then."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def write(self, tree: Tree, level: int) -> str:
        """Return the tree as an operand of something that binds as ``level`` does."""
        written, own = self._written(tree, level)
        if own >= level and (own == _PRIM or self._random.random() < 0.9):
            return written
        return self._pick(f"({written})", f"( {written} )")

    def _pick(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _written(self, tree: Tree, level: int) -> tuple[str, int]:
        match tree:
            case ("or", *operands):
                return " OR ".join(self.write(operand, _AND) for operand in operands), _OR
            case ("and", ("or", *_) as choice, *filters) if level == _OR and all(map(_is_filter, filters)):
                return self._group(choice, filters), _OR
            case ("and", *operands):
                has_filter = any(map(_is_filter, operands))  # with a space, it would be the whole group's
                joiner = " AND " if has_filter else self._pick(" AND ", " ", "  ", "\n")
                return joiner.join(self.write(operand, _NOT) for operand in operands), _AND
            case ("not", operand):
                sign = self._pick("-", "NOT ")
                return sign + self.write(operand, _NEAR if sign == "-" else _NOT), _NOT
            case ("near", left, right, distance, ordered):
                operator = ("ONEAR" if ordered else "NEAR") + ("" if distance == 10 else f"/{distance}")
                return f"{self.write(left, _NEAR)} {operator} {self.write(right, _PRIM)}", _NEAR
            case _:
                return self._prim(tree), _PRIM

    def _group(self, choice: Tree, filters: list[Tree]) -> str:
        """Return a choice with the filters of the whole group, before it and after it."""
        first = self._random.randint(0, len(filters))
        written = [self._filter(each) for each in filters]
        return " ".join([*written[:first], self._written(choice, _AND)[0], *written[first:]])

    def _filter(self, tree: Tree) -> str:
        return self._pick("-", "NOT ") + self._prim(tree[1]) if tree[0] == "not" else self._prim(tree)

    def _prim(self, tree: Tree) -> str:
        match tree:
            case ("in", field, operand):
                return f"{self._pick(field, field.title(), field.upper())}:{self.write(operand, _PRIM)}"
            case ("filter", name, values):
                if len(values) == 1 and self._random.random() < 0.8:
                    return f"{name}:{values[0]}"
                return f"{name}:({' OR '.join(values)})"
            case ("raw", text):
                return f"raw:{self._string(text, _QUOTES[:-1])}"  # its spaces count
            case ("slop", text, distance):
                return f'"{text}"~{distance}'
            case ("term", text):
                return self._string(text)
        raise AssertionError(tree)

    def _string(self, text: str, quotes: tuple[str, ...] = _QUOTES) -> str:
        if _BARE.fullmatch(text) and not _OPERATORS.fullmatch(text) and self._random.random() < 0.7:
            return text
        return self._random.choice(quotes).format(text)
