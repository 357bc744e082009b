"""Source packs by name: each a list of feeds that many stacks follow."""

from collections.abc import Sequence
from pathlib import Path

from vigie.cli.sources import read_file
from vigie.domain.sources import Source
from vigie.errors import BadField

PACKS = Path(__file__).resolve().parents[1] / "packs"


def sources_of(names: Sequence[str], folder: Path = PACKS) -> list[Source]:
    """Return the sources of some packs, each once. Raises BadField naming a pack that there is not."""
    found: dict[str, Source] = {}
    for name in names:
        file = folder / f"{name}.csv"
        if not file.is_file():
            there = (
                ", ".join(sorted(path.stem for path in folder.glob("*.csv"))) or "none: there is no pack yet"
            )
            raise BadField("source_packs", f"{name!r} is no pack", f"Use {there}.")
        found |= {source.source_id: source for source in read_file(file).sources}
    return list(found.values())
