"""Jinja2 as every mail and page of ours uses it."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape


@cache
def templates_of(folder: Path) -> Environment:
    """Return a folder's templates: escaped, but for texts (``.txt.j2``); a name that is not given is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(disabled_extensions=("txt.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
