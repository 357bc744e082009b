"""DNS by the C library, in threads enough that slow names do not hold up the others.

asyncio's own pool has six threads on a machine with two cores, and a name whose servers are silent keeps one
busy for ten seconds and more.
"""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from aiohttp.abc import AbstractResolver, ResolveResult

_THREADS = 64


@cache
def _threads() -> ThreadPoolExecutor:
    """Return the threads of this process: made as they are needed, and kept for the next poll."""
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="dns")


class ThreadedDns(AbstractResolver):
    """Resolves names with ``getaddrinfo``, each in a thread. Raises OSError when there is no such name."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of ``host``, in the order the C library prefers (RFC 6724)."""
        found = await asyncio.get_running_loop().run_in_executor(
            _threads(), socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Have nothing to close: the threads are the process's."""
