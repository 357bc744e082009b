"""Template, settings, wiring, routes and tree say the same thing."""

import importlib.util
import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from infra.template import TEMPLATE, Function, Route, Template, references
from vigie import wiring
from vigie.adapters.dynamo.stamps import SHARED_SECONDS, WORKER_SECONDS
from vigie.handling import MAXIMUM_RECEIVES
from vigie.observe import NAMESPACE
from vigie.settings import PREFIX, Settings
from vigie.site.table import PAGES

ROOT = Path(__file__).parents[2]
STACK = Template.read()
FUNCTIONS = list(STACK.functions.values())
FED_BY_QUEUES = [function for function in FUNCTIONS if function.queues]
DEFAULTS = {item.name: item.default for item in fields(Settings)}

of_each = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.room)
of_each_fed_by_a_queue = pytest.mark.parametrize(
    "function", FED_BY_QUEUES, ids=lambda function: function.room
)


def settings_of(function: Function) -> dict[str, Any]:
    """Return the settings a function is given, by the name of their field."""
    return {
        name.removeprefix(PREFIX).lower(): value
        for name, value in function.environment.items()
        if name.startswith(PREFIX)
    }


def number(setting: str) -> float:
    """Return a setting's number as the template deploys it, the same for all functions that have it."""
    values = {
        str(STACK.default(value["Ref"]) if isinstance(value, dict) else value)
        for function in FUNCTIONS
        for name, value in settings_of(function).items()
        if name == setting
    }
    (text,) = values
    return float(text)


def granted(function: Function, service: str) -> set[str]:
    """Return the logical ids of what a function may use of a service (``dynamodb``)."""
    return {
        name
        for statement in function.statements
        if any(action.startswith(f"{service}:") for action in statement.actions)
        for name in statement.names
        if not name.startswith("AWS::")
    }


def named(function: Function, suffix: str) -> set[str]:
    """Return the logical ids that a function's settings ending in ``suffix`` name."""
    return {
        name
        for setting, value in settings_of(function).items()
        if setting.endswith(suffix)
        for name in references(value)
    }


# -- tree ---------------------------------------------------------------------------------------------------


def test_each_folder_is_a_function_and_each_function_a_folder() -> None:
    """functions/ and the template list the same rooms."""
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    assert folders == set(STACK.functions)


@of_each
def test_code_comes_from_its_folder(function: Function) -> None:
    """A function's code is functions/<room>/, its entry app.handler, its name in logs its room."""
    assert function.folder == f"functions/{function.room}/"
    assert function.handler == "app.handler"
    assert function.environment["POWERTOOLS_SERVICE_NAME"] == function.room


@of_each
def test_logs_are_kept_for_a_time(function: Function) -> None:
    """Each function writes to a log group of the stack, named after it, with a retention."""
    assert function.log_group is not None
    group = STACK.resources("AWS::Logs::LogGroup")[function.log_group]["Properties"]
    own = STACK.document["Resources"][function.name]["Properties"]
    assert group["LogGroupName"]["Fn::Sub"] == "/aws/lambda/" + own["FunctionName"]["Fn::Sub"]
    assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}


# -- settings -----------------------------------------------------------------------------------------------


def test_wiring_knows_each_function() -> None:
    """The wiring says what each function of the template reads."""
    assert set(STACK.functions) == set(wiring.SETTINGS_USED)


@of_each
def test_a_function_is_given_exactly_what_its_wiring_reads(function: Function) -> None:
    """No variable is missing, none is left over, and each is a setting."""
    assert set(wiring.SETTINGS_USED[function.room]) == set(settings_of(function))
    assert set(settings_of(function)) <= set(DEFAULTS)


@of_each
def test_what_is_given_names_what_exists(function: Function) -> None:
    """``sources_table`` is SourcesTable, ``shards_queue_url`` is ShardsQueue."""
    for setting, value in settings_of(function).items():
        if setting.endswith("_table"):
            assert {"Ref": _pascal(setting)} == value
        if setting.endswith("_queue_url"):
            assert {"Ref": _pascal(setting.removesuffix("_url"))} == value


@pytest.mark.parametrize(
    "setting",
    [
        "poll_interval_seconds",
        "poll_budget_seconds",
        "poll_lease_seconds",
        "settle_seconds",
        "mention_retention_days",
        "story_retention_days",
        "host_spacing_seconds",
        "shard_count",
        "mails_per_second",
        "monthly_cap_usd",
    ],
)
def test_the_code_and_the_template_have_the_same_defaults(setting: str) -> None:
    """A number left alone in the template is the one the code takes when nothing is set."""
    assert DEFAULTS[setting] == number(setting)


