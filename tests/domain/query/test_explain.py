"""Explaining: the verdict is evaluation's, and what is blamed is to blame."""

import pytest
from hypothesis import given

from tests.domain.query.reference import Doc, Tree
from tests.domain.query.spelling import spelled
from tests.domain.query.strategies import documents, prepared_fields, seeds, trees
from vigie.domain.query import Clause, evaluate, explain, failures, parse, prepare

ARTICLE = prepare(
    title="Trois guichets vont fermer dans le Vaurel",
    body="La Banque d'Armélie ferme trois guichets. Le club de rugby du Vaurel s'en inquiète.",
    url="https://courrier-armelie.example/1",
    language="fr",
)


@given(trees, seeds, documents)
def test_the_root_says_what_evaluation_says(tree: Tree, seed: int, doc: Doc) -> None:
    """The explanation and the evaluation agree on the verdict and on the words, and a failure has a culprit."""
    query, document = parse(spelled(tree, seed)), prepare(**prepared_fields(doc))

    match, clause = evaluate(query, document), explain(query, document)

    assert (clause.held, clause.hits) == (match is not None, match.hits if match else ())
    assert bool(failures(clause)) == (match is None)


@given(trees, seeds, documents)
def test_every_clause_follows_from_those_below_it(tree: Tree, seed: int, doc: Doc) -> None:
    """AND, OR and NOT hold as their operands say, and a NEAR only when both its sides do."""
    pending = [explain(parse(spelled(tree, seed)), prepare(**prepared_fields(doc)))]
    while pending:
        clause = pending.pop()
        below = [each.held for each in clause.clauses]
        match clause.operator:
            case "and":
                assert clause.held == all(below)
            case "or":
                assert clause.held == any(below)
            case "not":
                assert [clause.held] == [not held for held in below]
            case "near":
                assert all(below) or not clause.held
        pending += clause.clauses


@pytest.mark.parametrize(
    ("query", "blamed"),
    [
        ('"Banque d\'Armélie" guichets', ()),
        ('"Banque d\'Armélie" fusion lang:en', ("fusion", "lang:en")),
        ('"Banque d\'Armélie" -rugby', ("NOT rugby",)),
        ("title:banque OR fusion OR rachat", ("title:banque OR fusion OR rachat",)),
        ("guichets AND (fusion OR (rachat AND banque))", ("fusion OR (rachat AND banque)",)),
        ("banque NEAR/2 rugby", ("banque NEAR/2 rugby",)),
        ("(fusion AND banque) AND (fusion OR rachat) AND fusion", ("fusion", "fusion OR rachat")),
        ("site:lefigaro.fr AND guichets", ("site:lefigaro.fr",)),
    ],
)
def test_the_clause_that_failed_is_named(query: str, blamed: tuple[str, ...]) -> None:
    """Each culprit is told once, in canonical words, and nothing that held is among them."""
    assert failures(explain(parse(query), ARTICLE)) == blamed


def test_what_a_not_ran_into_is_shown_below_it() -> None:
    """The clause under a failed NOT held, with the words that made it hold."""
    clause = explain(parse("guichets -rugby"), ARTICLE)

    refused = clause.clauses[1]

    assert (refused.text, refused.held, refused.hits) == ("NOT rugby", False, ())
    (culprit,) = refused.clauses
    assert isinstance(culprit, Clause)
    assert (culprit.held, [hit.field for hit in culprit.hits]) == (True, ["body"])


def test_both_sides_of_a_near_may_hold_apart() -> None:
    """Words that both stand, but not near enough, are told as held on each side of a NEAR that failed."""
    clause = explain(parse("banque NEAR/2 rugby"), ARTICLE)

    assert (clause.held, [side.held for side in clause.clauses]) == (False, [True, True])
