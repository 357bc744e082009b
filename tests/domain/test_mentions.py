"""What a mention says of itself."""

from tests.builders import a_document, a_hit, a_mention


def test_mention_has_the_id_of_its_document() -> None:
    """A document is mentioned once by client: its id is the mention's."""
    assert a_mention(a_document(document_id="5f2c")).mention_id == "5f2c"


def test_purposes_are_those_of_the_watches() -> None:
    """Two watches of one purpose make it one."""
    document = a_document()
    hits = (
        a_hit(document),
        a_hit(document, purpose="crisis"),
        a_hit(document, purpose="crisis", watch_id="fuite"),
    )
    assert a_mention(document, hits=hits).purposes == {"brand", "crisis"}
