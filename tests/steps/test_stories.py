"""Assigning documents to stories: what joins, what does not, and what happens when workers meet or die."""

import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from tests.builders import CUTOFF, a_document
from tests.fakes import FakeStories
from tests.journal import Crash, Journal
from vigie.domain.documents import Document
from vigie.domain.stories.union import POSTINGS_AT_MOST
from vigie.steps.stories import StoryAssigner

DISPATCH = """La Banque d'Armélie fermera trois guichets du Vaurel au printemps, a annoncé mardi sa direction, qui
promet des bus bancaires aux communes concernées. Les syndicats dénoncent une décision prise sans
concertation, et appellent à la grève le 15 janvier. « Nous n'abandonnons personne », a répondu Solène
Kervadec, la directrice du réseau, devant les élus de Valmer réunis à la préfecture. L'établissement, qui
emploie 1 240 personnes dans la région, avait déjà réduit de 12 % ses horaires d'ouverture l'an dernier,
en invoquant la baisse de la fréquentation. Le maire de Saint-Aubin, Anatole Roquefort, demande un
moratoire et la venue d'un médiateur avant toute fermeture. Une réunion publique est prévue samedi dans
la salle des fêtes de la commune, où plus de 300 habitants sont attendus."""
SENTENCES = DISPATCH.replace("\n", " ").split(". ")


def a_copy(document_id: str, body: str, **fields: Any) -> Document:
    """Return an article of its own paper."""
    return a_document(
        f"Titre {document_id}", document_id=document_id, body=body, host=f"{document_id}.test", **fields
    )


def stories(*documents: Document, store: FakeStories | None = None) -> list[set[str]]:
    """Return the documents by story, once all have come."""
    store = store or FakeStories()
    for document in documents:
        StoryAssigner(store).assign(document, CUTOFF)
    roots = store.roots([document.document_id for document in documents])
    groups: dict[str, set[str]] = {}
    for document_id, root in roots.items():
        groups.setdefault(root, set()).add(document_id)
    return sorted(groups.values(), key=sorted)


WHOLE = a_copy("whole", DISPATCH)
CROPPED = a_copy("cropped", ". ".join(SENTENCES[:3]) + ".")
LED = a_copy("led", f"Mauvaise nouvelle pour nos lecteurs du canton, qui devront aller plus loin. {DISPATCH}")
UPDATED = a_copy("updated", DISPATCH.replace("trois guichets", "quatre guichets").replace("300", "450"))


@pytest.mark.parametrize("order", list(permutations([WHOLE, CROPPED, LED, UPDATED])))
def test_a_dispatch_and_its_copies_are_one_story_in_any_order(order: Sequence[Document]) -> None:
    """Cropped, with a lead of the paper's own, updated: one story, whoever comes first."""
    assert stories(*order) == [{"whole", "cropped", "led", "updated"}]


BULLETIN = """Voici les prévisions pour {town} ce {day}. Le thermomètre affichera {low} degrés ce matin et jusqu'à
{high} degrés dans l'après-midi. Le vent de secteur nord soufflera à {wind} km/h avec des rafales à
{gust} km/h près du littoral. Pensez à consulter nos bulletins pour suivre l'évolution du temps près de
chez vous."""


def bulletins(count: int) -> list[Document]:
    """Return bulletins of one template."""
    chance = random.Random(1)
    towns = [f"Ville{chr(65 + n)}" for n in range(count)]
    return [
        a_copy(
            town,
            BULLETIN.format(
                town=town, day="lundi", low=n - 3, high=n + 11, wind=chance.randint(5, 90), gust=90 + 2 * n
            ),
        )
        for n, town in enumerate(towns)
    ]


def test_bulletins_of_one_template_are_as_many_stories() -> None:
    """They share their sentences, not their figures; their keys become stop keys and are not written any more."""
    store = FakeStories(journal := Journal())
    assert len(stories(*bulletins(14), store=store)) == 14
    before = len(journal.writes)
    stories(
        a_copy("one-more", BULLETIN.format(town="Zed", day="lundi", low=40, high=51, wind=4, gust=7)),
        store=store,
    )
    assert journal.writes[before:].count("stories.post") <= 8  # of 12 keys
    assert all(len(members) <= POSTINGS_AT_MOST for members, _ in store._postings.values())


