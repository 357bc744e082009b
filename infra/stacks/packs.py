"""Source packs by name, as a stack follows them."""

from collections.abc import Mapping, Sequence

from infra.stacks.drift import Packed
from vigie.domain.packs.pack import Pack, packs
from vigie.domain.sources import source_id_of
from vigie.errors import BadField


def sources_of(names: Sequence[str], known: Mapping[str, Pack] | None = None) -> list[Packed]:
    """Return the sources of some packs, each once. Raises BadField naming a pack that there is not."""
    known = packs() if known is None else known
    found: dict[str, Packed] = {}
    for place, name in enumerate(names):
        pack = known.get(name)
        if pack is None:
            raise BadField(
                f"source_packs[{place}]", f"{name!r} is no pack", "`vigie sources packs` lists them."
            )
        for each in pack.sources:
            source = pack.source(each)
            found.setdefault(source.source_id, Packed(source, tuple(map(source_id_of, each.was))))
    return list(found.values())
