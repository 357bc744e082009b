"""Stories on DynamoDB read for half the price what may be a second old: nothing is missed for that."""

from datetime import timedelta

import pytest

from tests.adapters.dynamo.conftest import Line
from tests.builders import CUTOFF, a_document
from tests.conftest import Cloud
from vigie.adapters.dynamo.stories import DynamoStories
from vigie.steps.stories import StoryAssigner

pytestmark = pytest.mark.emulator

TEXT = (
    "Le conseil municipal a voté hier soir la fermeture du guichet de la rue des Tanneurs, malgré la pétition. "
    * 3
)


def test_a_copy_is_found_before_replicas_have_heard_of_it(line: Line, cloud: Cloud) -> None:
    """A posting is told by the write that it prevents, and its document by a read of what stands."""
    stories = StoryAssigner(DynamoStories(line.client, cloud.table(), retention_days=30, alias_days=90))
    line.lag()
    found = []
    for number, name in enumerate(("premier", "second", "dernier")):
        document = a_document(document_id=name, body=TEXT, canonical_url=f"https://{name}.test/guichet")
        found.append(stories.assign(document, CUTOFF + timedelta(seconds=number)).story)
    assert {story.story_id for story in found} == {"premier"}
    assert [story.role for story in found] == ["first", "reprint", "reprint"]
