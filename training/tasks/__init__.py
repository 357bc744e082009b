"""The heads that ``make train`` makes, in the order they are made."""

from training.task import Task
from training.tasks import entity, language, tone, topic

TASKS: tuple[Task, ...] = (
    language.LANGUAGE,
    topic.TOPIC,
    tone.FRENCH_POSTS,
    tone.OTHER_POSTS,
    tone.PRESS,
    entity.RELEVANCE,
    entity.IMPACT,
    entity.CRISIS,
    entity.CRISIS_TYPE,
)
