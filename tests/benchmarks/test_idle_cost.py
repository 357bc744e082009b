"""What an idle stack costs, counted from the template."""

import copy

import pytest

from benchmarks.idle_cost import LIMIT_USD, bill, ticks_a_month
from infra.template import Template

STACK = Template.read()


def total(template: Template) -> float:
    """Return the month's sum in US dollars."""
    return sum(line.month_usd for line in bill(template))


def test_an_idle_stack_stays_within_its_limit() -> None:
    """A stack in which nothing happens costs two dollars a month at most."""
    assert total(STACK) <= LIMIT_USD


def test_an_alarm_more_is_counted() -> None:
    """Each alarm of the template is on the bill: one more costs ten cents."""
    document = copy.deepcopy(dict(STACK.document))
    document["Resources"]["OneMore"] = {"Type": "AWS::CloudWatch::Alarm", "Properties": {}}
    assert total(Template(document)) == pytest.approx(total(STACK) + 0.10)


def test_a_queue_more_is_counted() -> None:
    """Each queue that feeds a function is on the bill: its empty receives cost 26 cents."""
    document = copy.deepcopy(dict(STACK.document))
    events = document["Resources"]["PollFunction"]["Properties"]["Events"]
    events["OneMore"] = next(iter(events.values()))
    assert total(Template(document)) - total(STACK) == pytest.approx(0.2628)


def test_ticks_are_counted_from_the_schedule() -> None:
    """A function that ticks each minute ticks 43,800 times a month of 730 hours."""
    assert ticks_a_month(STACK.functions["schedule"]) == 43_800
    assert ticks_a_month(STACK.functions["api"]) == 0
