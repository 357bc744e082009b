"""Words and the features they make."""

from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.classification.features import name_hashes, pair_hashes, text_hashes, word_hashes, words_of


def test_words_stand_where_they_were_published() -> None:
    """Each word keeps its letters as published and its place in the text; an account or a number is one too."""
    text = "L'usine de @bréval ferme : 120 emplois, voir https://a.example/b ?!"
    words = words_of(text)
    assert words.marked == ["L", "usine", "de", "@", "ferme", "0", "emplois", "voir", "http", "?!"]
    assert [text[start:end] for start, end in words.spans][3] == "@bréval"


def test_a_negation_governs_three_words_of_its_clause() -> None:
    """Words after a negation are marked, three of them at most and none beyond its clause."""
    assert words_of("Ce n'est vraiment pas bon. Bravo").marked == [
        *("Ce", "n", "¬est", "¬vraiment", "pas", "¬bon", "Bravo")
    ]
    assert words_of("sans eau ni gaz du tout du jour").marked[-3:] == ["¬tout", "du", "jour"]


def test_reading_stops_at_its_limit() -> None:
    """What stands beyond the limit is not read."""
    assert words_of("un deux trois", limit_characters=7).marked == ["un", "deux"]


def test_a_word_makes_its_name_and_runs_of_letters() -> None:
    """A word makes one feature of its own and its runs of 3 to 5 characters; case and long repeats do not count."""
    assert len(word_hashes("gare")) == 1 + 4 + 3 + 2
    assert word_hashes("GAAAARE") == word_hashes("gaare")
    assert word_hashes("¬gare")[1:] == word_hashes("gare")[1:]
    assert word_hashes("¬gare")[0] != word_hashes("gare")[0]


def test_signs_make_one_feature() -> None:
    """A smiley or a cry is itself only."""
    assert [len(word_hashes(sign)) for sign in (":)", "!!", "😡", "0", "@")] == [1, 1, 1, 1, 1]


def test_hashes_never_change() -> None:
    """Features are CRC-32 of names that artefacts were trained with: changing one is a new FEATURE_VERSION."""
    assert word_hashes("Gare")[:2] == [crc32(b"w gare"), crc32(b"<ga")]
    assert pair_hashes(["La", "gare"]) == [crc32(b"b la gare")]
    assert name_hashes(["place:title"]) == [crc32(b"n place:title")]


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever the text, words stand in order inside it and make features."""
    words = words_of(text)
    assert all(0 <= start < end <= len(text) for start, end in words.spans)
    assert words.spans == sorted(words.spans)
    assert len(text_hashes(words)) >= len(words.marked)
