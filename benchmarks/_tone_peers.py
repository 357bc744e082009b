"""What the tone of posts is compared with: counting words, and VADER and fastText where they are installed."""

import importlib
import importlib.util
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from training.examples import NoData, Sources

Reader = Callable[[str], str]

_GOOD = frozenset(
    """
    bon bonne bien bravo super génial géniale excellent excellente parfait parfaite merci beau belle magnifique
    heureux heureuse content contente aime adore succès réussite réussi victoire gagne gagné progrès espoir joie
    top cool sympa formidable meilleur meilleure mieux fier fière félicitations innovation innovant solution utile
    positif positive agréable plaisir qualité efficace
    """.split()  # noqa: SIM905
)
_BAD = frozenset(
    """
    mauvais mauvaise mal pire nul nulle honte honteux scandale scandaleux arnaque colère triste déçu déçue
    catastrophe catastrophique danger dangereux dangereuse crise échec grave problème problèmes pollution mort morts
    peur menace menaces retard retards panne perdu perte pertes accident victime victimes fraude faux mensonge
    mensonges inutile absurde ridicule déteste haine guerre destruction toxique cancer condamné
    """.split()  # noqa: SIM905
)
_NOT = frozenset("ne n pas jamais aucun aucune sans ni plus".split())  # noqa: SIM905
_MORE = {"très": 1.3, "trop": 1.2, "vraiment": 1.3, "tellement": 1.3, "un peu": 0.7, "assez": 0.9}
_WORD = re.compile(r"[^\W\d_]+")


def peers() -> tuple[dict[str, Reader], list[str]]:
    """Return what is there to compare with, by name, and a line for each that is not."""
    found: dict[str, Reader] = {"lexicon (VADER's rules, 100 words)": by_lexicon}
    left_out = []
    for name, package, make in (
        ("VADER French", "vaderSentiment_fr", _vader),
        ("fastText (UMSAB train)", "fasttext", _fasttext),
    ):
        if importlib.util.find_spec(package) is None:
            left_out.append(f"{name}: not installed (pip install {package.replace('_', '-')})")
            continue
        try:
            found[name] = make()
        except NoData as missing:
            left_out.append(f"{name}: {missing}")
    return found, left_out


def by_lexicon(text: str) -> str:
    """Return the side that its words take: turned by a negation, louder by an adverb or an exclamation."""
    words = _WORD.findall(text.lower())
    score = 0.0
    for place, word in enumerate(words):
        side = (word in _GOOD) - (word in _BAD)
        if not side:
            continue
        before = words[max(0, place - 3) : place]
        weight = max((_MORE[one] for one in before if one in _MORE), default=1.0)
        score += side * weight * (-0.74 if _NOT.intersection(before) else 1.0)
    score *= 1 + 0.1 * min(text.count("!"), 4)
    return "positive" if score > 0.3 else "negative" if score < -0.3 else "neutral"


def _vader() -> Reader:
    analyser = importlib.import_module("vaderSentiment_fr.vaderSentiment").SentimentIntensityAnalyzer()

    def read(text: str) -> str:
        score = analyser.polarity_scores(text)["compound"]
        return "positive" if score >= 0.05 else "negative" if score <= -0.05 else "neutral"

    return read


def _fasttext() -> Reader:
    fasttext = importlib.import_module("fasttext")
    rows = Sources().umsab("french", "train")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        path.write_text(
            "\n".join(f"__label__{row.labels['tone']} {' '.join(row.text.split())}" for row in rows), "utf-8"
        )
        trained = fasttext.train_supervised(
            str(path), dim=50, wordNgrams=2, minn=3, maxn=5, epoch=25, lr=0.5, thread=1, verbose=0
        )

    def read(text: str) -> str:
        # The compiled model itself: the wrapper's predict() fails with numpy 2.
        ((_, label),) = trained.f.predict(" ".join(text.split()) + "\n", 1, 0.0, "strict")
        return str(label).removeprefix("__label__")

    return read
