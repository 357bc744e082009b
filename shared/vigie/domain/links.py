"""Signed links: an address that is itself the permission, for one thing, for one person, for a time.

A token holds what its link is about, sealed with a key that derives from a secret of the stack: nothing is stored,
nobody else can make one, and who sees the address (a proxy's log, a browser's history) reads no name in it.
The purpose is part of the key: a token made for reading a digest opens nothing else, whoever forgets to check.

Sealing follows the synthetic-IV construction (RFC 5297) with HMAC-SHA256 as its only primitive: the code over the
content, cut to 128 bits (RFC 2104 §5), also seeds the stream that hides it. Equal links give equal tokens, so that
a mail composed twice is the same mail; a token changed anywhere opens nothing.

The secret may hold several, separated by spaces: the first signs, each of them opens. To replace one without
breaking a link: ``old new`` until every worker has read it, then ``new old``, and ``new`` alone once what the old
one signed is past its time.
"""

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from vigie.errors import Expired, NotFound

LinkPurpose = Literal["digest", "act", "share", "unsubscribe", "preferences", "review", "acknowledge"]
LINK_PURPOSES: tuple[LinkPurpose, ...] = get_args(LinkPurpose)

TOKEN_LIMIT_CHARACTERS = 1_000
_VERSION = "1"
_CODE_BYTES = 16
_TIME_BYTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a signed address allows.

    ``subject`` is what it is about: a digest's id, or a story of one (``domain.site_links``). ``recipient`` is the
    address it was sent to, empty when it may go from hand to hand. ``expires_at`` counts in whole seconds.
    """

    purpose: LinkPurpose
    client_id: str
    subject: str
    recipient: str
    expires_at: datetime


def sign(secret: str, link: Link) -> str:
    """Return the link's token: letters, digits, ``-`` and ``_``.

    Raises ValueError for a secret that holds none, or a text that cannot travel (a NUL in it, or far too long).
    """
    keys = _Keys(_secrets(secret)[0], link.purpose)
    content = _packed(link)
    code = keys.code(content)
    token = _VERSION + _text(code + keys.veil(code, content))
    if len(token) > TOKEN_LIMIT_CHARACTERS:
        raise ValueError("too long for a link")
    return token


def read_link(secret: str, token: str, purpose: LinkPurpose, now: datetime) -> Link:
    """Return what a token of this purpose allows.

    Raises NotFound for what we did not make for this purpose, and Expired for what is past its time.
    """
    sealed = _bytes(token)
    if sealed is not None:
        code, veiled = sealed[:_CODE_BYTES], sealed[_CODE_BYTES:]
        for one in _secrets(secret):
            keys = _Keys(one, purpose)
            content = keys.veil(code, veiled)
            if hmac.compare_digest(code, keys.code(content)):
                return _unexpired(_unpacked(purpose, content), now)
    raise NotFound("This address is not one we sent; it may have been cut. Open it from the mail again.")


class _Keys:
    """The two keys of a secret for one purpose."""

    def __init__(self, secret: str, purpose: LinkPurpose) -> None:
        self._code_key = _hmac(secret.encode(), f"vigie link {_VERSION} code {purpose}".encode())
        self._veil_key = _hmac(secret.encode(), f"vigie link {_VERSION} veil {purpose}".encode())

    def code(self, content: bytes) -> bytes:
        """Return the code that proves the content ours."""
        return _hmac(self._code_key, content)[:_CODE_BYTES]

    def veil(self, code: bytes, content: bytes) -> bytes:
        """Return the content hidden, or the hidden shown: adding the same stream twice is adding nothing."""
        blocks = range(-(-len(content) // 32))
        stream = b"".join(_hmac(self._veil_key, code + block.to_bytes(4, "big")) for block in blocks)
        hidden = int.from_bytes(content) ^ int.from_bytes(stream[: len(content)])
        return hidden.to_bytes(len(content))


def _unexpired(link: Link, now: datetime) -> Link:
    if now >= link.expires_at:
        raise Expired("This link is past its time. The latest mail holds a new one.")
    return link


def _packed(link: Link) -> bytes:
    texts = (link.client_id, link.subject, link.recipient)
    if any("\0" in text for text in texts):
        raise ValueError("a link's texts hold no NUL")
    seconds = int(link.expires_at.timestamp())
    return seconds.to_bytes(_TIME_BYTES, "big") + "\0".join(texts).encode()


def _unpacked(purpose: LinkPurpose, content: bytes) -> Link:
    client_id, subject, recipient = content[_TIME_BYTES:].decode().split("\0")
    return Link(
        purpose=purpose,
        client_id=client_id,
        subject=subject,
        recipient=recipient,
        expires_at=datetime.fromtimestamp(int.from_bytes(content[:_TIME_BYTES], "big"), UTC),
    )


def _secrets(secret: str) -> list[str]:
    found = secret.split()
    if not found:
        raise ValueError("no secret to sign with")
    return found


def _hmac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def _text(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def _bytes(token: str) -> bytes | None:
    """Return a token's bytes, None when it is not written exactly as we write them."""
    body = token.removeprefix(_VERSION)
    if len(token) > TOKEN_LIMIT_CHARACTERS or not token.startswith(_VERSION) or not token.isascii():
        return None
    try:
        sealed = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except binascii.Error:
        return None
    # Two texts can stand for the same bytes: only one of them is ours.
    return sealed if len(sealed) > _CODE_BYTES + _TIME_BYTES and _text(sealed) == body else None
