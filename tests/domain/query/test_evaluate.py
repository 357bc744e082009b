"""Evaluation, against a second reading of the same page; and what the evidence shows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.query.reference import Doc, Tree, clean, matches, occurrences
from tests.domain.query.spelling import spelled
from tests.domain.query.strategies import WORDS, documents, prepared_fields, seeds, trees
from vigie.domain.query import Hit, evaluate, parse, prepare


@settings(max_examples=150)
@given(st.lists(st.tuples(trees, seeds), min_size=4, max_size=4), st.lists(documents, min_size=6, max_size=6))
def test_it_means_what_the_reference_means(wanted: list[tuple[Tree, int]], published: list[Doc]) -> None:
    """Whatever the query, its spelling and the document, the answer is that of an independent slow evaluator.

    ``python -m benchmarks.query_agreement`` asks a hundred thousand times.
    """
    prepared = [prepare(**prepared_fields(doc)) for doc in published]
    for tree, seed in wanted:
        query = parse(spelled(tree, seed))
        answers = [evaluate(query, document) is not None for document in prepared]

        assert answers == [matches(tree, doc) for doc in published], query.text


@given(trees, seeds, documents)
def test_evidence_lies_inside_the_published_text(tree: Tree, seed: int, doc: Doc) -> None:
    """Every hit is a non-empty span of the field it names, and hits come in reading order."""
    match = evaluate(parse(spelled(tree, seed)), prepare(**prepared_fields(doc)))

    hits = match.hits if match else ()
    assert all(0 <= hit.start < hit.end <= len(doc[hit.field]) for hit in hits)
    order = ("title", "summary", "body", "author")
    assert list(hits) == sorted(hits, key=lambda hit: (order.index(hit.field), hit.start, hit.end, hit.term))


@given(st.tuples(st.just("term"), st.sampled_from(WORDS)), documents)
def test_what_is_shown_of_a_word_is_that_word(tree: Tree, doc: Doc) -> None:
    """The published text that a hit shows, cleaned and folded by the reference, holds the word it answers."""
    match = evaluate(parse(spelled(tree, 0)), prepare(**prepared_fields(doc)))

    for hit in match.hits if match else ():
        shown = doc[hit.field][hit.start : hit.end]
        assert occurrences(tree, clean(shown, is_document=True), "body", None), shown


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
