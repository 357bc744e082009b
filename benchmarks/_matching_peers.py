"""What the matching engine is compared with: a loop of compiled regexes, and tantivy asked with every query.

Both are given an easier task. The loop reads text folded beforehand. Tantivy reads texts as published, with its own
tokenizer, lower case and ASCII folding, and is given tags, handles and the values of filters; a wildcard inside a
NEAR is asked of it as an AND. Neither keeps a NEAR from reaching over the end of a field.
"""

import re
from collections.abc import Callable, Sequence

import tantivy

from vigie.domain.query import Query, QueryDocument
from vigie.domain.query.nodes import And, Filter, Near, Node, Not, Or, Raw, Slop, Term
from vigie.domain.query.prepared import TEXT_FIELDS

Facts = tuple[dict[str | None, str], frozenset[str]]


# -- a loop of regexes ------------------------------------------------------------------------------------------


def loop_test(query: Query) -> Callable[[Facts], bool]:
    """Return a test of one query: a regex for each group of alternatives, short-circuited."""
    return _loop(query.root)


def loop_facts(document: QueryDocument) -> Facts:
    """Return what the loop reads of a document: folded texts by field, and the values of filters."""
    texts: dict[str | None, str] = {
        name: " ".join(token.tag or token.form for token in text.tokens)
        for name, text in document.fields.items()
    }
    texts[None] = "\n".join(texts[name] for name in TEXT_FIELDS)
    return texts, _filters(document)


def _loop(node: Node) -> Callable[[Facts], bool]:
    match node:
        case And(operands):
            tests = [_loop(operand) for operand in operands]
            return lambda facts: all(test(facts) for test in tests)
        case Not(operand):
            test = _loop(operand)
            return lambda facts: not test(facts)
        case Or(operands) if not all(
            isinstance(operand, Term) and operand.field is None for operand in operands
        ):
            tests = [_loop(operand) for operand in operands]
            return lambda facts: any(test(facts) for test in tests)
        case Filter(name, values):
            wanted = frozenset(f"{name}:{value}" for value in values)
            return lambda facts: not wanted.isdisjoint(facts[1])
        case _:
            field = getattr(node, "field", None)
            search = re.compile(_bounded(_regex(node))).search
            return lambda facts: search(facts[0][field]) is not None


def _bounded(pattern: str) -> str:
    return rf"(?<!\w)(?:{pattern})(?!\w)"


def _regex(node: Node) -> str:
    match node:
        case Term(_, tokens) | Raw(_, tokens) | Slop(_, tokens):
            words = (re.escape(form).replace(r"\*", r"\w*").replace(r"\?", r"\w") for form in tokens)
            return r"\W+".join(words)
        case Or(operands):
            return "|".join(map(_regex, operands))
        case Near(left, right, distance):
            one, other, between = _regex(left), _regex(right), rf"\W+(?:\w+\W+){{0,{distance}}}"
            return rf"(?:{one}){between}(?:{other})|(?:{other}){between}(?:{one})"
        case _:
            raise TypeError(node)


# -- tantivy ----------------------------------------------------------------------------------------------------


class Tantivy:
    """One batch of documents in an index in memory, asked with queries."""

    def __init__(self, documents: Sequence[tantivy.Document]) -> None:
        index = tantivy.Index(SCHEMA)
        index.register_tokenizer("folded", _folded())
        writer = index.writer(15_000_000, num_threads=1)
        for document in documents:
            writer.add_document(document)
        writer.commit()
        index.reload()
        self._searcher = index.searcher()
        self._limit = len(documents)

    def hits(self, queries: Sequence[tantivy.Query]) -> int:
        """Return how many documents match, over all queries."""
        return sum(len(self._searcher.search(query, self._limit, count=False).hits) for query in queries)


def _folded() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return builder.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold()).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("text", "title", "author"):
        builder.add_text_field(name, tokenizer_name="folded", index_option="position")
    for name in ("tags", "facts"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = _schema()


def tantivy_document(document: QueryDocument) -> tantivy.Document:
    """Return what tantivy indexes of a document."""
    title, _, _, author = document.published
    made = tantivy.Document(title=title, author=author)
    for name in TEXT_FIELDS:
        made.add_text("text", document.fields[name].published)
        for token in document.fields[name].tokens:
            if token.tag:
                made.add_text("tags", token.tag)
    for fact in _filters(document):
        made.add_text("facts", fact)
    return made


def tantivy_query(query: Query) -> tantivy.Query:
    """Return one query as tantivy's."""
    return _tantivy(query.root)


def _tantivy(node: Node) -> tantivy.Query:
    occur = tantivy.Occur
    match node:
        case And(operands):
            clauses = [
                (occur.MustNot, _tantivy(each.operand))
                if isinstance(each, Not)
                else (occur.Must, _tantivy(each))
                for each in operands
            ]
            return tantivy.Query.boolean_query(clauses)
        case Or(operands):
            return tantivy.Query.boolean_query([(occur.Should, _tantivy(each)) for each in operands])
        case Filter(name, values):
            return tantivy.Query.term_set_query(SCHEMA, "facts", [f"{name}:{value}" for value in values])
        case Term(_, tokens, field) | Raw(_, tokens, field) | Slop(_, tokens, _, field):
            return _tantivy_term(tokens, field)
        case Near(left, right, distance):
            return tantivy.Query.boolean_query(
                [
                    (occur.Should, each)
                    for one in _sides(left)
                    for other in _sides(right)
                    for each in _near(one, other, distance)
                ]
            )
        case _:
            raise TypeError(node)


def _tantivy_term(tokens: tuple[str, ...], field: str | None) -> tantivy.Query:
    name = "tags" if tokens[0][0] in "#@" else field or "text"
    if len(tokens) > 1:
        return tantivy.Query.phrase_query(SCHEMA, name, list(tokens))
    if tokens[0][-1] == "*":
        return tantivy.Query.regex_query(SCHEMA, name, f"{tokens[0][:-1]}.*")
    return tantivy.Query.term_query(SCHEMA, name, tokens[0])


def _sides(node: Node) -> list[tuple[str, ...]]:
    if isinstance(node, Or):
        return [tokens for operand in node.operands for tokens in _sides(operand)]
    assert isinstance(node, Term)
    return [node.tokens]


def _near(one: tuple[str, ...], other: tuple[str, ...], distance: int) -> list[tantivy.Query]:
    if one[-1][-1] == "*" or other[-1][-1] == "*":
        both = [(tantivy.Occur.Must, _tantivy_term(tokens, None)) for tokens in (one, other)]
        return [tantivy.Query.boolean_query(both)]
    return [
        tantivy.Query.phrase_query(SCHEMA, "text", [*first, *then], slop=distance)
        for first, then in ((one, other), (other, one))
    ]


# -- both -------------------------------------------------------------------------------------------------------


def _filters(document: QueryDocument) -> frozenset[str]:
    host = document.host
    return frozenset({f"lang:{document.language}", f"site:{host}", f"site:{host.partition('.')[2]}"})
