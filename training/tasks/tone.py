"""Tone: how a text is written. Posts in French, posts in other languages and press are three heads.

What is learnt on posts says little of the press, which writes soberly of grave things: the press head learns mostly
from own texts of the press, French posts counting for a part, in the proportions of the press (most of it neutral).
"""

from collections import Counter

from training.examples import Example, Labelled, Sources, sections
from training.task import Task

LABELS = ("negative", "neutral", "positive")
_LANGUAGES = ("french", "english", "spanish", "german", "italian", "portuguese", "arabic", "hindi")
_OTHERS = _LANGUAGES[1:]
_PRESS_SHARES = {"negative": 0.15, "neutral": 0.7, "positive": 0.15}
_POSTS_WEIGHT = 0.1  # of a post, beside 1 for a text of the press


def _tweets(sources: Sources, languages: tuple[str, ...], split: str) -> list[Labelled]:
    return [
        Labelled(example, example.labels["tone"])
        for language in languages
        for example in sources.umsab(language, split)
    ]


_LEARNT: tuple[str, ...] = ("train", "dev")  # of the own texts: nothing is chosen by their tone


def _own(sources: Sources, family: str, splits: tuple[str, ...]) -> list[Labelled]:
    wanted = sources.own(
        lambda example: (
            example.family == family and example.split in splits and example.labels.get("tone") in LABELS
        )
    )
    return [Labelled(example, example.labels["tone"]) for example in wanted]


def _learn_french_posts(sources: Sources) -> list[Labelled]:
    return _tweets(sources, ("french",), "train") + _own(sources, "social", _LEARNT)


def _learn_other_posts(sources: Sources) -> list[Labelled]:
    return _tweets(sources, _LANGUAGES, "train")


def _learn_press(sources: Sources) -> list[Labelled]:
    press = _lines(sources, "tone_press.txt") + _own(sources, "press", _LEARNT)
    count = Counter(labelled.label for labelled in press)
    shared = [
        Labelled(given.example, given.label, _PRESS_SHARES[given.label] * len(press) / count[given.label])
        for given in press
    ]
    posts = _tweets(sources, ("french",), "train")
    return shared + [Labelled(given.example, given.label, _POSTS_WEIGHT) for given in posts]


def _lines(sources: Sources, path: str) -> list[Labelled]:
    return [
        Labelled(Example(id=f"{path}-{number}", text=text, platform="press"), tone)
        for tone, number, text in sections(sources.text(path))
    ]


def _judge_french_posts(sources: Sources) -> dict[str, list[Labelled]]:
    own = _own(sources, "social", ("test",))
    return {"UMSAB French dev": _tweets(sources, ("french",), "dev")} | ({"own posts": own} if own else {})


def _judge_other_posts(sources: Sources) -> dict[str, list[Labelled]]:
    return {f"UMSAB {language} dev": _tweets(sources, (language,), "dev") for language in _OTHERS}


def _judge_press(sources: Sources) -> dict[str, list[Labelled]]:
    own = _own(sources, "press", ("test",))
    return {"own sentences": _lines(sources, "tone_press_held_back.txt")} | (
        {"own press": own} if own else {}
    )


FRENCH_POSTS = Task(
    name="tone_social",
    labels=LABELS,
    learn=_learn_french_posts,
    judge=_judge_french_posts,
    penalty=3e-5,
    steps=200,
)
OTHER_POSTS = Task(
    name="tone_world",
    labels=LABELS,
    learn=_learn_other_posts,
    judge=_judge_other_posts,
    penalty=3e-5,
    steps=150,
)
PRESS = Task(
    name="tone_press",
    labels=LABELS,
    learn=_learn_press,
    judge=_judge_press,
    penalty=1e-5,
    steps=200,
)
