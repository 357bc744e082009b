"""The SSRF guard refuses everything that is not the public web, however it is written."""

import asyncio
import socket
from ipaddress import IPv6Address

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from vigie.adapters.http_guard import (
    AllowList,
    GuardedResolver,
    RefusedAddress,
    check_url,
    guarded_socket_factory,
    is_public,
)

PRIVATE = [
    "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_off_the_public_internet_is_private(address: str) -> None:
    """Private, local, reserved, embedded-IPv4 and metadata addresses are not public."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.252.22.1", "2001:4860:4860::8888", "2a01:e0c::1"])
def test_an_ordinary_address_is_public(address: str) -> None:
    """What newspapers are served from is public."""
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "8.8.8.8.", "0x7f.1", "８.８.８.８\n"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    """Only a canonical address can be public."""
    assert not is_public(text)


@given(st.ip_addresses(v=6))
def test_ipv6_outside_of_global_unicast_is_never_public(address: IPv6Address) -> None:
    """Of IPv6 only 2000::/3 is the public Internet; all else is local, special or not allocated."""
    assert int(address) >> 125 == 1 or not is_public(str(address))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_never_public_inside_an_ipv6_one(address: object) -> None:
    """No IPv4 address gets out by way of the mapped, compatible or NAT64 notations."""
    assert not any(is_public(f"{prefix}{address}") for prefix in ("::ffff:", "::", "64:ff9b::"))


LITERALS = [
    "http://127.0.0.1/",
    "http://127.0.0.1:80/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://127.0.0.1./",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[fe80::1%25eth0]/",
    "http://user@169.254.169.254/latest/meta-data",
    "https://192.168.0.1/",
]


@pytest.mark.parametrize("url", LITERALS)
def test_a_literal_private_address_is_refused_in_every_notation(url: str) -> None:
    """An address written in the URL is judged before anything is sent."""
    with pytest.raises(RefusedAddress, match="not a public address"):
        check_url(URL(url), AllowList())


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://exemple.test/",
        "gopher://exemple.test/",
        "data:text/xml,<rss/>",
        "/local/path",
        "http:///nohost",
        "http://exemple.test:22/",
        "https://exemple.test:8443/",
    ],
)
def test_another_scheme_or_port_than_the_webs_is_refused(url: str) -> None:
    """Only http and https on 80 and 443 are asked."""
    with pytest.raises(RefusedAddress):
        check_url(URL(url), AllowList())


def test_an_ordinary_address_passes_the_check() -> None:
    """A public name or address on a web port is asked."""
    for url in (
        "https://exemple.fr/rss",
        "http://exemple.fr:443/",
        "http://8.8.8.8/",
        "http://[2a01:e0c::1]/",
    ):
        check_url(URL(url), AllowList())


ALLOW = AllowList.parse("*.test=127.0.0.1:8099, 127.0.0.1:8099, [::1]:8100, accueil.exemple=127.0.0.2:80")


@pytest.mark.parametrize(
    "url",
    [
        "http://courrier.test/feed.xml",
        "http://Courrier.TEST./feed.xml",
        "https://a.b.test/",
        "http://courrier.test:8099/",
        "http://127.0.0.1:8099/",
        "http://[::1]:8100/",
        "http://accueil.exemple/",
    ],
)
def test_the_allow_list_opens_what_it_names(url: str) -> None:
    """A granted host passes with its port written or not."""
    check_url(URL(url), ALLOW)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:8100/",
        "http://127.0.0.3:8099/",
        "http://localhost:8099/",
        "http://courrier.test:22/",
        "http://test:8099/",
        "http://evil.example:8099/",
        "file://courrier.test/x",
    ],
)
def test_the_allow_list_opens_nothing_else(url: str) -> None:
    """Another port, address, host or scheme beside a grant stays refused."""
    with pytest.raises(RefusedAddress):
        check_url(URL(url), ALLOW)


@pytest.mark.parametrize(
    "text",
    [
        "*.test=10.0.0.1:80",
        "*.test=169.254.169.254:80",
        "*.test=0.0.0.0:80",
        "*.test=localhost:80",
        "*.test=127.0.0.1",
        "*.test=127.0.0.1:0",
        "*.test=127.0.0.1:99999",
        "*.test=127.1:80",
        "8.8.8.8=127.0.0.1:80",
        "*=127.0.0.1:80",
        "te*st=127.0.0.1:80",
        "a b=127.0.0.1:80",
        "=127.0.0.1:80",
        "[::ffff:8.8.8.8]:80",
        "everything",
    ],
)
def test_an_allow_list_that_leads_out_of_loopback_is_refused(text: str) -> None:
    """Only a readable pattern with a loopback address and a port is accepted."""
    with pytest.raises(ValueError, match="allow-list"):
        AllowList.parse(text)


def test_no_allow_list_grants_nothing() -> None:
    """The default, an empty text or stray commas, opens nothing."""
    assert AllowList.parse("") == AllowList.parse(" , ") == AllowList()


class FakeDns(AbstractResolver):
    """DNS that knows what it is told."""

    def __init__(self, **addresses: list[str]) -> None:
        self.addresses = {name.replace("_", "."): found for name, found in addresses.items()}
        self.closed = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Answer as told."""
        return [
            ResolveResult(hostname=host, host=found, port=port, family=family, proto=0, flags=0)
            for found in self.addresses[host]
        ]

    async def close(self) -> None:
        """Remember it."""
        self.closed = True


def resolved(host: str, port: int, **addresses: list[str]) -> list[tuple[str, int]]:
    """Return address and port of every answer of a guarded resolver."""
    answers = asyncio.run(GuardedResolver(FakeDns(**addresses), ALLOW).resolve(host, port))
    return [(answer["host"], answer["port"]) for answer in answers]


def test_private_answers_of_dns_are_left_out() -> None:
    """Of a mixed answer only the public addresses remain; of a private one nothing does."""
    assert resolved("a.fr", 80, a_fr=["10.0.0.1", "8.8.8.8"]) == [("8.8.8.8", 80)]
    with pytest.raises(RefusedAddress, match=r"a\.fr resolves to 127\.0\.0\.1"):
        resolved("a.fr", 80, a_fr=["127.0.0.1", "::1"])


def test_a_granted_host_goes_to_its_port_whatever_dns_says() -> None:
    """The resolver answers itself for the allow-list, port included."""
    assert resolved("courrier.test", 80, courrier_test=["8.8.8.8"]) == [("127.0.0.1", 8099)]


def test_the_resolver_behind_is_closed_with_the_guard() -> None:
    """Closing the guard closes what it stands before."""
    dns = FakeDns()
    asyncio.run(GuardedResolver(dns, ALLOW).close())
    assert dns.closed


def test_no_socket_is_made_for_a_private_address() -> None:
    """The last barrier sees the address that is really connected to."""
    create = guarded_socket_factory(ALLOW)
    for target in [("127.0.0.1", 80), ("127.0.0.1", 8098), ("169.254.169.254", 80), ("10.0.0.1", 443)]:
        with pytest.raises(RefusedAddress, match="not a public address"):
            create((socket.AF_INET, socket.SOCK_STREAM, 0, "", target))
    for target in [("127.0.0.1", 8099), ("8.8.8.8", 443)]:
        create((socket.AF_INET, socket.SOCK_STREAM, 0, "", target)).close()
