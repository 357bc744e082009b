"""Sign-ups: ids, throw-away mailboxes."""

import pytest

from tests.contracts.test_sign_ups import ASKED
from vigie.domain.clients import check_client, check_watch
from vigie.domain.signing_up.sign_ups import client_of, is_disposable, watch_of


@pytest.mark.parametrize("email", ["a@yopmail.com", "a@YOPMAIL.com", "a@sub.mailinator.com"])
def test_throw_away_mailboxes_are_known(email: str) -> None:
    """By their domain, in any case, and under it."""
    assert is_disposable(email)


@pytest.mark.parametrize("email", ["a@orange.fr", "a@notyopmail.com", "a@yopmail.com.example"])
def test_other_mailboxes_are_kept(email: str) -> None:
    """A domain that only looks like one is none."""
    assert not is_disposable(email)


def test_a_sign_up_becomes_the_same_client_each_time() -> None:
    """Its id is a slug of its name and of the sign-up, whatever the name holds."""
    client = check_client(client_of(ASKED, ASKED.asked_at))
    assert client.client_id == "boulangerie-morel-c0ffee00"
    assert client.recipients[0].manager
    assert check_watch(watch_of(ASKED, ASKED.asked_at)).client_id == client.client_id
