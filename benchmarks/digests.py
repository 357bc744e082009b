"""Digests built and rendered: thirty stories each, how many a second on one core, and how the memory grows.

What a sender of 30,000 digests in fifteen minutes needs is 35 a second. Each digest is another client's: its
mentions are built into its content and laid out as mail (HTML, text, links of one recipient), nothing is kept
between two. Composing MIME, storing and the provider's own time are not in it.
"""

import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vigie.adapters.mail.render import HTML_LIMIT_BYTES, MailRenderer, mailed_size_bytes
from vigie.domain.clients import Client
from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest
from vigie.domain.digest_build import build_digest
from vigie.domain.documents import Document
from vigie.domain.ledger import Evaluated, close_interval
from vigie.domain.mentions import Assessment, Evidence, Label, Labels, Mention, StoryRef, WatchHit
from vigie.domain.site_links import DigestLinks
from vigie.domain.sources import Odometer, Source, SourceState

WANTED, TARGET_A_SECOND = 10_000, 35
DEFAULT_DIGESTS = 1_000
STORIES, SOURCES = 30, 600
NAME = "Banque d'Armélie"
CUTOFF = datetime(2026, 12, 8, 6, 15, tzinfo=UTC)
A_DAY = Interval(CUTOFF - timedelta(days=1), CUTOFF)
TEXT = (
    "Le conseil en a débattu jeudi soir. En séance, la {name} a répondu aux élus de {town}, dates à l'appui."
)
TOWNS = ("Auzelle", "Montbrac", "Tessandier", "Vaurel", "Gaves")
PAST = [
    (Interval(A_DAY.since - timedelta(days=back), A_DAY.until - timedelta(days=back)), 20 + back % 9)
    for back in range(1, 57)
]
IMPACTS = ("unfavourable", "neutral", "favourable", "neutral", "mixed")
SURE = 0.9


