"""Reading a template: short forms, references, what events and policies become."""

from pathlib import Path

import pytest

from infra.template import QueueSource, Route, Statement, Template, references

TEMPLATE = """
Globals: {Function: {Handler: app.handler, Environment: {Variables: {SHARED: "1"}}}}
Parameters: {Days: {Type: Number, Default: 3}}
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 4}}
  Dead: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  WorkFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/work/
      MemorySize: 128
      Timeout: 10
      Environment: {Variables: {OWN: !Ref Jobs}}
      Policies:
        - Statement:
            - {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}
      Events:
        Queue: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn, BatchSize: 2}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      DefinitionBody:
        paths:
          "/jobs/{job_id}":
            get:
              x-amazon-apigateway-integration:
                uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/functions/${WorkFunction.Arn}/invocations"
"""


@pytest.fixture
def template(tmp_path: Path) -> Template:
    """Read the small template above."""
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    return Template.read(path)


def test_short_forms_become_what_cloudformation_reads(template: Template) -> None:
    """``!GetAtt Dead.Arn`` is kept as the long form, so that the document can be deployed."""
    redrive = template.document["Resources"]["Jobs"]["Properties"]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": ["Dead", "Arn"]}


def test_queues_say_where_failures_go(template: Template) -> None:
    """A queue has its dead letters by logical id, and SQS's 30 seconds when it says nothing."""
    queues = template.queues
    assert (queues["Jobs"].dead_letters, queues["Jobs"].visibility_timeout_seconds) == ("Dead", 30)
    assert (queues["Dead"].dead_letters, queues["Dead"].visibility_timeout_seconds) == (None, 60)


def test_a_function_has_what_globals_give_and_its_own(template: Template) -> None:
    """Handler and variables of Globals hold for each function; its own are added."""
    work = template.functions["work"]
    assert work.handler == "app.handler"
    assert work.environment == {"SHARED": "1", "OWN": {"Ref": "Jobs"}}


def test_a_queue_is_read_as_its_event_says(template: Template) -> None:
    """How many messages at once, and whether some of them may fail alone."""
    (source,) = template.functions["work"].queues
    assert source == QueueSource(
        queue="Jobs", batch_size=2, reports_partial_failures=False, maximum_concurrency=None
    )


def test_a_route_belongs_to_the_function_it_leads_to(template: Template) -> None:
    """Its method is in capitals, as Chalice writes it."""
    assert template.functions["work"].routes == (Route("GET", "/jobs/{job_id}"),)
    assert template.routes == {Route("GET", "/jobs/{job_id}")}


def test_a_statement_names_resources(template: Template) -> None:
    """One action or many, a statement lists them, and names the resources it reaches."""
    (statement,) = template.functions["work"].statements
    assert statement == Statement(("sqs:SendMessage",), ({"Fn::GetAtt": ["Jobs", "Arn"]},))
    assert statement.names == {"Jobs"}


def test_references_are_found_at_any_depth() -> None:
    """Ref, GetAtt and the names in a Sub; an escaped ``${!…}`` is no name."""
    value = {"a": [{"Ref": "One"}, {"Fn::Sub": "x/${Two.Arn}/${AWS::Region}/${!Literal}"}]}
    assert references(value) == {"One", "Two", "AWS::Region"}


def test_a_parameter_has_a_default(template: Template) -> None:
    """What a deployment does not say is in the template."""
    assert template.default("Days") == 3
