"""Imports only go down: read from the source, so that a wrong one is named with its line."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "shared" / "vigie"

# Rooms from the ground up; a room sees those below it, and itself where INSIDE says so.
FLOORS = {
    "errors": 0,
    "domain": 1,
    "messages": 2,
    "settings": 2,
    "ports": 3,
    "requests": 3,
    "views": 4,
    "steps": 4,
    "adapters": 4,
    "observe": 4,
    "wiring": 5,
    "handling": 6,
    "api": 6,
    "site": 6,
    "cli": 7,
    "functions": 7,
}
ROOMS_OF_MANY_FILES = {
    "domain",
    "ports",
    "requests",
    "views",
    "adapters",
    "steps",
    "wiring",
    "cli",
    "api",
    "site",
}
"""Rooms whose files may import each other."""

MODULES = sorted(
    path
    for folder in (PACKAGE, ROOT / "functions")
    for path in folder.rglob("*.py")
    if path != PACKAGE / "__init__.py"  # belongs to no room
)


def room_of(path: Path, package: Path) -> str:
    """Return the room a file belongs to."""
    if path.is_relative_to(package):
        return path.relative_to(package).parts[0].removesuffix(".py")
    return "functions"


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of everything a file imports; a relative import starts with a dot."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{prefix}.{alias.name}") for alias in node.names)


def room_named(name: str) -> str | None:
    """Return the room of an imported name, None for what is not ours."""
    top, _, rest = name.partition(".")
    if top in {"functions", "infra", "tests", "benchmarks"}:
        return top
    return rest.partition(".")[0] if top == "vigie" else None


def wrong_imports(path: Path, package: Path = PACKAGE) -> list[str]:
    """Return the imports of a file that go up or sideways, in words."""
    own = room_of(path, package)
    wrong = []
    for line, name in imported(path):
        room = room_named(name)
        if name.startswith("."):
            wrong.append(f"line {line}: {name} is relative")
        elif room is not None:
            sideways_allowed = room == own and own in ROOMS_OF_MANY_FILES
            if FLOORS.get(room, 99) >= FLOORS[own] and not sideways_allowed:
                wrong.append(f"line {line}: {own} imports {name}")
    return wrong


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_go_down(path: Path) -> None:
    """A room imports only from rooms below it; steps and adapters never meet."""
    assert wrong_imports(path) == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "domain").rglob("*.py")), ids=lambda path: path.stem)
def test_the_domain_knows_the_standard_library_only(path: Path) -> None:
    """The domain imports vigie and the standard library, and nothing that reads clock, chance or world."""
    outside = {"os", "random", "secrets", "socket", "subprocess", "time", "urllib.request"}
    foreign = [
        name
        for _, name in imported(path)
        if (name.partition(".")[0] not in {*sys.stdlib_module_names, "vigie"})
        or name.partition(".")[0] in outside
        or name.startswith("urllib.request")
    ]
    assert foreign == []


def test_the_package_itself_imports_nothing() -> None:
    """``import vigie`` is free: what is heavy is imported where it is used."""
    assert list(imported(PACKAGE / "__init__.py")) == []


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("steps/match.py", "from vigie.adapters.sqs import SqsOutbox"),
        ("adapters/s3.py", "from vigie.steps.poll import Poll"),
        ("domain/x.py", "import vigie.messages"),
        ("ports.py", "from .errors import Refused"),
    ],
)
def test_a_planted_import_is_caught(room: str, line: str, tmp_path: Path) -> None:
    """The check itself sees imports that go up, sideways or relative."""
    path = tmp_path / room
    path.parent.mkdir(exist_ok=True)
    path.write_text(line + "\n", encoding="utf-8")
    assert len(wrong_imports(path, tmp_path)) == 1
