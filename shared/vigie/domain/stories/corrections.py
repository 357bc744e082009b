"""What changed between two versions of a text: the figures first, then the words."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

CHANGES_AT_MOST = 12
WORDS_AT_MOST = 12  # of a passage quoted in a change
_TOKEN = re.compile(r"\d+(?:[.,:/]\d+|[ \u00a0\u202f]\d{3}(?!\d))*|[^\W_]+(?:[-'’][^\W_]+)*")
_COMPARED_WORDS = 3_000  # the comparison is quadratic at worst


@dataclass(frozen=True, slots=True)
class Change:
    """A passage replaced (or added, or taken out: then one side is empty)."""

    before: str
    after: str

    @property
    def of_figures(self) -> bool:
        """Whether a number changed."""
        return re.findall(r"\d+", self.before) != re.findall(r"\d+", self.after)


def corrections(before: str, after: str) -> tuple[Change, ...]:
    """Return what changed, figures first, else in reading order, the first dozen at most.

    Typography, case and spaces change nothing.
    """
    old, new = (_TOKEN.findall(text)[:_COMPARED_WORDS] for text in (before, after))
    matcher = SequenceMatcher(
        None, [_same(token) for token in old], [_same(token) for token in new], autojunk=False
    )
    changes = [
        Change(_passage(old[a:b]), _passage(new[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]
    return tuple(sorted(changes, key=lambda change: not change.of_figures)[:CHANGES_AT_MOST])


def _same(token: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]", "", token).replace("’", "'").casefold()


def _passage(tokens: list[str]) -> str:
    return " ".join(tokens[:WORDS_AT_MOST]) + (" …" if len(tokens) > WORDS_AT_MOST else "")
