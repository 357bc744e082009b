"""Fingerprints and keys: typography makes no other text, and what is stored is what was computed."""

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import CUTOFF, a_document
from vigie.domain.stories.fingerprint import BODY_KEYS, LEAD_KEYS, fingerprint, pack, unpack
from vigie.domain.stories.text import _folded_any, folded, words_of

TEXT = (
    "« L’été s’achève », a déclaré Mme Cœur, de l’Œuvre d’Armélie : trois guichets sur douze fermeront"
    " d’ici à mars, et la côte n’en gardera qu’un."
)
WRITE_UNIT_BYTES = 1024
AROUND_MARK_BYTES = 160  # attribute names, two document ids of 32 characters, numbers


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
        f"{TEXT} […]",
        f"{TEXT}\nLire aussi : Le Vaurel perd ses banques",
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
        "ellipsis",
        "see-also",
    ],
)
def test_typography_makes_no_other_text(variant: str) -> None:
    """The same words, set otherwise, meet under the same keys."""
    assert variant != TEXT
    assert fingerprint(a_document(body=TEXT))[1].texts == fingerprint(a_document(body=variant))[1].texts


def test_a_lead_that_opens_the_body_is_read_once() -> None:
    """Feeds give the beginning twice, cut anywhere; a lead of its own is read before the body."""
    body = f"{TEXT} {TEXT.upper()} Fin."
    alone = fingerprint(a_document(body=body))
    assert fingerprint(a_document(summary=f"{body[:140]}…", body=body)) == alone
    assert fingerprint(a_document(summary="Un chapô à part.", body=body))[0].words == alone[0].words + 4


def test_the_title_speaks_only_for_a_document_without_text() -> None:
    """Papers retitle what they reprint; a video may have nothing but its title."""
    one, other = (a_document(title, document_id="d", body=TEXT) for title in ("Un titre", "Un autre"))
    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(a_document("Un titre de quatre mots au moins", canonical_url=""))[0].words == 7


def test_a_long_text_has_a_few_keys_and_fits_a_write_unit() -> None:
    """However long a document, what is kept of it is small."""
    body = " ".join(f"Mot{n} {n} suite" for n in range(30_000))
    mark, keys = fingerprint(a_document(body=body))
    assert len(keys.texts) <= 1 + BODY_KEYS + LEAD_KEYS
    assert keys.asked
    assert not set(keys.asked) & set(keys.texts)
    assert len(pack(mark)) + AROUND_MARK_BYTES <= WRITE_UNIT_BYTES
    assert unpack(pack(mark)) == mark


@given(st.text(max_size=400), st.sampled_from(["article", "post"]))
def test_what_is_packed_comes_back(text: str, kind: str) -> None:
    """Whatever the text, its fingerprint and its keys are the same twice, and survive the store."""
    document = a_document(body=text, type=kind)
    mark, keys = fingerprint(document)
    assert (mark, keys) == fingerprint(document)
    assert unpack(pack(mark)) == mark


def test_a_page_is_its_canonical_address_and_a_home_page_is_nobodys() -> None:
    """One page found in two feeds has one key; what stands on a home page has none."""
    here, there = (a_document(title, canonical_url="https://a.example/1") for title in ("Un", "Deux"))
    assert fingerprint(here)[1].page == fingerprint(there)[1].page != ""
    for address in ("", "https://a.example"):
        assert fingerprint(a_document(canonical_url=address))[1].page == ""


def test_a_date_to_come_is_not_believed() -> None:
    """A publication date later than our reading is a mistake, or a lure."""
    document = a_document(published_at=CUTOFF + timedelta(days=400))
    assert fingerprint(document)[0].at == document.seen_at.timestamp()


def test_scripts_without_spaces_are_compared_too() -> None:
    """Chinese, Japanese and Thai have words of a character each here."""
    mark, keys = fingerprint(a_document(body="北京市政府今天宣布关闭三座桥梁并将于春天重新开放给公众使用"))
    assert mark.words == 29
    assert len(keys.texts) > 3


@given(
    st.text(
        st.characters(max_codepoint=0x24F) | st.sampled_from("’«»“”–—…œŒ€™\u202f\u00a0\u00ad"), max_size=60
    )
)
def test_western_letters_fold_as_all_letters_do(text: str) -> None:
    """The fast way of folding gives the words the slow one gives."""
    assert words_of(folded(text)) == words_of(_folded_any(text))
