"""Authors who object: whom the list means, and what is kept of what they wrote."""

import pytest

from tests.builders import a_document, a_mention
from vigie.domain.objections import hash_of_name, objects, unsigned

LISTED = {hash_of_name("Jean Martin"), hash_of_name("@boulange.example")}


@pytest.mark.parametrize(
    "author",
    [
        "Jean Martin",
        "JEAN  martin ",
        "Par Jean Martin",
        "By Jean Martin",
        "Jean Martin, Marie Louvet",
        "Marie Louvet et Jean Martin",
        "Marie Louvet & Jean Martin",
        "Jean Martin / AFP",
        "boulange.example",
        "@Boulange.example",
    ],
)
def test_the_list_means_whoever_signs_so(author: str) -> None:
    """However it is spelled, and beside whomever."""
    assert objects(author, LISTED)


@pytest.mark.parametrize(
    "author", ["", "Jean", "Martin", "Jean Martinez", "Jeanne Martin", "AFP", "Marie Louvet"]
)
def test_nobody_else_is_meant(author: str) -> None:
    """A part of a name is another name."""
    assert not objects(author, LISTED)


def test_an_article_loses_its_signature_only() -> None:
    """Its title and its link name the newspaper."""
    mention = a_mention(a_document(author="Jean Martin"))
    kept = unsigned(mention)
    assert kept.document.author == ""
    assert (kept.document.title, kept.document.url, kept.status) == (
        mention.document.title,
        mention.document.url,
        "kept",
    )


def test_a_post_leaves_only_that_there_was_one() -> None:
    """Its address names who wrote it."""
    kept = unsigned(a_mention(a_document(author="boulange.example", platform="bluesky")))
    assert (kept.document.author, kept.document.url, kept.document.title) == ("", "", "")
    assert (kept.status, kept.held_reason) == ("held", "withdrawn")