def test_the_ssrf_guard_cannot_be_opened_from_the_template() -> None:
    """Local addresses and local platforms are nowhere in the template: only a local run sets them."""
    local = {name for name in DEFAULTS if name.startswith("local_")}
    assert local == {"local_allow", "local_platforms", "local_register", "local_stripe"}
    assert "VIGIE_LOCAL_" not in TEMPLATE.read_text(encoding="utf-8").upper()


def test_metrics_go_to_one_namespace() -> None:
    """The template and the code name the same namespace."""
    assert {NAMESPACE} == {function.environment["POWERTOOLS_METRICS_NAMESPACE"] for function in FUNCTIONS}


# -- queues -------------------------------------------------------------------------------------------------


def test_each_queue_feeds_one_function_or_keeps_dead_letters() -> None:
    """No queue is written to and never read."""
    fed = [source.queue for function in FUNCTIONS for source in function.queues]
    dead = {queue.dead_letters for queue in STACK.queues.values() if queue.dead_letters}
    assert sorted(STACK.queues) == sorted([*fed, *dead])


@of_each_fed_by_a_queue
def test_a_batch_fails_in_part(function: Function) -> None:
    """Each queue's function reports which messages failed, and has its workers counted."""
    for source in function.queues:
        assert source.reports_partial_failures
        assert source.maximum_concurrency is not None


@of_each_fed_by_a_queue
def test_a_message_stays_hidden_while_it_is_worked_on(function: Function) -> None:
    """A queue's visibility is at least six times its function's time-out, as AWS advises for batches."""
    for source in function.queues:
        assert STACK.queues[source.queue].visibility_timeout_seconds >= 6 * function.timeout_seconds


@of_each_fed_by_a_queue
def test_what_fails_again_and_again_is_set_aside(function: Function) -> None:
    """Each queue has dead letters, kept longer than any message waits, and gives several tries."""
    for source in function.queues:
        queue = STACK.queues[source.queue]
        assert queue.dead_letters is not None
        assert queue.maximum_receives == MAXIMUM_RECEIVES
        properties = STACK.document["Resources"][queue.dead_letters]["Properties"]
        assert properties["MessageRetentionPeriod"] == 14 * 86_400


