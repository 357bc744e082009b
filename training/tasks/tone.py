"""Tone: how a text is written. Posts and press are two heads: neither speaks for the other."""

from training.examples import Labelled, Sources
from training.task import Task

LABELS = ("negative", "neutral", "positive")
_LANGUAGES = ("french", "english", "spanish", "german", "italian", "portuguese", "arabic", "hindi")


def _tweets(sources: Sources) -> list[Labelled]:
    return [
        Labelled(example, example.labels["tone"])
        for language in _LANGUAGES
        for example in sources.umsab(language, "train")
    ]


def _judged(sources: Sources) -> dict[str, list[Labelled]]:
    return {
        f"UMSAB {language} dev": [
            Labelled(example, example.labels["tone"]) for example in sources.umsab(language, "dev")
        ]
        for language in _LANGUAGES
    }


SOCIAL = Task(name="tone_social", labels=LABELS, learn=_tweets, judge=_judged, penalty=1e-4)
