"""Bulletins: texts of a few templates, each filling a story of its own."""

import re
import tomllib
from pathlib import Path

from benchmarks.stories.french import WORDS, Writer

TEMPLATES: tuple[dict[str, str], ...] = tuple(
    tomllib.loads((Path(__file__).parent / "bulletins.toml").read_text("utf-8"))["template"]
)
_BLANK = re.compile(r"\[(?:(\d+)\.\.(\d+)|(\w+)(?:\.\w+)?)\]")


def fill(template: dict[str, str], write: Writer) -> tuple[str, str]:
    """Return a bulletin's title and body."""
    drawn: dict[str, str] = {}

    def value(blank: re.Match[str]) -> str:
        low, high, kind = blank.groups()
        if low:
            return str(write.rng.randint(int(low), int(high)))
        if kind == "number":
            return write.number()
        if blank[0] not in drawn:
            drawn[blank[0]] = write.pick(WORDS[kind]) if kind in WORDS else getattr(write, kind)()
        return drawn[blank[0]]

    title, body = (_BLANK.sub(value, template[part]) for part in ("title", "body"))
    return title, " ".join(body.split())
