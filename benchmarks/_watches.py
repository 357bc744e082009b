"""A made-up press and its watches: words, names, documents and queries out of a seed, in the shapes of real ones.

Words are syllables put together, frequent ones short, behind the French function words; how often each comes
follows Zipf's law. Names are one word, two, hyphenated, acronyms, or an ordinary word with a capital. Half of the
documents are press (title, summary, a body of 60 to 1,200 words), half are posts (15 to 65 words with tags, handles,
addresses, emoji). A query is mostly the ways to write a name, and topics, beside, near or not; five in a hundred name
nobody.
"""

import random
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

from vigie.domain.language import FUNCTION_WORDS

WORDS, NAMES, TOPICS_FROM, TOPICS_TO = 46_000, 50_000, 300, 20_000
_ONSETS = [*"bcdfgjlmnprstv", "ch", "br", "cr", "dr", "fr", "gr", "pl", "pr", "tr", "cl", "qu"]
_VOWELS = [*"aeiouéaeioèê", "ou", "ai", "on", "an", "in", "eu", "oi"]
_CODAS = ["", "", "", "", "r", "l", "s", "t", "n", "rd", "ç", "st"]
_EMOJI = ["👍", "❤️", "😂", "🔥", "🎉", "😡", "👏🏽", "🇫🇷"]
_HOSTS = [
    f"{name}.{end}"
    for name in ("info", "matin", "gazette", "hebdo", "tribune")
    for end in ("test", "example")
]
_LANGUAGES = ["fr"] * 8 + ["en", "de"]


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody or something with a name: its words, and what tags call it."""

    words: tuple[str, ...]
    tag: str


class World:
    """Everything there is to write about, out of one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.words = self._make_words()
        self._word_weights = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))
        self.names = [self._make_name() for _ in range(NAMES)]
        self._name_weights = list(accumulate(1 / (rank + 20) for rank in range(NAMES)))

    def documents(self, count: int) -> list[dict[str, str]]:
        """Return documents, as keywords of ``prepare`` (texts, language, url, platform, type)."""
        return [self._article() if self._random.random() < 0.5 else self._post() for _ in range(count)]

    def queries(self, count: int) -> list[str]:
        """Return queries."""
        return [self._query() for _ in range(count)]

    # -- words ----------------------------------------------------------------------------------------------

    def _make_words(self) -> list[str]:
        words = dict.fromkeys(FUNCTION_WORDS["fr"].split()[:120])
        while len(words) < WORDS:
            syllables = 1 + (len(words) > 300) + (self._random.random() < 0.5) + (self._random.random() < 0.3)
            words["".join(self._syllable() for _ in range(syllables)) + self._random.choice(_CODAS)] = None
        return list(words)

    def _syllable(self) -> str:
        return f"{self._random.choice(_ONSETS)}{self._random.choice(_VOWELS)}"

    def _make_name(self) -> Name:
        kind = self._random.random()
        if kind < 0.1:
            word = "".join(self._random.choices("BCDFGLMPRSTV", k=3 + (kind < 0.05)))
            return Name((word,), word.lower())
        if kind < 0.15:
            word = self.words[self._random.randrange(3_000, 20_000)].capitalize()
            return Name((word,), word.lower())
        size = 2 if kind < 0.75 else 1
        parts = [
            "".join(self._syllable() for _ in range(self._random.randint(2, 3))).capitalize()
            for _ in range(size)
        ]
        if kind < 0.25:
            return Name(("-".join(parts),), "".join(parts).lower())
        return Name(tuple(parts), "".join(parts).lower())

    def _text(self, size: int) -> list[str]:
        words = self._random.choices(self.words, cum_weights=self._word_weights, k=size)
        for place in range(0, size, 90):
            if (at := place + self._random.randrange(90)) < size:
                words[at] = " ".join(self._name().words)
        for place in range(self._random.randrange(12), size, 12):
            words[place] += self._random.choice([",", ".", ",", " :", ";", " –"])
        return words

    def _name(self) -> Name:
        return self.names[bisect_left(self._name_weights, self._random.random() * self._name_weights[-1])]

    # -- documents ------------------------------------------------------------------------------------------

    def _article(self) -> dict[str, str]:
        number = self._random.randrange(10**9)
        return {
            "title": " ".join(self._text(self._random.randint(6, 12))).capitalize(),
            "summary": " ".join(self._text(self._random.randint(15, 35))).capitalize() + ".",
            "body": " ".join(self._text(int(60 * 20 ** self._random.random()))),
            "author": " ".join(self._name().words),
            "url": f"https://www.{self._random.choice(_HOSTS)}/{number}",
            "language": self._random.choice(_LANGUAGES),
        }

    def _post(self) -> dict[str, str]:
        words = self._text(self._random.randint(15, 65))
        for _ in range(self._random.randrange(3)):
            sign = self._random.choice("##@")
            words.insert(self._random.randrange(len(words)), sign + self._name().tag)
        if self._random.random() < 0.4:
            words.append(f"https://t.example/{self._random.randrange(10**9)}")
        if self._random.random() < 0.3:
            words.append(self._random.choice(_EMOJI))
        return {
            "body": " ".join(words),
            "author": f"@{self._name().tag}",
            "url": f"https://social.example/{self._random.randrange(10**9)}",
            "language": self._random.choice(_LANGUAGES),
            "platform": self._random.choice(["x", "bluesky", "mastodon"]),
            "type": "post",
        }

    # -- queries --------------------------------------------------------------------------------------------

    def _query(self) -> str:
        chance = self._random.random
        if chance() < 0.05:
            query = f"({self._topics(3)}) AND ({self._topics(2)}) AND {self._topic()}"
        else:
            name = self.names[self._random.randrange(NAMES)]
            query = self._about(name)
        if chance() < 0.35:
            query += " NOT " + (self._topic() if chance() < 0.6 else f"({self._topics(2)})")
        if chance() < 0.12:
            query += f" AND lang:{self._random.choice(_LANGUAGES)}"
        if chance() < 0.05:
            query += f" AND site:{self._random.choice(_HOSTS)}"
        return query

    def _about(self, name: Name) -> str:
        plain = f'"{" ".join(name.words)}"' if len(name.words) > 1 else name.words[0]
        variants = f"({plain} OR #{name.tag} OR @{name.tag})"
        chance = self._random.random()
        if chance < 0.01:
            return f"author:{plain} AND ({self._topics(2)})"
        if chance < 0.05:
            return f'raw:"{" ".join(name.words)}" AND ({self._topics(3)})'
        if chance < 0.13:
            return f"title:{plain}"
        if chance < 0.30:
            return f"{plain} NEAR/{self._random.choice([5, 10, 15])} ({self._topics(3)})"
        if chance < 0.45:
            return variants
        return f"{variants} AND ({self._topics(self._random.randint(2, 6))})"

    def _topics(self, count: int) -> str:
        return " OR ".join(self._topic() for _ in range(count))

    def _topic(self) -> str:
        rank = int(TOPICS_FROM * (TOPICS_TO / TOPICS_FROM) ** self._random.random())
        word = self.words[rank]
        chance = self._random.random()
        if chance < 0.08 and len(word) > 4:
            return f"{word[: max(4, len(word) - 2)]}*"
        return f'"{word} {self.words[rank + 1]}"' if chance < 0.12 else word
