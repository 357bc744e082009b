"""Where training reads: the public sets beside the checkout, and the texts written for this project.

Each set that is read is noted with its sha256 and licence, which the artefact then carries.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from vigie.domain.classification.heads import Family
from vigie.domain.crisis_types import CRISIS_TYPES
from vigie.domain.feedback import VALUES

HERE = Path(__file__).parent
PUBLIC_SETS = HERE.parents[1] / "shared" / "data" / "classification"
OWN_EXAMPLES = HERE / "examples"
OWN_TEXTS = HERE / "texts"
_LABELS: dict[str, tuple[str, ...]] = {str(task): known for task, known in VALUES.items()}
_LABELS["crisis_type"] = CRISIS_TYPES
OWN_LICENCE = "written for this project, under its licence"


class NoData(Exception):  # noqa: N818
    """A set that training needs is not there, or is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One text with its labels by task.

    ``split`` is ``train``, ``dev`` (choices), ``test`` (figures only) or
    ``fresh`` (figures by which nothing was chosen yet).
    """

    id: str
    text: str
    title: str = ""
    lang: str = ""
    platform: str = ""
    split: str = "train"
    entity: dict[str, Any] | None = None
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def family(self) -> Family:
        """Press when it says so, or has a title and says nothing."""
        return "press" if self.platform == "press" or (self.title and not self.platform) else "social"


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a head learns from: the label of one example, and how much it counts.

    ``drawn`` ones are made up from lists of words: learnt from, but too easy to calibrate on.
    """

    example: Example
    label: str
    weight: float = 1.0
    drawn: bool = False


@dataclass(slots=True)
class Sources:
    """Reads sets, and keeps account of them (``read``: name → sha256 and licence).

    ``corrections`` are files of ``vigie feedback export``, learnt from beside the own examples.
    """

    corrections: tuple[Path, ...] = ()
    read: dict[str, dict[str, str]] = field(default_factory=dict)

    def umsab(self, language: str, split: str) -> list[Example]:
        """Return tweets of UMSAB with their sentiment: ``language`` in English, ``split`` train or dev."""
        name = f"umsab_{language}_{split}"
        path = PUBLIC_SETS / f"{name}.jsonl.gz"
        self._note(path, "Apache-2.0 repository; tweets are third parties'")
        return [
            Example(
                id=f"{name}-{number}",
                text=row["text"],
                lang=row["lang"],
                platform="x",
                split=split,
                labels={"tone": row["label"], "language": row["lang"]},
            )
            for number, row in enumerate(_lines(path))
        ]

    def own(self, wanted: Callable[[Example], bool] = lambda _: True) -> list[Example]:
        """Return the examples of ``training/examples`` that are wanted, in the order of their files."""
        found: list[Example] = []
        for path in sorted(OWN_EXAMPLES.glob("**/*.jsonl")):
            rows = _lines(path)
            taken = [example for row in rows if wanted(example := _example_of(row))]
            if taken:  # a file that gives nothing has no part in what is made
                self._note(path, OWN_LICENCE)
            found += taken
        return found + [example for example in self._corrected() if wanted(example)]

    def _corrected(self) -> Iterator[Example]:
        """Yield what people corrected. Raises NoData that names the line which is no example."""
        for path in self.corrections:
            self._note(path, "texts of their publishers, labels of our clients")
            for number, line in enumerate(_bytes_of(path).decode().splitlines(), 1):
                if line.strip():
                    yield _checked(line, f"{path.name}, line {number}")

    def text(self, path: str) -> str:
        """Return a file of ``training/texts``."""
        self._note(OWN_TEXTS / path, OWN_LICENCE)
        return _bytes_of(OWN_TEXTS / path).decode()

    def _note(self, path: Path, licence: str) -> None:
        self.read[path.name] = {"sha256": hashlib.sha256(_bytes_of(path)).hexdigest(), "licence": licence}


def _lines(path: Path) -> list[dict[str, Any]]:
    content = _bytes_of(path)
    lines = gzip.decompress(content) if path.suffix == ".gz" else content
    return [json.loads(line) for line in lines.decode().splitlines() if line.strip()]


@cache
def _bytes_of(path: Path) -> bytes:
    if not path.exists():
        raise NoData(f"{path.name} is needed for training, and not at {path}: see training/README.md")
    return path.read_bytes()


def _example_of(row: dict[str, Any]) -> Example:
    known = {name: row[name] for name in Example.__dataclass_fields__ if row.get(name) is not None}
    return Example(**known)


def _checked(line: str, place: str) -> Example:
    try:
        example = _example_of(json.loads(line))
        labels = dict(example.labels)
    except (ValueError, TypeError, AttributeError) as error:
        raise NoData(f"{place} is no example ({error}): vigie feedback export writes them") from error
    for task, label in labels.items():
        known = _LABELS.get(task)
        if known is not None and label not in known:
            raise NoData(f"{place}: labels.{task} is {label!r}: give one of {', '.join(known)}")
    if example.split != "train":
        raise NoData(f"{place}: split is {example.split!r}: corrections are learnt from, leave it out")
    return example


def sections(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield the lines of a file of texts: the ``[label]`` they stand under, their number, the text."""
    label = ""
    for number, line in enumerate(text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            label = line[1:-1]
        elif line.strip():
            yield label, number, line.strip()
