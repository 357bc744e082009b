"""The SSRF guard: what addresses a fetch may reach.

Sources are typed in by clients and redirects written by strangers, and a Lambda stands inside a network where
``169.254.169.254`` hands out keys. Three barriers, each enough on its own for most attacks:

1. ``check_url``, on every hop: http or https, port 80 or 443, no literal private address.
2. ``GuardedResolver``: of what DNS answers, only public addresses are handed on.
3. ``guarded_socket_factory``: no socket is created for another address. It sees the very address that is
   connected to, so neither rebinding nor an odd notation of an address gets around it.

``guarded_session`` puts the last two around a client; the first is its user's, as hops are followed by hand.

An ``AllowList`` opens loopback, and only loopback, to the local environment (demo feeds, tests).
"""

import errno
import ipaddress
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import aiohttp
from aiohappyeyeballs import AddrInfoType
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_WEB_PORTS = frozenset({80, 443})

# What some Python we support calls global, but which leads inside, or to an IPv4 address written within.
_DENIED_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this network (RFC 1122)
        "100.64.0.0/10",  # carrier-grade NAT (RFC 6598); also some clouds' metadata
        "192.0.0.0/24",  # IETF protocol assignments (RFC 6890); Oracle's metadata
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "168.63.129.16/32",  # Azure's wire server: metadata on a public address
        "::/96",  # IPv4-compatible (RFC 4291, deprecated)
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated (RFC 2765)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # local NAT64 (RFC 8215)
        "2001::/23",  # protocol assignments, Teredo (2001::/32) among them
        "2002::/16",  # 6to4 (RFC 3056)
        "fec0::/10",  # site-local (RFC 3879, deprecated)
        "3fff::/20",  # documentation (RFC 9637)
    )
)

_IPV6_UNICAST = ipaddress.ip_network(
    "2000::/3"
)  # all that is allocated to the public Internet (RFC 4291 §2.4)


class RefusedAddress(OSError):  # noqa: N818 - named like the reason it becomes, and never shown as an error
    """The guard refuses; the text says what and why. An OSError, so that HTTP clients let it through."""

    def __init__(self, sentence: str) -> None:
        super().__init__(errno.EACCES, sentence)
        self.sentence = sentence


def is_public(address: str | IPAddress) -> bool:
    """Tell whether this is an address of the public unicast Internet; False when it is no address at all."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    if ip.version == 6 and ip not in _IPV6_UNICAST:
        return False
    return not any(ip in network for network in _DENIED_NETWORKS if network.version == ip.version)


@dataclass(frozen=True, slots=True)
class Grant:
    """One line of the allow-list: hosts like ``pattern`` are served by this loopback address and port."""

    pattern: str
    address: str
    port: int

    def covers(self, host: str) -> bool:
        """Tell whether ``host`` is the pattern, or below it when it begins with ``*.``."""
        host = host.rstrip(".").lower()
        return host.endswith(self.pattern[1:]) if self.pattern.startswith("*.") else host == self.pattern


@dataclass(frozen=True, slots=True)
class AllowList:
    """The loopback addresses that fetches may reach besides the public Internet; none by default."""

    grants: tuple[Grant, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "AllowList":
        """Read ``*.test=127.0.0.1:8099,127.0.0.1:8099``: host pattern (or the address itself), address, port.

        Raises ValueError, naming the item, when it does not read or its target is not loopback.
        """
        items = (item.strip() for item in text.split(","))
        return cls(tuple(_parse_grant(item) for item in items if item))

    def grant_for(self, host: str, port: int | None) -> Grant | None:
        """Return the grant for a URL's host and the port it writes (None: it writes none), if any."""
        for grant in self.grants:
            # An address is connected to as written, so its port must be written too; a name is mapped.
            ports = (grant.port,) if _is_ip(grant.pattern) else (None, *_WEB_PORTS, grant.port)
            if grant.covers(host) and port in ports:
                return grant
        return None

    def reaches(self, address: str, port: int) -> bool:
        """Tell whether some grant ends at this address and port."""
        return any((grant.address, grant.port) == (address, port) for grant in self.grants)


_GRANT = re.compile(r"(?:(?P<pattern>[^=]+)=)?(?P<address>[0-9.]+|\[[0-9a-fA-F:]+\]):(?P<port>[0-9]{1,5})")
_PATTERN = re.compile(r"(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*")


