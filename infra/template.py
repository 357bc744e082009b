"""template.yaml, read: what the house tests, the local run and the benchmarks ask of it.

The document is kept as CloudFormation's own JSON (``!Ref X`` becomes ``{"Ref": "X"}``), so that it can be
deployed; the properties beside it are typed views of the parts vigie's tools need.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"

Json = Any  # what JSON can say; the emulator and the tests take it apart


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a function's role."""

    actions: tuple[str, ...]
    resources: tuple[Json, ...]

    @property
    def names(self) -> frozenset[str]:
        """Logical ids of what it gives access to."""
        return references(self.resources)


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path of the API, as Chalice writes it: ``GET /clients/{client_id}``."""

    method: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSource:
    """A queue that feeds a function; ``enabled`` is false where nobody reads it unless a parameter says so."""

    queue: str
    batch_size: int
    reports_partial_failures: bool
    maximum_concurrency: Json
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue, by logical id. ``dead_letters`` is the logical id of where its failures go."""

    name: str
    visibility_timeout_seconds: int
    dead_letters: str | None
    maximum_receives: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function. ``room`` is its folder's name, ``name`` its logical id in the template."""

    room: str
    name: str
    folder: str
    handler: str
    memory_mb: int
    timeout_seconds: int
    environment: Mapping[str, Json]
    statements: tuple[Statement, ...]
    queues: tuple[QueueSource, ...]
    topics: tuple[str, ...]
    schedules: tuple[str, ...]
    routes: tuple[Route, ...]
    log_group: str | None


class Template:
    """A SAM template, by what it describes."""

    def __init__(self, document: Mapping[str, Json]) -> None:
        self.document = document

    @classmethod
    def read(cls, path: Path = TEMPLATE) -> "Template":
        """Read a template file."""
        return cls.parse(path.read_text(encoding="utf-8"))

    @classmethod
    def parse(cls, text: str) -> "Template":
        """Read a template's text."""
        return cls(yaml.load(text, Loader=_Loader))  # noqa: S506 - a SafeLoader

    def resources(self, kind: str) -> dict[str, dict[str, Json]]:
        """Return the resources of one type (``AWS::SQS::Queue``), by logical id."""
        return {
            name: resource
            for name, resource in self.document["Resources"].items()
            if resource["Type"] == kind
        }

    def default(self, parameter: str) -> Json:
        """Return a parameter's default."""
        return self.document["Parameters"][parameter]["Default"]

    def holds(self, value: Json) -> bool:
        """Return whether a condition, by name or written out, holds with the parameters' defaults."""
        match value:
            case bool():
                return value
            case str(name):
                return self.holds(self.document["Conditions"][name])
            case {"Fn::If": [str(name), then, otherwise]}:
                return self.holds(then if self.holds(name) else otherwise)
            case {"Fn::Not": [condition]}:
                return not self.holds(condition)
            case {"Fn::Equals": [{"Ref": str(parameter)}, str(wanted)]}:
                return str(self.default(parameter)) == wanted
        raise ValueError(f"cannot tell whether {value!r} holds")

    @cached_property
    def tables(self) -> dict[str, dict[str, Json]]:
        """Properties of each table, by logical id."""
        return {name: item["Properties"] for name, item in self.resources("AWS::DynamoDB::Table").items()}

    @cached_property
    def queues(self) -> dict[str, Queue]:
        """Every queue, by logical id."""
        return {name: _queue(name, item) for name, item in self.resources("AWS::SQS::Queue").items()}

    @cached_property
    def functions(self) -> dict[str, Function]:
        """Every function, by room."""
        shared = self.document.get("Globals", {}).get("Function", {})
        found = [
            _function(name, shared, item["Properties"], self.holds, self._served.get(name, ()))
            for name, item in self.resources("AWS::Serverless::Function").items()
        ]
        return {function.room: function for function in found}

    @cached_property
    def routes(self) -> frozenset[Route]:
        """Every route of the API."""
        return frozenset(route for routes in self._served.values() for route in routes)

    @cached_property
    def _served(self) -> dict[str, tuple[Route, ...]]:
        """Routes by the logical id of the function that each leads to."""
        served: dict[str, tuple[Route, ...]] = {}
        for api in self.resources("AWS::Serverless::Api").values():
            for path, methods in api["Properties"]["DefinitionBody"]["paths"].items():
                for method, operation in methods.items():
                    uri = operation["x-amazon-apigateway-integration"]["uri"]
                    (name,) = (each for each in references(uri) if "::" not in each)
                    served[name] = (*served.get(name, ()), Route(method.upper(), path))
        return served


def references(value: Json) -> frozenset[str]:
    """Return the logical ids and pseudo parameters that ``value`` names, however deep."""
    return frozenset(_references(value))


def _references(value: Json) -> Iterator[str]:
    match value:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::Sub": str(text)}:
            yield from (name.partition(".")[0] for name in re.findall(r"\$\{([^!}][^}]*)\}", text))
        case dict():
            yield from _references(list(value.values()))
        case list() | tuple():
            for item in value:
                yield from _references(item)


def _queue(name: str, resource: Mapping[str, Json]) -> Queue:
    properties = resource["Properties"]
    redrive = properties.get("RedrivePolicy")
    return Queue(
        name=name,
        visibility_timeout_seconds=properties.get("VisibilityTimeout", 30),
        dead_letters=_one(redrive["deadLetterTargetArn"]) if redrive else None,
        maximum_receives=redrive["maxReceiveCount"] if redrive else None,
    )


def _function(
    name: str,
    shared: Mapping[str, Json],
    own: Mapping[str, Json],
    holds: Callable[[Json], bool],
    routes: tuple[Route, ...],
) -> Function:
    def variables(properties: Mapping[str, Json]) -> dict[str, Json]:
        return dict(properties.get("Environment", {}).get("Variables", {}))

    events = list(own.get("Events", {}).values())
    group = own.get("LoggingConfig", {}).get("LogGroup")
    return Function(
        room=Path(own["CodeUri"]).name,
        name=name,
        folder=own["CodeUri"],
        handler=own.get("Handler", shared.get("Handler")),
        memory_mb=own["MemorySize"],
        timeout_seconds=own["Timeout"],
        environment=variables(shared) | variables(own),
        statements=tuple(_statements(own.get("Policies", []))),
        queues=tuple(_queue_source(event["Properties"], holds) for event in events if event["Type"] == "SQS"),
        topics=tuple(_one(event["Properties"]["Topic"]) for event in events if event["Type"] == "SNS"),
        schedules=tuple(
            event["Properties"]["ScheduleExpression"] for event in events if event["Type"] == "ScheduleV2"
        ),
        routes=routes,
        log_group=_one(group) if group else None,
    )


def _statements(policies: list[Json]) -> Iterator[Statement]:
    for policy in policies:
        for statement in policy["Statement"]:
            yield Statement(_tuple(statement["Action"]), _tuple(statement["Resource"]))


def _queue_source(properties: Mapping[str, Json], holds: Callable[[Json], bool]) -> QueueSource:
    return QueueSource(
        queue=_one(properties["Queue"]),
        batch_size=properties.get("BatchSize", 10),
        reports_partial_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
        maximum_concurrency=properties.get("ScalingConfig", {}).get("MaximumConcurrency"),
        enabled=holds(properties.get("Enabled", True)),
    )


def _one(value: Json) -> str:
    (name,) = references(value)
    return name


def _tuple(value: Json) -> tuple[Json, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Json]:
    value: Json
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise TypeError(f"!{suffix}: {node!r}")
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)
