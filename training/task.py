"""What a head to train is: a name, its labels, what it sees of an example, and what it learns from.

To add a task, write a module in ``training/tasks`` that makes a ``Task``, and add it to ``TASKS`` there. ``make
train`` then writes ``artefacts/<name>.head`` into the package; name it in ``vigie.domain.classification.heads.TASKS``
too, and it is read into the common table with the others. A task that sees more than words gives ``blocks`` of its
own: the words first, then ``name_hashes`` of its named features; inference weighs the latter with
``Table.of_names(...)`` and gives the head both (``Head.probabilities([reading.weighed, named])``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from training.examples import Example, Labelled, Sources
from vigie.domain.classification.features import text_hashes, words_of
from vigie.domain.classification.heads import Family

Blocks = list[Sequence[int]]
"""Hashes of features, block by block: the words of the text first, then the named features a task adds."""


def words_blocks(example: Example) -> Blocks:
    """Return the words of the title and of the text, as one block: what the heads of the document see."""
    return [
        [hashed for text in (example.title, example.text) if text for hashed in text_hashes(words_of(text))]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One head to train.

    ``blocks`` must weigh an example as inference does: make it of the package's own functions. ``learn`` gives what
    the head learns from; ``judge`` the sets that the card measures on, by name, that nothing was learnt from.
    ``penalty`` keeps weights small and ``named_gain`` is how much more named features count than words (chosen by
    cross-validation); ``coverage`` is the share of cross-validated
    answers that are kept, the others abstaining: the thresholds follow from it, family by family. ``recalls`` says of
    some labels how many of them must be found, whatever else is then taken for one: to miss it costs more.
    """

    name: str
    labels: tuple[str, ...]
    learn: Callable[[Sources], list[Labelled]]
    judge: Callable[[Sources], dict[str, list[Labelled]]]
    blocks: Callable[[Example], Blocks] = words_blocks
    bits: int = 16
    penalty: float = 1e-4
    named_gain: float = 1.0
    coverage: dict[Family, float] = field(default_factory=lambda: {"press": 0.8, "social": 0.8})
    recalls: dict[str, float] = field(default_factory=dict)
    steps: int = 300
    rarity: bool = True  # whether what is in most texts weighs little; named features are, and should not
    title: str = ""
    failures: tuple[str, ...] = ()  # known, for the card
