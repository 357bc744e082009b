"""Fixes of a watch's query, proposed from what was rejected."""

from dataclasses import replace
from typing import Any

from tests.builders import a_document, a_mention
from vigie.domain.mentions import Assessment, Label, Mention
from vigie.domain.query import canonical, evaluate, parse, prepare_document
from vigie.domain.query_fix import Proposal, propose

OFFERS = [
    f"Orange lance une offre fibre dans la commune numéro {n}, annonce le groupe Orange" for n in range(20)
]
JUICE = "Le jus d'orange sanguine fait un tabac au marché"
SALAD = "Recette : une salade d'orange sanguine et de fenouil"


def mention_of(title: str, *, relevance: str = "", **fields: Any) -> Mention:
    """Return a mention, judged when told."""
    mention = a_mention(a_document(title, **fields))
    if not relevance:
        return mention
    known = Label(relevance, 0.9)
    judged = Assessment(watch_id="brand", relevance=known, impact=known, tone=known, crisis=known)
    return replace(mention, labels=replace(mention.labels, assessments=(judged,)))


def proposed(rejected: list[Mention], kept: list[Mention], query: str = "Orange", **fields: Any) -> Proposal:
    """Return the fix proposed; there is one."""
    fix = propose(client_id="c", watch_id="brand", query_text=query, rejected=rejected, kept=kept, **fields)
    assert fix is not None
    return fix


OFFERED = [mention_of(title) for title in OFFERS]


def test_the_word_beside_the_homonym_is_excluded() -> None:
    """What both rejected texts say beside the name, and no kept one does, is the exclusion, in canonical form."""
    fix = proposed([mention_of(JUICE), mention_of(SALAD)], OFFERED)
    assert fix.exclusions == ("NOT (Orange NEAR/5 sanguine)",)
    assert fix.query_after == "Orange AND NOT (Orange NEAR/5 sanguine)"
    assert canonical(parse(fix.query_after)) == fix.query_after
    assert (fix.matched, fix.removed, fix.rejected, fix.relevant, fix.uncovered) == (22, 2, 2, 0, 0)


def test_what_the_fix_would_take_is_shown_the_clients_own_first() -> None:
    """A kept mention that the fix takes too is counted and shown before the rejected ones."""
    other = mention_of("Une orange sanguine sponsorise le groupe Orange", relevance="passing")
    fix = proposed([mention_of(JUICE), mention_of(SALAD)], [*OFFERED, other])
    assert (fix.removed, fix.rejected, fix.relevant) == (3, 2, 0)
    assert [sample.judged for sample in fix.samples] == ["passing", "not_us", "not_us"]
    assert fix.samples[0].title == other.document.title


def test_what_is_known_to_be_relevant_is_spared() -> None:
    """A word that would take the client's own articles is passed over for one that does not."""
    own = [
        mention_of(f"Orange et sanguine, la campagne numéro {n}", relevance="main", document_id=f"own{n}")
        for n in range(3)
    ]
    fix = proposed([mention_of(JUICE)], [*OFFERED, *own])
    assert "sanguine" not in fix.query_after
    assert fix.relevant == 0


def test_several_homonyms_need_several_exclusions() -> None:
    """Each covers what those before it leave."""
    mayor = "Orange : la mairie du Vaucluse vote son budget"
    fix = proposed([mention_of(JUICE), mention_of(SALAD), mention_of(mayor)], OFFERED)
    assert len(fix.exclusions) == 2
    assert fix.uncovered == 0


def test_a_site_that_only_brings_homonyms_is_excluded() -> None:
    """Where the texts have no word in common beside the name, where they come from tells them."""
    titles = ("Orange : tomate", "Orange : fenouil", "Orange : basilic", "Orange : aubergine")
    rejected = [mention_of(title, host="recettes.example") for title in titles]
    fix = proposed(rejected, OFFERED)
    assert fix.exclusions == ("NOT site:recettes.example",)


def test_what_was_refused_is_not_proposed_again() -> None:
    """The next best is."""
    rejected = [mention_of(JUICE), mention_of(SALAD)]
    first = proposed(rejected, OFFERED)
    second = proposed(rejected, OFFERED, refused=set(first.exclusions))
    assert second.exclusions != first.exclusions
    assert second.fix_id != first.fix_id


def test_a_query_with_alternatives_keeps_its_meaning() -> None:
    """The exclusion holds for the whole query, and names the alternative that was mistaken."""
    query = '"Banque d\'Armélie" OR Orange OR site:orange.example'
    fix = proposed([mention_of(JUICE), mention_of(SALAD)], OFFERED, query)
    assert fix.query_after.startswith('("Banque d\'Armélie" OR Orange OR site:orange.example) AND NOT ')
    after = parse(fix.query_after)
    for mention in OFFERED:
        assert evaluate(after, prepare_document(mention.document)) is not None
    for title in (JUICE, SALAD):
        assert evaluate(after, prepare_document(a_document(title))) is None


def test_nothing_is_proposed_where_nothing_tells() -> None:
    """No rejected mention that the query still finds, or one that reads like those kept: no fix."""
    same = mention_of(OFFERS[0], document_id="same")
    for rejected in ([], [mention_of("Tout autre chose")], [same]):
        fix = propose(client_id="c", watch_id="brand", query_text="Orange", rejected=rejected, kept=OFFERED)
        assert fix is None


def test_small_words_and_numbers_tell_nothing() -> None:
    """« Avec », « 2026 » and the client's own name are never excluded."""
    fix = proposed([mention_of("Avec une Orange de 2026 pour dessert")], OFFERED)
    assert fix.exclusions == ("NOT (Orange NEAR/5 dessert)",)
