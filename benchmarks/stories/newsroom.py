"""Labelled documents: what agencies, papers and people publish, each with the story it belongs to."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from benchmarks.stories.bulletins import TEMPLATES, fill
from benchmarks.stories.french import WORDS, Cast, Writer
from benchmarks.stories.labelled import Hardness, Labelled

START = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DAYS = 14
OUTLETS = tuple(f"journal-{number:02}" for number in range(40))


class Newsroom:
    """Publishes stories of every kind, by one seed."""

    def __init__(self, seed: int, hardness: Hardness) -> None:
        self.rng = random.Random(seed)
        self.write = Writer(self.rng)
        self.hard = hardness
        self._stories = 0
        self._documents = 0

    # -- stories that many print ----------------------------------------------------------------------------

    def dispatch(self) -> Iterator[Labelled]:
        """Publish an agency's text, printed by papers in their ways, with an update at times."""
        cast, story, at = self.write.cast(), self._story(), self._instant()
        length = self.rng.randint(90, 420)
        sentences = self.write.sentences(cast, length)
        title = self.write.title(cast)
        first = self._article(story, "dispatch", title, self._laid_out(sentences), at)
        yield first
        for _ in range(min(int(self.rng.expovariate(1 / 3)) + 1, 14)):
            later = at + timedelta(minutes=self.rng.expovariate(1 / 240) % 2400)
            if self.rng.random() < 0.25:
                sentences = self._updated(sentences, cast)
            yield self._copy(first, sentences, cast, later)

    def own_article(self) -> Iterator[Labelled]:
        """Publish a paper's own article; its page is seen again under another address at times."""
        cast, story, at = self.write.cast(), self._story(), self._instant()
        sentences = self.write.sentences(cast, self.rng.randint(60, 500))
        first = self._article(story, "own", self.write.title(cast), self._laid_out(sentences), at)
        yield first
        if self.rng.random() < 0.2:
            again = self._article(story, "own", first.title, first.body, at + timedelta(minutes=45))
            yield self._with_url(again, f"{first.url.replace('https://www.', 'http://m.')}?utm_source=rss")

    def affair(self) -> Iterator[Labelled]:
        """Publish articles of one affair: they end on the same background paragraph; each has reprints of its own."""
        cast = self.write.cast()
        background = self.write.sentences(cast, self.rng.randint(45, 80)) if self.hard.background else []
        for _ in range(self.rng.randint(2, 5)):
            story, at = self._story(), self._instant()
            sentences = self.write.sentences(cast, self.rng.randint(110, 260))
            title = self.write.title(cast)
            first = self._article(story, "affair", title, self._laid_out(sentences + background), at)
            yield first
            for _ in range(self.rng.randint(0, 3)):
                later = at + timedelta(minutes=self.rng.randint(5, 900))
                yield self._copy(first, sentences + background, cast, later)

    # -- texts that share much and are not one --------------------------------------------------------------

    def event(self) -> Iterator[Labelled]:
        """Publish one event told by several journalists, in their own words, with its names and figures."""
        cast, at = self.write.cast(), self._instant()
        facts = [f"{self.write.number()} {self.write.pick(WORDS['units'])}" for _ in range(3)]
        for _ in range(self.rng.randint(2, 6)):
            sentences = self.write.sentences(cast, self.rng.randint(90, 300))
            for fact in facts:
                place = self.rng.randrange(len(sentences))
                sentences[place] = sentences[place].removesuffix(".") + f", soit {fact}."
            when = at + timedelta(minutes=self.rng.randint(0, 600))
            yield self._article(
                self._story(), "event", self.write.title(cast), self._laid_out(sentences), when
            )

    def speech(self) -> Iterator[Labelled]:
        """Publish articles of different papers that quote the same long passage."""
        cast, at = self.write.cast(), self._instant()
        words = self.rng.randint(*self.hard.quote_words)
        quote = (
            "« " + " ".join(self.write.clause() for _ in range(words // 7)) + f" », a lancé {cast.people[0]}."
        )
        for _ in range(self.rng.randint(2, 5)):
            sentences = self.write.sentences(cast, self.rng.randint(2 * words, 4 * words))
            sentences.insert(self.rng.randint(1, len(sentences) - 1), quote)
            when = at + timedelta(minutes=self.rng.randint(0, 900))
            yield self._article(
                self._story(), "speech", self.write.title(cast), self._laid_out(sentences), when
            )

    def round_up(self) -> Iterator[Labelled]:
        """Publish short items, each a story, and a page that prints the beginning of all of them."""
        at = self._instant()
        items = []
        for _ in range(self.rng.randint(4, 6)):
            cast, story = self.write.cast(), self._story()
            sentences = self.write.sentences(cast, self.rng.randint(70, 200))
            items.append((cast, sentences))
            title = self.write.title(cast)
            first = self._article(story, "round-up item", title, self._laid_out(sentences), at)
            yield first
            for _ in range(self.rng.randint(0, 2)):
                later = at + timedelta(minutes=self.rng.randint(5, 300))
                yield self._copy(first, sentences, cast, later)
        pieces = [f"{self.write.title(cast)}. {self._opening(sentences)}" for cast, sentences in items]
        body = f"{self.write.sentence(self.write.cast())}\n" + "\n".join(pieces)
        yield self._article(
            self._story(), "round-up", "L'essentiel de ce matin", body, at + timedelta(hours=5)
        )

    def bulletins(self) -> Iterator[Labelled]:
        """Publish texts of one template, each another story."""
        template = self.rng.choice(TEMPLATES)
        at = self._instant()
        for number in range(self.rng.randint(5, 12)):
            title, body = fill(template, self.write)
            story, when = self._story(), at + timedelta(hours=number * self.rng.choice([0, 1, 24]))
            first = self._article(story, "bulletin", title, body, when)
            yield first
            if self.rng.random() < 0.15:
                yield self._article(story, "bulletin", title, body, when + timedelta(minutes=20))

    # -- social ---------------------------------------------------------------------------------------------

    def copypasta(self) -> Iterator[Labelled]:
        """Publish a text people copy, pass on and quote."""
        cast, story, at = self.write.cast(), self._story(), self._instant()
        text = " ".join(self.write.sentences(cast, self.rng.randint(16, 60)))
        yield self._post(story, "copypasta", text, at)
        for _ in range(self.rng.randint(1, 7)):
            later = at + timedelta(minutes=self.rng.randint(1, 2000))
            handle = f"@{self.write.pick(OUTLETS)}_{self.rng.randrange(99)}"
            copied = self.rng.choice(
                (
                    f"RT {handle}: {text}",
                    f"{text} #{self.write.firm()}",
                    f"À lire absolument ! {text} https://t.co/{self.rng.randrange(10**8)}",
                    f"{self.write.pick(WORDS['comments'])} RT {handle} : {text}",
                    self.write.with_typos(text, 0.02),
                )
            )
            yield self._post(story, "copypasta", copied, later)

    def slogans(self) -> Iterator[Labelled]:
        """Publish short posts that share a slogan, a hashtag or a link, each its own."""
        at = self._instant()
        cast = self.write.cast()
        slogan = f"{self.write.thing()} n'est pas à vendre"
        tags = f"#{self.write.firm()} #{self.write.town().replace('-', '')}"
        link = f"https://t.co/{self.rng.randrange(10**8)}"
        for _ in range(self.rng.randint(4, 12)):
            own = self.write.clause() if self.rng.random() < 0.8 else self.write.sentence(cast)
            parts = [own, *self.rng.sample([slogan, tags, link], self.rng.randint(1, 3))]
            self.rng.shuffle(parts)
            when = at + timedelta(minutes=self.rng.randint(0, 2000))
            yield self._post(self._story(), "slogan", " ".join(parts), when)

    # -- how copies differ ----------------------------------------------------------------------------------

    def _copy(self, first: Labelled, sentences: list[str], cast: Cast, at: datetime) -> Labelled:
        rng, write = self.rng, self.write
        kept = list(sentences)
        changes = rng.sample(("crop", "rewrite", "lead", "tail", "summary", "none"), 2)
        if "crop" in changes:
            kept = _first(kept, max(rng.uniform(self.hard.crop_to, 1) * _words(kept), 45))
        if "rewrite" in changes and _words(kept) >= 90:
            share = rng.uniform(*self.hard.rewrite)
            kept = [write.sentence(cast) if rng.random() < share else sentence for sentence in kept]
        own_words = max(min(40, _words(kept) // 2), 12)
        if "lead" in changes:
            kept = [*write.sentences(cast, rng.randint(12, own_words)), *kept]
        if "tail" in changes and rng.random() < 0.5:
            kept = [*kept, *write.sentences(cast, rng.randint(12, own_words))]
        body = self._laid_out(kept)
        if rng.random() < 0.3:
            body = write.with_typos(body, self.hard.typos * rng.random())
        if rng.random() < 0.2:
            body = f"{cast.towns[0]} (APX) - {body}"
        if rng.random() < 0.2:
            body += "\nLire aussi : " + write.title(cast)
        printed = first.title if rng.random() < 0.4 else write.title(cast)
        copied = self._article(first.story, first.kind, printed, body, at)
        short = "summary" in changes and "lead" not in changes and "rewrite" not in changes
        return self._summary_only(copied) if short else copied

    def _summary_only(self, document: Labelled) -> Labelled:
        words = document.body.split(" ")
        cut = " ".join(words[: max(self.rng.randint(35, 60), 1)])
        return Labelled(
            **{
                name: getattr(document, name)
                for name in Labelled.__dataclass_fields__
                if name not in {"body", "summary"}
            },
            body="",
            summary=f"{cut}…" if len(words) > 60 else document.body,
        )

    def _updated(self, sentences: list[str], cast: Cast) -> list[str]:
        """Change a figure and add a sentence, as an agency does."""
        changed = list(sentences)
        for place, sentence in enumerate(changed):
            if any(character.isdigit() for character in sentence) and self.rng.random() < 0.5:
                changed[place] = " ".join(
                    self.write.number() if word.isdigit() else word for word in sentence.split(" ")
                )
                break
        changed.insert(self.rng.randint(1, len(changed)), self.write.sentence(cast))
        return changed

    def _opening(self, sentences: list[str]) -> str:
        opening: list[str] = []
        for sentence in sentences:
            opening.append(sentence)
            if sum(len(said.split()) for said in opening) >= self.hard.round_up_words:
                break
        return " ".join(opening)

    def _laid_out(self, sentences: list[str]) -> str:
        """Put sentences in paragraphs."""
        text = ""
        for sentence in sentences:
            text += sentence + ("\n\n" if self.rng.random() < 0.3 else " ")
        return text.strip()

    # -- documents ------------------------------------------------------------------------------------------

    def _article(self, story: str, kind: str, title: str, body: str, at: datetime) -> Labelled:
        number, outlet = self._number(), self.write.pick(OUTLETS)
        return Labelled(
            id=f"d{number:06}",
            story=story,
            kind=kind,
            title=title,
            body=body,
            url=f"https://www.{outlet}.example/{at:%Y/%m/%d}/article-{number}",
            at=at,
            source_id=outlet,
        )

    def _post(self, story: str, kind: str, text: str, at: datetime) -> Labelled:
        number = self._number()
        return Labelled(
            id=f"d{number:06}",
            story=story,
            kind=kind,
            title="",
            body=text,
            url=f"https://social.example/@u{self.rng.randrange(10**6)}/{number}",
            at=at,
            source_id=f"recherche-{self.rng.randrange(5)}",
            platform="mastodon",
            type="post",
        )

    def _with_url(self, document: Labelled, url: str) -> Labelled:
        values = {name: getattr(document, name) for name in Labelled.__dataclass_fields__}
        return Labelled(**{**values, "url": url})

    def _story(self) -> str:
        self._stories += 1
        return f"s{self._stories:05}"

    def _number(self) -> int:
        self._documents += 1
        return self._documents

    def _instant(self) -> datetime:
        return START + timedelta(minutes=self.rng.randrange(DAYS * 24 * 60))


SHARES: dict[str, int] = {
    "dispatch": 30,
    "own_article": 30,
    "affair": 6,
    "event": 6,
    "speech": 6,
    "round_up": 4,
    "bulletins": 6,
    "copypasta": 7,
    "slogans": 5,
}


def publish(seed: int, hardness: Hardness, documents: int) -> list[Labelled]:
    """Return about so many labelled documents, in order of publication."""
    room = Newsroom(seed, hardness)
    kinds: list[Callable[[], Iterator[Labelled]]] = [getattr(room, name) for name in SHARES]
    published: list[Labelled] = []
    while len(published) < documents:
        (kind,) = room.rng.choices(kinds, weights=list(SHARES.values()))
        published += kind()
    return sorted(published, key=lambda document: (document.at, document.id))


def _words(sentences: list[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)


def _first(sentences: list[str], words: float) -> list[str]:
    """Return the first sentences, of at least so many words."""
    kept: list[str] = []
    for sentence in sentences:
        if _words(kept) >= words:
            break
        kept.append(sentence)
    return kept
