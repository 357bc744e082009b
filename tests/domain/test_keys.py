"""API keys: what is kept of them, and how a header's claim is read."""

import hashlib
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.keys import KeyClaim, format_key, hash_of_key, read_authorization
from vigie.errors import Forbidden

TOKEN = "3xJ9_-" + "a" * 37
KEY = f"vigie_banque-armelie_{TOKEN}"
CLAIM = KeyClaim("banque-armelie", hashlib.sha256(KEY.encode()).hexdigest())


def test_key_names_its_client() -> None:
    """A key shows whose it is, around 32 random bytes."""
    assert format_key("banque-armelie", TOKEN) == KEY
    assert len(secrets.token_urlsafe(32)) == len(TOKEN)


@pytest.mark.parametrize("header", [f"Bearer {KEY}", f"bearer {KEY}", f" BEARER   {KEY} "])
def test_claim_is_read(header: str) -> None:
    """The scheme is read in any case (RFC 9110 §11.1), the key as it is."""
    assert read_authorization(header) == CLAIM


@given(st.from_regex(r"[a-z0-9-]{1,48}", fullmatch=True), st.from_regex(r"[A-Za-z0-9_-]{43}", fullmatch=True))
def test_every_key_claims_its_client(client_id: str, token: str) -> None:
    """Whatever the token holds, underscores and hyphens included, the client is told from it."""
    key = format_key(client_id, token)
    assert KeyClaim(client_id, hash_of_key(key)) == read_authorization(f"Bearer {key}")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        f"Basic {KEY}",
        f"Bearer Bearer {KEY}",
        f"Bearer {KEY}a",
        f"Bearer {KEY[:-1]}",
        f"Bearer {KEY}, {KEY}",
        f"Bearer {KEY.upper()}",
        f"Bearer vigie__{TOKEN}",
    ],
)
def test_header_without_a_key_is_forbidden(header: str | None) -> None:
    """A caller without a key is told how to give one, and nothing of what they sent is repeated."""
    with pytest.raises(Forbidden) as refusal:
        read_authorization(header)
    assert str(refusal.value) == "Give your key in the header Authorization: Bearer vigie_…."