QUOTE = """« Nous avons choisi de tenir parole devant les habitants, de rouvrir les lits fermés depuis deux hivers,
de recruter des soignants et de ne plus jamais laisser une famille attendre douze heures sur un brancard,
parce que cela n'est digne ni de notre pays ni de ceux qui y travaillent jour et nuit », a lancé la
ministre."""


def around(name: str) -> str:
    """Return sixty words that no other text has."""
    return " ".join(f"{name}{n}" for n in range(60))


def test_a_long_quotation_makes_no_story() -> None:
    """Two papers quote the same passage in articles of their own."""
    one = a_copy("one", f"{around('un')}. {QUOTE} {around('deux')}.")
    other = a_copy("other", f"{around('trois')}. {QUOTE} {around('quatre')}.")
    assert stories(one, other) == [{"one"}, {"other"}]


def test_a_round_up_bridges_no_stories() -> None:
    """A page that prints the beginnings of four stories does not make them one."""
    items = [a_copy(name, f"{around(name)}. {around(name * 2)}.") for name in "abcd"]
    page = a_copy("page", "Bonjour, voici l'essentiel. " + ". ".join(around(name) for name in "abcd"))
    groups = stories(*items, page)
    assert all(len(group & set("abcd")) <= 1 for group in groups)


@pytest.mark.parametrize("order", list(permutations("abc")))
@pytest.mark.parametrize("page_at", range(4))
def test_briefs_that_a_round_up_takes_up_stay_apart(order: Sequence[str], page_at: int) -> None:
    """Three briefs and the morning page that prints them whole after its greetings, in whatever order they come."""
    greetings, *brief = (" ".join(f"{name}{n}" for n in range(36)) for name in ("bonjour", *"abc"))
    others = ". ".join(around(name) for name in ("soleil", "finale", "marché"))
    page = a_copy("page", f"{greetings}. {brief[0]}. {others}. {brief[1]}. {brief[2]}.")
    items = [
        a_copy(name, f"{brief['abc'.index(name)]}.", published_at=CUTOFF - timedelta(hours=5))
        for name in order
    ]
    assert stories(*items[:page_at], page, *items[page_at:]) == [{"a"}, {"b"}, {"c"}, {"page"}]


POST = (
    "Trois guichets ferment dans le Vaurel et personne ne dit rien, "
    "partagez avant que tout le canton soit rayé de la carte"
)


@pytest.mark.parametrize(
    "other",
    [
        f"RT @vigie_armelie: {POST}",
        f"Honteux ! RT @vigie_armelie : {POST}",
        f"{POST} https://t.co/abc #Armélie #Banque",
        POST.replace("guichets", "guichet"),
    ],
    ids=["repost", "quote-post", "copypasta", "typo"],
)
def test_reposts_quotes_and_copies_join(other: str) -> None:
    """A text that people pass on is one story."""
    posts = [
        a_copy(name, text, platform="mastodon", type="post") for name, text in (("a", POST), ("b", other))
    ]
    assert stories(*posts) == [{"a", "b"}]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Non aux fermetures #Armélie", "Non aux fermetures #Armélie"),
        (
            "Mon guichet ferme. Nos banques ne sont pas à vendre",
            "Manif samedi ! Nos banques ne sont pas à vendre",
        ),
        (
            "À lire https://t.co/abc #Armélie #Banque",
            "Édifiant https://t.co/abc #Armélie #Banque",
        ),
    ],
    ids=["slogan", "slogan-inside", "link-and-tags"],
)
def test_a_shared_slogan_tag_or_link_joins_nobody(one: str, other: str) -> None:
    """People who say the same few words have not copied each other."""
    posts = [
        a_copy(name, text, platform="mastodon", type="post") for name, text in (("a", one), ("b", other))
    ]
    assert stories(*posts) == [{"a"}, {"b"}]


