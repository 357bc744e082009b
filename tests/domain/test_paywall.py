"""What a publication says of who may read it."""

import pytest

from tests.builders import a_document
from vigie.domain.paywall import is_for_subscribers


@pytest.mark.parametrize(
    ("title", "body", "closed"),
    [
        ("[Abonnés] Trois guichets ferment", "", True),
        ("Trois guichets ferment", "Le conseil a voté. Article réservé aux abonnés.", True),
        ("Branches to close", "Subscribers only. The council voted.", True),
        ("Branches to close", "Subscribe to continue reading", True),
        ("La banque compte dix mille abonnés à sa lettre", "", False),
        ("Abonnements de train : la banque rembourse", "Les abonnés du train sont réservés.", False),
    ],
)
def test_notices_to_subscribers(title: str, body: str, closed: bool) -> None:
    """A notice at either end of a text says that it is closed; the word alone does not."""
    assert is_for_subscribers(a_document(title, body=body)) == closed
