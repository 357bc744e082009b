"""Links that work once, sessions and their cookie."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import CUTOFF, a_client
from vigie.domain.clients import Recipient, Reviewer
from vigie.domain.sign_in import (
    SESSION_AT_MOST,
    SESSION_IDLE,
    Claim,
    SessionClaim,
    hash_of_session,
    hash_of_token,
    is_secret,
    person_of,
    read_cookie,
    role_of,
    secret_text,
    session_of,
    set_cookie,
    unset_cookie,
)
from vigie.errors import NotFound

CLAIM = Claim("Claire@ville.example", ("port", "ville"))
SECRET = secret_text(bytes(range(32)))


def test_a_secret_is_all_its_bytes() -> None:
    """43 characters for 32 bytes, and nothing for fewer."""
    assert is_secret(SECRET)
    assert SECRET == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    with pytest.raises(ValueError, match="32 bytes"):
        secret_text(b"short")


@pytest.mark.parametrize("text", ["", "x" * 42, "x" * 44, "x" * 42 + "=", "é" * 43, "x" * 43 + "\n"])
def test_what_cannot_be_a_secret_is_none(text: str) -> None:
    """Other lengths, other signs: nothing is looked up for them."""
    assert not is_secret(text)


def test_a_hash_says_what_its_secret_is_for() -> None:
    """The same secret for another purpose, or as a session, is another thing altogether."""
    hashes = {hash_of_token("sign_in", SECRET), hash_of_token("confirm", SECRET), hash_of_session(SECRET)}
    assert len(hashes) == 3
    assert not any(SECRET in each for each in hashes)


def test_a_claim_is_read_as_written() -> None:
    """An address and its clients, of which there may be none."""
    assert Claim.read(str(CLAIM)) == CLAIM
    assert Claim.read(str(Claim("a@b.example", ()))) == Claim("a@b.example", ())


def test_whoever_has_one_client_looks_at_it() -> None:
    """With several, one is chosen among those of the session, and no other can be."""
    assert session_of(Claim("a@b.example", ("ville",)), SECRET, CUTOFF).client_id == "ville"
    session = session_of(CLAIM, SECRET, CUTOFF)
    assert session.client_id is None
    assert session.looking_at("port").client_id == "port"
    with pytest.raises(NotFound):
        session.looking_at("union")


def test_a_session_ends_unused_and_ends_at_last() -> None:
    """Thirty days after it was last used; half a year after it began, however much it is used."""
    session = session_of(CLAIM, SECRET, CUTOFF)
    assert session.is_good(CUTOFF + SESSION_IDLE - timedelta(seconds=1))
    assert not session.is_good(CUTOFF + SESSION_IDLE)
    used = replace(session, seen_at=CUTOFF + SESSION_AT_MOST - timedelta(days=1))
    assert used.ends_at == CUTOFF + SESSION_AT_MOST


def test_a_cookie_is_read_among_others() -> None:
    """Ours is found by its name; one that could not be ours is none."""
    claim = SessionClaim(person_of("claire@ville.example"), SECRET)
    assert person_of("CLAIRE@ville.example") == claim.person
    assert read_cookie(f"a=b; __Host-vigie={claim.cookie}; c=d") == claim
    for other in (
        "",
        "__Host-vigie=",
        f"vigie={claim.cookie}",
        f"__Host-vigie={claim.cookie}x",
        "__Host-vigie",
    ):
        assert read_cookie(other) is None


def test_a_cookie_is_held_to_this_host_and_kept_from_scripts() -> None:
    """``__Host-`` asks for Secure, Path=/ and no Domain; signing out sends the same without a value."""
    for header in (set_cookie(SessionClaim("0" * 32, SECRET)), unset_cookie()):
        assert header.startswith("__Host-vigie=")
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(header.split("; "))
        assert "Domain" not in header
    assert unset_cookie().endswith("Max-Age=0")


def test_a_form_token_is_of_one_session() -> None:
    """It is the same throughout a session, and another session's, or none, will not do."""
    ours, theirs = (SessionClaim("0" * 32, secret_text(bytes([n]) * 32)) for n in (1, 2))
    assert ours.owns(ours.csrf)
    assert not ours.owns(theirs.csrf)
    assert not ours.owns("")
    assert not ours.owns("é")
    assert ours.secret not in ours.csrf


def test_a_person_is_one_thing_to_a_client() -> None:
    """The reviewer, a recipient who manages, a recipient who reads, or nobody; in any case of letters."""
    client = replace(
        a_client(),
        reviewer=Reviewer("Ana@agence.example"),
        recipients=(Recipient("chef@ville.example", manager=True), Recipient("claire@ville.example")),
    )
    wanted = {
        "ana@agence.example": "reviewer",
        "Chef@ville.example": "manager",
        "CLAIRE@ville.example": "reader",
        "autre@ville.example": None,
    }
    assert {email: role_of(client, email) for email in wanted} == wanted
