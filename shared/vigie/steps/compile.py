"""Compile: every client's watches made into one file, so that a new worker need not read them one by one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from vigie.domain.cutoffs import Interval
from vigie.domain.query import Query, QueryDocument, parse, prepare_document
from vigie.domain.query.engine import FORMAT, BadFile, compile_queries, open_compiled
from vigie.errors import BadQuery
from vigie.ports import AccountStore, Blobs, Clock, WatchesState
from vigie.steps.archive import poll_keys, sample_documents
from vigie.steps.watches import BrokenWatch, label_of, name_of

CHANGES_TOLERATED = 200  # so many are read and put over a file in a tenth of a second
AGE_TOLERATED = timedelta(
    days=7
)  # then it is made anew: what is rare changes; the bucket forgets it after 30 days
SAMPLE_POLLS, SAMPLE_DOCUMENTS = 60, 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileReport:
    """A file made: of how many watches, as they stood at which version, and why it was time."""

    key: str
    version: int
    watches: int
    size_bytes: int
    reason: str


@dataclass(slots=True, kw_only=True)
class CompileWatches:
    """Keeps the compiled file of the watches close to them. The file is named by its content and never changed.

    Two at once do no harm: each writes its own file, and the table keeps the newer.
    """

    accounts: AccountStore
    blobs: Blobs
    clock: Clock
    report: Callable[[BrokenWatch], None]
    changes_tolerated: int = CHANGES_TOLERATED
    _sound: str = ""  # the file last read and found sound

    def run(self, *, force: bool = False) -> CompileReport | None:
        """Make the file anew when it is time, or when forced to."""
        state = self.accounts.watches_state()
        reason = "asked for" if force else self._reason(state)
        return self._compile(state, reason) if reason else None

    def _reason(self, state: WatchesState) -> str:
        """Return why it is time, empty when it is not."""
        changes = state.version - state.compiled_version
        if changes >= self.changes_tolerated:
            return f"{changes} changes since the last"
        if not state.compiled_key or state.compiled_at is None:
            return ""
        if self.clock() - state.compiled_at > AGE_TOLERATED:
            return f"the last is of {state.compiled_at:%Y-%m-%d}"
        return self._damage(state.compiled_key)

    def _damage(self, key: str) -> str:
        if key == self._sound:
            return ""
        content = self.blobs.get(key)
        if content is None:
            return f"{key} is gone"
        try:
            open_compiled(content)
        except BadFile as error:
            return str(error)
        self._sound = key
        return ""

    def _compile(self, state: WatchesState, reason: str) -> CompileReport:
        queries = list(self._queries())  # read after the version: at worst a change is applied twice
        content = compile_queries(queries, self._sample())
        key = f"watches/v{FORMAT}/{state.version:012}-{sha256(content).hexdigest()[:16]}.bin"
        self.blobs.put(key, content, "application/octet-stream")
        self.accounts.put_compiled(key, state.version, self.clock())
        return CompileReport(
            key=key, version=state.version, watches=len(queries), size_bytes=len(content), reason=reason
        )

    def _queries(self) -> Iterator[tuple[str, Query, str]]:
        for watch in self.accounts.all_watches():
            try:
                query = parse(watch.query)
            except BadQuery as error:
                self.report(BrokenWatch(watch.client_id, watch.watch_id, str(error)))
                continue
            yield name_of(watch.client_id, watch.watch_id), query, label_of(watch)

    def _sample(self) -> Iterator[QueryDocument]:
        """Give some of the last day's documents: they say which words are rare."""
        now = self.clock()
        keys = poll_keys(self.blobs, Interval(now - timedelta(days=1), now))
        some = keys[:: max(1, len(keys) // SAMPLE_POLLS)]
        return map(prepare_document, sample_documents(self.blobs, some, SAMPLE_DOCUMENTS))
