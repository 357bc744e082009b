"""How often something may be asked: fixed windows, counted by who asks."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

_NETWORK_BITS = {4: 24, 6: 48}
_HOME_BITS = {4: 32, 6: 64}  # of IPv6 a household has a /64 at least: an address of it is no one


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many of one kind for one key within a window of so many seconds."""

    kind: str
    at_most: int
    window_seconds: int

    def window(self, now: datetime) -> datetime:
        """Return the start of the window that ``now`` is in."""
        seconds = int(now.timestamp())
        return datetime.fromtimestamp(seconds - seconds % self.window_seconds, UTC)

    def wait_seconds(self, now: datetime) -> int:
        """Return how long until the next window."""
        return self.window_seconds - int(now.timestamp()) % self.window_seconds


@dataclass(frozen=True, slots=True)
class Counter:
    """One key's count of one limit. Keys are hashed: a count is nobody's list of addresses."""

    limit: Limit
    key_sha256: str


def counter(limit: Limit, key: str) -> Counter:
    """Return the counter of a key, in any case of its letters."""
    return Counter(limit, hashlib.sha256(f"{limit.kind} {key.casefold()}".encode()).hexdigest())


def home_of(address: str) -> str:
    """Return who an IP address stands for: itself, of IPv6 its /64; the text as it is when it is none."""
    return _network(address, _HOME_BITS)


def network_of(address: str) -> str:
    """Return an IP address's network, a /24 or a /48; the text as it is when it is none."""
    return _network(address, _NETWORK_BITS)


def _network(address: str, bits: dict[int, int]) -> str:
    try:
        version = ip_address(address).version
    except ValueError:
        return address
    return str(ip_network(f"{address}/{bits[version]}", strict=False))
