"""Deploy the real template on the emulated cloud, and ask through the API for what it leaves out.

The template is sent as it is, but for the two things any deployment changes: where the code is (a key of a
bucket instead of a folder) and parameters. Deploying again is an update; unchanged code is no change.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.local import roles
from infra.local.cloud import Cloud
from infra.local.emulator import ROOT
from infra.local.package import Package, package
from infra.local.trouble import CannotRun
from vigie.settings import PREFIX, Settings

CODE_BUCKET = "vigie-local-code"
STACK = "vigie-local"

ON_THE_EMULATOR = {
    "RequireTls": "false",  # it speaks none
    "CallbackUrl": "none",  # no hub out there reaches this machine: asking for pushes would be a nuisance
    "ClientScopes": "off",  # it enforces policies without knowing leading keys: a client's would deny everything
    "SettleSeconds": "60",
    "Workers": "few",  # on one machine
}
"""Parameters that differ from the template's defaults on the loopback emulator."""

_WAIT_SECONDS = 120.0
_BROKEN = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What to deploy: the template with its intrinsics as mappings, and the layer's zip for this machine."""

    template: Mapping[str, Any]
    layer: Path
    parameters: Mapping[str, str]
    stack: str = STACK
    root: Path = ROOT  # where the folders named by CodeUri are


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployed stack: its name and its outputs, which name everything else."""

    stack: str
    outputs: Mapping[str, str]

    def api_url(self, endpoint_url: str) -> str:
        """Return the API's address on the emulator, without a slash at the end.

        The id changes with the API's body: ask again after each deployment.
        """
        stage = f"{self.outputs['ApiId']}/{self.outputs['ApiStage']}"
        return f"{endpoint_url}/restapis/{stage}/_user_request_"

    def settings(self, parameters: Mapping[str, str]) -> dict[str, str]:
        """Return the stack's ``VIGIE_*`` variables: outputs and parameters carry the names of the settings."""
        names = {item.name for item in fields(Settings)}
        values = {_snake(name): value for name, value in {**parameters, **self.outputs}.items()}
        known = {name: value for name, value in values.items() if name in names}
        return {PREFIX + name.upper(): value for name, value in (known | {"stack": self.stack}).items()}


def deploy(cloud: Cloud, blueprint: Blueprint) -> Deployment:
    """Create or update the stack and return its outputs. Raises CannotRun with the first failed resource."""
    body = json.dumps(with_code(blueprint.template, CODE_BUCKET, _upload(cloud, blueprint)))
    changed = _apply(cloud, blueprint, body)
    stack = blueprint.stack
    description = _wait(cloud, stack) if changed else _describe(cloud, stack)
    if description is None or description["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise CannotRun(f"The template could not be deployed: {_first_failure(cloud, stack)}")
    outputs = {item["OutputKey"]: item["OutputValue"] for item in description.get("Outputs", [])}
    deployment = Deployment(stack, outputs)
    complete(cloud, blueprint.template, blueprint.parameters, outputs)
    roles.make_up(cloud, blueprint.template, stack)
    return deployment


# -- code ---------------------------------------------------------------------------------------------------


def _upload(cloud: Cloud, blueprint: Blueprint) -> dict[str, str]:
    """Put each function's code and the layer into a bucket; return their keys by resource."""
    s3 = cloud.client("s3")
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(
            Bucket=CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name}
        )
    there = {item["Key"] for item in s3.list_objects_v2(Bucket=CODE_BUCKET).get("Contents", [])}
    keys = {}
    for name, packed in packages(blueprint.template, blueprint.layer, blueprint.root):
        keys[name] = packed.key
        if packed.key not in there:
            s3.put_object(Bucket=CODE_BUCKET, Key=packed.key, Body=packed.content)
    return keys


def packages(template: Mapping[str, Any], layer: Path, root: Path = ROOT) -> Iterator[tuple[str, Package]]:
    """Yield each piece of code that a template names, by resource. Raises CannotRun when one is missing.

    ``layer`` is the layer's zip; ``root`` is where the folders named by ``CodeUri`` are.
    """
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            folder = root / resource["Properties"]["CodeUri"]
            if not folder.is_dir():
                raise CannotRun(f"The template's {name} names {folder}, which does not exist.")
            yield name, package(folder, folder.name)
        elif resource["Type"] == "AWS::Serverless::LayerVersion":
            yield name, Package.of(layer.read_bytes(), "layer")


def with_code(template: Mapping[str, Any], bucket: str, keys: Mapping[str, str]) -> dict[str, Any]:
    """Return a template whose code is in a bucket, under keys by resource."""
    body: dict[str, Any] = json.loads(json.dumps(template))
    for name, key in keys.items():
        resource = body["Resources"][name]
        place = "ContentUri" if resource["Type"].endswith("LayerVersion") else "CodeUri"
        resource["Properties"][place] = {"Bucket": bucket, "Key": key}
    return body


