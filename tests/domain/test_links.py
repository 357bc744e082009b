"""Signed links: who may read what, until when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.domain.links import LINK_PURPOSES, TOKEN_LIMIT_CHARACTERS, Link, LinkPurpose, read_link, sign
from vigie.errors import Expired, NotFound

SECRET = "kQ3vZ0b1Jm5u7n9p2r4t6w8y"
NOW = datetime(2026, 12, 8, 6, 30, tzinfo=UTC)
LINK = Link(
    purpose="digest",
    client_id="banque-armelie",
    subject="20261208T061500Z",
    recipient="claire.martin@banque-armelie.example",
    expires_at=NOW + timedelta(days=31),
)
TOKEN = sign(SECRET, LINK)

_texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
_links = st.builds(
    Link,
    purpose=st.sampled_from(LINK_PURPOSES),
    client_id=_texts,
    subject=_texts,
    recipient=_texts,
    expires_at=st.integers(int(NOW.timestamp()) + 1, 253_402_300_799).map(
        lambda seconds: datetime.fromtimestamp(seconds, UTC)
    ),
)


@given(_links)
def test_a_link_comes_back_as_it_was_signed(link: Link) -> None:
    """What was signed is read back whole, and its token can stand in an address as it is."""
    token = sign(SECRET, link)
    assert link == read_link(SECRET, token, link.purpose, NOW)
    assert token.isascii()
    assert token.replace("-", "").replace("_", "").isalnum()


@given(_links, st.sampled_from(LINK_PURPOSES))
def test_a_token_serves_its_purpose_only(link: Link, purpose: LinkPurpose) -> None:
    """A token made for one purpose is unknown for any other."""
    if purpose == link.purpose:
        return
    with pytest.raises(NotFound):
        read_link(SECRET, sign(SECRET, link), purpose, NOW)


@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="ascii"))
def test_a_token_changed_anywhere_opens_nothing(place: int, character: str) -> None:
    """One character other, down to the last one's unused bits, and the token is not ours."""
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    if changed == TOKEN:
        return
    with pytest.raises(NotFound):
        read_link(SECRET, changed, "digest", NOW)


@given(st.text(max_size=300) | st.text("1AZaz09-_", max_size=300).map(lambda text: "1" + text))
def test_nobody_guesses_a_token(text: str) -> None:
    """Any text that is no token of ours is refused, in words, whatever is in it."""
    with pytest.raises(NotFound, match="Open it from the mail again"):
        read_link(SECRET, text, "digest", NOW)


@pytest.mark.parametrize("token", ["", "1", TOKEN[:-1], TOKEN + "A", TOKEN + "=", "2" + TOKEN[1:], TOKEN * 9])
def test_a_token_is_whole_or_nothing(token: str) -> None:
    """Cut, padded, of another version or endless: it opens nothing."""
    with pytest.raises(NotFound):
        read_link(SECRET, token, "digest", NOW)


def test_another_stack_signs_for_itself() -> None:
    """A token of another secret opens nothing."""
    with pytest.raises(NotFound):
        read_link("another", TOKEN, "digest", NOW)


def test_a_link_ends_at_its_second() -> None:
    """It opens until the second before its end, and says that its time is past from then on."""
    last = LINK.expires_at - timedelta(seconds=1)
    assert read_link(SECRET, TOKEN, "digest", last) == LINK
    with pytest.raises(Expired, match="latest mail"):
        read_link(SECRET, TOKEN, "digest", LINK.expires_at)


def test_secrets_are_replaced_without_breaking_links() -> None:
    """Links of the old secret open while it is named; the first named signs."""
    old, new = "old-secret", "new-secret"
    of_old = sign(old, LINK)
    assert of_old == sign(f"{old} {new}", LINK)
    of_new = sign(f"{new} {old}", LINK)
    assert of_new == sign(new, LINK)
    for token in (of_old, of_new):
        assert read_link(f"{new} {old}", token, "digest", NOW) == LINK
    with pytest.raises(NotFound):
        read_link(new, of_old, "digest", NOW)


def test_an_address_names_nobody() -> None:
    """Neither the client nor the address it was sent to can be read in a token."""
    from base64 import urlsafe_b64decode

    raw = urlsafe_b64decode(TOKEN[1:] + "=" * (-len(TOKEN[1:]) % 4))
    assert b"armelie" not in raw
    assert b"claire" not in raw


def test_equal_links_have_equal_tokens_and_others_share_nothing() -> None:
    """Composing a mail twice gives the same addresses; links that differ in a second look unrelated."""
    assert sign(SECRET, LINK) == TOKEN
    other = Link(
        purpose="digest",
        client_id=LINK.client_id,
        subject=LINK.subject,
        recipient=LINK.recipient,
        expires_at=LINK.expires_at + timedelta(seconds=1),
    )
    assert sum(a == b for a, b in zip(sign(SECRET, other)[1:], TOKEN[1:], strict=True)) < len(TOKEN) / 4


def test_a_token_is_short() -> None:
    """A mail holds dozens of them: within 140 characters for ordinary names."""
    assert len(TOKEN) <= 140


@pytest.mark.parametrize(
    ("secret", "subject"), [("", "a"), ("  ", "a"), (SECRET, "a\0b"), (SECRET, "a" * TOKEN_LIMIT_CHARACTERS)]
)
def test_what_cannot_be_signed_is_not(secret: str, subject: str) -> None:
    """No secret, a NUL, or a subject longer than an address may be: a mistake of ours, said at once."""
    link = Link(
        purpose="digest", client_id="c", subject=subject, recipient="", expires_at=NOW + timedelta(days=1)
    )
    with pytest.raises(ValueError, match=r"secret|NUL|long"):
        sign(secret, link)
