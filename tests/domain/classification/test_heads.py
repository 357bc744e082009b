"""The heads of the package: inference gives what training weighed, and says how sure it is."""

import math
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_document
from vigie.domain.classification.artefact import read
from vigie.domain.classification.features import text_hashes, words_of
from vigie.domain.classification.heads import TASKS, model, softmax
from vigie.domain.classification.reading import read_document

GOLDEN = "Grève à la Banque Martin : « ce n'est pas acceptable », 3 agences fermées !! :("
"""Every kind of word: elision, negation, quotation, number, cry, smiley."""

FEATURES = 154
FIRST_HASHES = [1841820838, 1183262870, 3894019023]


def as_trained(task: str, text: str) -> list[float]:
    """Return the probabilities as training makes them: one feature after the other, in plain arithmetic."""
    artefact = read(task)
    header = artefact.header
    hashes = Counter(hashed % (1 << header.bits) for hashed in text_hashes(words_of(text)))
    unit = 1 / math.sqrt(sum(hashes.values()))
    scores = [
        bias + sum((column[hashed] - 128) * header.scale * unit * times for hashed, times in hashes.items())
        for bias, column in zip(header.biases, artefact.columns, strict=True)
    ]
    return softmax(scores, header.temperatures["press"])


def test_the_features_of_the_golden_text() -> None:
    """What a text makes is fixed: other features would be read with weights that are not theirs."""
    hashes = text_hashes(words_of(GOLDEN))
    assert (len(hashes), hashes[:3]) == (FEATURES, FIRST_HASHES)


@pytest.mark.parametrize("task", TASKS)
def test_inference_weighs_as_training_does(task: str) -> None:
    """The common table of large integers gives a head the scores that its own weights give."""
    heads = model()
    reading = read_document(a_document("", document_id="x", summary=GOLDEN), heads)
    assert as_trained(task, GOLDEN) == pytest.approx(
        heads.heads[task].probabilities([reading.weighed], "press"), abs=1e-12
    )


@given(st.text(max_size=120), st.text(max_size=300))
def test_probabilities_are_probabilities(title: str, summary: str) -> None:
    """Whatever is read, each head's labels share one whole."""
    heads = model()
    reading = read_document(a_document(title, document_id="x", summary=summary), heads)
    for head in heads.heads.values():
        probabilities = head.probabilities([reading.weighed], reading.family)
        assert len(head.header.labels) == len(probabilities)
        assert sum(probabilities) == pytest.approx(1)


def test_a_label_that_costs_more_to_miss_is_told_sooner() -> None:
    """The answer is the label that it would cost most to miss; its confidence stays what it was: unsure."""
    head = model().heads["crisis"]
    costly = replace(head, header=replace(head.header, costs={"alert": 2.0}, thresholds={"press": 0.6}))
    told = costly.decided([0.5, 0.2, 0.3], "press")
    assert (told.value, told.confidence, told.abstained) == ("alert", 0.3, True)
    assert (
        replace(head, header=replace(head.header, costs={})).decided([0.5, 0.2, 0.3], "press").value == "none"
    )


def test_evidence_quotes_the_fields_it_names() -> None:
    """A label's words are those of the title or the summary, at their places, the heaviest first."""
    document = a_document(
        "Concert géant au stade", summary="Un spectacle magnifique, des musiciens au sommet."
    )
    heads = model()
    label = read_document(document, heads).label(heads.heads["topic"])
    assert 1 <= len(label.evidence) <= 3
    for clue in label.evidence:
        assert getattr(document, clue.field)[clue.start : clue.end] == clue.text


def test_a_label_abstains_below_its_threshold() -> None:
    """What stands below the family's threshold is a best guess, at or above it a label."""
    head = model().heads["topic"]
    threshold = head.header.thresholds["press"]
    rest = len(head.header.labels) - 1

    def abstains(highest: float) -> bool:
        return head.decided([highest, *[(1 - highest) / rest] * rest], "press").abstained

    assert (abstains(threshold - 0.01), abstains(threshold + 0.01)) == (True, False)
