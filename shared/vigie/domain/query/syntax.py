"""Reading a query (sections 1 and 5): text in, tree out, or a refusal that says where and why."""

import re
from typing import NamedTuple, NoReturn

from vigie.domain.query.filters import KINDS, KNOWN
from vigie.domain.query.nodes import And, Filter, Near, Node, Not, Or, Query, Raw, conjunction, disjunction
from vigie.domain.query.reader import CLOSE, END, MINUS, OPEN, OPERATOR, PREFIX, QUOTE, WORD, Reader
from vigie.domain.query.terms import read_phrase, read_raw, read_slop

NEAR_LIMIT = 100
NEAR_DEFAULT = 10

_VALUE_OR = re.compile(r" OR ")
_FIELDS = {"title": "title", "summary": "summary", "body": "body", "text": None, "author": "author"}
_KNOWN_FIELDS = ", ".join([*_FIELDS, *KINDS, "raw"])
_LOWERCASE = frozenset({"and", "or", "et", "ou", "not", "near"})


def parse(text: str) -> Query:
    """Return the query that ``text`` writes.

    Raises BadQuery with a code of section 5 and the position, in characters of ``text``, of what is wrong.
    The time is linear in the length of the text, whatever it holds.
    """
    return _Parser(text).query()


class _Operand(NamedTuple):
    """One operand of a group, and how it is joined to the one before it: ``AND``, ``OR`` or a space."""

    node: Node
    joiner: str
    is_filter: bool
    start: int


