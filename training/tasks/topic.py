"""Topic: the first level of IPTC Media Topics, learnt from own texts and from lists of telling words.

The lists are weak supervision: texts are drawn from them, a few telling words among function words of the language,
so that the head learns the words and not the habits of one writer. Runs of characters carry them to other endings.
"""

import random
import tomllib
from collections.abc import Iterator

from training.examples import Example, Labelled, Sources, sections
from training.task import Task
from vigie.domain.classification.topic import TOPICS
from vigie.domain.language import FUNCTION_WORDS

_NAMED = {topic.english: topic.code for topic in TOPICS}
_CODES = {topic.short: topic.code for topic in TOPICS}
_DRAWN = {"fr": 160, "en": 80}  # texts of each topic
_DRAWN_WEIGHT, _TEXT_WEIGHT = 0.5, 3.0
_TELLING, _FILLING = (2, 6), (2, 8)  # words of a drawn text


def _learnt(sources: Sources) -> list[Labelled]:
    made = [
        Labelled(
            Example(id=f"topic-{short}-{number}", text=text, platform="press"), _CODES[short], _TEXT_WEIGHT
        )
        for short, number, text in sections(sources.text("topic/texts.txt"))
    ]
    made += [Labelled(example, label, _TEXT_WEIGHT) for example, label in _own(sources, "train")]
    for short, lists in tomllib.loads(sources.text("topic/words.toml")).items():
        for language, words in lists.items():
            telling = [word.strip() for word in words.replace("\n", " ").split(",") if word.strip()]
            made += [
                Labelled(drawn, _CODES[short], _DRAWN_WEIGHT, drawn=True)
                for drawn in _drawn(short, language, telling)
            ]
    return made


def _own(sources: Sources, split: str) -> list[tuple[Example, str]]:
    examples = sources.own(lambda example: example.split == split and "topic" in example.labels)
    return [(example, _NAMED[example.labels["topic"]]) for example in examples]


def _drawn(short: str, language: str, telling: list[str]) -> Iterator[Example]:
    """Yield each telling word by itself, then texts of several among function words."""
    chance = random.Random(f"{short} {language}")
    filling = FUNCTION_WORDS[language].split()
    texts = [[word] for word in telling]
    for _ in range(_DRAWN[language]):
        words = chance.sample(telling, chance.randint(*_TELLING))
        words += chance.sample(filling, chance.randint(*_FILLING))
        chance.shuffle(words)
        texts.append(words)
    for number, words in enumerate(texts):
        yield Example(id=f"drawn-{short}-{language}-{number}", text=" ".join(words), platform="press")


def _judged(sources: Sources) -> dict[str, list[Labelled]]:
    titles = [
        Labelled(Example(id=f"held-{number}", title=text, text="", platform="press"), _CODES[short])
        for short, number, text in sections(sources.text("topic/held_back.txt"))
    ]
    whole = [Labelled(example, label) for example, label in _own(sources, "test")]
    return {"own titles with a lead": whole, "own titles alone, in rare words": titles}


TOPIC = Task(
    name="topic",
    labels=tuple(topic.code for topic in TOPICS),
    learn=_learnt,
    judge=_judged,
    bits=16,
    penalty=1e-5,
    coverage={"press": 0.75, "social": 0.75},
    steps=200,
)
