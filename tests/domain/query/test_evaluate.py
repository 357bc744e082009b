"""Evaluation, against a second reading of the same page; and what the evidence shows."""

from typing import Any

from hypothesis import given, settings

from tests.domain.query.reference import Tree, matches, written
from tests.domain.query.strategies import documents, trees
from vigie.domain.query import Hit, evaluate, parse, prepare


@settings(max_examples=300)
@given(trees, documents)
def test_it_means_what_the_reference_means(tree: Tree, fields: dict[str, Any]) -> None:
    """Whatever the query and the document, the answer is that of an independent slow evaluator."""
    match = evaluate(parse(written(tree)), prepare(**fields))

    assert (match is not None) == matches(tree, fields)


@given(trees, documents)
def test_evidence_lies_inside_the_published_text(tree: Tree, fields: dict[str, Any]) -> None:
    """Every hit is a non-empty span of the field it names, and hits come in reading order."""
    match = evaluate(parse(written(tree)), prepare(**fields))

    hits = match.hits if match else ()
    assert all(0 <= hit.start < hit.end <= len(fields[hit.field]) for hit in hits)
    order = ("title", "summary", "body", "author")
    assert list(hits) == sorted(hits, key=lambda hit: (order.index(hit.field), hit.start, hit.end, hit.term))


def test_evidence_is_what_contributed() -> None:
    """Only the branches that hold and the words a NEAR joined are shown, with the term as the client wrote it."""
    query = parse('(Banque NEAR/1 crédit OR rugby AND titre) -"rien du tout" lang:fr')
    document = prepare(title="Rugby", body="banque et crédit, loin de là une banque", language="fr")

    match = evaluate(query, document)

    assert match is not None
    assert match.hits == (Hit("body", 0, 6, "Banque"), Hit("body", 10, 16, "crédit"))


def test_near_of_many_occurrences_is_a_merge() -> None:
    """Words that both stand hundreds of times, and never near enough, are told apart without comparing each pair."""
    far = " ".join(["aa"] + ["x"] * 5 + ["bb"] + ["x"] * 5)
    document = prepare(body=" ".join([far] * 500))

    assert evaluate(parse("aa NEAR/4 bb"), document) is None
    assert evaluate(parse("aa NEAR/5 bb"), document) is not None


def test_filters_alone_match_without_a_hit() -> None:
    """A query of filters matches, and has nothing to highlight."""
    match = evaluate(parse("site:lemonde.fr"), prepare(title="Banque", url="https://lemonde.fr/1"))

    assert match is not None
    assert match.hits == ()


def test_an_address_that_cannot_be_read_has_no_host() -> None:
    """A broken URL matches no site, and breaks nothing."""
    assert evaluate(parse("site:x.fr"), prepare(title="Banque", url="http://[x.fr", links=["::", ""])) is None
