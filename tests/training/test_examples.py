"""The example sets of ``training/examples``: valid, of many kinds, and their parts kept apart."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[2] / "training" / "examples"
LABELS = {
    "relevance": {"main", "secondary", "passing", "homonym"},
    "impact": {"unfavourable", "neutral", "favourable", "mixed"},
    "tone": {"negative", "neutral", "positive"},
    "crisis": {"none", "watch", "alert"},
}
CRISIS_TYPES = {
    *(
        "recall",
        "safety",
        "service_outage",
        "data_breach",
        "fraud_impersonation",
        "legal",
        "governance",
        "labour",
    ),
    *("closure", "pricing", "boycott", "environment", "discrimination", "quality", "media_inquiry", "rumour"),
    "scandal",
}
PLATFORMS = {"press", "bluesky", "mastodon", "youtube", "forum", "reviews"}
SPLITS = ("train", "dev", "test")

Row = dict[str, Any]


def rows_of(pattern: str) -> list[Row]:
    """Return the rows of the files whose name fits."""
    return [
        json.loads(line)
        for path in sorted(EXAMPLES.glob(pattern))
        for line in path.read_text("utf-8").splitlines()
    ]


ENTITY_ROWS = rows_of("entities-*.jsonl")
ALL_ROWS = rows_of("*.jsonl")


def words(row: Row) -> str:
    """Return the row's title and text, so that two spellings of the same words are equal."""
    return " ".join(re.findall(r"\w+", f"{row.get('title', '')} {row['text']}".casefold()))


def names(entity: Row) -> set[str]:
    """Return how an entity may be called."""
    return {name.casefold() for name in (entity["name"], *entity.get("aliases", ()))}


def pairs_of_splits(rows: Iterable[Row]) -> Iterator[tuple[list[Row], list[Row]]]:
    """Yield the rows of each two splits."""
    parts = {split: [row for row in rows if row["split"] == split] for split in SPLITS}
    for one, other in combinations(SPLITS, 2):
        yield parts[one], parts[other]


def test_ids_are_unique() -> None:
    """An id names one example in all the files."""
    assert max(Counter(row["id"] for row in ALL_ROWS).values()) == 1


def test_no_text_is_there_twice() -> None:
    """Two examples never say the same in the same words."""
    assert max(Counter(map(words, ALL_ROWS)).values()) == 1


def test_rows_keep_to_the_labels() -> None:
    """Each label is one the product knows; a type goes with a crisis, and with nothing else."""
    strange = [row["id"] for row in ENTITY_ROWS if not _is_labelled(**row["labels"])]
    assert strange == []


def _is_labelled(crisis_type: str | None = None, **labels: str) -> bool:
    return (
        LABELS.keys() == labels.keys()
        and all(value in LABELS[task] for task, value in labels.items())
        and (crisis_type is None if labels["crisis"] == "none" else crisis_type in CRISIS_TYPES)
    )


def test_rows_say_where_they_are_from() -> None:
    """Split, language and platform are among those that training knows."""
    assert {row["split"] for row in ALL_ROWS} <= set(SPLITS)
    assert {row["lang"] for row in ALL_ROWS} == {"fr", "en"}
    assert {row.get("platform", "press") for row in ALL_ROWS} <= PLATFORMS


def test_rows_name_their_entity() -> None:
    """The entity's name or one of its aliases stands in the title or in the text."""
    nameless = [
        row["id"]
        for row in ENTITY_ROWS
        if not any(
            name in f"{row.get('title', '')} {row['text']}".casefold() for name in names(row["entity"])
        )
    ]
    assert nameless == []


def test_a_homonym_does_nothing_to_the_entity() -> None:
    """What is said of somebody else neither hurts nor helps."""
    effects = {
        (row["labels"]["impact"], row["labels"]["crisis"])
        for row in ENTITY_ROWS
        if row["labels"]["relevance"] == "homonym"
    }
    assert effects == {("neutral", "none")}


def test_an_entity_is_in_one_split() -> None:
    """What was learned about a name cannot help on another part."""
    for some, others in pairs_of_splits(ENTITY_ROWS):
        assert _all_names(some).isdisjoint(_all_names(others))


def _all_names(rows: Iterable[Row]) -> set[str]:
    return {name for row in rows for name in names(row["entity"])}


def test_splits_share_no_sentence_frame() -> None:
    """No seven words in a row stand in two splits."""
    for some, others in pairs_of_splits(ALL_ROWS):
        assert _runs(some).isdisjoint(_runs(others))


def _runs(rows: Iterable[Row], length: int = 7) -> set[tuple[str, ...]]:
    texts = [words(row).split() for row in rows]
    return {tuple(text[at : at + length]) for text in texts for at in range(len(text) - length + 1)}
