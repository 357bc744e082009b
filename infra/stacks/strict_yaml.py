"""YAML without its surprises: ``on`` and ``no`` are words, 17:30 is no number, and a key given twice is refused.

Numbers, true, false and null are read as the core schema of YAML 1.2 reads them (YAML 1.2.2, section 10.3.2);
dates stay text.
"""

import re
from typing import Any

import yaml

from vigie.errors import BadField


def load(text: str) -> Any:
    """Return what ``text`` says. Raises BadField naming the line."""
    try:
        return yaml.load(text, Loader=_Strict)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise BadField(f"line {line}", error.problem or str(error), "Mend the YAML there.") from error


class _Strict(yaml.SafeLoader):
    """A safe loader with resolvers of its own."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as its parent has it


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("merge", r"<<", "<"),
):
    _Strict.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.constructor.ConstructorError(None, None, f"{key.value} is given twice", key.start_mark)
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
