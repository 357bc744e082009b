"""Queries on the command line: taken as they are given, and answered in the language of the terminal."""

import argparse
import os
from typing import Any

from vigie.domain.clients import Locale

_AS_GIVEN = "\0"  # no argument holds one: what follows is a query, even one that begins with a minus


class QueryParser(argparse.ArgumentParser):
    """A parser whose first argument is a query, even when it begins with a minus; give it to ``take_query``."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Mark the first argument as a query unless it is an option."""
        first, *rest = args or [""]
        if first not in {"", "-h"} and not first.startswith("--"):
            args = [f"{_AS_GIVEN}{first}", *rest]
        return super().parse_known_args(args, namespace)


def take_query(argument: str) -> str:
    """Return a query as it was given on the command line; bytes that are no UTF-8 become replacement marks."""
    return argument.removeprefix(_AS_GIVEN).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def terminal_locale() -> Locale:
    """Return the language of the terminal: French when it says so, else English."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "fr" if named.lower().startswith("fr") else "en"
