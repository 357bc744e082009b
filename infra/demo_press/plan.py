"""Decide who publishes what, and when: scripted stories, the day's dispatches, each outlet's own news."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from infra.demo_press.calendar import DAYS
from infra.demo_press.compose import chance
from infra.demo_press.library import Library, Placing, Template

# Day by day, how much there is to print; the rhythm is the month's own, whatever weekday it ends on.
RHYTHM = (1.0, 1.1, 1.05, 0.95, 1.1, 0.8, 0.75)

# The agency closes at eight in the evening, so that its subscribers print the same day.
LAST_DISPATCH = 20 * 60 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One text to come: ``key`` is its name in the truth and the seed of its wording."""

    key: str
    template: Template
    day: int
    event: str | None = None
    agency: bool = False
    placings: tuple[tuple[Placing, int], ...] = ()  # with the minute of the day


@dataclass(slots=True)
class Desk:
    """Deals templates: none comes back before its beat's others have been used, and some never do."""

    library: Library
    rng: random.Random
    decks: dict[tuple[str, bool], list[Template]] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)

    def deal(self, beat: str, *, wire: bool = False) -> Template:
        """Return the next template of a beat (any beat's, among dispatches, when ``wire``)."""
        deck = self.decks.setdefault((beat, wire), [])
        if not deck:
            deck += [
                template
                for template in self.library.background
                if template.wire == wire and (wire or template.beat == beat) and template.id not in self.spent
            ]
            self.rng.shuffle(deck)
        template = deck.pop()
        if template.once:
            self.spent.add(template.id)
        return template


def plan(seed: int, library: Library) -> list[Story]:
    """Return every story of the month, each with its placings."""
    stories = list(_scripted(seed, library))
    desk = Desk(library, chance(seed, "desk"))
    for day in range(DAYS):
        stories += _dispatches(seed, day, library, desk)
        stories += _bulletins(seed, day, library)
    stories += _own_news(seed, library, desk, _count(stories))
    return [_mirrored(seed, library, story) for story in stories]


def _scripted(seed: int, library: Library) -> Iterator[Story]:
    recurring = {template.event for template in library.scripted if len(template.days) > 1}
    for template in library.scripted:
        for day in template.days:
            rng = chance(seed, template.id, day)
            hours, minutes = map(int, template.hour.split(":"))
            start = hours * 60 + minutes
            event = template.event
            if event and event in recurring:
                event = f"{event}-{day + template.event_offset}"
            placings = tuple(
                (p, start + p.minutes + (rng.randrange(4) if p.minutes else 0)) for p in template.placings
            )
            key = f"{template.id}-{day}" if len(template.days) > 1 else template.id
            yield Story(
                key=key,
                template=template,
                day=day,
                event=event or None,
                agency=template.wire,
                placings=placings,
            )


def _dispatches(seed: int, day: int, library: Library, desk: Desk) -> Iterator[Story]:
    subscribers = [outlet.slug for outlet in library.outlets if outlet.wire]
    rng = chance(seed, "dispatches", day)
    for number in range(rng.choice((3, 3, 4))):
        minute = min(_minute(rng, library.hours["press"]), LAST_DISPATCH)
        takers = rng.sample(subscribers, rng.choice((2, 3, 3, 4, 5)))
        placings = []
        for rank, slug in enumerate(takers):
            how = rng.choice(("full", "full", "retitled", "cropped")) if rank else "full"
            placings.append((Placing(slug, how=how), minute))
            minute += rng.randrange(4, 75)
        template = desk.deal("", wire=True)
        yield Story(
            key=f"apg-{day:02}-{number}", template=template, day=day, agency=True, placings=tuple(placings)
        )


def _bulletins(seed: int, day: int, library: Library) -> Iterator[Story]:
    template = next(t for t in library.background if t.beat == "bulletin")
    for outlet in library.outlets:
        if outlet.bulletins:
            minute = 5 * 60 + chance(seed, "bulletin", outlet.slug, day).randrange(10, 50)
            yield Story(
                key=f"meteo-{outlet.slug}-{day:02}",
                template=template,
                day=day,
                placings=((Placing(outlet.slug), minute),),
            )


def _own_news(seed: int, library: Library, desk: Desk, placed: Counter[tuple[str, int]]) -> Iterator[Story]:
    for outlet in library.outlets:
        for day in range(DAYS):
            rng = chance(seed, "own", outlet.slug, day)
            wanted = outlet.items_per_day * RHYTHM[day % 7] + rng.uniform(-0.5, 0.5)
            for number in range(max(0, round(wanted) - placed[outlet.slug, day])):
                beat = rng.choices(list(outlet.beats), list(outlet.beats.values()))[0]
                minute = _minute(rng, library.hours[outlet.hours])
                yield Story(
                    key=f"{outlet.slug}-{day:02}-{number}",
                    template=desk.deal(beat),
                    day=day,
                    placings=((Placing(outlet.slug), minute),),
                )


def _mirrored(seed: int, library: Library, story: Story) -> Story:
    """Add the second feed of an outlet, where its business news appears a few minutes later."""
    extra = []
    for outlet in library.outlets:
        for placing, minute in story.placings:
            if outlet.mirrors == placing.outlet and story.template.beat in ("economie", "consommation"):
                later = minute + chance(seed, "mirror", story.key).randrange(1, 9)
                extra.append((Placing(outlet.slug, how=placing.how), later))
    if not extra:
        return story
    return replace(story, placings=(*story.placings, *extra))


def _count(stories: list[Story]) -> Counter[tuple[str, int]]:
    return Counter((placing.outlet, story.day) for story in stories for placing, _ in story.placings)


def _minute(rng: random.Random, hours: list[int]) -> int:
    return rng.choices(range(24), hours)[0] * 60 + rng.randrange(60)
