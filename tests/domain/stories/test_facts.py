"""What a story's documents say together."""

from datetime import timedelta
from itertools import permutations

import pytest

from tests.builders import CUTOFF, a_document
from vigie.domain.stories.corrections import Change, corrections
from vigie.domain.stories.facts import facts_of
from vigie.domain.stories.publishers import agencies_of, family_of


def test_titles_of_one_group_are_one_family() -> None:
    """Subdomains belong to their title, titles to their group; a title on its own is its family."""
    hosts = ("www.estrepublicain.fr", "c.ledauphine.com", "sudouest.fr", "gazette.test")
    families = [family_of(a_document(host, host=host)).name for host in hosts]
    assert families == ["EBRA", "EBRA", "Sud Ouest", "Le Courrier d'Armélie"]


def test_what_an_aggregator_links_to_is_of_its_publisher() -> None:
    """The publisher that is told is the family, whoever's address it is."""
    told = a_document("Banque", host="agregateur.test", site="estrepublicain.fr")

    assert family_of(told).name == "EBRA"


def test_on_a_platform_each_author_is_a_family() -> None:
    """A thousand accounts on one host are not one publisher."""
    posts = [
        a_document(f"Post {name}", platform="mastodon", type="post", host="social.test", author=name)
        for name in "ab"
    ]
    assert len({family_of(post) for post in posts}) == 2


@pytest.mark.parametrize(
    ("author", "text", "agencies"),
    [
        ("Le Figaro avec AFP", "Texte.", ("AFP",)),
        ("", "PARIS (AFP) - Le projet est adopté.", ("AFP",)),
        ("", "The bill was adopted. (Reporting by J. Roe; Reuters)", ("Reuters",)),
        ("AP", "The bill was adopted.", ("AP",)),
        ("", "Le CAP de la réforme et les ATSEM.", ()),
        ("Solène Kervadec", "Il a lu l'APL en entier.", ()),
        ("Keystone-ATS", "Berne.", ("ATS",)),
    ],
)
def test_agencies_are_read_in_bylines_and_credits(author: str, text: str, agencies: tuple[str, ...]) -> None:
    """A credit names an agency; a word that looks like one does not."""
    assert agencies_of(a_document(author=author, body=text)) == agencies


def test_corrections_tell_figures_first_and_ignore_typography() -> None:
    """What a reader wants to know: 12 became 15, and which words went."""
    before = "Le bilan est de 12 blessés, selon la préfecture. L'incendie s'est déclaré lundi."
    after = "Le bilan est de 15 blessés, selon la préfecture. L’incendie s’est déclaré dimanche soir."
    assert corrections(before, after) == (Change("12", "15"), Change("lundi", "dimanche soir"))
    assert corrections(before, before.replace("'", "’").upper()) == ()


FIRST = a_document(
    "Un", document_id="a", outlet_tier="regional", host="ledauphine.com", body="Bilan : 12 blessés. (AFP)"
)
LATER = CUTOFF - timedelta(minutes=20)
CORRECTED = a_document(
    "Un",
    document_id="b",
    host="ledauphine.com",
    canonical_url=FIRST.canonical_url,
    published_at=LATER,
    body="Bilan : 15 blessés.",
)
ELSEWHERE = a_document("Deux", document_id="c", outlet_tier="national", host="lemonde.fr", published_at=LATER)


@pytest.mark.parametrize("order", list(permutations([FIRST, CORRECTED, ELSEWHERE])))
def test_facts_are_the_same_in_any_order(order: list[object]) -> None:
    """Who was first, how many houses printed it, the best tier, the agency and what was corrected."""
    facts = facts_of(order)  # type: ignore[arg-type]
    assert facts.document_ids == ("a", "b", "c")
    assert (facts.first_source, facts.first_at) == (FIRST.source_name, FIRST.published_at)
    assert [(family.name, count) for family, count in facts.families] == [("EBRA", 2), ("Le Monde", 1)]
    assert (facts.reprints, facts.best_tier, facts.agencies) == (1, "national", ("AFP",))
    assert [(c.document_id, c.changes[0]) for c in facts.corrections] == [("b", Change("12", "15"))]
