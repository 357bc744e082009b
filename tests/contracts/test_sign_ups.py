"""Contract of SignUpStore."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import CUTOFF
from vigie.domain.clients import DigestSchedule
from vigie.domain.query.builder import Wishes
from vigie.domain.signing_up.sign_ups import Consent, SignUp

CONSENT = Consent(terms_version="2026-11-23", at=CUTOFF, address_sha256="ab" * 32)
ASKED = SignUp(
    signup_id="c0ffee00" * 4,
    email="claire@ville.example",
    name="Boulangerie Morel",
    wishes=Wishes(any=("Boulangerie Morel",), none=("football",)),
    about="BOULANGERIE MOREL, la boulangerie, Auzelle",
    schedule=DigestSchedule(only_when_spoken=True),
    locale="fr",
    asked_at=CUTOFF,
    consent=CONSENT,
)
HELD = replace(ASKED, signup_id="deadbeef" * 4, name="Jean Morel", held_name="Jean Morel", state="held")


def test_a_sign_up_comes_back_whole(stores: Any) -> None:
    """What was asked for is what is made of it; an id that is nobody's finds nothing."""
    stores.sign_ups.put(ASKED)
    assert stores.sign_ups.get(ASKED.signup_id) == ASKED
    assert stores.sign_ups.get("0" * 32) is None


def test_held_sign_ups_are_listed_until_somebody_decides(stores: Any) -> None:
    """The oldest comes first; one released or refused is no longer listed, and stays."""
    later = replace(HELD, signup_id="feedface" * 4, asked_at=CUTOFF + timedelta(hours=1))
    for signup in (later, ASKED, HELD):
        stores.sign_ups.put(signup)
    assert stores.sign_ups.held() == [HELD, later]
    stores.sign_ups.put(replace(HELD, state="asked"))
    stores.sign_ups.put(replace(later, state="refused"))
    assert stores.sign_ups.held() == []
    assert stores.sign_ups.get(later.signup_id).state == "refused"


def test_consents_are_kept_in_order_and_once(stores: Any) -> None:
    """Keeping one again keeps no second."""
    renewed = replace(CONSENT, terms_version="2027-01-01", at=CUTOFF + timedelta(days=60))
    for consent in (renewed, CONSENT, CONSENT):
        stores.sign_ups.keep_consent("boulangerie-morel", consent)
    assert stores.sign_ups.consents("boulangerie-morel") == [CONSENT, renewed]
    assert stores.sign_ups.consents("autre") == []
