"""From a client's file to the template's parameters: every one, so that a plan shows what a deployment sets."""

import re
from collections.abc import Mapping
from typing import Any

from infra.local.deploy import ON_THE_EMULATOR
from infra.stacks.client_file import Option, StackFile, topic_and_address
from vigie.errors import BadField

OF_FIELDS = {
    "StackKind": "kind",
    "Locale": "locale",
    "SenderAddress": "mail.sender",
    "SenderIdentity": "mail.identity",
    "MentionRetentionDays": "retention.mentions_days",
    "ArchiveRetentionDays": "retention.archive_days",
    "StoryRetentionDays": "retention.stories_days",
    "LogRetentionDays": "retention.logs_days",
    "AlarmTopicArn": "alarms_to",
    "AlarmEmail": "alarms_to",
}
"""Parameters that fields of their own set, and the field of each; ``options`` may name all others."""

VALUE_LIMIT = 4096  # characters, CloudFormation's own


def parameters(
    file: StackFile, declared: Mapping[str, Mapping[str, Any]], *, local: bool = False
) -> dict[str, str]:
    """Return the value of every parameter that the template declares. Raises BadField naming the file's field.

    ``declared`` is the template's section ``Parameters``.
    """
    given = _of_fields(file) | _of_options(file.options, declared)
    values = {
        name: _value(given.get(name, ("", None)), name, parameter) for name, parameter in declared.items()
    }
    return values | (
        {name: value for name, value in ON_THE_EMULATOR.items() if name in declared} if local else {}
    )


def changed_parameters(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return what each parameter was and becomes, where that differs; one that is new was empty."""
    return {
        name: (before.get(name, ""), value) for name, value in after.items() if before.get(name, "") != value
    }


def _of_fields(file: StackFile) -> dict[str, tuple[str, Option | None]]:
    """Return the field and the value of each parameter that has a field of its own."""
    topic, address = topic_and_address(file.alarms_to)
    kept = file.retention
    values: dict[str, Option | None] = {
        "StackKind": file.kind,
        "Locale": file.locale,
        "SenderAddress": file.mail.sender,
        "SenderIdentity": file.mail.identity,
        "MentionRetentionDays": kept.mentions_days,
        "ArchiveRetentionDays": kept.archive_days,
        "StoryRetentionDays": kept.stories_days,
        "LogRetentionDays": kept.logs_days,
        "AlarmTopicArn": topic,
        "AlarmEmail": address,
    }
    return {name: (OF_FIELDS[name], value) for name, value in values.items()}


def _of_options(
    options: Mapping[str, Option], declared: Mapping[str, Any]
) -> dict[str, tuple[str, Option | None]]:
    names = {_snake(name): name for name in declared}
    found: dict[str, tuple[str, Option | None]] = {}
    for option, value in options.items():
        name = names.get(option)
        if name is None or name == "RequireTls":
            free = sorted(each for each, of in names.items() if of not in {*OF_FIELDS, "RequireTls"})
            raise BadField(f"options.{option}", "is no parameter of the template", f"Use {', '.join(free)}.")
        if name in OF_FIELDS:
            raise BadField(f"options.{option}", "has a field of its own", f"Write it as {OF_FIELDS[name]}.")
        found[name] = (f"options.{option}", value)
    return found


def _value(given: tuple[str, Option | None], name: str, parameter: Mapping[str, Any]) -> str:
    field, value = given
    if value is None:
        if "Default" not in parameter:
            raise BadField(
                f"options.{_snake(name)}", "is missing", str(parameter.get("Description", "Give it."))
            )
        return str(parameter["Default"])
    text = _text(value)
    if (remedy := _refused(text, parameter)) is not None:
        raise BadField(field, f"{text!r} cannot be {name}", remedy)
    return text


def _text(value: Option) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list) else str(value)


def _refused(text: str, parameter: Mapping[str, Any]) -> str | None:
    """Return what CloudFormation would take instead, None when it takes this."""
    allowed = [str(each) for each in parameter.get("AllowedValues", [])]
    if allowed and text not in allowed:
        return f"Use one of {', '.join(allowed)}."
    if parameter["Type"] == "Number":
        return _refused_number(text, parameter)
    if len(text) > VALUE_LIMIT:
        return f"Give {VALUE_LIMIT} characters at most."
    pattern = parameter.get("AllowedPattern")
    if pattern and not re.fullmatch(pattern, text):
        return str(parameter.get("Description", f"It must read as {pattern}."))
    return None


def _refused_number(text: str, parameter: Mapping[str, Any]) -> str | None:
    least, most = parameter.get("MinValue"), parameter.get("MaxValue")
    within = " ".join([f"from {least}"] * (least is not None) + [f"to {most}"] * (most is not None))
    try:
        number = float(text)
    except ValueError:
        return f"Give a number {within}".strip() + "."
    if (least is not None and number < float(least)) or (most is not None and number > float(most)):
        return f"Give a number {within}."
    return None


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
