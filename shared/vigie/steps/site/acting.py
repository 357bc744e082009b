"""Acting: what a reader says of a story from the mail, « pas pertinent » or another tonality, and takes back."""

from dataclasses import dataclass
from typing import Literal, Protocol

from vigie.domain.clients import Client
from vigie.domain.feedback import NOT_US, Correction, Wish
from vigie.domain.mentions import Mention
from vigie.domain.site_links import StoryRef
from vigie.domain.site_pages import Judged
from vigie.errors import Conflict
from vigie.steps.feedback import Told
from vigie.steps.site.reading import Reading
from vigie.steps.site.visits import Visit

Question = Literal["irrelevant", "correct"]
REASON_LIMIT_CHARACTERS = 500


class Feedback(Protocol):
    """What acting needs of the desk that keeps corrections (``steps.feedback``)."""

    def told_of_story(self, client: Client, story_id: str) -> Told:
        """Return the mention that a story's corrections are made on, with them. Raises NotFound."""
        ...

    def give_to_story(self, client: Client, story_id: str, wish: Wish) -> Told:
        """Correct a story; asked again, it changes nothing."""
        ...

    def take_back(self, client: Client, mention_id: str, correction_id: str, by: str, reason: str) -> Told:
        """Undo a correction; undone before, it stays so."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Shows what an action would do, does it, and undoes it: each as often as asked, with one effect."""

    reading: Reading
    feedback: Feedback

    def look(self, visit: Visit, question: Question) -> Judged:
        """Return how the link's story stands. Raises NotFound when it is past correcting."""
        ref = StoryRef.read(visit.link.subject)
        told = self.feedback.told_of_story(visit.client, ref.story_id)
        standing = _standing(told, question)
        return Judged(
            told=self.reading.story(visit, ref),
            value=_value(told.mention, question),
            correction=standing,
        )

    def answer(self, visit: Visit, question: Question, value: str, reason: str) -> None:
        """Correct the link's story: ``value`` is an impact, or for « pas pertinent » nothing. Raises BadField."""
        ref = StoryRef.read(visit.link.subject)
        wish = Wish(
            label="relevance" if question == "irrelevant" else "impact",
            value=NOT_US if question == "irrelevant" else value,
            by=visit.link.recipient,
            reason=reason[:REASON_LIMIT_CHARACTERS].strip(),
        )
        self.feedback.give_to_story(visit.client, ref.story_id, wish)

    def undo(self, visit: Visit, question: Question, correction_id: str) -> None:
        """Take back the correction that stands. Raises Conflict when another one was made since."""
        ref = StoryRef.read(visit.link.subject)
        told = self.feedback.told_of_story(visit.client, ref.story_id)
        standing = _standing(told, question)
        if standing is None:
            return  # undone already
        if standing.correction_id != correction_id:
            raise Conflict("Somebody corrected this since the page was opened.")
        self.feedback.take_back(
            visit.client, told.mention.mention_id, correction_id, visit.link.recipient, ""
        )


def _standing(told: Told, question: Question) -> Correction | None:
    """Return the last correction not undone that answers the question."""
    made = [each for each in told.corrections if each.undone is None]
    if question == "irrelevant":
        last = next((each for each in reversed(made) if each.label == "relevance"), None)
        return last if last and last.is_not_us else None
    return next((each for each in reversed(made) if each.label == "impact"), None)


def _value(mention: Mention, question: Question) -> str:
    assessed = mention.assessment
    if assessed is None:
        return ""
    label = assessed.relevance if question == "irrelevant" else assessed.impact
    return "" if label.abstained else label.value
