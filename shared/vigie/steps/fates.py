"""Fates: what each client got of a document that was seen. Reads the clients' stores, writes none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from vigie.domain.clients import Client, Watch
from vigie.domain.digest_build import digest_id_of
from vigie.domain.findings import Finding, Sighting, Slot, WatchTrial
from vigie.domain.mentions import Mention, Parked
from vigie.domain.query import QueryDocument, explain, parse, prepare_document
from vigie.domain.rhythms import OWN, members
from vigie.domain.why import slot_of, tell_mention, tell_others, tell_parked, tell_unrecorded, tell_watch
from vigie.errors import BadQuery
from vigie.ports import AccountStore, Clock, DeliveryStore, DigestStore, MentionStore
from vigie.steps.deliver import delivery_key

DIGESTS_READ = 400  # a year of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """Follows a document to its clients, as far as their digests' mails."""

    accounts: AccountStore
    mentions: MentionStore
    digests: DigestStore
    deliveries: DeliveryStore
    clock: Clock

    def of(
        self,
        sighting: Sighting,
        clients: Sequence[Client],
        watches: Mapping[str, Sequence[Watch]],
        parked: Sequence[Parked],
        *,
        every_watch: bool,
    ) -> Iterator[Finding]:
        """Yield what each client got of a document, and with ``every_watch`` what each of its watches says.

        ``watches`` are today's, by client; ``parked`` is everything that was given up. Without ``every_watch``
        clients the document concerns in nothing are counted, not listed.
        """
        document = sighting.document
        prepared = prepare_document(document)
        given_up = any(each.thing_id == document.document_id for each in parked)
        unconcerned = 0
        for client in clients:
            trials = [_try(watch, prepared) for watch in watches.get(client.client_id, ())]
            mention = self.mentions.get(client.client_id, document.document_id)
            if mention is not None:
                yield from self._of_mention(client, mention, parked)
            elif every_watch or any(trial.held for trial in trials):
                yield tell_unrecorded(client.client_id, sighting, trials, parked=given_up)
            else:
                unconcerned += 1
            if every_watch:
                yield from (tell_watch(document, trial) for trial in trials)
        if unconcerned:
            yield tell_others(document.document_id, unconcerned)

    def _of_mention(self, client: Client, mention: Mention, parked: Sequence[Parked]) -> Iterator[Finding]:
        """Yield a mention with its digest, and the mails of that digest that were refused for good."""
        slot = None if mention.backfilled else slot_of(mention.recorded_at, self._slots(client))
        if slot is None:
            yield tell_mention(mention, None, self.clock())
            return
        keys = {
            delivery_key(client.client_id, slot.digest_id, recipient.email)
            for recipient in members(client, OWN)
        }
        refusals = [each for each in parked if each.stage == "send" and each.thing_id in keys]
        taken = keys - {each.thing_id for each in refusals}
        sent_to = sum(self.deliveries.is_sent(client.client_id, key) for key in sorted(taken))
        yield tell_mention(mention, replace(slot, recipients=len(keys), sent_to=sent_to), self.clock())
        yield from map(tell_parked, refusals)

    def _slots(self, client: Client) -> Iterator[Slot]:
        for entry in self.digests.entries(client.client_id, DIGESTS_READ):
            yield Slot(digest_id=entry.digest_id, interval=entry.interval, send_at=entry.send_at, built=True)
        due = self.digests.upcoming(client.client_id)
        if due is not None:
            digest_id = digest_id_of(due.interval.until)
            yield Slot(digest_id=digest_id, interval=due.interval, send_at=due.send_at, built=False)


def _try(watch: Watch, document: QueryDocument) -> WatchTrial:
    """Put a watch to a document; one that today's parser refuses matches nothing, and says so."""
    try:
        return WatchTrial(watch=watch, clause=explain(parse(watch.query), document))
    except BadQuery as error:
        return WatchTrial(watch=watch, problem=str(error))
