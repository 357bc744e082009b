"""The heads that ``make train`` makes, in the order they are made."""

from training.task import Task
from training.tasks import tone

TASKS: tuple[Task, ...] = (tone.SOCIAL,)
