"""A digest as a value: it survives JSON and checks its own sums."""

from dataclasses import replace

import msgspec

from tests.builders import A_DAY, CUTOFF
from vigie.domain.digest import Coverage, Digest, Totals
from vigie.domain.ledger import Ledger

EMPTY = Digest(
    client_id="boulangerie",
    client_name="Boulangerie de l'Épi d'or",
    locale="fr",
    zone="Europe/Paris",
    digest_id="20261208T061500Z",
    interval=A_DAY,
    built_at=CUTOFF,
    next_send_at=CUTOFF,
    totals=Totals(retained=0, stories=0, subjects=0, channels={}, tones={}),
    coverage=Coverage(total=0, on_time=0, late=0, failing=0, gone=0, new=0),
    ledger=Ledger(),
)


def test_digest_survives_json() -> None:
    """Encoding a digest and decoding it gives an equal digest."""
    assert msgspec.json.decode(msgspec.json.encode(EMPTY), type=Digest) == EMPTY


def test_quiet_day_adds_up() -> None:
    """A digest without a mention is quiet and has no wrong sum."""
    assert EMPTY.is_quiet
    assert EMPTY.check() == []


def test_wrong_sums_are_named() -> None:
    """Each sum that does not hold is told with both sides, the ledger's among them."""
    wrong = replace(
        EMPTY,
        totals=Totals(retained=2, stories=0, subjects=0, channels={"press": 2}, tones={"neutral": 1}),
        ledger=Ledger(retained=1),
    )
    assert wrong.check() == [
        "tones = retained: 1 is not 2",
        "publications = retained: 0 is not 2",
        "a subject's publications: 0 is not 2",
        "retained + competitor_only = ledger: 2 is not 1",
        "matched + carried_in = retained + held + carried_out: 0 is not 1",
    ]
