"""Reading a query (sections 1 and 5): text in, tree out, or a refusal that says where and why."""

import re
from typing import NamedTuple, NoReturn

from vigie.domain.query.filters import KINDS
from vigie.domain.query.nodes import And, Filter, Near, Node, Not, Or, Query, Raw, conjunction, disjunction
from vigie.domain.query.reader import Reader
from vigie.domain.query.terms import read_phrase, read_raw, read_slop

NEAR_LIMIT = 100
NEAR_DEFAULT = 10

_PREFIX = re.compile(r"(?!https?://)([^\W\d]+):", re.IGNORECASE)
_VALUE_OR = re.compile(r" OR ")
_FIELDS = {"title": "title", "summary": "summary", "body": "body", "text": None, "author": "author"}
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
    """Recursive descent: one method for each rule of the grammar."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._given = text
        self._field: str | None = None
        self._in_field = False

    def query(self) -> Query:
        self.skip()
        if not self.peek():
            self.refuse("EMPTY", 0, "the query is empty", "Write at least one word.")
        root = self._group()
        if self.peek():
            self.refuse(
                "SYNTAX", self.at, "this parenthesis closes nothing", "Remove it, or open one before."
            )
        return Query(self._given, root, tuple(self.notes))

    # or = and { "OR" and } ;  and = not { ["AND"] not } ;
    def _group(self) -> Node:
        branches: list[list[_Operand]] = [[]]
        joiner = "OR"
        while True:
            branches[-1].append(self._operand(joiner))
            if self.peek() in ("", ")"):
                break
            found = self.operator("AND", "OR")
            joiner = found[1] if found else " "
            if joiner == "OR":
                branches.append([])
        outer = self._group_filters(branches)
        for branch in branches:
            if len(branches) > 1 and len(branch) > 1:
                self._note_mixed(branch[1].start)
        alternatives = disjunction([conjunction([operand.node for operand in branch]) for branch in branches])
        return conjunction([*outer[0], alternatives, *outer[1]])

    def _group_filters(self, branches: list[list[_Operand]]) -> tuple[list[Node], list[Node]]:
        """Take out the filters that stand first or last in a group with OR and are joined by a space."""
        first: list[Node] = []
        last: list[Node] = []
        if len(branches) > 1:
            head, tail = branches[0], branches[-1]
            while len(head) > 1 and head[0].is_filter and head[1].joiner == " ":
                first.append(head.pop(0).node)
            while len(tail) > 1 and tail[-1].is_filter and tail[-1].joiner == " ":
                last.insert(0, tail.pop().node)
        return first, last

    def _note_mixed(self, at: int) -> None:
        problem = "AND (or a space) binds tighter than OR here"
        self.note("MIXED_AND_OR", at, problem, "Put parentheses around what belongs together.")

    # not = { "NOT" | "-" } near ;
    def _operand(self, joiner: str) -> _Operand:
        self.skip()
        begun, count = self.at, 0
        while self.operator("NOT") or self.minus():
            count += 1
            self.deepen(1)
            self.skip()
        start = self.at
        node = self._near()
        self.deepen(-count)
        is_filter = isinstance(node, Filter) and count < 2 and self.text[start] != "("
        for _ in range(count):
            node = Not(node)
        return _Operand(node, joiner, is_filter, begun)

    # near = prim { ("NEAR" | "ONEAR") [ "/" n ] prim } ;
    def _near(self) -> Node:
        outside, self.deepest = self.deepest, self.depth
        start = self.at
        node = self._prim()
        self.skip()
        operator_at = self.at
        while found := self.operator("NEAR", "ONEAR"):
            self.bury(self.deepest + 1)
            self._check_near(node, start)
            distance = self._distance(found[2], operator_at)
            self.skip()
            start = self.at
            if self.operator("NOT") or self.minus():
                self._refuse_near(start)
            self.deepen(1)
            right = self._prim()
            self.deepen(-1)
            self._check_near(right, start)
            node = Near(node, right, distance, ordered=found[1].startswith("O"))
            self.skip()
            operator_at = self.at
        self.deepest = max(self.deepest, outside)
        return node

    def _distance(self, written: str | None, at: int) -> int:
        if written is None:
            return NEAR_DEFAULT
        digits = written[1:]
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10 and int(digits) <= NEAR_LIMIT):
            problem = f"NEAR takes a number of words from 0 to {NEAR_LIMIT}"
            self.refuse("NEAR_RANGE", at, problem, "Write for instance NEAR/5.")
        return int(digits)

    def _check_near(self, node: Node, at: int) -> None:
        match node:
            case Or(operands):
                for operand in operands:
                    self._check_near(operand, at)
            case Not() | And() | Filter() | Raw(tokens=()):
                self._refuse_near(at)

    def _refuse_near(self, at: int) -> NoReturn:
        problem = "NEAR joins words, phrases, or groups of these joined by OR"
        self.refuse("NEAR_OPERAND", at, problem, "Take the rest out of the NEAR and join it with AND.")

    # prim = "(" or ")" | filter | [ field ":" ] prim | "raw:" ( word | string ) | word | string [ "~" n ] ;
    def _prim(self) -> Node:
        if self.peek() in ("", ")") or self.next_operator():
            problem = "a word is missing here"
            self.refuse(
                "SYNTAX", self.at, problem, "Complete the query, or quote an operator to search for it."
            )
        return self._unit()

    def _unit(self) -> Node:
        if self.peek() == "(":
            return self._parenthesis()
        if self.peek() == '"':
            return self._string()
        prefix = _PREFIX.match(self.text, self.at)
        return self._prefixed(prefix) if prefix else self._word()

    def _parenthesis(self) -> Node:
        opened = self.at
        self.deepen(1)
        self.at += 1
        self.skip()
        if self.peek() == ")":
            self.refuse("SYNTAX", opened, "these parentheses are empty", "Write something between them.")
        node = self._group()
        self._close(opened)
        self.deepen(-1)
        return node

    def _close(self, opened: int) -> None:
        if self.peek() != ")":
            self.refuse("SYNTAX", opened, "this parenthesis is never closed", "Add a closing parenthesis.")
        self.at += 1

    def _prefixed(self, prefix: re.Match[str]) -> Node:
        start, name = self.at, prefix[1].lower()
        if name not in _FIELDS and name not in KINDS and name != "raw":
            known = ", ".join([*_FIELDS, *KINDS, "raw"])
            remedy = f"These exist: {known}. Quote the text to search for it as it is."
            self.refuse("UNKNOWN_FIELD", start, f"there is no field {prefix[1][:40]}:", remedy)
        self.at = prefix.end()
        if name in KINDS:
            return self._filter(name, start)
        if self.peek() in ("", " ", ")"):
            remedy = "Write the word right after the colon, without a space."
            self.refuse("SYNTAX", start, f"nothing follows {prefix[0]}", remedy)
        return self._raw() if name == "raw" else self._scoped(name, start)

    def _scoped(self, name: str, start: int) -> Node:
        if self._in_field:
            self.refuse(
                "NESTED_FIELD", start, "fields do not nest", "Keep one field before each word or group."
            )
        if self.peek() == "-":  # the grammar makes it part of the word, which is never what was meant
            self.refuse(
                "SYNTAX", self.at, "the minus stands after the field", f"Write -{name}: and the word."
            )
        self._in_field, self._field = True, _FIELDS[name]
        node = self._unit()
        self._in_field, self._field = False, None
        return node

    def _filter(self, name: str, start: int) -> Node:
        if self.peek() == "(":
            opened = self.at
            closed = self.text.find(")", opened)
            self.at = closed if closed >= 0 else len(self.text)
            self._close(opened)
            written = _VALUE_OR.split(self.text[opened + 1 : closed])
        else:
            opened = self.at - 1
            written = [self.run()]
        self.count_terms(len(written), start)
        values, at = [], opened + 1
        for piece in written:
            values.append(self._value(name, piece, at))
            at += len(piece) + len(" OR ")
        return Filter(name, tuple(dict.fromkeys(values)), self.given(start))

    def _value(self, name: str, written: str, at: int) -> str:
        value = KINDS[name].read(written.strip())
        if value is None:
            problem = f"{name}: does not take {written.strip()[:40]!r}"
            self.refuse("BAD_VALUE", at + len(written) - len(written.lstrip()), problem, KINDS[name].remedy)
        return value

    def _raw(self) -> Node:
        is_string = self.peek() == '"'
        start = self.at + is_string
        content = self.quoted() if is_string else self.run()
        if is_string and self.peek() == "~":
            self.refuse(
                "BAD_SLOP", self.at, "raw: takes no ~", "Remove the ~ and its number, or remove raw:."
            )
        self.count_terms(1, start)
        return read_raw(self, content, start, self._field)

    def _string(self) -> Node:
        start = self.at + 1
        content = self.quoted()
        self.count_terms(1, start)
        if self.peek() != "~":
            return read_phrase(self, content, start, self._field)
        return read_slop(self, content, start, self.run()[1:], self._field)

    def _word(self) -> Node:
        start = self.at
        content = self.run()
        self.count_terms(1, start)
        if content in _LOWERCASE and not self._in_field:
            remedy = "Write it in capitals (AND, OR, NOT, NEAR) for the operator, or quote it for the word."
            self.note("LOWERCASE_OPERATOR", start, f"{content} is searched as a word", remedy)
        return read_phrase(self, content, start, self._field)
