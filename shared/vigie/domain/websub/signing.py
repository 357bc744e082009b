"""What proves that a push is the hub's: callback tokens, secrets and signatures (WebSub §5.1, §7).

All derive from one secret of the stack, so that none is stored. A token names the subscription and carries a code
that only we can make: an address nobody was told is refused before anything is read. A hub is told the secret of
its own subscription and no other.
"""

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from vigie.domain.websub.subscriptions import LEASE_SECONDS, PushKey, Subscription

SIGNATURE_METHODS = ("sha1", "sha256", "sha384", "sha512")
_CODE_HEX = 32
_TOKEN_CHARACTERS = 600


def token_of(key: PushKey, stack_secret: str) -> str:
    """Return the last part of the callback's address: letters, digits, ``-``, ``_`` and one dot."""
    name = urlsafe_b64encode(f"{key.shard}/{key.offer_id}/{key.source_id}".encode()).decode().rstrip("=")
    return f"{name}.{_code('callback', name, stack_secret)}"


def key_of(token: str, stack_secret: str) -> PushKey | None:
    """Return what a token names, or None when we did not make it."""
    name, dot, code = token[:_TOKEN_CHARACTERS].partition(".")
    expected = _code("callback", name, stack_secret)
    if not dot or not hmac.compare_digest(code.encode("utf-8", "replace"), expected.encode()):
        return None
    try:
        shard, offer_id, source_id = urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode().split("/", 2)
    except (binascii.Error, ValueError):  # we made it: it reads
        return None
    return PushKey(shard, source_id, offer_id)


def secret_of(token: str, stack_secret: str) -> str:
    """Return the secret the hub signs with: 64 hex digits, within the 200 bytes a hub must take (WebSub §5.1)."""
    return hmac.new(stack_secret.encode(), f"secret\n{token}".encode(), hashlib.sha256).hexdigest()


def is_signed(header: str | None, body: bytes, secret: str) -> bool:
    """Say whether ``X-Hub-Signature`` (``method=hex``) signs these very bytes, in constant time."""
    method, _, given = (header or "").strip().partition("=")
    if method.lower() not in SIGNATURE_METHODS:
        return False
    expected = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(given.strip().lower().encode("utf-8", "replace"), expected.encode())


def hub_form(subscription: Subscription, callback_url: str, stack_secret: str) -> dict[str, str]:
    """Return what to ask the hub of a subscription, as the fields of a form (WebSub §5.1).

    ``callback_url`` is where hubs reach this stack, without a slash at its end.
    """
    token = token_of(subscription.key, stack_secret)
    form = {
        "hub.mode": subscription.mode,
        "hub.topic": subscription.topic,
        "hub.callback": f"{callback_url}/websub/{token}",
    }
    if subscription.mode == "unsubscribe":
        return form
    return {**form, "hub.lease_seconds": str(LEASE_SECONDS), "hub.secret": secret_of(token, stack_secret)}


def _code(purpose: str, name: str, stack_secret: str) -> str:
    code = hmac.new(stack_secret.encode(), f"{purpose}\n{name}".encode("utf-8", "replace"), hashlib.sha256)
    return code.hexdigest()[:_CODE_HEX]
