"""The model card: what each task does on what it was not trained on, as Markdown."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from training.examples import Labelled, Sources
from training.judges import JUDGES, Judge
from training.metrics import Answer, accuracy, calibration_error, kept, macro_f1, recall, surest
from vigie.domain.classification.artefact import HEADS, read

_COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.5)
_CONFUSED_LABELS = 5  # more make a list of the commonest confusions, not a table

_HEAD = """# Model card

What the offline classifier does on texts that nothing was learnt from. Made by `make card` (`python -m training
card`): do not edit it by hand. A figure is of the classifier as it runs, rules and abstention included.

- *F1*: macro-averaged over the labels of the set. *ECE*: expected calibration error, ten bins. *kept*: what does not
  abstain, and how right that is. *coverage*: macro-F1 and accuracy of the surest share.
- The heads are softmax regressions on hashed words, pairs of words and runs of characters, int8; chosen (penalty,
  features) by cross-validation on training data, calibrated by it too; the sets below were not used for choices.
- What is told of an entity is judged on two parts of `training/examples`, see its README. `test`: more than half was
  written by two hands that had read nothing but the labels' definitions, the rest is left of the parts before.
  `fresh`: by another such hand, after every choice: what it tells is nearer to texts nobody has seen.
- Nothing here acts alone: a person can correct every label, and what abstains is shown as « à vérifier ».
"""


def card(sources: Sources) -> str:
    """Return the card of all tasks."""
    return "\n".join([_HEAD, *(line for judge in JUDGES for line in _told(judge, sources))])


def _told(judge: Judge, sources: Sources) -> Iterator[str]:
    yield f"## {judge.title}\n\n{judge.about}\n"
    sets = {name: _answers(judge, rows) for name, rows in judge.sets(sources).items() if rows}
    if not sets:
        yield "No texts of this task are held back yet.\n"
        return
    yield "| set | texts | F1 | accuracy | ECE | kept | right of kept |\n| --- | --- | --- | --- | --- | --- | --- |"
    for name, answers in sets.items():
        sure = kept(answers)
        yield (
            f"| {name} | {len(answers)} | {macro_f1(answers):.3f} | {accuracy(answers):.3f} "
            f"| {calibration_error(answers):.3f} | {len(sure) / len(answers):.0%} | {accuracy(sure):.3f} |"
        )
    yield "\n| F1 (accuracy) at coverage | " + " | ".join(f"{share:.0%}" for share in _COVERAGES) + " |"
    yield "| --- " * (len(_COVERAGES) + 1) + "|"
    for name, answers in sets.items():
        parts = [surest(answers, share) for share in _COVERAGES]
        yield (
            f"| {name} | "
            + " | ".join(f"{macro_f1(part):.3f} ({accuracy(part):.3f})" for part in parts)
            + " |"
        )
    for label in judge.watched:
        told = ", ".join(f"{name} {recall(answers, label):.3f}" for name, answers in sets.items())
        yield f"\nRecall of `{label}`: {told}."
    for name, answers in sets.items():
        yield from _confusion(name, answers)
    yield from _learnt_from(judge)
    if judge.failures:
        yield "\nKnown failures\n"
        yield from (f"- {failure}" for failure in judge.failures)
    yield ""


def _answers(judge: Judge, rows: Sequence[Labelled]) -> list[Answer]:
    return [Answer(judge.answer(row.example), row.label) for row in rows]


def _confusion(name: str, answers: Sequence[Answer]) -> Iterator[str]:
    counted = Counter((answer.truth, answer.said.value) for answer in answers)
    labels = sorted({label for pair in counted for label in pair})
    if len(labels) > _CONFUSED_LABELS:
        wrong = [(pair, times) for pair, times in counted.most_common() if pair[0] != pair[1]][:8]
        told = ", ".join(f"{truth} → {said} {times}" for (truth, said), times in wrong)
        yield f"\nCommonest confusions, {name} (is → said): {told or 'none'}."
        return
    yield f"\n| {name}: is ↓, said → | " + " | ".join(labels) + " |"
    yield "| --- " * (len(labels) + 1) + "|"
    for truth in labels:
        yield f"| {truth} | " + " | ".join(str(counted[truth, said]) for said in labels) + " |"


def _learnt_from(judge: Judge) -> Iterator[str]:
    for task in judge.heads:
        header = read(task, HEADS).header
        sets = ", ".join(f"{told['name']} ({told['licence']})" for told in header.sets)
        yield f"\nLearnt by `{task}` from: {sets}."
        yield f"Cross-validated: {json.dumps(header.metrics)}."
