"""What the API shows of each thing: plain values, stable names, nothing the caller may not see."""

from typing import Any

import msgspec

from vigie.domain.addresses import Address
from vigie.domain.alerts.alert import Alert
from vigie.domain.alerts.settings import AlertSettings
from vigie.domain.clients import Client, Locale, Recipient, Watch
from vigie.domain.digest import Digest, SubjectLine
from vigie.domain.documents import Document
from vigie.domain.extracts import shown_text
from vigie.domain.feedback import Correction, awaited
from vigie.domain.jobs import BackTestJob
from vigie.domain.keys import ApiKey
from vigie.domain.ledger import Ledger
from vigie.domain.mentions import Mention, Parked, WatchHit
from vigie.domain.notices import Endpoint
from vigie.domain.query import Lint, lint, parse
from vigie.domain.query.builder import wishes_of
from vigie.domain.query.sentences import told_advice, told_refusal
from vigie.domain.query_fix import Proposal, WatchFix
from vigie.domain.stories.facts import FoundStory
from vigie.domain.subjects.decisions import SubjectDecision
from vigie.errors import BadQuery
from vigie.ports import DigestEntry

View = dict[str, Any]


def plain(value: object) -> Any:
    """Return ``value`` as JSON values; UTC instants end in Z."""
    return msgspec.json.decode(msgspec.json.encode(value))  # to_builtins would leave tuples in


def of_client(client: Client) -> View:
    """Show a client, with its schedule and recipients, as a request would write them; its plan is shown apart."""
    view: View = plain(client)
    view.pop("monthly_mentions")
    view["schedule"]["send_at"] = f"{client.schedule.send_at:%H:%M}"
    view["recipients"] = [of_recipient(recipient) for recipient in client.recipients]
    return view


def of_recipient(recipient: Recipient) -> View:
    """Show a recipient as a request would write it."""
    view: View = plain(recipient)
    if recipient.schedule is not None:
        view["schedule"]["send_at"] = f"{recipient.schedule.send_at:%H:%M}"
    return view


def of_watch(watch: Watch, locale: Locale = "fr") -> View:
    """Show a watch: its query, the words it asks for where it is as simple (else null), and the advice on it."""
    view: View = {**plain(watch), "any": None, "all": None, "none": None}
    try:
        query = parse(watch.query)
    except BadQuery as error:  # kept before the language refused it: it matches nothing
        return {**view, "lint": [_remark(told_refusal(error, locale))]}
    wishes = wishes_of(query)
    view |= plain(wishes) if wishes else {}
    return {**view, "lint": [_remark(told_advice(remark, locale)) for remark in lint(query)]}


def _remark(remark: BadQuery | Lint) -> View:
    return {name: getattr(remark, name) for name in ("code", "position", "problem", "remedy")}


def of_mention(mention: Mention) -> View:
    """Show a mention: the document, where it matched, its story and labels."""
    document = mention.document
    return {
        "mention_id": mention.mention_id,
        "recorded_at": plain(mention.recorded_at),
        "status": mention.status,
        "held_reason": mention.held_reason,
        "backfilled": mention.backfilled,
        "document": {
            "title": document.title,
            "summary": shown_text(document, document.summary),
            "author": document.author,
            "url": document.url,
            "source_id": document.source_id,
            "source_name": document.source_name,
            "outlet_tier": document.outlet_tier,
            "platform": document.platform,
            "type": document.type,
            "published_at": plain(document.published_at),
            "seen_at": plain(document.seen_at),
            "display": document.display,
            "metrics": document.metrics,
        },
        "watches": [_hit(hit, document) for hit in mention.hits],
        "story": plain(mention.story),
        "labels": plain(mention.labels),
    }


def of_story(story: FoundStory) -> View:
    """Show a story: who was first, how many documents each press group has, whose text it is, what was corrected.

    The words that a correction changed are told of sources whose terms let us show their text.
    """
    facts = story.facts
    quoted = {
        mention.document.document_id for mention in story.mentions if mention.document.display == "full"
    }
    return {
        "story_id": story.story_id,
        "first_source": facts.first_source,
        "first_at": plain(facts.first_at),
        "reprints": facts.reprints,
        "families": [{**plain(family), "documents": count} for family, count in facts.families],
        "best_tier": facts.best_tier,
        "agencies": list(facts.agencies),
        "corrections": [
            {
                "document_id": correction.document_id,
                "changes": plain(correction.changes) if correction.document_id in quoted else [],
            }
            for correction in facts.corrections
        ],
        "mentions": [of_mention(mention) for mention in story.mentions],
    }


