"""Values for tests: plausible in every field, so that a test says only what it is about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from vigie.domain.alerts.alert import Alert, Event, Measure, Spread
from vigie.domain.clients import Client, Recipient, Watch
from vigie.domain.costs.spending import Counted, spend
from vigie.domain.cutoffs import Interval
from vigie.domain.documents import Document
from vigie.domain.health.freshness import Freshness
from vigie.domain.health.report import HealthReport, Reading
from vigie.domain.mentions import Assessment, Evidence, Label, Labels, Mention, StoryRef, WatchHit
from vigie.domain.sources import Source, SourceState

CUTOFF = datetime(2026, 12, 8, 6, 15, tzinfo=UTC)  # a Tuesday, 7:15 in Paris
A_DAY = Interval(CUTOFF - timedelta(days=1), CUTOFF)


def a_document(title: str = "Trois guichets vont fermer dans le Vaurel", **fields: Any) -> Document:
    """Return a press article seen an hour before the cut-off; its id and address follow its title."""
    slug = fields.get("document_id") or "".join(c if c.isalnum() else "-" for c in title.lower())[:60]
    host = fields.pop("host", "courrier-armelie.example")
    defaults: dict[str, Any] = {
        "document_id": slug,
        "source_id": "courrier-armelie",
        "source_name": "Le Courrier d'Armélie",
        "url": f"https://{host}/{slug}",
        "canonical_url": f"https://{host}/{slug}",
        "title": title,
        "seen_at": CUTOFF - timedelta(hours=1),
        "published_at": CUTOFF - timedelta(minutes=77),
        "language": "fr",
    }
    return Document(**{**defaults, **fields})


def a_hit(
    document: Document, word: str = "Banque d'Armélie", *, purpose: str = "brand", **fields: Any
) -> WatchHit:
    """Return a watch's hit with evidence wherever ``word`` stands in the document's texts."""
    evidence = [
        Evidence(field, start, start + len(word), word)
        for field in ("title", "summary", "body")
        if (start := getattr(document, field).find(word)) >= 0
    ]
    defaults: dict[str, Any] = {"watch_id": purpose, "watch_name": purpose.capitalize()}
    return WatchHit(purpose=purpose, evidence=tuple(evidence), **{**defaults, **fields})


def a_mention(
    document: Document | None = None,
    *,
    tone: str = "neutral",
    story: str = "",
    assessed: tuple[str, str] | None = None,
    **fields: Any,
) -> Mention:
    """Return a kept mention found by the brand watch, opening a story of its own or joining ``story``.

    ``assessed`` is its relevance and impact to the client; a ``?`` in front: the classifier abstained.
    """
    document = document or a_document()
    role = "first" if story in {"", document.document_id} else "reprint"
    defaults: dict[str, Any] = {
        "client_id": "banque-armelie",
        "batch_id": "0001-20261208T054500000000.0",
        "hits": (a_hit(document),),
        "story": StoryRef(story or document.document_id, role),
        "labels": Labels(
            language=Label("fr", 0.99),
            tone=Label(tone, 0.9, abstained=tone == "abstained"),
            assessments=(an_assessment(*assessed),) if assessed else (),
        ),
        "recorded_at": CUTOFF - timedelta(minutes=30),
    }
    return Mention(document=document, **{**defaults, **fields})


def an_assessment(relevance: str, impact: str, watch_id: str = "brand") -> Assessment:
    """Return what a document does to whom a watch names; a ``?`` in front: the classifier abstained."""
    part, effect = (Label(text.lstrip("?"), 0.9, abstained=text[0] == "?") for text in (relevance, impact))
    return Assessment(
        watch_id=watch_id,
        relevance=part,
        impact=effect,
        tone=Label("neutral", 0.9),
        crisis=Label("none", 0.9),
    )


def a_client(**fields: Any) -> Client:
    """Return a French bank with one recipient."""
    defaults: dict[str, Any] = {
        "client_id": "banque-armelie",
        "name": "Banque d'Armélie",
        "created_at": datetime(2026, 9, 1, tzinfo=UTC),
        "recipients": (Recipient("veille@banque-armelie.example", "Communication"),),
    }
    return Client(**{**defaults, **fields})


def a_watch(watch_id: str = "brand", *, purpose: str = "brand", **fields: Any) -> Watch:
    """Return a watch of the bank."""
    defaults: dict[str, Any] = {
        "client_id": "banque-armelie",
        "name": watch_id.capitalize(),
        "query": '"Banque d\'Armélie"',
        "created_at": datetime(2026, 9, 1, tzinfo=UTC),
    }
    return Watch(watch_id=watch_id, purpose=purpose, **{**defaults, **fields})  # type: ignore[arg-type]


def a_source(source_id: str = "courrier-armelie", **fields: Any) -> Source:
    """Return a regional newspaper's feed."""
    defaults: dict[str, Any] = {
        "name": "Le Courrier d'Armélie",
        "url": f"https://{source_id}.example/rss",
        "tier": "regional",
    }
    return Source(source_id=source_id, **{**defaults, **fields})


def a_state(source_id: str = "courrier-armelie", **fields: Any) -> SourceState:
    """Return the state of a source that answered five minutes before the cut-off."""
    polled_at = CUTOFF - timedelta(minutes=5)
    return SourceState(source_id=source_id, **{"polled_at": polled_at, "succeeded_at": polled_at, **fields})


def reprints_of(mention: Mention, outlets: Sequence[str]) -> list[Mention]:
    """Return one reprint of a mention's document in each outlet, each on a host of its own."""
    hosts = ["".join(c for c in outlet.lower() if c.isascii() and c.isalnum()) for outlet in outlets]
    return [
        a_mention(
            a_document(
                mention.document.title,
                document_id=f"{mention.mention_id}-{host}",
                source_id=host,
                source_name=outlet,
                host=f"{host}.example",
            ),
            tone=mention.labels.tone.value,
            story=mention.story.story_id,
        )
        for outlet, host in zip(outlets, hosts, strict=True)
    ]


def a_health_report(**fields: Any) -> HealthReport:
    """Return the report of a stack in which nothing happens and nothing is wrong."""
    defaults: dict[str, Any] = {
        "stack": "vigie-ponant",
        "at": CUTOFF,
        "reading": Reading(at=fields.get("at", CUTOFF), polled=0, fetched=0),
        "clients": 1,
        "freshness": Freshness(),
        "spending": spend("2026-12", Counted(), 0),
    }
    return HealthReport(**{**defaults, **fields})


def an_alert(*events: Event, **fields: Any) -> Alert:
    """Return an alert opened at the cutoff."""
    measure = Measure(value=5, baseline=0.5, z=6.4, minutes=60)
    alert = Alert(
        client_id="banque-armelie",
        alert_id=f"{CUTOFF:%Y%m%dT%H%M%S}-own",
        topic="own",
        topic_name="Banque d'Armélie",
        trigger="crisis",
        severity="critical",
        state="open",
        opened_at=CUTOFF,
        since=CUTOFF,
        measure=measure,
        spread=Spread(families=("courrier.test",)),
        events=events or (Event(number=1, kind="opened", at=CUTOFF, measure=measure),),
        active_at=CUTOFF,
    )
    return replace(alert, **fields)
