"""Ports for local runs of tests: the emulator's, and the next one for the feeds."""

import os
import socket


def two_free_ports() -> int:
    """Return a port that is free, as is the next one; below those that systems hand out to connections."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000, 2):
        try:
            with socket.create_server(("127.0.0.1", port)), socket.create_server(("127.0.0.1", port + 1)):
                return port
        except OSError:
            continue
    raise AssertionError("no two ports are free")
