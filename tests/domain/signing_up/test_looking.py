"""What is looked for on behalf of a business, and the words that tell its namesakes."""

from tests.builders import CUTOFF
from vigie.domain.backtest import Sample
from vigie.domain.query import parse
from vigie.domain.query.builder import query_of
from vigie.domain.signing_up.companies import trade_of
from vigie.domain.signing_up.looking import chips_of, query_around, wishes_of_name


def sample(title: str, number: int) -> Sample:
    """Return an article of that title."""
    return Sample(
        title=title,
        url=f"https://presse.test/{number}",
        source_name="La Gazette",
        platform="web",
        at=CUTOFF,
        extract="",
        evidence=(),
    )


def test_words_near_the_name_are_offered_as_they_are_written() -> None:
    """Each chip picks articles that those before do not; words of the business itself are none."""
    titles = [
        "Morel marque pour les Bleus",
        "Morel blessé avant le match des Bleus",
        "Procès : Morel condamné",
    ]
    chips = chips_of("Morel", [sample(title, at) for at, title in enumerate(titles)], ["Boulangerie Morel"])
    assert chips[0].word == "Bleus"
    assert chips[0].count == 2
    assert len(chips) == 2
    assert chips[1].word in {"Procès", "condamné"}


def test_a_chip_excluded_is_a_word_that_the_watch_wants_none_of() -> None:
    """The query of the watch is made of the name and what was excluded."""
    assert query_of(wishes_of_name("Épi d'or", ["football"], "Auzelle")) == query_of(
        wishes_of_name("Épi d’or", ["football"], "Auzelle")
    )
    assert "football" in query_of(wishes_of_name("Morel", ["football"]))


def test_what_is_said_around_names_both_town_and_trade() -> None:
    """Where either is unknown there is no such query."""
    assert parse(query_around("Auzelle", trade_of("10.71C")))
    assert query_around("", trade_of("10.71C")) == ""
    assert query_around("Auzelle", trade_of("99.99Z")) == ""
