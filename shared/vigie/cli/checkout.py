"""Commands that only a checkout of vigie has, beside ``shared/``: those that deploy it.

They are no part of the package, which is what a Lambda carries; without a checkout around it they are not offered.
"""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]
MODULES = ("infra.stacks.commands",)


def commands(root: Path = ROOT) -> Iterator[ModuleType]:
    """Yield the modules that add a parser, as those of ``vigie.cli`` do; none outside a checkout."""
    for name in MODULES:
        if root.joinpath(*name.split(".")).with_suffix(".py").is_file():
            if str(root) not in sys.path:
                sys.path.append(str(root))
            yield importlib.import_module(name)
