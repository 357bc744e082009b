"""Who shares a digest with whom."""

from dataclasses import replace
from datetime import time

import pytest

from tests.builders import a_client
from vigie.domain.clients import DigestSchedule, Recipient, Reviewer
from vigie.domain.rhythms import (
    FREQUENCIES,
    OWN,
    REVIEWED_CUTOFF_MINUTES,
    Frequency,
    frequency_of,
    members,
    rhythm_name,
    rhythms_of,
    with_frequency,
)

NINE = DigestSchedule(send_at=time(9))
OF_THE_CLIENT = Recipient("com@banque.test", locale="en")
AT_NINE, AT_NINE_TOO = Recipient("dg@banque.test", schedule=NINE), Recipient("rh@banque.test", schedule=NINE)
IN_NUUK = Recipient("gl@banque.test", zone="America/Nuuk")
CLIENT = a_client(recipients=(OF_THE_CLIENT, AT_NINE, IN_NUUK, AT_NINE_TOO))


def test_recipients_of_the_same_hours_share_a_rhythm() -> None:
    """Language apart: it changes how a digest is told, not which."""
    assert len(rhythms_of(CLIENT)) == 3
    assert members(CLIENT, OWN) == (OF_THE_CLIENT,)
    assert members(CLIENT, rhythm_name(CLIENT, AT_NINE)) == (AT_NINE, AT_NINE_TOO)
    assert rhythms_of(CLIENT)[rhythm_name(CLIENT, IN_NUUK)].zone == "America/Nuuk"


def test_the_clients_own_hours_written_out_are_its_rhythm() -> None:
    """A recipient who asks for what the client has follows the client."""
    same = Recipient("a@banque.test", zone=CLIENT.zone, schedule=CLIENT.schedule)
    assert rhythm_name(CLIENT, same) == OWN


def test_a_name_can_be_part_of_an_id() -> None:
    """Letters and digits: it ends a digest's id, which ends a delivery's key."""
    for name in rhythms_of(CLIENT):
        assert name == "" or name.isalnum()


@pytest.mark.parametrize(
    "change",
    [
        {"send_at": time(9, 1)},
        {"days": (0,)},
        {"cutoff_minutes": 16},
        {"only_when_spoken": True},
        {"holidays": "FR"},
    ],
)
def test_whatever_moves_a_mail_is_another_rhythm(change: dict[str, object]) -> None:
    """Each field of a schedule that decides when a digest leaves has its part in the name."""
    other = Recipient("x@banque.test", schedule=replace(NINE, **change))  # type: ignore[arg-type]
    assert rhythm_name(CLIENT, AT_NINE) != rhythm_name(CLIENT, other)


def test_every_rhythm_of_a_reviewed_client_leaves_time_to_look() -> None:
    """Under the same name: a reviewer comes and goes without anybody changing chains."""
    reviewed = replace(CLIENT, reviewer=Reviewer("claire@agence.test"))
    assert list(rhythms_of(CLIENT)) == list(rhythms_of(reviewed))
    assert {REVIEWED_CUTOFF_MINUTES} == {
        each.schedule.cutoff_minutes for each in rhythms_of(reviewed).values()
    }


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_a_frequency_chosen_is_the_one_shown(frequency: Frequency) -> None:
    """At the same hour, from any other."""
    for other in FREQUENCIES:
        schedule = with_frequency(with_frequency(NINE, other, 2), frequency, 3)
        assert (frequency, NINE.send_at) == (frequency_of(schedule), schedule.send_at)


def test_days_of_ones_own_are_no_frequency() -> None:
    """Tuesdays and Fridays."""
    assert frequency_of(DigestSchedule(days=(1, 4))) is None