# -- the stack ----------------------------------------------------------------------------------------------


def _apply(cloud: Cloud, blueprint: Blueprint, body: str) -> bool:
    """Ask for the stack; return whether anything is to change."""
    formation, stack = cloud.client("cloudformation"), blueprint.stack
    there = _describe(cloud, stack)
    if there is not None and there["StackStatus"] in _BROKEN:  # nothing can update what was never created
        formation.delete_stack(StackName=stack)
        _wait(cloud, stack)
        there = None
    request = {
        "StackName": stack,
        "TemplateURL": _template_url(cloud, body),
        "Parameters": [
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in sorted(blueprint.parameters.items())
        ],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    try:
        (formation.create_stack if there is None else formation.update_stack)(**request)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return False
        raise CannotRun(f"The template was refused: {error.response['Error']['Message']}") from error
    return True


def _template_url(cloud: Cloud, body: str) -> str:
    """Put the template into the bucket, as ``sam deploy`` does: a request takes 51,200 bytes, and ours is larger."""
    cloud.client("s3").put_object(Bucket=CODE_BUCKET, Key="template.json", Body=body.encode())
    return f"{cloud.endpoint_url}/{CODE_BUCKET}/template.json"


def _wait(cloud: Cloud, stack: str) -> dict[str, Any] | None:
    """Return the stack once it no longer changes, None once it is gone."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline:
        description = _describe(cloud, stack)
        if description is None or not description["StackStatus"].endswith("_IN_PROGRESS"):
            return description
        time.sleep(0.1)
    raise CannotRun(f"The stack was still being deployed after {_WAIT_SECONDS:.0f} s.")


def _describe(cloud: Cloud, stack: str) -> dict[str, Any] | None:
    try:
        answer = cloud.client("cloudformation").describe_stacks(StackName=stack)
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    description: dict[str, Any] = answer["Stacks"][0]
    return None if description["StackStatus"] == "DELETE_COMPLETE" else description


def _first_failure(cloud: Cloud, stack: str) -> str:
    events = cloud.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
    failed = [event for event in reversed(events) if event["ResourceStatus"].endswith("_FAILED")]
    if not failed:
        return "no resource says why"
    return f"{failed[0]['LogicalResourceId']}: {failed[0].get('ResourceStatusReason', 'no reason given')}"


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


# -- what the emulator ignores in the template --------------------------------------------------------------


def complete(
    cloud: Cloud, template: Mapping[str, Any], parameters: Mapping[str, str], outputs: Mapping[str, str]
) -> None:
    """Ask through the API for expiry, point-in-time recovery, bucket lifecycle and the sender's identity.

    The emulator accepts all of them there, and silently drops them from a template.
    """
    values = {key: item.get("Default") for key, item in template["Parameters"].items()}
    values |= parameters
    for name, resource in template["Resources"].items():
        if name in outputs and resource["Type"] == "AWS::DynamoDB::Table":
            _complete_table(cloud, outputs[name], resource["Properties"])
        if name in outputs and resource["Type"] == "AWS::S3::Bucket":
            rules = resource["Properties"].get("LifecycleConfiguration", {}).get("Rules", [])
            _complete_bucket(cloud, outputs[name], rules, values)
    if identity := values.get("SenderIdentity"):
        _verify_sender(cloud, identity)


def _complete_table(cloud: Cloud, table: str, properties: Mapping[str, Any]) -> None:
    dynamo = cloud.client("dynamodb")
    if expiry := properties.get("TimeToLiveSpecification"):
        now = dynamo.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"]
        if now != "ENABLED":
            dynamo.update_time_to_live(TableName=table, TimeToLiveSpecification=expiry)
    if recovery := properties.get("PointInTimeRecoverySpecification"):
        dynamo.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=recovery)


def _complete_bucket(
    cloud: Cloud, bucket: str, rules: list[dict[str, Any]], values: Mapping[str, Any]
) -> None:
    """Write the template's rules as the API wants them: another shape for the same thing."""
    wanted = []
    for rule in rules:
        days = rule.get("ExpirationInDays")
        wanted.append(
            {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
            | (
                {"Expiration": {"Days": int(values[days["Ref"]] if isinstance(days, dict) else days)}}
                if days
                else {}
            )
            | {key: rule[key] for key in ("AbortIncompleteMultipartUpload",) if key in rule}
        )
    cloud.client("s3").put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": wanted}
    )


def _verify_sender(cloud: Cloud, identity: str) -> None:
    mail = cloud.client("sesv2")
    with suppress(mail.exceptions.AlreadyExistsException):
        mail.create_email_identity(EmailIdentity=identity)
