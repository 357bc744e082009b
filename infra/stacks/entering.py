"""Talking to one stack after another in one process: its ``VIGIE_*`` variables, nothing kept from the last."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from vigie.settings import PREFIX


@contextmanager
def entered(environment: Mapping[str, str]) -> Iterator[None]:
    """Make ``wiring`` that of a stack, as ``Deployment.settings`` describes it, until the block ends."""
    before = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    _become(environment)
    try:
        yield
    finally:
        _become(before)


def _become(environment: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(environment)
    for name, module in list(sys.modules.items()):
        if name.startswith("vigie.wiring"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