def _parse_grant(item: str) -> Grant:
    match = _GRANT.fullmatch(item)
    if match is None:
        raise ValueError(f"allow-list: {item!r} does not read like *.test=127.0.0.1:8099")
    address, port = match["address"].strip("[]"), int(match["port"])
    if not _is_ip(address) or not ipaddress.ip_address(address).is_loopback:
        raise ValueError(f"allow-list: {item!r} leads to {address}, which is not a loopback address")
    if not 0 < port < 65536:
        raise ValueError(f"allow-list: {item!r} has no possible port")
    pattern = (match["pattern"] or address).strip().strip("[]").lower()
    if pattern != address and (_is_ip(pattern) or not _PATTERN.fullmatch(pattern)):
        raise ValueError(f"allow-list: {pattern!r} is not a host name, nor a pattern like *.test")
    return Grant(pattern, address, port)


def _is_ip(host: str) -> bool:
    if not (host[-1:].isdigit() or ":" in host):
        return False  # a name: its last label is not all digits (RFC 3696 §2), and no exception need say so
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def check_url(url: URL, allow: AllowList) -> None:
    """Raise RefusedAddress when this URL may not be asked: scheme, port, or a literal private address."""
    if url.scheme not in {"http", "https"}:
        raise RefusedAddress(f"only http and https are fetched, not {url.scheme or 'a relative address'}:")
    host = url.raw_host  # as it will be resolved; decoding it costs as much as the rest of the check
    if not host:
        raise RefusedAddress("the address names no host")
    if allow.grant_for(host, url.explicit_port):
        return
    if url.port not in _WEB_PORTS:
        raise RefusedAddress(f"port {url.port} is not a web port (80, 443)")
    if (_is_ip(host) and not is_public(host)) or _is_odd_ipv4(host):
        raise RefusedAddress(f"{host} is not a public address")


def _is_odd_ipv4(host: str) -> bool:
    """Tell whether the C library would read this name as an IPv4 address (127.1, 0x7f000001)."""
    try:
        socket.inet_aton(host.rstrip("."))
    except OSError:
        return False
    return not _is_ip(host)


class GuardedResolver(AbstractResolver):
    """DNS that hands on public addresses only, and answers itself for the hosts of the allow-list."""

    def __init__(self, inner: AbstractResolver, allow: AllowList) -> None:
        self._inner = inner
        self._allow = allow

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return where ``host`` may be reached; raise RefusedAddress when all its addresses are private."""
        # check_url has compared the URL's port already; here 80 or 443 may stand for "none written".
        if grant := self._allow.grant_for(host, port):
            return [_granted(host, grant)]
        answers = await self._inner.resolve(host, port, family)
        public = [answer for answer in answers if is_public(answer["host"])]
        if answers and not public:
            raise RefusedAddress(f"{host} resolves to {answers[0]['host']}, which is not a public address")
        return public

    async def close(self) -> None:
        """Close the resolver behind."""
        await self._inner.close()


def _granted(host: str, grant: Grant) -> ResolveResult:
    family = socket.AF_INET6 if ":" in grant.address else socket.AF_INET
    return ResolveResult(
        hostname=host,
        host=grant.address,
        port=grant.port,
        family=family,
        proto=socket.IPPROTO_TCP,
        flags=socket.AI_NUMERICHOST,
    )


def guarded_socket_factory(allow: AllowList) -> Callable[[AddrInfoType], socket.socket]:
    """Return what makes the client's sockets, for public and granted addresses only."""

    def create(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, target = info
        address, port = str(target[0]), int(target[1])
        if not is_public(address) and not allow.reaches(address, port):
            raise RefusedAddress(f"{address} is not a public address")
        return socket.socket(family=family, type=kind, proto=protocol)

    return create


def guarded_session(
    allow: AllowList,
    resolver: AbstractResolver,
    headers: Mapping[str, str],
    *,
    timeout: aiohttp.ClientTimeout = aiohttp.client.DEFAULT_TIMEOUT,
    connections: int = 100,
    keep_alive_seconds: float = 15.0,
    line_bytes: int = 8190,
) -> aiohttp.ClientSession:
    """Return a client that reaches public and granted addresses only, keeps no cookie and inflates nothing.

    ``resolver`` is asked behind the guard. ``connections`` may be open at once, 0 for any number; no line of an
    answer's head may be longer than ``line_bytes``. The defaults are aiohttp's.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=connections,
            keepalive_timeout=keep_alive_seconds,
            resolver=GuardedResolver(resolver, allow),
            socket_factory=guarded_socket_factory(allow),
        ),
        timeout=timeout,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
        max_line_size=line_bytes,
        max_field_size=line_bytes,
    )
