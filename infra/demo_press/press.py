"""Generate the press: plan, compose, publish, number the documents, write the truth."""

from dataclasses import replace
from datetime import datetime

from infra.demo_press.calendar import Month
from infra.demo_press.library import Library, Outlet, library
from infra.demo_press.model import Feed, Item, Press
from infra.demo_press.plan import Story, plan
from infra.demo_press.publish import Publication, compose, publish
from infra.demo_press.truth import write_truth


def generate(seed: int, until: datetime) -> Press:
    """Return the press of the thirty days that end with the local (Europe/Paris) day of ``until`` (aware).

    The same seed and day give the same bytes; a later day gives the same news, on later dates.
    """
    shelf = library()
    month = Month.ending(until)
    publications = _numbered(_publications(seed, shelf, month))
    feeds = tuple(_feed(outlet, publications) for outlet in shelf.outlets)
    return Press(feeds, write_truth(shelf, publications))


def _publications(seed: int, shelf: Library, month: Month) -> list[Publication]:
    memories: dict[str, dict[str, str]] = {}
    publications = []
    for story in plan(seed, shelf):
        memory = memories.setdefault(_subject(story), {})
        publications += publish(seed, shelf, month, story, compose(seed, shelf, month, story, memory))
    return publications


def _subject(story: Story) -> str:
    return story.event or story.key


def _numbered(publications: list[Publication]) -> list[Publication]:
    ordered = sorted(publications, key=lambda p: (p.item.published_at, p.mirror, p.outlet.slug, p.story.key))
    return [
        replace(publication, item=replace(publication.item, document_id=f"d{number:04}"))
        for number, publication in enumerate(ordered, 1)
    ]


def _feed(outlet: Outlet, publications: list[Publication]) -> Feed:
    items: tuple[Item, ...] = tuple(p.item for p in publications if p.outlet.slug == outlet.slug)
    return Feed(
        slug=outlet.slug,
        name=outlet.name,
        host=outlet.host,
        path=outlet.path,
        tier=outlet.tier,
        language=outlet.language,
        style=outlet.style,
        items=items,
    )
