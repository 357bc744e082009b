"""Notices: their signatures, and how an endpoint fares."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

from tests.builders import CUTOFF
from vigie.domain.notices import (
    BOTH_SECRETS,
    GIVE_UP_AFTER,
    LEASE,
    Endpoint,
    Posted,
    event_id_of,
    outcome_of,
    secret_of,
    settled,
    signed,
    taken_up,
)

ENDPOINT = Endpoint(
    client_id="banque-armelie",
    endpoint_id="e1",
    url="https://intranet.example/vigie",
    events=("mention.recorded",),
    created_at=CUTOFF,
)


def test_a_receiver_can_verify_with_the_libraries_of_the_standard() -> None:
    """The example of standardwebhooks.com: its secret, its message, its signature."""
    headers = signed(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        CUTOFF.fromtimestamp(1614265330, CUTOFF.tzinfo),
        b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_secrets_differ_by_client_endpoint_and_version() -> None:
    """And are the same each time they are asked for."""
    asked = [("c", "e", 1), ("d", "e", 1), ("c", "f", 1), ("c", "e", 2)]
    secrets = {secret_of("stack", *each) for each in asked} | {secret_of("other", "c", "e", 1)}
    assert len(secrets) == 5
    assert secret_of("stack", "c", "e", 1) in secrets
    assert all(secret.startswith("whsec_") for secret in secrets)
    assert all(len(base64.b64decode(secret[6:])) == 32 for secret in secrets)


def test_after_a_rotation_both_secrets_sign_for_a_day() -> None:
    """The receiver changes its own when it can."""
    rotated = replace(ENDPOINT, secret_version=2, rotated_at=CUTOFF)
    assert ENDPOINT.versions(CUTOFF) == (1,)
    assert rotated.versions(CUTOFF) == (2, 1)
    assert rotated.versions(CUTOFF + BOTH_SECRETS) == (2,)
    secrets = [secret_of("s", "c", "e", version) for version in (2, 1)]
    new, old = signed(secrets, "id", CUTOFF, b"{}")["webhook-signature"].split(" ")
    content = b"id.%d.{}" % int(CUTOFF.timestamp())
    for signature, secret in ((new, secrets[0]), (old, secrets[1])):
        expected = hmac.new(base64.b64decode(secret[6:]), content, hashlib.sha256).digest()
        assert signature == f"v1,{base64.b64encode(expected).decode()}"


def test_an_event_has_one_id() -> None:
    """Told again it has the same; of another client, kind or thing another."""
    ids = {
        event_id_of(*told) for told in (("c", "k", "w"), ("d", "k", "w"), ("c", "l", "w"), ("c", "k", "x"))
    }
    assert len(ids) == 4
    assert event_id_of("c", "k", "w") in ids


def test_an_endpoint_that_fails_pauses_ever_longer_up_to_a_quarter_of_an_hour() -> None:
    """The first failure dates the trouble, the last one names it; a success forgets all."""
    endpoint, pauses = ENDPOINT, []
    for number in range(8):
        at = CUTOFF + timedelta(hours=number)
        endpoint = settled(taken_up(endpoint, at), Posted(500 + number), at)
        assert endpoint.next_try_at is not None
        pauses.append((endpoint.next_try_at - at).total_seconds())
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (30, 900)
    assert (endpoint.standing, endpoint.failing_since, endpoint.trouble) == (
        "failing",
        CUTOFF,
        "it answered 507",
    )
    assert settled(taken_up(endpoint, CUTOFF), Posted(204), CUTOFF) == ENDPOINT


def test_an_endpoint_is_free_when_nobody_tries_it_and_its_pause_is_over() -> None:
    """A worker that died holding it hinders nobody for long."""
    held = taken_up(ENDPOINT, CUTOFF)
    assert ENDPOINT.free_at(CUTOFF) == CUTOFF
    assert held.free_at(CUTOFF) == CUTOFF + LEASE
    assert held.free_at(CUTOFF + LEASE) == CUTOFF + LEASE
    paused = replace(ENDPOINT, next_try_at=CUTOFF + timedelta(minutes=8))
    assert paused.free_at(CUTOFF) == CUTOFF + timedelta(minutes=8)


def test_gone_disables() -> None:
    """410 is the receiver's word that it wants no more."""
    gone = settled(ENDPOINT, Posted(410), CUTOFF)
    assert (gone.standing, gone.disabled_at) == ("disabled", CUTOFF)


def test_what_a_try_came_to() -> None:
    """Any 2xx is a yes; all else but 410 is tried for a day."""
    late = CUTOFF + GIVE_UP_AFTER
    assert {outcome_of(Posted(status), CUTOFF, late) for status in (200, 202, 299)} == {"delivered"}
    assert outcome_of(Posted(410), CUTOFF, CUTOFF) == "refused"
    for posted in (Posted(None, "slow"), Posted(199), Posted(301), Posted(404), Posted(500)):
        assert outcome_of(posted, CUTOFF, late - timedelta(seconds=1)) == "failed"
        assert outcome_of(posted, CUTOFF, late) == "given_up"
