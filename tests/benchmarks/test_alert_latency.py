"""How long an alert is made to wait on purpose: added up from the template."""

from benchmarks.alert_latency import PATH, designed_seconds
from infra.template import Template


def test_the_template_makes_no_alert_wait() -> None:
    """No batching window and no delay on the way from the poll to the mail."""
    assert designed_seconds(Template.read().document) == 0


def test_windows_and_delays_add_up() -> None:
    """What a queue holds back and what a reader waits for are both counted."""
    resources = {name: {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 5}} for name in PATH} | {
        f"Reader{name}": {
            "Properties": {
                "Events": {
                    "Queue": {
                        "Type": "SQS",
                        "Properties": {
                            "Queue": {"Fn::GetAtt": [name, "Arn"]},
                            "MaximumBatchingWindowInSeconds": 20,
                        },
                    }
                }
            }
        }
        for name in PATH
    }
    assert designed_seconds({"Resources": resources}) == 75