def test_the_same_text_two_months_later_is_another_story() -> None:
    """Stories are remembered thirty days."""
    store = FakeStories()
    later = CUTOFF + timedelta(days=60)
    again = a_copy("again", DISPATCH, seen_at=later, published_at=later)
    first = StoryAssigner(store).assign(WHOLE, CUTOFF).story
    assert (first.story_id, first.role) == ("whole", "first")
    assert StoryAssigner(store).assign(again, later).story.story_id == "again"


BRIDGE = [
    a_copy("start", f"{around('debut')} {around('suite')}"),
    a_copy("end", f"{around('fin')} {around('terme')}"),
    a_copy("both", f"{around('debut')} {around('suite')} {around('fin')} {around('terme')}"),
]


def test_a_late_bridge_merges_stories_and_says_so() -> None:
    """A document alike with two stories makes them one, under the earlier; the assignment names the merge."""
    store = FakeStories()
    assigner = StoryAssigner(store)
    for minute, document in enumerate(BRIDGE[:2]):
        alone = assigner.assign(document, CUTOFF + timedelta(minutes=minute))
        assert alone.story.story_id == document.document_id
    last = assigner.assign(BRIDGE[2], CUTOFF + timedelta(minutes=2))
    assert last.story.story_id == "start"
    assert [(merge.old, merge.new) for merge in last.merges] == [("end", "start")]
    assert store.roots(["end"]) == {"end": "start"}


@pytest.mark.parametrize("when", ["before", "after"])
def test_dying_at_any_write_changes_nothing(when: str) -> None:
    """Whichever write a worker dies before or after, delivered again the documents are in the same stories."""
    documents = [WHOLE, *BRIDGE, CROPPED, *bulletins(3), LED, UPDATED]
    undisturbed = FakeStories(journal := Journal())
    expected = stories(*documents, store=undisturbed)
    for number in range(1, len(journal.writes) + 1):
        store = FakeStories(dying := Journal())
        dying.interrupt(**{when: number})
        for document in documents:
            try:
                StoryAssigner(store).assign(document, CUTOFF)
            except Crash:
                StoryAssigner(store).assign(document, CUTOFF + timedelta(minutes=12))
        assert stories(*documents, store=store) == expected, f"died {when} write {number}"


HEADLINE = "La banque d'Armélie ferme trois guichets"


def a_headline(document_id: str = "net", title: str = HEADLINE, hours: float = 2, **fields: Any) -> Document:
    """Return what a news search shows of an article of ``courrier.test``."""
    return a_document(
        title,
        document_id=document_id,
        body="",
        summary="",
        host="news.search.test",
        site="courrier.test",
        published_at=CUTOFF - timedelta(hours=hours),
        **fields,
    )


def an_article(**fields: Any) -> Document:
    """Return the article as the paper's own feed shows it."""
    given = {"document_id": "feed", "body": DISPATCH, "host": "www.courrier.test", **fields}
    return a_document(HEADLINE.upper(), published_at=CUTOFF - timedelta(hours=3), **given)


@pytest.mark.parametrize("turned", [False, True])
def test_an_article_and_what_a_news_search_shows_of_it_are_one_page(turned: bool) -> None:
    """The same publisher and title within a day: one page, whichever came first."""
    store = FakeStories()
    documents = [an_article(), a_headline()]
    first, second = reversed(documents) if turned else documents
    StoryAssigner(store).assign(first, CUTOFF)
    assert StoryAssigner(store).assign(second, CUTOFF).story.role == "same_address"


@pytest.mark.parametrize(
    "other",
    [
        a_headline(title="La banque d'Armélie ferme quatre agences"),
        a_headline(hours=40),
        an_article(document_id="net", body=BULLETIN),
        an_article(document_id="net", host="autre.test", body=""),
    ],
)
def test_another_title_day_text_or_publisher_is_another_page(other: Document) -> None:
    """Two whole texts under one title are compared as texts; what another paper titles alike is its own."""
    assert stories(an_article(), other) == [{"feed"}, {"net"}]