def test_payloads_outlive_the_messages_that_refer_to_them() -> None:
    """What travels by reference is kept longer than a message in the dead letters."""
    rules = STACK.document["Resources"]["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (days,) = (rule["ExpirationInDays"] for rule in rules if rule.get("Prefix") == "payloads/")
    assert days > 14


# -- time ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", ["match", "classify"])
def test_a_digest_waits_for_what_is_in_flight(room: str) -> None:
    """No worker that stamped something before a cut-off can still be writing when the digest is built."""
    least = STACK.document["Parameters"]["SettleSeconds"]["MinValue"]
    assert STACK.functions[room].timeout_seconds <= WORKER_SECONDS
    assert min(least, number("settle_seconds")) >= WORKER_SECONDS + SHARED_SECONDS


def test_a_lease_outlasts_its_worker() -> None:
    """A poll stops asking before its time-out, and its time-out comes before its lease ends."""
    assert (
        number("poll_budget_seconds") < STACK.functions["poll"].timeout_seconds < number("poll_lease_seconds")
    )


@of_each
def test_ticks_are_not_tried_twice(function: Function) -> None:
    """What a schedule starts runs again, and soon enough for its work: the next time is the retry."""
    own = STACK.document["Resources"][function.name]["Properties"]
    if function.schedules:
        assert function.schedules in {
            ("rate(1 minute)",),
            ("rate(5 minutes)",),
            ("rate(15 minutes)",),
            ("rate(60 minutes)",),
        }
        assert own["EventInvokeConfig"] == {"MaximumRetryAttempts": 0}


# -- permissions --------------------------------------------------------------------------------------------


@of_each
def test_no_wildcard(function: Function) -> None:
    """Actions and resources are named one by one; ``sqs:SendMessage*`` says why it is not, an account has no name."""
    for statement in function.statements:
        if statement.actions == ("ses:GetAccount",):
            continue
        assert not [action for action in statement.actions if "*" in action and action != "sqs:SendMessage*"]
        assert "*" not in statement.resources
        assert statement.names - {"AWS::Partition", "AWS::Region", "AWS::AccountId"}


@of_each
def test_a_role_names_what_its_function_uses(function: Function) -> None:
    """A table, queue or bucket is in a function's role exactly when its settings name it."""
    assert named(function, "_table") == granted(function, "dynamodb")
    assert named(function, "_queue_url") | named(function, "dead_letters_url") == granted(function, "sqs")
    assert named(function, "bucket") == granted(function, "s3")


def test_a_large_model_is_asked_only_where_one_is_chosen() -> None:
    """By default its queue is not read, no permission is given, and nothing is spent."""
    function = STACK.functions["adjudicate"]
    assert [source.enabled for source in function.queues] == [False]
    assert STACK.default("LargeModel") == DEFAULTS["large_model"] == "none"
    all_policies = STACK.resources("AWS::IAM::Policy")
    policies = {name: policy for name, policy in all_policies.items() if name.startswith("Adjudicate")}
    assert {name: policy["Condition"] for name, policy in policies.items()} == {
        "AdjudicateBedrock": "AsksBedrock",
        "AdjudicateComprehend": "AsksComprehend",
    }
    for policy in policies.values():
        assert not STACK.holds(policy["Condition"])
        assert policy["Properties"]["Roles"] == [{"Ref": "AdjudicateFunctionRole"}]


def test_a_client_scope_is_at_most_what_the_api_and_the_site_may_do() -> None:
    """The role that requests assume opens tables and objects as those two do, and to nobody else; on by default."""
    role, policy = STACK.resources("AWS::IAM::Role")["ClientScopeRole"], STACK.resources("AWS::IAM::Policy")
    assume = policy["AssumeClientScope"]
    assert role["Condition"] == assume["Condition"] == "ScopesClients"
    assert STACK.holds("ScopesClients")
    users = ("ApiFunctionRole", "SiteFunctionRole")
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": [{"Fn::GetAtt": [user, "Arn"]} for user in users]}
    assert assume["Properties"]["Roles"] == [{"Ref": user} for user in users]
    (given,) = assume["Properties"]["PolicyDocument"]["Statement"]
    assert (given["Action"], references([given["Resource"]])) == ("sts:AssumeRole", {"ClientScopeRole"})
    may = pairs(
        (statement.actions, statement.resources)
        for name in ("api", "site")
        for statement in STACK.functions[name].statements
    )
    (scoped,) = role["Properties"]["Policies"]
    statements = scoped["PolicyDocument"]["Statement"]
    assert pairs((listed(each["Action"]), listed(each["Resource"])) for each in statements) == {
        (action, where) for action, where in may if not where.endswith('/archive/*"}')
    }


def listed(value: object) -> list[object]:
    """Return what a policy writes as one or as a list of them as a list."""
    return value if isinstance(value, list) else [value]


def pairs(statements: Iterable[tuple[Iterable[Any], Iterable[Any]]]) -> set[tuple[str, str]]:
    """Return each action on tables and objects with each resource that it may be done to."""
    return {
        (action, json.dumps(resource))
        for actions, resources in statements
        for action in actions
        for resource in resources
        if action.startswith(("dynamodb:", "s3:"))
    }


def test_webhooks_cost_nothing_where_they_are_off() -> None:
    """By default their queue is not read."""
    assert [source.enabled for source in STACK.functions["notify"].queues] == [False]
    assert STACK.default("Webhooks") == DEFAULTS["webhooks"] == "off"


@of_each
def test_only_send_mails(function: Function) -> None:
    """Sending mail is allowed to the function that has a sender, and to no other."""
    assert ("sender" in settings_of(function)) == bool(granted(function, "ses"))


# -- data ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*STACK.tables, "Bucket"])
def test_data_survives_a_mistake(name: str) -> None:
    """Deleting or replacing the stack leaves tables and bucket; a failed first deployment leaves nothing."""
    resource = STACK.document["Resources"][name]
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("name", STACK.tables)
def test_tables_are_protected(name: str) -> None:
    """Each table is on demand, expires what is past, can be restored to any second, and refuses deletion."""
    table = STACK.tables[name]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is True


# -- routes -------------------------------------------------------------------------------------------------


def test_the_template_lists_each_route_of_the_api() -> None:
    """Chalice routes on the path API Gateway names, so both must know the same routes."""
    spec = importlib.util.spec_from_file_location("api_app", ROOT / "functions" / "api" / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    served = {Route(method, path) for path, methods in module.app.routes.items() for method in methods}
    assert served == set(STACK.functions["api"].routes)


def test_the_template_lists_each_page_of_the_site() -> None:
    """A page that the gateway does not route to cannot be read, and a route without a page leads nowhere."""
    assert {Route(method, path) for method, path in PAGES} == set(STACK.functions["site"].routes)


def test_the_api_may_call_each_function_by_one_permission() -> None:
    """Whatever the number of its routes: one permission each would pass the 20 KB of a function's policy."""
    permitted = [
        item["Properties"]["FunctionName"]["Ref"]
        for item in STACK.resources("AWS::Lambda::Permission").values()
        if item["Properties"]["SourceArn"]["Fn::Sub"].endswith(":${Api}/*")
    ]
    assert sorted(permitted) == sorted(each.name for each in STACK.functions.values() if each.routes)
    own = STACK.resources("AWS::Serverless::Function").values()
    kinds = {event["Type"] for each in own for event in each["Properties"].get("Events", {}).values()}
    assert "Api" not in kinds


def test_whatever_changes_something_is_posted() -> None:
    """Pages are read by GET and act by POST: scanners and previews follow every link of a mail."""
    assert {method for method, _ in PAGES} <= {"GET", "POST"}


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
