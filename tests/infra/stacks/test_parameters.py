"""From a client's file to the template's parameters."""

from typing import Any

import pytest

from infra.local.deploy import ON_THE_EMULATOR
from infra.stacks.parameters import OF_FIELDS, changed_parameters, parameters
from infra.template import Template
from tests.infra.stacks.clients import file_with
from vigie.errors import BadField

DECLARED = Template.read().document["Parameters"]


def test_every_parameter_is_given() -> None:
    """What the file says, and the template's defaults for the rest: nothing is left to what stood before."""
    values = parameters(file_with(retention={"logs_days": 14}, options={"workers": "many"}), DECLARED)
    assert set(values) == set(DECLARED)
    assert (values["LogRetentionDays"], values["Workers"]) == ("14", "many")
    assert values["SenderAddress"] == "veille@vigie.example"
    assert values["MentionRetentionDays"] == str(DECLARED["MentionRetentionDays"]["Default"])


def test_fields_name_parameters_that_there_are() -> None:
    """A parameter renamed in the template is missed here."""
    assert set(OF_FIELDS) <= set(DECLARED)
    assert set(ON_THE_EMULATOR) <= set(DECLARED)


@pytest.mark.parametrize(
    ("alarms_to", "topic", "address"),
    [
        ("ana@agence.example", "", "ana@agence.example"),
        ("arn:aws:sns:eu-west-3:111111111111:nuit", "arn:aws:sns:eu-west-3:111111111111:nuit", ""),
    ],
)
def test_alarms_go_to_a_topic_or_an_address(alarms_to: str, topic: str, address: str) -> None:
    """One field, two parameters, one of which is empty."""
    values = parameters(file_with(alarms_to=alarms_to), DECLARED)
    assert (values["AlarmTopicArn"], values["AlarmEmail"]) == (topic, address)


def test_on_the_emulator_some_differ() -> None:
    """The loopback emulator speaks no TLS, whatever the file says of workers."""
    assert parameters(file_with(options={"workers": "many"}), DECLARED, local=True)["RequireTls"] == "false"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"options": {"workers": "lots"}}, "options.workers: 'lots' cannot be Workers. Use one of few, some"),
        (
            {"options": {"shard_count": 0}},
            "options.shard_count: '0' cannot be ShardCount. Give a number from 1 to",
        ),
        ({"options": {"shard_count": "x"}}, "options.shard_count: 'x' cannot be ShardCount. Give a number"),
        (
            {"options": {"site_url": "veille.fr"}},
            "options.site_url: 'veille.fr' cannot be SiteUrl. Where clients",
        ),
        ({"options": {"wrokers": "few"}}, "options.wrokers: is no parameter of the template. Use "),
        ({"options": {"locale": "fr"}}, "options.locale: has a field of its own. Write it as locale."),
        ({"options": {"require_tls": "false"}}, "options.require_tls: is no parameter of the template"),
        ({"mail": {"sender": "veille", "identity": "a.fr"}}, "mail.sender: 'veille' cannot be SenderAddress"),
        (
            {"retention": {"logs_days": 13}},
            "retention.logs_days: '13' cannot be LogRetentionDays. Use one of 1,",
        ),
    ],
)
def test_what_the_template_would_refuse_is_refused_before(changed: dict[str, Any], told: str) -> None:
    """CloudFormation's own rules, told with the field of the file."""
    with pytest.raises(BadField) as refused:
        parameters(file_with(**changed), DECLARED)
    assert str(refused.value).startswith(told)


def test_only_what_differs_is_a_change() -> None:
    """A parameter that is new was empty before."""
    assert changed_parameters({"A": "1", "B": "2"}, {"A": "1", "B": "3", "C": "4"}) == {
        "B": ("2", "3"),
        "C": ("", "4"),
    }