class _Parser(Reader):
    """Recursive descent: one method for each rule of the grammar.

    Each begins with its first lexeme under the cursor, and leaves there the one that follows its last.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._given = text
        self._field: str | None = None
        self._in_field = False

    def query(self) -> Query:
        self.advance()
        if self.kind == END:
            self.refuse("empty", 0)
        root = self._group()
        if self.kind != END:
            self.refuse("closes_nothing", self.at)
        return Query(self._given, root, tuple(self.notes))

    # or = and { "OR" and } ;  and = not { ["AND"] not } ;
    def _group(self) -> Node:
        branches: list[list[_Operand]] = [[]]
        joiner = "OR"
        while True:
            branches[-1].append(self._operand(joiner))
            if self.kind in {END, CLOSE}:
                break
            joiner = " "
            if self.kind == OPERATOR and self.word in {"AND", "OR"}:
                joiner = self.word
                self.advance()
                if joiner == "OR":
                    branches.append([])
        if len(branches) == 1:
            return conjunction([operand.node for operand in branches[0]])
        first, last = _group_filters(branches)
        if mixed := next((branch for branch in branches if len(branch) > 1), None):
            self.note("mixed_and_or", mixed[1].start)
            alternatives = [conjunction([operand.node for operand in branch]) for branch in branches]
        else:
            alternatives = [branch[0].node for branch in branches]
        return conjunction([*first, disjunction(alternatives), *last])

    # not = { "NOT" | "-" } near ;
    def _operand(self, joiner: str) -> _Operand:
        start, count = self.at, 0
        if self.kind == WORD:  # most operands are
            word: Node = self._word(is_bare=True)
            if self.kind == OPERATOR:
                outside, self.deepest = self.deepest, self.depth
                word = self._nears(word, start)
                self.deepest = max(self.deepest, outside)
            return _Operand(word, joiner, False, start)
        while self.kind == MINUS or (self.kind == OPERATOR and self.word == "NOT"):
            count += 1
            self.deepen(1)
            self.advance()
        is_filter = self.kind == PREFIX and count < 2 and self.word.lower() in KINDS
        node = self._near()  # NEAR refuses filters: what began with one is one
        if count:
            self.deepen(-count)
            for _ in range(count):
                node = Not(node)
        return _Operand(node, joiner, is_filter, start)

    # near = prim { ("NEAR" | "ONEAR") [ "/" n ] prim } ;
    def _near(self) -> Node:
        outside, self.deepest = self.deepest, self.depth
        start = self.at
        node = self._nears(self._prim(), start)
        self.deepest = max(self.deepest, outside)
        return node

    def _nears(self, node: Node, start: int) -> Node:
        while self.kind == OPERATOR and self.word[:4] in {"NEAR", "ONEA"}:
            self.bury(self.deepest + 1)
            self._check_near(node, start)
            operator, at = self.word, self.at
            distance = self._distance(operator.partition("/"), at)
            self.advance()
            start = self.at
            if self.kind == MINUS or (self.kind == OPERATOR and self.word == "NOT"):
                self._refuse_near(start)
            self.deepen(1)
            right = self._prim()
            self.deepen(-1)
            self._check_near(right, start)
            node = Near(node, right, distance, ordered=operator[0] == "O")
        return node

    def _distance(self, written: tuple[str, str, str], at: int) -> int:
        _, slash, digits = written
        if not slash:
            return NEAR_DEFAULT
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and int(digits) <= NEAR_LIMIT):
            self.refuse("near_range", at, limit=NEAR_LIMIT)
        return int(digits)

    def _check_near(self, node: Node, at: int) -> None:
        match node:
            case Or(operands):
                for operand in operands:
                    self._check_near(operand, at)
            case Not() | And() | Filter() | Raw(tokens=()):
                self._refuse_near(at)

    def _refuse_near(self, at: int) -> NoReturn:
        self.refuse("near_operand", at)

    # prim = "(" or ")" | filter | [ field ":" ] prim | "raw:" ( word | string ) | word | string [ "~" n ] ;
    def _prim(self, *, is_bare: bool = True) -> Node:
        kind = self.kind
        if kind == WORD:
            return self._word(is_bare=is_bare)
        if kind == QUOTE:
            return self._string()
        if kind == OPEN:
            return self._parenthesis()
        if kind != PREFIX:
            self.refuse("missing_word", self.at)
        return self._prefixed()

    def _parenthesis(self) -> Node:
        opened = self.at
        self.deepen(1)
        self.advance()
        if self.kind == CLOSE:
            self.refuse("empty_parentheses", opened)
        node = self._group()
        if self.kind != CLOSE:
            self.refuse("never_closed", opened)
        self.deepen(-1)
        self.advance()
        return node

    def _prefixed(self) -> Node:
        start, name = self.at, self.word.lower()
        if name in KINDS:
            return self._filter(name, start)
        if name not in _FIELDS and name != "raw":
            self.refuse("unknown_field", start, name=self.word[:40], known=_KNOWN_FIELDS)
        if self.following() in {"", " ", ")"}:
            self.refuse("nothing_follows", start, prefix=f"{self.word}:")
        return self._raw() if name == "raw" else self._scoped(name, start)

    def _scoped(self, name: str, start: int) -> Node:
        if self._in_field:
            self.refuse("nested_field", start)
        if self.following() == "-":  # read as part of the word, it would ask for what it was to exclude
            self.refuse("minus_after_field", self.end, name=name)
        self.advance(operators=False)
        self._in_field, self._field = True, _FIELDS[name]
        node = self._prim(is_bare=False)
        self._in_field, self._field = False, None
        return node

    def _filter(self, name: str, start: int) -> Node:
        at = self.end
        if self.following() == "(":
            at += 1
            closed = self.text.find(")", at)
            if closed < 0:
                self.refuse("never_closed", at - 1)
            written, end = _VALUE_OR.split(self.text[at:closed]), closed + 1
        else:
            written = [self.run(at)]
            end = at + len(written[0])
        self.count_terms(len(written), start)
        values = []
        for piece in written:
            values.append(self._value(name, piece, at))
            at += len(piece) + len(" OR ")
        self.advance(end)
        return Filter(name, tuple(dict.fromkeys(values)), self.given(start))

    def _value(self, name: str, written: str, at: int) -> str:
        bare = written.strip()
        value = KINDS[name](bare)
        if value is None:
            at += len(written) - len(written.lstrip())
            self.refuse(f"bad_{name}", at, value=bare[:40], known=", ".join(KNOWN.get(name, ())))
        return value

    def _raw(self) -> Node:
        is_string = self.following() == '"'
        start = self.end + is_string
        if is_string:
            self.advance(operators=False)
            end = self.closing_quote()
            if self.text[end + 1 : end + 2] == "~":
                self.refuse("raw_slop", end + 1)
        else:
            end = start + len(self.run(start))
        self.count_terms(1, start)
        node = read_raw(self, self.text[start:end], start, self._field)
        self.advance(end + is_string)
        return node

    def _string(self) -> Node:
        start = self.at + 1
        closed = self.closing_quote()
        content = self.text[start:closed]
        self.count_terms(1, start)
        if self.text[closed + 1 : closed + 2] != "~":
            node: Node = read_phrase(self, content, start, self._field)
            self.advance(closed + 1)
            return node
        written = self.run(closed + 2)
        node = read_slop(self, content, start, (written, closed + 2), self._field)
        self.advance(closed + 2 + len(written))
        return node

    def _word(self, *, is_bare: bool) -> Node:
        start, content = self.at, self.word
        self.count_terms(1, start)
        if is_bare and content in _LOWERCASE:
            self.note("lowercase_operator", start, word=content)
        node = read_phrase(self, content, start, self._field)
        self.advance()
        return node


def _group_filters(branches: list[list[_Operand]]) -> tuple[list[Node], list[Node]]:
    """Take out the filters that stand first or last in a group with OR and are joined by a space."""
    first: list[Node] = []
    last: list[Node] = []
    head, tail = branches[0], branches[-1]
    while len(head) > 1 and head[0].is_filter and head[1].joiner == " ":
        first.append(head.pop(0).node)
    while len(tail) > 1 and tail[-1].is_filter and tail[-1].joiner == " ":
        last.append(tail.pop().node)
    return first, last[::-1]
