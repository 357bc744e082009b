"""Publish a story: compose its text once, then let each outlet print it in its own way."""

import random
import re
import unicodedata
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from infra.demo_press.calendar import ZONE, Month
from infra.demo_press.compose import Piece, Voice, chance, spell
from infra.demo_press.library import Library, Outlet, Placing
from infra.demo_press.model import Item, Version
from infra.demo_press.plan import Story

CORRECTED_SHARE = 0.012
RECTIFICATION = "Rectificatif : une première version de cet article comportait une erreur de date."


@dataclass(frozen=True, slots=True)
class Text:
    """A composed story: its possible titles, the sentences of its lead, its paragraphs."""

    titles: tuple[Piece, ...]
    lead: tuple[Piece, ...]
    body: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """An item with what the truth has to say about it (links between documents are made later)."""

    item: Item
    outlet: Outlet
    story: Story
    tags: frozenset[str]
    mirror: bool


def compose(seed: int, library: Library, month: Month, story: Story, memory: dict[str, str]) -> Text:
    """Return the text of a story; ``memory`` is shared by the stories of one event, who speak of one thing."""
    rng = chance(seed, "text", story.key)
    language = "en" if story.template.beat == "english" else "fr"
    voice = Voice(library, rng, month.day(story.day), language, memory)
    template = story.template
    titles = [voice.say(title) for title in template.titles]
    rng.shuffle(titles)
    lead = tuple(_spelled(voice, sentence) for sentence in template.lead)
    kept = template.more
    if not template.days:
        count = min(len(kept), rng.choice((2, 3, 3)))
        kept = tuple(kept[i] for i in sorted(rng.sample(range(len(kept)), count)))
    return Text(tuple(titles), lead, tuple(_spelled(voice, sentence) for sentence in kept))


def _spelled(voice: Voice, sentence: str) -> Piece:
    piece = voice.say(sentence)
    return replace(piece, text=spell(piece.text)) if voice.language == "fr" else piece


def publish(seed: int, library: Library, month: Month, story: Story, text: Text) -> list[Publication]:
    """Return what each outlet prints of a story, in the order of the placings."""
    outlets = {outlet.slug: outlet for outlet in library.outlets}
    printed: list[Publication] = []
    for placing, minute in story.placings:
        outlet = outlets[placing.outlet]
        mirrored = next((p for p in printed if outlet.mirrors and p.outlet.slug == outlet.mirrors), None)
        rng = chance(seed, "print", story.key, outlet.slug)
        title, lead, body = _printed_pieces(text, placing, outlet)
        item = _item(outlet, story, month.instant(story.day, minute), (title, lead, body), rng)
        if mirrored is not None:
            item = replace(item, canonical_url=mirrored.item.canonical_url, versions=mirrored.item.versions)
            item = replace(item, url=_address(item.canonical_url, outlet, rng), author=mirrored.item.author)
        tags = frozenset[str]().union(title.tags, *(piece.tags for piece in (*lead, *body)))
        printed.append(
            Publication(
                item=item,
                outlet=outlet,
                story=story,
                tags=mirrored.tags if mirrored else tags,
                mirror=mirrored is not None,
            )
        )
    return printed


Pieces = tuple[Piece, tuple[Piece, ...], tuple[Piece, ...]]


def _printed_pieces(text: Text, placing: Placing, outlet: Outlet) -> Pieces:
    title = text.titles[1] if placing.how == "retitled" and len(text.titles) > 1 else text.titles[0]
    if placing.how == "cropped":
        return title, text.lead[: max(1, len(text.lead) - 1)], ()
    return title, text.lead, text.body if outlet.style.full_text else ()


def _item(outlet: Outlet, story: Story, at: datetime, pieces: Pieces, rng: random.Random) -> Item:
    title, lead, body = pieces
    paragraphs = tuple(_hand(piece.text, outlet) for piece in body)
    version = Version(
        at, _hand(title.text, outlet), _hand(" ".join(p.text for p in lead), outlet), paragraphs
    )
    number = zlib.crc32(f"{outlet.slug}/{story.key}".encode()) % 9_000_000 + 1_000_000
    canonical = _canonical(outlet, version.title, number, f"{at.astimezone(ZONE):%Y/%m/%d}")
    return Item(
        document_id="",
        guid=_guid(outlet, canonical, number),
        url=_address(canonical, outlet, rng),
        canonical_url=canonical,
        published_at=at,
        dated=rng.random() >= outlet.style.undated_share,
        author=_author(outlet, story, version, rng),
        versions=_versions(version, story, outlet, rng),
    )


def _author(outlet: Outlet, story: Story, version: Version, rng: random.Random) -> str:
    if story.agency and outlet.wire:
        return "APG"
    # Nobody answers their own question on a forum.
    return rng.choice([name for name in outlet.authors if name not in version.text])


def _hand(text: str, outlet: Outlet) -> str:
    return text.replace("’", "'") if outlet.style.straight_quotes else text


def _versions(version: Version, story: Story, outlet: Outlet, rng: random.Random) -> tuple[Version, ...]:
    """Return the text as first printed, and as corrected where it was."""
    later = version.since + timedelta(minutes=rng.randrange(45, 240))
    right, printed = story.template.misprint or ("", "")
    if right and right in version.text:
        wrong = Version(
            version.since,
            version.title.replace(right, printed),
            version.summary.replace(right, printed),
            tuple(paragraph.replace(right, printed) for paragraph in version.body),
        )
        return wrong, replace(version, since=later)
    if outlet.language == "fr" and not story.template.days and rng.random() < CORRECTED_SHARE:
        note = _hand(RECTIFICATION.replace(" :", "\u00a0:"), outlet)
        return version, replace(version, since=later, summary=f"{version.summary} {note}")
    return (version,)


def _canonical(outlet: Outlet, title: str, number: int, day: str) -> str:
    if outlet.section == "sujet":
        return f"https://{outlet.host}/sujet/{number}-{slug(title)}"
    return f"https://{outlet.host}/{outlet.section}/{day}/{slug(title)}-{number}"


def _guid(outlet: Outlet, canonical: str, number: int) -> str | None:
    kinds = {"permalink": canonical, "opaque": f"{outlet.slug}-{number}", "none": None}
    return kinds[outlet.style.guid]


def _address(canonical: str, outlet: Outlet, rng: random.Random) -> str:
    """Return the canonical address as the feed gives it: the ways in which one page gets several addresses."""
    bare = canonical.removeprefix("https://")
    return {
        "plain": canonical,
        "utm": f"{canonical}?utm_source=rss&utm_medium=feed&utm_campaign={outlet.slug}",
        "xtor": f"{canonical}?xtor=RSS-{len(outlet.slug)}",
        "www": f"https://www.{bare}",
        "http": f"http://{bare}",
        "amp": f"{canonical}/amp",
    }[rng.choice(outlet.style.links)]


def slug(title: str) -> str:
    """Return the title as publishers put it in addresses: at most nine plain words."""
    plain = unicodedata.normalize("NFKD", title.replace("œ", "oe").replace("’", " ")).encode(
        "ascii", "ignore"
    )
    return "-".join(re.findall(r"[a-z0-9]+", plain.decode().lower())[:9])
