"""What people say of a mention's labels: stored with who, when and why, and laid over the mention when it is read.

Mentions stay as recorded and digests as sent. What somebody corrects is kept beside, in order, and can be undone;
a mention is read with the corrections that stand today, so that the next digest counts by them.

"Pas nous" is a correction of relevance to ``homonym``: the watches that name the client have not found it after all.
Unless another watch has, the mention is held back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from vigie.domain.crisis_types import CRISIS_TYPES
from vigie.domain.digest_stories import NAMING
from vigie.domain.mentions import Assessment, Clue, Label, Mention, WatchHit
from vigie.errors import BadField, Conflict, NotFound

Corrected = Literal["relevance", "impact", "tone", "crisis"]
Scope = Literal["story", "mention"]
"""``story``: every document that carries the same text, those still to come too. ``mention``: this one alone."""

VALUES: Final[dict[Corrected, tuple[str, ...]]] = {
    "relevance": ("main", "secondary", "passing", "homonym"),
    "impact": ("unfavourable", "neutral", "favourable", "mixed"),
    "tone": ("negative", "neutral", "positive"),
    "crisis": ("alert", "watch", "none"),
}
NOT_US: Final = "homonym"
REACH: Final = timedelta(days=45)
"""How far from the mention it was made on a correction reaches the mentions of its story, before and after."""

CORRECTIONS_LIMIT: Final = 60  # of one mention, undone ones included
_UNKNOWN = Label("", 0.0, abstained=True)
_HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Undone:
    """A correction taken back: when, by whom, and why."""

    at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A label as somebody says it should be, of whom some watches name.

    ``correction_id`` is unique within the mention it was made on, which was recorded at ``recorded_at``. ``before``
    is the value that stood ("" for none), ``crisis_type`` goes with a crisis at ``watch`` or ``alert``.
    """

    correction_id: str
    client_id: str
    mention_id: str
    story_id: str
    recorded_at: datetime
    label: Corrected
    watch_ids: tuple[str, ...]
    before: str
    after: str
    scope: Scope
    given_at: datetime
    given_by: str
    crisis_type: str | None = None
    reason: str = ""
    undone: Undone | None = None

    @property
    def is_not_us(self) -> bool:
        """Whether it says "pas nous"."""
        return self.label == "relevance" and self.after == NOT_US

    def concerns(self, mention: Mention) -> bool:
        """Whether it is to be laid over a mention of the same client; story ids are those of today."""
        if self.undone is not None:
            return False
        if self.mention_id == mention.mention_id:
            return True
        same_text = self.scope == "story" and self.story_id == mention.story.story_id
        return same_text and abs(mention.recorded_at - self.recorded_at) <= REACH


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks to be corrected. Without ``watch_ids``: what concerns the client itself."""

    label: Corrected
    value: str
    by: str
    reason: str = ""
    crisis_type: str | None = None
    watch_ids: tuple[str, ...] = ()
    scope: Scope = "story"


def check_wish(wish: Wish, mention: Mention) -> Wish:
    """Return the wish, its watches named. Raises BadField naming what cannot be kept."""
    if wish.value not in VALUES[wish.label]:
        accepted = ", ".join(VALUES[wish.label])
        raise BadField("value", f"{wish.value!r} is unknown", f"Use one of {accepted}.")
    if wish.crisis_type is not None and (wish.label != "crisis" or wish.value == "none"):
        raise BadField("crisis_type", "goes with a crisis at watch or alert", "Leave it out.")
    if wish.crisis_type is not None and wish.crisis_type not in CRISIS_TYPES:
        accepted = ", ".join(CRISIS_TYPES)
        raise BadField("crisis_type", f"{wish.crisis_type!r} is unknown", f"Use one of {accepted}.")
    found = [hit.watch_id for hit in mention.hits]
    if strange := [watch_id for watch_id in wish.watch_ids if watch_id not in found]:
        raise BadField("watch_id", f"{strange[0]!r} did not find this mention", f"It was {', '.join(found)}.")
    return replace(wish, watch_ids=wish.watch_ids or _own_watches(mention, wish))


def given(
    history: Sequence[Correction], wish: Wish, mention: Mention, now: datetime
) -> tuple[Correction, ...]:
    """Return the corrections made on a mention with one more; as they are when the same already stands.

    ``mention`` is as it is read today, ``wish`` was checked. Raises Conflict when there are too many.
    """
    standing = _standing(history, wish)
    if standing and (standing.after, standing.crisis_type, standing.scope) == (
        wish.value,
        wish.crisis_type,
        wish.scope,
    ):
        return tuple(history)
    if len(history) >= CORRECTIONS_LIMIT:
        raise Conflict(f"This mention was corrected {CORRECTIONS_LIMIT} times already; write to us.")
    added = Correction(
        correction_id=str(len(history) + 1),
        client_id=mention.client_id,
        mention_id=mention.mention_id,
        story_id=mention.story.story_id,
        recorded_at=mention.recorded_at,
        label=wish.label,
        watch_ids=wish.watch_ids,
        before=_value_now(mention, wish),
        after=wish.value,
        crisis_type=wish.crisis_type,
        scope=wish.scope,
        given_at=now,
        given_by=wish.by,
        reason=wish.reason,
    )
    return (*history, added)


def taken_back(history: Sequence[Correction], correction_id: str, undone: Undone) -> tuple[Correction, ...]:
    """Return the corrections with one undone; one undone before keeps who undid it first. Raises NotFound."""
    if not any(correction.correction_id == correction_id for correction in history):
        raise NotFound(f"There is no correction {correction_id} on this mention.")
    return tuple(
        replace(correction, undone=undone)
        if correction.correction_id == correction_id and correction.undone is None
        else correction
        for correction in history
    )


def corrected(mention: Mention, corrections: Iterable[Correction]) -> Mention:
    """Return a mention as people corrected it; of two that speak of the same, the later stands.

    ``corrections`` are the client's, in any order; those that do not concern the mention change nothing.
    """
    concerned = [correction for correction in corrections if correction.concerns(mention)]
    concerned.sort(key=lambda each: (each.given_at, each.mention_id, int(each.correction_id)))
    for correction in concerned:
        mention = _laid(mention, correction)
    return _without_homonyms(mention, concerned)


def by_hand(label: Label) -> bool:
    """Whether a person said so."""
    return any(clue.name == _HUMAN for clue in label.evidence)


def awaited(mention: Mention) -> dict[str, tuple[Corrected, ...]]:
    """Return the labels of a mention that a person should look at, by watch; none for what is kept out."""
    if mention.status != "kept":
        return {}
    found = {hit.watch_id for hit in mention.hits}
    unsure = {
        each.watch_id: tuple(name for name in VALUES if getattr(each, name).abstained)
        for each in mention.labels.assessments
        if each.watch_id in found
    }
    return {watch_id: names for watch_id, names in unsure.items() if names}


def _laid(mention: Mention, correction: Correction) -> Mention:
    found = [hit.watch_id for hit in mention.hits]
    watch_ids = [watch_id for watch_id in correction.watch_ids if watch_id in found]
    label = Label(correction.after, 1.0, (Clue(_HUMAN, correction.given_by),))
    assessed = {each.watch_id: each for each in mention.labels.assessments}
    for watch_id in watch_ids:
        assessment = assessed.get(watch_id, _unjudged(watch_id))
        assessed[watch_id] = _with(assessment, correction, label)
    labels = replace(mention.labels, assessments=tuple(assessed.values()))
    if correction.label == "tone" and _first_own(mention.hits).watch_id in watch_ids:
        labels = replace(labels, tone=label)
    return replace(mention, labels=labels)


def _with(assessment: Assessment, correction: Correction, label: Label) -> Assessment:
    match correction.label:
        case "relevance":
            return replace(assessment, relevance=label)
        case "impact":
            return replace(assessment, impact=label)
        case "tone":
            return replace(assessment, tone=label)
        case "crisis":
            return replace(assessment, crisis=label, crisis_type=correction.crisis_type)


def _without_homonyms(mention: Mention, concerned: Sequence[Correction]) -> Mention:
    """Take the watches off a mention that found something else; hold it back when none is left."""
    if not any(correction.label == "relevance" for correction in concerned):
        return mention
    mistaken = {
        each.watch_id
        for each in mention.labels.assessments
        if each.relevance.value == NOT_US and by_hand(each.relevance)
    }
    left = tuple(hit for hit in mention.hits if hit.watch_id not in mistaken)
    if left:
        return replace(mention, hits=left)
    if mention.status == "held":
        return mention
    return replace(mention, status="held", held_reason="not_us")


def _unjudged(watch_id: str) -> Assessment:
    return Assessment(watch_id=watch_id, relevance=_UNKNOWN, impact=_UNKNOWN, tone=_UNKNOWN, crisis=_UNKNOWN)


def _standing(history: Sequence[Correction], wish: Wish) -> Correction | None:
    """Return the last correction not undone that speaks of the same label of the same watches."""
    same = [
        correction
        for correction in history
        if correction.undone is None
        and correction.label == wish.label
        and set(correction.watch_ids) & set(wish.watch_ids)
    ]
    return same[-1] if same and set(same[-1].watch_ids) == set(wish.watch_ids) else None


def _own_watches(mention: Mention, wish: Wish) -> tuple[str, ...]:
    """Return the watches meant when none is named: for "pas nous" all that name the client, else the first."""
    if wish.label == "relevance" and wish.value == NOT_US:
        naming = tuple(hit.watch_id for hit in mention.hits if hit.purpose in NAMING)
        return naming or tuple(hit.watch_id for hit in mention.hits)
    return (_first_own(mention.hits).watch_id,)


def _first_own(hits: Sequence[WatchHit]) -> WatchHit:
    """Return the hit of the client itself: its first brand watch's, else of one that names it, else the first."""
    return min(hits, key=lambda hit: (hit.purpose != "brand", hit.purpose not in NAMING))


def _value_now(mention: Mention, wish: Wish) -> str:
    assessed = {each.watch_id: each for each in mention.labels.assessments}
    assessment = assessed.get(wish.watch_ids[0])
    if assessment is not None:
        label: Label = getattr(assessment, wish.label)
    elif wish.label == "tone":
        label = mention.labels.tone
    else:
        return ""
    return label.value