def _hit(hit: WatchHit, document: Document) -> View:
    view: View = {**plain(hit), "evidence": _places(hit, document)}
    view.pop("entity")  # it was of use to the classifier only
    return view


def _places(hit: WatchHit, document: Document) -> list[View]:
    """Show where a watch matched: offsets in the field as published, and the words that stand there."""
    return [
        {**plain(place), "words": getattr(document, place.field)[place.start : place.end]}
        for place in hit.evidence
    ]


def of_entry(entry: DigestEntry) -> View:
    """Show one line of the list of digests."""
    return dict(plain(entry))


def of_digest(digest: Digest) -> View:
    """Show a whole digest, without the readings the next one subtracts."""
    view: View = plain(digest)
    view.pop("odometer")
    view["ledger"] = of_ledger(digest.ledger)
    return view


def of_subject(subject: SubjectLine) -> View:
    """Show a subject: its headline, and its stories with their reprints."""
    return dict(plain(subject))


def of_decision(decision: SubjectDecision) -> View:
    """Show what somebody decided of subjects: who, when and why."""
    view: View = plain(decision)
    view.pop("client_id")
    return view


def of_correction(correction: Correction) -> View:
    """Show what somebody corrected: the label before and after, who, when and why, and whether it was undone."""
    view: View = plain(correction)
    view.pop("client_id")
    return {**view, "is_not_us": correction.is_not_us}


def of_endpoint(endpoint: Endpoint) -> View:
    """Show an endpoint and how it does; nothing of its secret."""
    return {
        "endpoint_id": endpoint.endpoint_id,
        "url": endpoint.url,
        "events": list(endpoint.events),
        "created_at": plain(endpoint.created_at),
        "rotated_at": plain(endpoint.rotated_at),
        "standing": endpoint.standing,
        "failing_since": plain(endpoint.failing_since),
        "disabled_at": plain(endpoint.disabled_at),
        "next_try_at": plain(endpoint.next_try_at),
        "trouble": endpoint.trouble,
    }


def of_awaited(mention: Mention) -> View:
    """Show a mention that a person should look at, and which of its labels, by watch."""
    unsure = [{"watch_id": watch_id, "labels": list(names)} for watch_id, names in awaited(mention).items()]
    return {"mention": of_mention(mention), "unsure": unsure}


def of_proposal(proposal: Proposal) -> View:
    """Show a proposed fix of a watch: the query before and after, and what it would have removed."""
    view: View = plain(proposal)
    view.pop("client_id")
    return view


def of_fix(fix: WatchFix) -> View:
    """Show what somebody decided of a fix."""
    view: View = plain(fix)
    view.pop("client_id")
    return view


def of_ledger(ledger: Ledger) -> View:
    """Show the ledger with its derived counts, so that a reader can add it up."""
    view: View = plain(ledger)
    return {**view, "unmatched": ledger.unmatched, "held_back": ledger.held_back}


def of_backtest(job: BackTestJob) -> View:
    """Show a back-test: its state, and the result when it is done."""
    return dict(plain(job))


def of_parked(parked: Parked) -> View:
    """Show a parked thing and its reason."""
    return dict(plain(parked))


def of_key(key: ApiKey) -> View:
    """Show what is kept of a key: its id, what it may do, until when, when it was last used; nothing secret."""
    view: View = plain(key)
    for hidden in ("key_sha256", "asked", "asked_in"):
        view.pop(hidden)
    return {"key_id": key.key_id, **view}


def of_alert(alert: Alert) -> View:
    """Show an alert: what, since when, how big, who carries it, and its timeline."""
    view: View = plain(alert)
    for inner in ("client_id", "pending", "announced"):
        view.pop(inner)
    return view


def of_alert_settings(settings: AlertSettings) -> View:
    """Show whom alerts wake, as a request would write it."""
    view: View = plain(settings)
    view.pop("client_id")
    for shown, person in zip(view["people"], settings.people, strict=True):
        for name in ("quiet_from", "quiet_until"):
            hour = getattr(person, name)
            shown[name] = f"{hour:%H:%M}" if hour else None
    return view


def of_address(address: Address) -> View:
    """Show an address that is not written to, and why."""
    return {"email": address.email, **plain(address.suppression)}
