"""The matcher: the same answers as asking every query, one after the other."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.query.reference import Doc, Tree
from tests.domain.query.spelling import spelled
from tests.domain.query.strategies import documents, prepared_fields, seeds, trees
from vigie.domain.query import Matcher, evaluate, parse, prepare


@settings(max_examples=100)
@given(st.lists(st.tuples(trees, seeds), max_size=8), documents)
def test_it_answers_as_asking_each_query(watches: list[tuple[Tree, int]], doc: Doc) -> None:
    """Whatever the watches, filing them by what they need loses no match and invents none."""
    queries = [(number, parse(spelled(*watch))) for number, watch in enumerate(watches)]
    document = prepare(**prepared_fields(doc))

    one_by_one = [(key, evaluate(query, document)) for key, query in queries]

    assert Matcher(queries).match(document) == [(key, match) for key, match in one_by_one if match]


def test_watches_of_every_kind_are_found() -> None:
    """Filters, wildcards, tags, raw symbols, authors and negations each find their document, in the order given."""
    wanted = [
        "site:lemonde.fr",
        "links:twitch.tv",
        "lang:fr type:video platform:youtube has:image",
        "banq* NEAR lyon",
        "ly?n",
        "#credit_agr*",
        'raw:"!!"',
        "raw:C++ AND lyon",
        "author:martin",
        "NOT rugby",
    ]
    missing = [
        "site:monde.fr",
        "links:x.tv",
        "bank*",
        "raw:c++",
        "author:lyon",
        "-lyon",
        "lang:en OR type:post",
    ]
    document = prepare(
        title="Une banque de Lyon !!",
        body="Du C++ à #Credit_Agricole",
        author="Jean Martin",
        url="https://www.lemonde.fr/1",
        language="fr",
        platform="youtube",
        type="video",
        links=["https://clips.twitch.tv/x"],
        media=["image"],
    )
    matcher = Matcher([(text, parse(text)) for text in [*wanted, *missing]])

    assert [key for key, _ in matcher.match(document)] == wanted


def test_no_watch_no_match() -> None:
    """A matcher of nothing answers nothing."""
    assert Matcher[str]([]).match(prepare(title="Banque")) == []
