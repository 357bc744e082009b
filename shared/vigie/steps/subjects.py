"""Subjects of a client: read its mentions of some days, group their stories, apply what was decided by hand."""

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from vigie.domain.cutoffs import Interval
from vigie.domain.digest import Digest
from vigie.domain.digest_stories import is_own
from vigie.domain.mentions import Mention
from vigie.domain.subjects.build import WINDOW_DAYS, Subject, subjects_of
from vigie.domain.subjects.features import terms_of
from vigie.domain.subjects.frequencies import Frequencies
from vigie.errors import BadMessage
from vigie.messages import decode_value, encode
from vigie.ports import AccountStore, Blobs, MentionStore
from vigie.steps.archive import poll_keys, sample_documents

SAMPLED_DAYS = 7
SAMPLED_POLLS = 200
SAMPLED_DOCUMENTS = 3_000
_COUNTED_FROM = 2  # a term of one document is as rare as an unknown one


@dataclass(slots=True)
class StackTerms:
    """How common terms are in the stack: a table a day, counted over a sample of the archive by who needs it first.

    It is stored, so that a digest built again, and the API asked later, weigh terms alike. ``may_count`` is false for
    those who may only read it.
    """

    blobs: Blobs
    may_count: bool
    _kept: dict[str, Frequencies] = field(default_factory=dict)

    def at(self, instant: datetime) -> Frequencies:
        """Return the table of a day (UTC); one without documents where none was ever counted."""
        day = instant.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        key = f"frequencies/{day:%Y-%m-%d}.json.gz"
        if key not in self._kept:
            found = self._stored(key) or (self._counted(key, day) if self.may_count else None)
            if found is None:
                return Frequencies()
            self._kept = {key: found}
        return self._kept[key]

    def _stored(self, key: str) -> Frequencies | None:
        content = self.blobs.get(key)
        try:
            return decode_value(gzip.decompress(content), Frequencies) if content else None
        except (BadMessage, OSError, EOFError, zlib.error):
            return None  # counted anew, or done without

    def _counted(self, key: str, day: datetime) -> Frequencies | None:
        keys = poll_keys(self.blobs, Interval(day - timedelta(days=SAMPLED_DAYS), day + timedelta(days=1)))
        sampled = keys[:: len(keys) // SAMPLED_POLLS + 1]
        documents = sample_documents(self.blobs, sampled, SAMPLED_DOCUMENTS)
        if not documents:
            return None
        found = Frequencies.of((terms_of(document) for document in documents), at_least=_COUNTED_FROM)
        self.blobs.put(key, gzip.compress(encode(found), mtime=0), "application/gzip")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSubjects:
    """Groups what a client's own watches found; what speaks of competitors alone is of no subject."""

    mentions: MentionStore
    accounts: AccountStore
    terms: StackTerms

    @property
    def window(self) -> timedelta:
        """How long before an interval mentions are looked at."""
        return timedelta(days=WINDOW_DAYS)

    def of(self, client_id: str, interval: Interval, latest: Digest | None) -> list[Subject]:
        """Return the subjects of an interval and of the days before it, stories of other days included.

        ``latest`` is the newest digest before the interval's end: subjects it told keep their ids.
        """
        since = interval.since - self.window
        mentions = self.mentions.recorded_in(client_id, Interval(since, interval.until))
        return subjects_of(
            [mention for mention in mentions if counts(mention)],
            self.terms.at(interval.until),
            self.accounts.subject_decisions(client_id),
            told_in(latest),
        )


def counts(mention: Mention) -> bool:
    """Whether a mention is of a subject: kept, of these days and not looked up in the archive, the client's own."""
    return mention.status == "kept" and not mention.backfilled and is_own(mention)


def told_in(digest: Digest | None) -> Mapping[str, str]:
    """Return the subject that a digest told each story in."""
    if digest is None:
        return {}
    return {
        story.story_id: subject.subject_id
        for subject in (*digest.subjects, *digest.others)
        for story in subject.stories
    }
