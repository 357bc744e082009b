"""Assigning documents to stories, one at a time, by any number of workers at once.

Keys lead to candidates, candidates are compared, those alike are one story. Every write is either conditional or
says the same twice, so a worker may die after any of them and another do it all again:

1. read what is posted under the document's keys, and compare with the candidates;
2. record the document, with its story if one was found;
3. post it under the keys where no copy of it is posted, all at once; a key that changed meanwhile shows who
   came, and they are compared too;
4. link the stories that turned out to be one, the later under the earlier.

Of two workers that meet copies at once, one posts first and the other is shown its document: that is why
documents are recorded before they are posted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from vigie.domain.documents import Document
from vigie.domain.mentions import Role, StoryRef
from vigie.domain.stories.fingerprint import Fingerprint, StoryKeys, fingerprint
from vigie.domain.stories.likeness import Likeness, compare_headline, compare_page, compare_text
from vigie.domain.stories.union import (
    POSTINGS_AT_MOST,
    Rank,
    StoryMember,
    StoryMerge,
    arrival_after,
    candidates,
)
from vigie.errors import Transient
from vigie.ports import Posting, StoryStore

_TRIES = 50  # a key, or a root, that changed so often while we looked is left to another delivery


@dataclass(frozen=True, slots=True)
class Assignment:
    """A document's story today, and the stories that became one because of it."""

    story: StoryRef
    merges: tuple[StoryMerge, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryAssigner:
    """Assigns documents to stories in a store that workers share."""

    store: StoryStore

    def assign(self, document: Document, now: datetime) -> Assignment:
        """Return the document's story; the same on every delivery, unless its story was merged meanwhile."""
        mark, keys = fingerprint(document)
        work = _Work(self.store, document.document_id, mark, keys, now)
        return work.run()


@dataclass(slots=True)
class _Work:
    """One document on its way to its story."""

    store: StoryStore
    own: str
    mark: Fingerprint
    keys: StoryKeys
    now: datetime
    known: dict[str, StoryMember] = field(default_factory=dict)
    compared: dict[tuple[str, Callable[[Fingerprint, Fingerprint], Likeness]], Likeness] = field(
        default_factory=dict
    )
    merges: list[StoryMerge] = field(default_factory=list)
    redelivered: bool = False

    def run(self) -> Assignment:
        """Do the four steps."""
        keys = [*filter(None, [self.keys.page, self.keys.headline]), *self.keys.texts]
        postings = self.store.postings([*keys, *self.keys.asked], self.now)
        self._load(candidates(postings, self.own))
        copies = {copy for key, posted in postings.items() for copy in self._copies(key, posted)}
        roots = self._roots(copies)
        own = self._record(copies, roots)
        story = self._join(own.parent or self.own, roots)
        shown = self._post({key: postings.get(key, ()) for key in keys})
        story = self._join(story, self._roots(set().union(*shown.values()) - copies))
        same_address = any(shown.get(key) for key in (self.keys.page, self.keys.headline))
        if story != self.own and story in self.known:
            self.store.keep(self.known[story], self.now)
        return Assignment(StoryRef(story, self._role(story, same_address=same_address)), tuple(self.merges))

    def _role(self, story: str, *, same_address: bool) -> Role:
        if same_address:
            return "same_address"
        return "first" if story == self.own else "reprint"

    def _record(self, copies: set[str], roots: set[str]) -> StoryMember:
        seen = [self.known[copy] for copy in copies]
        earliest = min((self._rank(root), root) for root in roots)[1] if roots else None
        member = StoryMember(
            document_id=self.own, mark=self.mark, arrival=arrival_after(self.now, seen), parent=earliest
        )
        standing = self.store.add(member, self.now)
        self.redelivered = standing != member
        self.known[self.own] = standing
        return standing

    def _post(self, standing: Mapping[str, tuple[str, ...]]) -> dict[str, set[str]]:
        """Post the document under each key unless a close copy of it is there; return the copies that are."""
        shown: dict[str, set[str]] = {}
        for _ in range(_TRIES):
            standing = self._open(standing, shown)
            if self._load(chain.from_iterable(standing.values())):
                standing = self._open(standing, shown)
            if not standing:
                return shown
            wanted = {
                key: Posting(posted, (*[member for member in posted if member in self.known], self.own))
                for key, posted in standing.items()
            }
            found = self.store.post(wanted, self.now)
            standing = {key: posted for key, posted in found.items() if posted != wanted[key].wanted}
        raise Transient(f"keys of {self.own} kept changing: {', '.join(standing)}")

    def _open(
        self, standing: Mapping[str, tuple[str, ...]], shown: dict[str, set[str]]
    ) -> dict[str, tuple[str, ...]]:
        """Return the keys under which the document is to be posted yet; ``shown`` takes up the copies under each."""
        shown.update({key: self._copies(key, posted) for key, posted in standing.items()})
        return {
            key: posted
            for key, posted in standing.items()
            if not (self.own in posted or len(posted) >= POSTINGS_AT_MOST or self._has_close(key, shown[key]))
        }

    def _copies(self, key: str, posted: tuple[str, ...]) -> set[str]:
        """Return the documents under a key that are known and carry the text."""
        return {
            member
            for member in posted
            if member in self.known and member != self.own and self._likeness(key, member) > Likeness.OTHER
        }

    def _has_close(self, key: str, copies: set[str]) -> bool:
        return any(self._likeness(key, copy) is Likeness.CLOSE for copy in copies)

    def _likeness(self, key: str, member: str) -> Likeness:
        compare = {self.keys.page: compare_page, self.keys.headline: compare_headline}.get(key, compare_text)
        place = (member, compare)
        if place not in self.compared:
            self.compared[place] = compare(self.mark, self.known[member].mark)
        return self.compared[place]

    def _join(self, story: str, others: Iterable[str]) -> str:
        """Link stories into one, later ones under the earliest; return its root."""
        root = self._root(story)
        for other in others:
            root = self._link(root, self._root(other))
        return root

    def _link(self, one: str, other: str) -> str:
        for _ in range(_TRIES):
            if one == other:
                return one
            parent, child = sorted((one, other), key=self._rank)
            if child not in self.known:  # both were forgotten: there is nothing left to link
                return parent
            standing = self.store.link(child, parent, self.now)
            self.known[child] = replace(self.known[child], parent=standing)
            if standing == parent:
                if child != self.own or self.redelivered:
                    self.merges.append(StoryMerge(child, parent))
                return parent
            one, other = self._root(standing), self._root(parent)
        raise Transient(f"stories {one} and {other} kept changing")

    def _roots(self, members: Iterable[str]) -> set[str]:
        return {self._root(member) for member in members}

    def _root(self, member: str) -> str:
        """Return the root of a member's tree, as it stands."""
        while True:
            if member not in self.known:
                self._load([member])
            parent = self.known[member].parent if member in self.known else None
            if parent is None:
                return member
            member = parent

    def _rank(self, member: str) -> Rank:
        """Return a member's rank; one that was forgotten came before all that are known."""
        return self.known[member].rank if member in self.known else (0, member)

    def _load(self, document_ids: Iterable[str]) -> bool:
        """Read the members that are not known yet; return whether there were any to ask for."""
        missing = [document_id for document_id in document_ids if document_id not in self.known]
        if missing:
            self.known.update(self.store.members(missing, self.now))
        return bool(missing)
