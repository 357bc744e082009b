"""Language of a document: a script that speaks for itself, else the head, which the source's word may tip."""

import math
from typing import Final

from vigie.domain.classification.features import LINK
from vigie.domain.classification.heads import Model
from vigie.domain.classification.reading import Reading
from vigie.domain.language import UNKNOWN, told_by_letters
from vigie.domain.mentions import Label

_DECLARED_TIMES: Final = 4.0  # feeds are often declared in their software's language: believed, not obeyed
_ALONE_SURE: Final = 0.9  # a name by itself looks like some language or other


def language_of(reading: Reading, model: Model, declared: str | None) -> Label:
    """Return the ISO 639-1 code of most of what was read; ``und`` when nothing of it tells, or none that we know.

    ``declared`` is what the source says (``fr``, ``fr-CA``): it makes its language four times as probable.
    """
    words = [
        word for part in reading.parts for word in part.words.marked if word[-1].isalpha() and word != LINK
    ]
    told = told_by_letters(words, "\n".join(part.text for part in reading.parts))
    if told is not None:
        return Label(told.code, told.confidence)
    head = model.heads["language"]
    labels = head.header.labels
    probabilities = head.probabilities([reading.weighed], reading.family)
    said = (declared or "").lower().replace("_", "-").split("-")[0]
    if said in labels and said != UNKNOWN:
        probabilities[labels.index(said)] *= _DECLARED_TIMES
        whole = math.fsum(probabilities)
        probabilities = [probability / whole for probability in probabilities]
    if max(probabilities) < _ALONE_SURE and len(words) < 2 and said not in labels:
        return Label(UNKNOWN, round(1 - max(probabilities), 3), abstained=True)
    return reading.shown(head, probabilities)
