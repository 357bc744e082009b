"""What became of an address: the facts of every stage in, findings a person can act on out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from vigie.domain.digest_stories import is_own
from vigie.domain.documents import Document
from vigie.domain.findings import (
    AddressFinding,
    AddressOutcome,
    ClientFinding,
    ClientOutcome,
    DigestState,
    OthersFinding,
    ParkedFinding,
    Search,
    SeenFinding,
    Sighting,
    Slot,
    SourceFinding,
    Standing,
    WatchFinding,
    WatchTrial,
)
from vigie.domain.mentions import Mention, Parked
from vigie.domain.query import failures
from vigie.domain.sources import SourceState
from vigie.domain.urls import canonical_url, site_of


def shares_site(url: str, source_url: str) -> bool:
    """Tell whether a feed's host may well bring this address: one host is the other, or stands above it."""
    left, right = site_of(url), site_of(source_url)
    short, long = sorted((left, right), key=len)
    return bool(short) and (short == long or ("." in short and long.endswith(f".{short}")))


def concerns(parked: Parked, addresses: Iterable[str], document_ids: Iterable[str]) -> bool:
    """Tell whether a parked thing is one of these documents, or holds one, or one of these addresses.

    What no step could read was kept by its beginning only: its address and id are looked for in that text.
    """
    document_ids = tuple(document_ids)
    wanted = {canonical_url(address) for address in addresses}
    text = str(parked.content.get("content", ""))
    return (
        parked.thing_id in document_ids
        or canonical_url(str(parked.content.get("url", ""))) in wanted
        or any(f'"{each}"' in text for each in (*document_ids, *wanted))
    )


def slot_of(recorded_at: datetime, slots: Iterable[Slot]) -> Slot | None:
    """Return the digest a mention recorded then belongs to, None when there is none (any more)."""
    return next((slot for slot in slots if recorded_at in slot.interval), None)


def judge_address(
    url: str, sightings: Sequence[Sighting], standings: Sequence[Standing], search: Search
) -> AddressFinding:
    """Return the verdict on an address."""
    documents = len({sighting.document.document_id for sighting in sightings})
    site = site_of(url) or url
    reach = f"{search.polls_read} archived polls since {_at(search.since)}"
    if sightings:
        outcome: AddressOutcome = "seen"
        says = f"seen first at {_at(sightings[0].document.seen_at)} in {sightings[0].document.source_name}"
    elif standings:
        outcome = "not_seen"
        says = f"not seen: in none of {reach}, though {len(standings)} sources share {site}"
    else:
        outcome = "not_followed"
        says = f"not followed: no source shares {site}, and it is in none of {reach}"
    if search.unreadable:
        says += f"; {search.unreadable} archived polls could not be read"
    return AddressFinding(
        says=says,
        url=url,
        canonical_url=canonical_url(url),
        outcome=outcome,
        documents=documents,
        since=search.since,
        polls_read=search.polls_read,
        unreadable=search.unreadable,
    )


def tell_source(standing: Standing) -> SourceFinding:
    """Return how a source was polled, and how it does."""
    source, state = standing.source, standing.state or SourceState(source_id=standing.source.source_id)
    says = f"{source.name} {'brought it' if standing.carried else 'shares its site'}: {standing.health}"
    says += f", polled last at {_at(state.polled_at)}" if state.polled_at else ", never polled yet"
    if state.failing_since and state.failure:
        says += f", failing since {_at(state.failing_since)} ({state.failure})"
    if state.gap_at:
        says += f"; articles may have come and gone unseen before {_at(state.gap_at)}"
    if state.next_poll_at and standing.health != "gone":
        says += f", next at {_at(state.next_poll_at)}"
    return SourceFinding(
        says=says,
        source_id=source.source_id,
        name=source.name,
        url=source.url,
        carried=standing.carried,
        health=standing.health,
        polled_at=state.polled_at,
        succeeded_at=state.succeeded_at,
        next_poll_at=state.next_poll_at,
        failing_since=state.failing_since,
        failure=state.failure,
        gap_at=state.gap_at,
    )


def tell_sighting(sighting: Sighting, late_after_seconds: int) -> SeenFinding:
    """Return where and when a document was seen, and whether that was late by the date it carries."""
    document = sighting.document
    delay_seconds = None
    if document.published_at is not None:
        delay_seconds = round((document.seen_at - document.published_at).total_seconds())
    late = delay_seconds is not None and delay_seconds > late_after_seconds and not document.backfill
    says = f"seen at {_at(document.seen_at)} in {document.source_name}"
    if delay_seconds is None:
        says += ", without a date of its own"
    elif delay_seconds < 0:
        says += f", {_span(-delay_seconds)} before the date it carries"
    else:
        says += f", {_span(delay_seconds)} after its date{': late' if late else ''}"
    if document.backfill:
        says += "; it stood in the source's first document, or on a page of older ones"
    if not sighting.queued:
        says += "; its poll is not applied yet, the source's next poll will"
    return SeenFinding(
        says=says,
        document_id=document.document_id,
        source_id=document.source_id,
        source_name=document.source_name,
        title=document.title,
        url=document.url,
        published_at=document.published_at,
        seen_at=document.seen_at,
        delay_seconds=delay_seconds,
        late=late,
        batch_id=sighting.batch_id,
        queued=sighting.queued,
    )


def tell_parked(parked: Parked) -> ParkedFinding:
    """Return what a stage gave up."""
    return ParkedFinding(
        says=f"given up by {parked.stage} at {_at(parked.parked_at)}: {parked.reason}",
        stage=parked.stage,
        thing_id=parked.thing_id,
        reason=parked.reason,
        parked_at=parked.parked_at,
    )


