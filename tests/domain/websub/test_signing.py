"""Tokens, secrets and signatures."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.websub.offers import PushOffer
from vigie.domain.websub.signing import SIGNATURE_METHODS, hub_form, is_signed, key_of, secret_of, token_of
from vigie.domain.websub.subscriptions import PushKey, Subscription

STACK_SECRET = "the stack's"
KEY = PushKey("0002", "courrier-armelie", "4216ba6b7881")
TOKEN = token_of(KEY, STACK_SECRET)
BODY = "<rss>é</rss>".encode("latin-1")


def signature(method: str, body: bytes = BODY) -> str:
    """Return the header a hub sends."""
    return f"{method}={hmac.new(b's', body, method).hexdigest()}"


@given(shard=st.from_regex(r"[0-9]{4}", fullmatch=True), source_id=st.text(min_size=1, max_size=60))
def test_a_token_names_its_subscription(shard: str, source_id: str) -> None:
    """What a token was made of is read back, and it fits into an address."""
    key = PushKey(shard, source_id.encode("utf-8", "replace").decode(), "4216ba6b7881")
    token = token_of(key, STACK_SECRET)
    assert key_of(token, STACK_SECRET) == key
    assert all(character.isascii() and (character.isalnum() or character in "-_.") for character in token)


@given(st.text(max_size=200))
def test_nobody_guesses_a_token(text: str) -> None:
    """Any text that is not a token of ours names nothing, whatever is in it."""
    assert key_of(text, STACK_SECRET) is None


@pytest.mark.parametrize(
    "token", [TOKEN[:-1], TOKEN + "0", TOKEN.upper(), "." + TOKEN, TOKEN.partition(".")[0]]
)
def test_a_token_is_whole_or_nothing(token: str) -> None:
    """A character more, less or other, and it is not ours; nor is another stack's."""
    assert key_of(token, STACK_SECRET) is None
    assert key_of(TOKEN, "another stack's") is None


def test_each_subscription_has_a_secret_of_its_own() -> None:
    """No hub learns what another signs with, nor what it signs with for another source."""
    tokens = [
        token_of(PushKey("0002", source_id, offer), STACK_SECRET)
        for source_id in "ab"
        for offer in ("1", "2")
    ]
    assert len({secret_of(token, STACK_SECRET) for token in tokens}) == 4
    assert len(secret_of(TOKEN, STACK_SECRET)) == 64


@pytest.mark.parametrize("method", SIGNATURE_METHODS)
def test_the_four_methods_sign_raw_bytes(method: str) -> None:
    """Each method of the Recommendation is known, in either case of its hex."""
    assert is_signed(signature(method), BODY, "s")
    assert is_signed(signature(method).upper(), BODY, "s")
    assert not is_signed(signature(method), BODY + b"\n", "s")
    assert not is_signed(signature(method), BODY, "t")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "=",
        "sha256",
        "sha256=",
        "md5=" + hmac.new(b"s", BODY, "md5").hexdigest(),
        signature("sha256")[:-1],
        signature("sha256").removeprefix("sha256="),
        signature("sha256").replace("sha256", "sha512"),
        "sha256=\ud800é",
    ],
)
def test_anything_else_is_no_signature(header: str | None) -> None:
    """Missing, cut, of a weak or another method, or nonsense."""
    assert not is_signed(header, BODY, "s")


def test_the_hub_is_asked_by_form() -> None:
    """Subscribing tells callback, lease and secret; leaving tells no secret."""
    offer = PushOffer("https://hub.test/", "https://courrier.test/feed")
    wish = Subscription(shard="0002", source_id="a", hub=offer.hub, topic=offer.topic, status="pending")
    token = token_of(wish.key, STACK_SECRET)
    form = hub_form(wish, "https://api.test/v1", STACK_SECRET)
    assert form == {
        "hub.mode": "subscribe",
        "hub.topic": offer.topic,
        "hub.callback": f"https://api.test/v1/websub/{token}",
        "hub.lease_seconds": "864000",
        "hub.secret": secret_of(token, STACK_SECRET),
    }
    leaving = Subscription(shard="0002", source_id="a", hub=offer.hub, topic=offer.topic, status="leaving")
    assert set(hub_form(leaving, "https://api.test/v1", STACK_SECRET)) == {
        "hub.mode",
        "hub.topic",
        "hub.callback",
    }
