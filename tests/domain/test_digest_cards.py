"""A subject in full: agencies, corrections, subscribers."""

from datetime import timedelta
from typing import Any

from tests.builders import CUTOFF, a_document, a_mention
from tests.domain.test_digest_build import digest_of
from vigie.domain.mentions import Mention

PAGE = "https://courrier-armelie.example/guichets"


def a_version(body: str, *, again: bool = False, **fields: Any) -> Mention:
    """Return the page as it read first, or ``again`` an hour later, held back then as a page already seen."""
    minutes = 20 if again else 80
    seen_at = CUTOFF - timedelta(minutes=minutes)
    document = a_document(
        document_id=f"v{minutes}",
        canonical_url=PAGE,
        body=body,
        seen_at=seen_at,
        published_at=CUTOFF - timedelta(minutes=90),
        **fields,
    )
    if not again:
        return a_mention(document)
    return a_mention(document, story="v80", status="held", held_reason="same_address")


def test_card_tells_what_a_page_corrected() -> None:
    """A page whose figures changed since it came out says what they were and what they are."""
    before = a_version("La Banque d'Armélie supprime 120 postes dans le Vaurel.")
    after = a_version("La Banque d'Armélie supprime 12 postes dans le Vaurel.", again=True)
    (card,) = digest_of([before, after]).subjects
    (told,) = card.corrections
    assert (told.source_name, told.before, told.after) == ("Le Courrier d'Armélie", "120", "12")
    assert card.publications == 1


def test_correction_of_what_may_not_be_quoted_is_not_told() -> None:
    """A source whose terms allow no text has none of its corrections quoted."""
    before = a_version("La Banque d'Armélie supprime 120 postes.", display="link_only")
    after = a_version("La Banque d'Armélie supprime 12 postes.", again=True, display="link_only")
    assert digest_of([before, after]).subjects[0].corrections == ()


def test_card_credits_the_agency() -> None:
    """The agency whose text was printed is named."""
    (card,) = digest_of([a_version("PARIS (AFP) La Banque d'Armélie publie ses comptes.")]).subjects
    assert card.agencies == ("AFP",)


def test_card_says_what_is_for_subscribers() -> None:
    """A first publication that says that it is closed is marked."""
    closed = a_version("La Banque d'Armélie ferme. Article réservé aux abonnés.")
    assert digest_of([closed]).subjects[0].for_subscribers
    assert not digest_of([a_version("La Banque d'Armélie ferme.")]).subjects[0].for_subscribers
