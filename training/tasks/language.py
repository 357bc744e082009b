"""Language: nine that are told apart, and ``und`` for the others that are written in Latin letters.

Tweets of UMSAB (none in Dutch), whole and in pieces of a few words, as titles and comments are short; own sentences;
and the function words of each language, three at a time. Other scripts are told by their letters, not by a head.
UMSAB's Hindi set holds many tweets in English: those that function words tell so are left out, learning and judging.
"""

import random
from collections.abc import Iterator

from training.examples import Example, Labelled, Sources, sections
from training.task import Task
from vigie.domain.language import FUNCTION_WORDS, identify

LABELS = ("fr", "en", "de", "es", "it", "pt", "nl", "ar", "hi", "und")
_UMSAB = {
    "french": "fr",
    "english": "en",
    "german": "de",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "arabic": "ar",
    "hindi": "hi",
}
_SENTENCE_WORDS = 4  # fewer are no sentence, and often of no language
_WHOLE_WORDS, _PIECE_WORDS, _PIECES = 10, 3, 2
_OWN_WEIGHT = {"nl": 12.0, "und": 8.0}  # few of them, against two thousand tweets of each other language
_FUNCTION_PIECES = {"nl": 400}  # no tweets of it
_FUNCTION_PIECES_OF_OTHERS = 120


def _learnt(sources: Sources) -> list[Labelled]:
    made: list[Labelled] = []
    for name, code in _UMSAB.items():
        for example in _tweets(sources, name, "train"):
            made += [
                Labelled(piece, code) for piece in _pieces(example.id, example.text, _PIECES, _WHOLE_WORDS)
            ]
    for code, number, text in sections(sources.text("language/sentences.txt")):
        pieces = _pieces(f"own-{code}-{number}", text, 4, 40)
        made += [Labelled(piece, code, _OWN_WEIGHT.get(code, 3.0)) for piece in pieces]
    for code, words in FUNCTION_WORDS.items():
        made += [Labelled(piece, code) for piece in _of_function_words(code, words.split())]
    return made


def _tweets(sources: Sources, name: str, split: str) -> list[Example]:
    """Return the tweets of a language; those of the Hindi set whose function words are English are left out."""
    return [
        example
        for example in sources.umsab(name, split)
        if name != "hindi" or identify(example.text).code != "en"
    ]


def _pieces(name: str, text: str, pieces: int, whole_words: int) -> Iterator[Example]:
    """Yield a text, then runs of a few of its words; accounts, hashtags and addresses are of no language."""
    words = plain_words(text)
    chance = random.Random(name)  # the same pieces each time
    yield Example(id=f"{name}#", text=" ".join(words[:whole_words]))
    for number in range(pieces if len(words) > _PIECE_WORDS else 0):
        size = _PIECE_WORDS if number % 2 == 0 else chance.randint(2, 7)
        start = chance.randrange(max(1, len(words) - size + 1))
        yield Example(id=f"{name}#{number}", text=" ".join(words[start : start + size]))


def plain_words(text: str) -> list[str]:
    """Return the words of a text that are of a language."""
    return [word for word in text.split() if word[0] not in "@#" and not word.startswith("http")]


def _of_function_words(code: str, words: list[str]) -> Iterator[Example]:
    chance = random.Random(code)
    for number in range(_FUNCTION_PIECES.get(code, _FUNCTION_PIECES_OF_OTHERS)):
        yield Example(id=f"function-{code}-{number}", text=" ".join(chance.sample(words, 3)))


def _judged(sources: Sources) -> dict[str, list[Labelled]]:
    whole = [
        Labelled(example, code) for name, code in _UMSAB.items() for example in _tweets(sources, name, "dev")
    ]
    whole = [given for given in whole if len(plain_words(given.example.text)) >= _SENTENCE_WORDS]
    whole += [
        Labelled(Example(id=f"held-{code}-{number}", text=text), code)
        for code, number, text in sections(sources.text("language/held_back.txt"))
    ]
    return {
        "sentences": whole,
        "three words": [Labelled(_three(given.example), given.label) for given in whole],
    }


def _three(example: Example) -> Example:
    words = plain_words(example.text)
    start = random.Random(example.id).randrange(max(1, len(words) - 2))
    return Example(id=example.id, text=" ".join(words[start : start + 3]) or example.text)


LANGUAGE = Task(
    name="language",
    labels=LABELS,
    learn=_learnt,
    judge=_judged,
    bits=15,
    penalty=1e-6,
    coverage={"press": 0.97, "social": 0.97},
    steps=200,
)