def main(digests: int = DEFAULT_DIGESTS) -> None:
    """Print the rate and the memory; exit when either misses its target."""
    sources = [
        Source(source_id=f"s{n}", name=f"Feuille {n}", url=f"https://s{n}.example/rss")
        for n in range(SOURCES)
    ]
    states = {each.source_id: SourceState(source_id=each.source_id, succeeded_at=CUTOFF) for each in sources}
    render = MailRenderer()
    weights, seconds, memory = [], 0.0, []
    for number in range(digests):
        mentions = _mentions(number)  # recorded before a digest is built: not in its time
        started = time.process_time()
        digest = _build(number, mentions, sources, states)
        html = render(digest, _links(digest)).html
        seconds += time.process_time() - started
        weights.append(mailed_size_bytes(html))
        if number % max(digests // 10, 1) == 0:
            memory.append(_resident_mb())
    rate = digests / seconds
    print(f"{digests} digests of {STORIES} stories: {seconds:.1f} s of one core, {rate:.0f} a second")
    print(
        f"{WANTED:,} at that rate: {WANTED / rate:.0f} s (extrapolated; wanted: {TARGET_A_SECOND} a second)"
    )
    lightest, heaviest = min(weights) // 1000, max(weights) // 1000
    print(f"HTML as mailed: {lightest} to {heaviest} KB (limit {HTML_LIMIT_BYTES // 1000})")
    print(f"memory after each tenth, MB: {', '.join(f'{each:.0f}' for each in memory)}")
    _second_recipient(digests=50, sources=sources, states=states)
    grown = memory[-1] - memory[1]
    if rate < TARGET_A_SECOND or grown > 5 or max(weights) > HTML_LIMIT_BYTES:
        raise SystemExit(f"missed: {rate:.0f} a second, {grown:.0f} MB more, {max(weights)} bytes at most")


def _second_recipient(digests: int, sources: Sequence[Source], states: dict[str, SourceState]) -> None:
    """Print what each further recipient of the same digest costs."""
    render, seconds = MailRenderer(), 0.0
    for number in range(digests):
        digest = _build(number, _mentions(number), sources, states)
        render(digest, _links(digest))
        started = time.process_time()
        render(digest, _links(digest, "autre@client.example"))
        seconds += time.process_time() - started
    print(f"each further recipient of a digest: {1000 * seconds / digests:.1f} ms")


def _build(
    number: int, mentions: list[Mention], sources: Sequence[Source], states: dict[str, SourceState]
) -> Digest:
    client = Client(client_id=f"client-{number}", name=NAME, created_at=A_DAY.since)
    ledger = close_interval(
        polls=Odometer(polled=58_000, fetched=3_000),
        evaluated=[Evaluated(3_000)],
        matched=len(mentions),
        mentions=mentions,
        carried_in=0,
    )
    return build_digest(
        client=client,
        watches=[],
        interval=A_DAY,
        mentions=mentions,
        ledger=ledger,
        polls_reading=Odometer(),
        sources=sources,
        states=states,
        previous=None,
        next_send_at=CUTOFF + timedelta(days=1),
        now=CUTOFF,
        late_after_seconds=1_800,
        past=PAST,
    )


def _resident_mb() -> float:
    with Path("/proc/self/statm").open() as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def _links(digest: Digest, recipient: str = "veille@client.example") -> DigestLinks:
    return DigestLinks(
        site_url="https://abcdefghij.execute-api.eu-west-3.amazonaws.com",
        secret="not-a-secret-" * 3,
        client_id=digest.client_id,
        digest_id=digest.digest_id,
        recipient=recipient,
        now=CUTOFF,
    )


def _mentions(number: int) -> list[Mention]:
    """Return thirty stories, one in three with two reprints."""
    mentions = []
    for story in range(STORIES):
        first = _mention(number, story)
        mentions.append(first)
        if story % 3 == 0:
            mentions += [_reprint(first, copy) for copy in range(2)]
    return mentions


def _mention(number: int, story: int) -> Mention:
    town = TOWNS[(number + story) % len(TOWNS)]
    title = f"{NAME} : l'agence de {town} au conseil, épisode {number}.{story}"
    body = TEXT.format(name=NAME, town=town)
    host = f"feuille-{story}.example"
    document = Document(
        document_id=f"{number:08x}{story:024x}",
        source_id=f"s{story}",
        source_name=f"La Feuille de {town}",
        url=f"https://{host}/locales/2026/12/08/{number}-{story}?utm_source=rss",
        canonical_url=f"https://{host}/locales/2026/12/08/{number}-{story}",
        title=title,
        body=body,
        seen_at=CUTOFF - timedelta(minutes=20 + story),
        published_at=CUTOFF - timedelta(minutes=30 + story),
        outlet_tier="regional",
    )
    at = body.index(NAME)
    spans = (Evidence("title", 0, len(NAME), NAME), Evidence("body", at, at + len(NAME), NAME))
    return Mention(
        client_id=f"client-{number}",
        batch_id="b",
        document=document,
        hits=(WatchHit(watch_id="brand", watch_name="Marque", purpose="brand", evidence=spans),),
        story=StoryRef(document.document_id, "first"),
        labels=_labels(IMPACTS[story % len(IMPACTS)]),
        recorded_at=CUTOFF - timedelta(minutes=10),
    )


def _labels(impact: str) -> Labels:
    neutral = Label("neutral", SURE)
    assessed = Assessment(
        watch_id="brand",
        relevance=Label("main", SURE),
        impact=Label(impact, SURE),
        tone=neutral,
        crisis=Label("none", SURE),
    )
    return Labels(language=Label("fr", SURE), tone=neutral, assessments=(assessed,))


def _reprint(first: Mention, copy: int) -> Mention:
    host = f"copie-{copy}.example"
    document = replace(
        first.document,
        document_id=f"{first.document.document_id}-{copy}",
        source_name=f"Le Journal {copy}",
        url=f"https://{host}/{first.document.document_id}",
        canonical_url=f"https://{host}/{first.document.document_id}",
    )
    return replace(first, document=document, story=StoryRef(first.story.story_id, "reprint"))


if __name__ == "__main__":
    main()
