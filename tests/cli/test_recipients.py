"""``vigie recipients``: its help documents what it prints, and a recipient is told in one line."""

from datetime import time

import pytest

from tests.builders import CUTOFF, a_client
from vigie.cli import main
from vigie.cli.recipients import line_of
from vigie.domain.addresses import Address, MailEvent, after
from vigie.domain.clients import DigestSchedule, Recipient


def test_a_recipient_is_told_with_what_is_theirs_and_the_clients() -> None:
    """Their own hour, the client's zone and language; what stands against writing to them."""
    recipient = Recipient("dg@banque.test", schedule=DigestSchedule(send_at=time(9)))
    event = MailEvent(kind="complained", provider_id="p", at=CUTOFF, email="dg@banque.test", detail="abuse")
    line = line_of(a_client(), recipient, after(Address(email="dg@banque.test"), event))
    assert (line["send_at"], line["frequency"], line["zone"], line["locale"]) == (
        "09:00",
        "daily",
        "Europe/Paris",
        "fr",
    )
    assert not line["written_to"]
    assert line["suppression"]["reason"] == "complaint"
    assert line_of(a_client(), recipient, None)["written_to"]


def test_every_key_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    """The help names what a line holds."""
    assert main(["recipients", "list", "--help"]) == 0
    documented = capsys.readouterr().out
    assert [key for key in line_of(a_client(), Recipient("a@b.test"), None) if key not in documented] == []
