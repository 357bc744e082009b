"""What an extract may show of an article."""

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_document, a_hit
from vigie.domain.documents import Document
from vigie.domain.extracts import EXTRACT_LIMIT, extract_of, shown_text
from vigie.domain.mentions import Evidence

LEAD = "Le conseil municipal a débattu jeudi soir de l'avenir des guichets du Vaurel."
REST = (
    "En fin de séance, la Banque d'Armélie confirme le calendrier aux élus, qui demandent un sursis d'un an."
)


def spans(document: Document, word: str) -> list[Evidence]:
    """Return where ``word`` first stands in each text of the document."""
    found = [(field, getattr(document, field).find(word)) for field in ("title", "summary", "body")]
    return [Evidence(field, start, start + len(word), word) for field, start in found if start >= 0]


def test_extract_holds_the_hit_between_ellipses() -> None:
    """An extract shows whole words around the hit and says where it was cut."""
    document = a_document(body=f"{LEAD} {REST} {'Suite de la séance. ' * 20}")
    extract = extract_of(document, spans(document, "Banque d'Armélie"))
    assert extract.startswith("…En fin de séance, la Banque d'Armélie confirme")
    assert extract.endswith("…")
    assert len(extract) <= EXTRACT_LIMIT


def test_hit_in_the_lead_shows_part_of_it() -> None:
    """When the only hit is in the first sentence, the extract is a window of it, not the sentence."""
    lead = "La Banque d'Armélie ferme trois guichets ruraux dès le printemps, annonce sa direction régionale."
    document = a_document(summary=lead)
    assert (
        extract_of(document, spans(document, "Banque d'Armélie"))
        == "La Banque d'Armélie ferme trois guichets ruraux dès le…"
    )


def test_hit_after_the_lead_is_preferred() -> None:
    """A hit further down is shown rather than the one in the lead."""
    document = a_document(summary=f"Banque d'Armélie : {LEAD}", body=f"{LEAD} {REST}")
    assert "confirme le calendrier" in extract_of(document, spans(document, "Banque d'Armélie"))


def test_hit_in_the_title_gives_no_extract() -> None:
    """A title is shown already, so a hit there alone adds nothing."""
    document = a_document("La Banque d'Armélie recrute", body=LEAD)
    assert extract_of(document, spans(document, "Banque d'Armélie")) == ""


def test_evidence_outside_the_text_is_ignored() -> None:
    """Offsets that do not fit the text give no extract and no error."""
    assert (
        extract_of(a_document(body="court"), [Evidence("body", 3, 99, "x"), Evidence("author", 0, 1, "a")])
        == ""
    )


@given(
    before=st.lists(st.text("abcé .!\n", max_size=60), max_size=6),
    word=st.text("xyz", min_size=1, max_size=40),
    after=st.lists(st.text("abcé .!\n", max_size=60), max_size=6),
)
def test_extract_is_short_and_never_the_whole_text(before: list[str], word: str, after: list[str]) -> None:
    """Whatever the text, an extract has at most 160 characters, holds the hit, and is not the text itself."""
    body = f"{' '.join(before)} {word} {' '.join(after)}"
    document = a_document(body=body)
    extract = extract_of(document, spans(document, word))
    assert len(extract) <= EXTRACT_LIMIT
    assert extract == "" or word in extract
    assert extract != " ".join(body.split())


def test_terms_say_how_much_is_shown() -> None:
    """A link alone shows no text at all, an excerpt a bounded one, and full all of it."""
    text = "Un très long propos sur le phare. " * 20
    shown = {
        display: shown_text(a_document(summary=text, display=display), text)
        for display in ("full", "excerpt", "link_only")
    }
    assert (shown["full"], shown["link_only"]) == (text, "")
    assert len(shown["excerpt"]) <= EXTRACT_LIMIT
    linked = a_document(summary=text, display="link_only")
    assert extract_of(linked, a_hit(linked, "phare").evidence) == ""