_BACKFILLED = "found in the archive for a new or changed watch: in the history, in no digest"


def tell_mention(mention: Mention, slot: Slot | None, now: datetime) -> ClientFinding:
    """Return what a client got of a recorded document, and by which digest."""
    names = tuple(hit.watch_name for hit in mention.hits)
    spans = [(place.field, place.start, place.end) for hit in mention.hits for place in hit.evidence]
    words = _words(mention.document, spans)
    state = digest_state(slot, now)
    says = f"{_list(names)} matched{f' through {_list(words)}' if words else ''}; "
    says += f"held back: {mention.held_reason}" if mention.status == "held" else "kept"
    says += f", {mention.story.role.replace('_', ' ')} of story {mention.story.story_id}"
    says += f"; {_BACKFILLED if mention.backfilled else _digest_words(mention, slot, state)}"
    return ClientFinding(
        says=says,
        client_id=mention.client_id,
        document_id=mention.mention_id,
        outcome="backfilled" if mention.backfilled else mention.status,
        watches=names,
        words=words,
        recorded_at=mention.recorded_at,
        story_id=mention.story.story_id,
        role=mention.story.role,
        held_reason=mention.held_reason,
        note=mention.note,
        competitor_only=not is_own(mention),
        digest_id=slot.digest_id if slot else None,
        digest=state,
        send_at=slot.send_at if slot else None,
        recipients=slot.recipients if slot else 0,
        sent_to=slot.sent_to if slot else 0,
    )


def tell_unrecorded(
    client_id: str, sighting: Sighting, trials: Sequence[WatchTrial], *, parked: bool
) -> ClientFinding:
    """Return why a client has no mention of a document, as far as its watches of today can tell."""
    document = sighting.document
    held = [trial for trial in trials if trial.held]
    outcome: ClientOutcome
    if not held:
        outcome, says = "not_matched", f"none of the client's {len(trials)} watches matches it today"
    elif parked:
        outcome, says = "parked", "matches today, but a stage gave it up"
    elif not sighting.queued:
        outcome, says = "on_its_way", "matches, and goes before the watches when its poll is applied"
    elif all(trial.watch.created_at > document.seen_at for trial in held):
        outcome, says = "watch_is_newer", "matches, but its watch was made after the document was seen"
    else:
        outcome = "not_recorded"
        says = "matches today, but is not recorded: still in a queue, or the watch was changed since"
    spans = [(hit.field, hit.start, hit.end) for trial in held if trial.clause for hit in trial.clause.hits]
    return ClientFinding(
        says=says,
        client_id=client_id,
        document_id=document.document_id,
        outcome=outcome,
        watches=tuple(trial.watch.name for trial in held),
        words=_words(document, spans),
    )


def tell_watch(document: Document, trial: WatchTrial) -> WatchFinding:
    """Return what a watch of today says of a document, and the clauses that failed it."""
    watch, clause = trial.watch, trial.clause
    failed = failures(clause) if clause else ()
    words = _words(document, [(hit.field, hit.start, hit.end) for hit in clause.hits] if clause else [])
    if clause is None:
        says = f"{watch.name} cannot be read: {trial.problem}"
    elif clause.held:
        says = f"{watch.name} matches{f' through {_list(words)}' if words else ''}"
    else:
        says = f"{watch.name} does not match, failed by: {'; '.join(failed)}"
    return WatchFinding(
        says=says,
        client_id=watch.client_id,
        watch_id=watch.watch_id,
        watch_name=watch.name,
        document_id=document.document_id,
        matched=trial.held,
        words=words,
        failed=failed,
        clauses=clause,
        problem=trial.problem,
    )


def tell_others(document_id: str, clients: int) -> OthersFinding:
    """Return that a document concerns some clients in nothing."""
    says = f"{clients} clients are not concerned; ask with --client which clause of their watches failed"
    return OthersFinding(says=says, document_id=document_id, clients=clients)


def digest_state(slot: Slot | None, now: datetime) -> DigestState:
    """Say how far a digest is; ``unsent`` is one whose hour has passed without a mail."""
    if slot is None:
        return "none"
    if not slot.built:
        return "to_come"
    if slot.sent_to:
        return "sent" if slot.sent_to >= slot.recipients else "partly_sent"
    return "due" if slot.send_at > now else "unsent"


def _digest_words(mention: Mention, slot: Slot | None, state: DigestState) -> str:
    if slot is None:
        return "in no digest that is kept"
    place = "in" if mention.status == "kept" else "counted as held back in"
    if mention.status == "kept" and not is_own(mention):
        place = "counted for a competitor only in"
    how: Mapping[DigestState, str] = {
        "to_come": f"which leaves at {_at(slot.send_at)}",
        "due": f"built, leaving at {_at(slot.send_at)}",
        "sent": f"sent to all {slot.recipients} recipients",
        "partly_sent": f"sent to {slot.sent_to} of today's {slot.recipients} recipients",
        "unsent": f"sent to none of {slot.recipients} recipients",
    }
    return f"{place} digest {slot.digest_id}, {how[state]}"


def _words(document: Document, spans: Iterable[tuple[str, int, int]]) -> tuple[str, ...]:
    """Return the words at some places of a document as published, each once."""
    texts = {"title": document.title, "summary": document.summary, "body": document.body}
    texts["author"] = document.author
    return tuple(dict.fromkeys(texts[field][start:end] for field, start, end in spans))


def _list(items: Sequence[str]) -> str:
    return ", ".join(items)


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}Z"


def _span(seconds: int) -> str:
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes < 2_880 else f"{minutes // 1_440} days"
