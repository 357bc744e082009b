"""A linear head as a file: one line that seals it, one line of JSON that describes it, then its int8 weights.

::

    vigie-head 1 <sha256 of all that follows this line>
    {"task": "tone_press", "labels": [...], "bits": 16, ...}
    <weights of the first label, 2**bits bytes><of the second>...

The JSON names what made the head (hashes of its training sets, their licences) and how it did on what it was not
trained on. Weights are int8 times ``scale``: a head is small, and reads as fast as its bytes.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from vigie.domain.classification.features import FEATURE_VERSION

HEADS: Final = Path(__file__).parent / "artefacts"
_SEAL = b"vigie-head 1 "


class BadArtefact(ValueError):  # noqa: N818 - a fault of the package, of no document
    """A head that is not what was packed, or that this version of the features does not fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What is told of a head.

    ``temperatures``, ``priors`` (added to the scores) and ``thresholds`` (below which a label abstains) go by family
    of sources (``press``, ``social``). ``sets`` names each training set with its sha256 and licence.
    ``named_gain`` is how much more named features count than the words of the text. ``costs`` is what it costs to
    miss a label, 1 where it is not told: a head answers with the label whose probability × cost is the highest.
    """

    task: str
    labels: list[str]
    bits: int
    feature_version: int = FEATURE_VERSION
    scale: float
    biases: list[float]
    temperatures: dict[str, float]
    named_gain: float = 1.0
    costs: dict[str, float] = field(default_factory=dict)
    priors: dict[str, list[float]] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)
    sets: list[dict[str, str]] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Artefact:
    """A head as read: its header, and one run of 2**bits signed bytes for each label, biased by 128."""

    header: Header
    columns: tuple[bytes, ...]


def packed(header: Header, columns: list[bytes]) -> bytes:
    """Return the file of a head; the same head gives the same bytes."""
    described = json.dumps(asdict(header), ensure_ascii=False, sort_keys=True).encode() + b"\n"
    content = described + b"".join(columns)
    return _SEAL + hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def read(task: str, folder: Path = HEADS) -> Artefact:
    """Return the head of a task; raise ``BadArtefact`` for one that was altered, or made for other features."""
    path = folder / f"{task}.head"
    seal, _, content = path.read_bytes().partition(b"\n")
    if seal != _SEAL + hashlib.sha256(content).hexdigest().encode():
        raise BadArtefact(f"{path.name} is not the file that was packed: make train rebuilds it")
    described, _, table = content.partition(b"\n")
    header = Header(**_known(json.loads(described)))
    if header.feature_version != FEATURE_VERSION:
        raise BadArtefact(f"{path.name} was trained on other features than this version's: make train")
    size = 1 << header.bits
    if len(table) != size * len(header.labels):
        raise BadArtefact(f"{path.name} holds {len(table)} weights, not {size} for each label: make train")
    return Artefact(header, tuple(table[start : start + size] for start in range(0, len(table), size)))


def _known(described: dict[str, Any]) -> dict[str, Any]:
    return {name: described[name] for name in Header.__dataclass_fields__ if name in described}
