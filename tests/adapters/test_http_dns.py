"""Names are resolved by the C library, and what changes between two answers opens nothing."""

import asyncio
import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from vigie.adapters.http_dns import ThreadedDns
from vigie.adapters.http_guard import AllowList, GuardedResolver, RefusedAddress, guarded_socket_factory

NO_GRANT = AllowList()


def test_a_name_becomes_its_addresses() -> None:
    """An address resolves to itself, with the port asked for, and a name to what the machine knows of it."""
    (answer,) = asyncio.run(ThreadedDns().resolve("127.0.0.1", 80))
    assert (answer["hostname"], answer["host"], answer["port"]) == ("127.0.0.1", "127.0.0.1", 80)
    assert answer["family"] == socket.AF_INET
    (answer,) = asyncio.run(ThreadedDns().resolve("127.1", 443, socket.AF_INET))
    assert (answer["host"], answer["port"]) == ("127.0.0.1", 443)


def test_a_name_that_is_none_is_an_os_error() -> None:
    """What the client takes for a failure of DNS."""
    with pytest.raises(OSError, match=r"."):
        asyncio.run(ThreadedDns().resolve("no such name", 80))


@pytest.mark.parametrize("name", ["localhost", "localhost.", "127.0.0.1.", "0x7f000001"])
def test_names_that_lead_inside_are_refused_as_the_c_library_reads_them(name: str) -> None:
    """The real resolver behind the guard: whatever it makes of a notation, a loopback address is not handed on."""

    async def run() -> None:
        await GuardedResolver(ThreadedDns(), NO_GRANT).resolve(name, 80)

    with pytest.raises((RefusedAddress, socket.gaierror)):
        asyncio.run(run())


class TurncoatDns(AbstractResolver):
    """DNS that answers a public address first, and then where it wants us to go: rebinding."""

    def __init__(self, *later: str) -> None:
        self._answers = ["93.184.215.14", *later]
        self.asked = 0

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - the client's shape
    ) -> list[ResolveResult]:
        """Give the next answer; the last one for ever."""
        address = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        """Have nothing to close."""


def test_a_name_that_changes_its_mind_between_two_polls_is_refused() -> None:
    """A public answer yesterday opens nothing today: each connection is judged by its own address."""
    dns = TurncoatDns("169.254.169.254")

    async def run() -> None:
        guard = GuardedResolver(dns, NO_GRANT)
        assert [answer["host"] for answer in await guard.resolve("rebind.example", 80)] == ["93.184.215.14"]
        with pytest.raises(RefusedAddress, match=r"169\.254\.169\.254"):
            await guard.resolve("rebind.example", 80)

    asyncio.run(run())


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:10.0.0.1"]
)
def test_an_address_that_changes_after_it_was_judged_gets_no_socket(address: str) -> None:
    """Even where a resolver deceives the guard before it, the socket's own address is judged."""

    class Blind(TurncoatDns):
        """A guard that looks at the first answer, and connects to the second."""

        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
        ) -> list[ResolveResult]:
            await super().resolve(host, port, family)
            return await super().resolve(host, port, family)

    async def run() -> list[ResolveResult]:
        return await Blind(address).resolve("rebind.example", 80)

    create = guarded_socket_factory(NO_GRANT)
    for answer in asyncio.run(run()):
        with pytest.raises(RefusedAddress):
            create((answer["family"], socket.SOCK_STREAM, 0, "", (answer["host"], 80)))
