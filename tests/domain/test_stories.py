"""Story keys: one text set in two newsrooms' ways is one, two bulletins of one template are two."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_document
from vigie.domain.stories import MIN_WORDS, story_keys

TEXT = (
    "« L’été s’achève », a déclaré Mme Cœur, de l’Œuvre d’Armélie : trois guichets sur douze fermeront"
    " d’ici à mars, et la côte n’en gardera qu’un."
)


@pytest.mark.parametrize(
    "variant",
    [
        TEXT.replace("’", "'"),
        TEXT.replace("« ", '"').replace(" »", '"'),
        TEXT.replace(" ", "\u00a0"),
        TEXT.upper(),
        unicodedata.normalize("NFD", TEXT),
        TEXT.replace("é", "e").replace("ê", "e").replace("ô", "o").replace("à", "a"),
        TEXT.replace("œ", "oe").replace("Œ", "OE"),
        TEXT.replace("guichets", "gui\u00adchets"),
        TEXT.replace("Armélie", "Armé\u200blie"),
        TEXT.replace(" : ", ": ").replace(", et", " - et"),
        f"\n{TEXT.replace('. ', '.  ')}\n",
    ],
    ids=[
        "apostrophes",
        "quotes",
        "no-break",
        "capitals",
        "decomposed",
        "accents",
        "ligatures",
        "soft-hyphen",
        "zero-width",
        "dashes",
        "spaces",
    ],
)
def test_typography_makes_no_other_text(variant: str) -> None:
    """The same words, set otherwise, have the same text key."""
    assert variant != TEXT
    assert story_keys(a_document(summary=TEXT)).texts == story_keys(a_document(summary=variant)).texts


@pytest.mark.parametrize(
    "other", [TEXT.replace("trois", "quatre"), TEXT.replace("mars", "mai"), TEXT.replace("douze", "12")]
)
def test_another_word_is_another_text(other: str) -> None:
    """Two bulletins of one template differ by a number or a name, and are two stories."""
    assert story_keys(a_document(summary=TEXT)).texts != story_keys(a_document(summary=other)).texts


def test_two_weather_bulletins_are_two_stories() -> None:
    """Bulletins that differ by their figures only are kept apart."""
    bulletin = (
        "Vigilance jaune pour le vent en Armélie {day} décembre : rafales de {n} km/h attendues sur la côte,"
        " prudence en mer."
    )
    monday, tuesday = (bulletin.format(day=day, n=n) for day, n in ((7, 90), (8, 80)))
    assert story_keys(a_document(summary=monday)).texts != story_keys(a_document(summary=tuesday)).texts


def test_short_text_says_nothing() -> None:
    """Under fifteen words equal texts are slogans as often as reprints."""
    words = [f"mot{n}" for n in range(MIN_WORDS)]
    assert story_keys(a_document(summary=" ".join(words))).texts
    assert story_keys(a_document(summary=" ".join(words[1:]))).texts == ()
    assert story_keys(a_document(summary="")).texts == ()


def test_each_text_that_is_long_enough_is_a_key() -> None:
    """An article that gives its body meets those that give its lead only, and those that give both."""
    body = f"{TEXT} La suite de l'article."
    whole = story_keys(a_document(summary=TEXT, body=body)).texts
    assert set(whole) == {
        *story_keys(a_document(summary=TEXT)).texts,
        *story_keys(a_document(summary="Le chapô.", body=body)).texts,
    }


def test_page_is_its_canonical_address() -> None:
    """One page, found in two feeds under two titles, is one page; without an address it is itself."""
    here, there = (a_document(title, canonical_url="https://a.example/1") for title in ("Un", "Deux"))
    assert story_keys(here).page == story_keys(there).page
    nowhere, elsewhere = (a_document(title, canonical_url="") for title in ("Un", "Deux"))
    assert story_keys(nowhere).page != story_keys(elsewhere).page


@given(st.text(max_size=200))
def test_keys_are_stable_and_apart(text: str) -> None:
    """Whatever the text, its keys are the same twice, and a page's key is never a text's."""
    document = a_document(body=text)
    keys = story_keys(document)
    assert keys == story_keys(document)
    assert keys.page.startswith("page:")
    assert all(key.startswith("text:") for key in keys.texts)
