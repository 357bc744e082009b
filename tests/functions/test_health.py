"""Health on the emulated stack: the report is kept, printed, and fails when somebody must see to something."""

import pytest

from tests.functions.conftest import Stack
from vigie import wiring
from vigie.adapters import aws


def test_an_empty_stack_is_well(stack: Stack) -> None:
    """Nothing happens, nothing is wrong, and the report is kept."""
    shown = stack.call("health", stack.sample("health", "every_quarter_hour"))
    assert (shown["well"], shown["stack"], shown["dead_letters"]) == (True, "vigie-test", 0)
    report = wiring.health_store().latest()
    assert report is not None
    assert len(report.queues) == 7


def test_a_dead_letter_fails_the_report(stack: Stack) -> None:
    """The failure says what is wrong and where it is written what to do; asked by hand, the report is returned."""
    aws.sqs().send_message(QueueUrl=wiring.settings().dead_letters_url, MessageBody="{}")
    with pytest.raises(Exception, match=r"1 messages are dead letters\. See docs/runbooks/dead-letters\.md"):
        stack.call("health", stack.sample("health", "every_quarter_hour"))
    assert stack.call("health", stack.sample("health", "by_hand"))["dead_letters"] == 1
