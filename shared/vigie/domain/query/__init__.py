"""The query language of watches, version 1: from what a client writes to the documents it means.

Read::

    parse(text) -> Query            or BadQuery(code, position, problem, remedy)
    lint(query) -> (Lint, ...)      advice; UNANCHORED is the one that refuses a watch when it is saved
    canonical(query) -> str         the same query with nothing left to precedence

Ask::

    prepare(title=…, body=…, …) -> QueryDocument     once a document, for all queries
    prepare_document(document) -> QueryDocument
    evaluate(query, prepared) -> Match | None        one query; Match.hits are what to highlight
    Matcher([(key, query), …]).match(prepared)       many: [(key, Match), …]
    explain(query, prepared) -> Clause               each clause, held or not; failures(clause) names the culprits

Inside, from the ground up: ``characters`` (shapes), ``text`` (cleaning, folding), ``tokens``, ``bits`` (sets of
positions), ``filters``
(values, hosts), ``nodes`` (the tree), ``reader``, ``terms`` and ``syntax`` (the parser), ``lint``,
``canonical``, ``prepared`` (a document), ``occurrences`` (spans), ``evaluate``, ``engine``, ``explain``.
"""

from vigie.domain.query.canonical import canonical
from vigie.domain.query.engine import Matcher
from vigie.domain.query.evaluate import Hit, Match, evaluate
from vigie.domain.query.explain import Clause, explain, failures
from vigie.domain.query.lint import lint
from vigie.domain.query.nodes import Lint, Query
from vigie.domain.query.prepared import QueryDocument, prepare, prepare_document
from vigie.domain.query.syntax import parse

__all__ = [
    "Clause",
    "Hit",
    "Lint",
    "Match",
    "Matcher",
    "Query",
    "QueryDocument",
    "canonical",
    "evaluate",
    "explain",
    "failures",
    "lint",
    "parse",
    "prepare",
    "prepare_document",
]
