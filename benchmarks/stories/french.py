"""French for benchmarks: sentences of a small grammar, invented people, places and firms; nothing is quoted."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WORDS: dict[str, tuple[str, ...]] = {
    name: tuple(" ".join(word.split()) for word in words.split(";"))
    for name, words in tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8")).items()
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what a story is about."""

    people: tuple[str, ...]
    towns: tuple[str, ...]
    firms: tuple[str, ...]


class Writer:
    """Writes French by one random generator."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def pick(self, values: Sequence[str]) -> str:
        """Draw one."""
        return self.rng.choice(values)

    def person(self) -> str:
        """Invent a person."""
        return f"{self.pick(WORDS['first_names'])} {self.pick(WORDS['last_stems'])}{self.pick(WORDS['last_ends'])}"

    def town(self) -> str:
        """Invent a town."""
        return self.pick(WORDS["town_stems"]) + self.pick(WORDS["town_ends"])

    def firm(self) -> str:
        """Invent a firm."""
        return self.pick(WORDS["firm_stems"]) + self.pick(WORDS["firm_ends"])

    def cast(self) -> Cast:
        """Invent who and what a story is about."""
        return Cast(
            tuple(self.person() for _ in range(self.rng.randint(2, 4))),
            tuple(self.town() for _ in range(self.rng.randint(1, 3))),
            tuple(self.firm() for _ in range(self.rng.randint(1, 3))),
        )

    def number(self) -> str:
        """Draw a number as it is printed."""
        value = int(10 ** self.rng.uniform(0.5, 4.8))
        return str(value) if value < 1000 else f"{value // 1000} {value % 1000:03}"

    def thing(self) -> str:
        """Write a noun group."""
        if self.rng.random() < 0.5:
            article, noun = self.pick(("le", "un", "ce", "son")), self.pick(WORDS["nouns_m"])
        else:
            article, noun = self.pick(("la", "une", "cette", "leur")), self.pick(WORDS["nouns_f"])
        if article in {"le", "la"} and noun[0] in "aeéiou":
            article, noun = "", f"l'{noun}"
        group = f"{article} {noun}".strip()
        draw = self.rng.random()
        if draw < 0.45:
            group += f" {self.pick(WORDS['adjectives'])}"
        elif draw < 0.7:
            group += f" de {self.pick(WORDS['nouns_f'] + WORDS['nouns_m'])}"
        return group

    def clause(self) -> str:
        """Write subject, verb and object."""
        end = self.pick(
            (
                "",
                f" {self.pick(WORDS['where'])}",
                f" {self.pick(WORDS['when'])}",
                f" pour {self.pick(WORDS['infinitives'])} {self.thing()}",
            )
        )
        return f"{self.thing()} {self.pick(WORDS['verbs'])} {self.thing()}{end}"

    def sentence(self, cast: Cast) -> str:
        """Write one sentence of a story."""
        shape = self.rng.choice((self._fact, self._quote, self._report, self._narration))
        return f"{_capital(shape(cast))}."

    def _fact(self, cast: Cast) -> str:
        town, when, where = self.pick(cast.towns), self._of("when"), self._of("where")
        first = f"{self.number()} {self._of('units')}"
        return self.pick(
            (
                f"{self.thing()} de {town} {self._of('verbs')} {first}, contre {self.number()} {when}",
                f"à {town}, {self.clause()} : {first} {where}",
                f"{self.thing()} a été {self._of('past')} par {self.pick(cast.firms)}, qui {self._of('verbs')}",
            )
        )

    def _quote(self, cast: Cast) -> str:
        person, said = self.pick(cast.people), self._of("said")
        return self.pick(
            (
                f"« {_capital(self.clause())}, et {self.clause()} », a {said} {person}",
                f"« {_capital(self.clause())} », a {said} {person}, qui {self._of('verbs')} {self.thing()}",
                f"{self._of('links')}, {person} a {self._of('past')} {self.thing()}, dont {self.clause()}",
            )
        )

    def _report(self, cast: Cast) -> str:
        person, town, firm = self.pick(cast.people), self.pick(cast.towns), self.pick(cast.firms)
        to_do = f"{self._of('infinitives')} {self.thing()} et {self._of('infinitives')} {self.thing()}"
        return self.pick(
            (
                f"{person}, {self._of('roles')} à {town}, a {self._of('past')} {self.thing()} {self._of('when')}",
                f"selon {firm}, {self.clause()}, {self._of('links')}, {self.clause()}",
                f"pour {firm}, il faut {to_do}",
            )
        )

    def _narration(self, _: Cast) -> str:
        return self.pick(
            (
                f"{self._of('links')}, {self.clause()} et {self._of('verbs')} {self.thing()} {self._of('where')}",
                f"{self._of('when')}, {self.clause()}, alors que {self.clause()}",
                f"{self.clause()}, mais {self.clause()} {self._of('links')}",
            )
        )

    def _of(self, kind: str) -> str:
        return self.pick(WORDS[kind])

    def sentences(self, cast: Cast, words: int) -> list[str]:
        """Write about so many words."""
        written: list[str] = []
        while sum(len(sentence.split()) for sentence in written) < words:
            written.append(self.sentence(cast))
        return written

    def title(self, cast: Cast) -> str:
        """Write a headline."""
        town, firm = self.pick(cast.towns), self.pick(cast.firms)
        return self.pick(
            (
                f"{town} : {self.clause()}",
                f"{firm} {self.pick(WORDS['verbs'])} {self.thing()}",
                _capital(self.clause()),
                f"{self.pick(cast.people)} {self.pick(WORDS['verbs'])} {self.thing()} à {town}",
            )
        )

    def with_typos(self, text: str, rate: float) -> str:
        """Misspell a part of the words."""
        words = text.split(" ")
        for place, word in enumerate(words):
            if len(word) > 3 and self.rng.random() < rate:
                at = self.rng.randrange(1, len(word) - 1)
                words[place] = self.pick(
                    (
                        word[:at] + word[at + 1 :],
                        word[:at] + word[at] + word[at:],
                        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                    )
                )
        return " ".join(words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
