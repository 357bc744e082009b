"""What a file seeds and what has become of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from infra.stacks.drift import Step, client_facts, merged, seeded_after, steps
from tests.infra.stacks.clients import RIGHT, file_with
from vigie.domain.clients import Client, Recipient

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FACTS = some.dictionaries(some.sampled_from("abcd"), some.sampled_from([None, 1, 2, 3]))


@pytest.mark.parametrize(
    ("filed", "seeded", "standing", "action"),
    [
        (1, None, None, "create"),
        (1, 1, 1, None),
        (2, 1, 1, "update"),
        (None, 1, 1, "remove"),
        (1, 1, 9, "keep"),  # changed through the API
        (2, 1, 9, "keep"),  # and in the file since
        (1, 1, None, "keep"),  # removed through the API: not brought back
        (None, None, 9, "keep"),  # added through the API
        (None, 1, 9, "keep"),  # taken out of the file after the client made it theirs
        (9, 1, 9, None),  # both came to the same
        (1, None, 9, "keep"),  # there before there was a file
        (None, 1, None, None),
    ],
)
def test_each_case(filed: int | None, seeded: int | None, standing: int | None, action: str | None) -> None:
    """The file leads where nobody touched what it seeded; what somebody changed is theirs."""
    facts = [{} if value is None else {"watches[marque]": value} for value in (filed, seeded, standing)]
    found = steps(*facts)
    assert [step.action for step in found] == ([action] if action else [])


def after(standing: dict[str, Any], done: list[Step]) -> dict[str, Any]:
    """Return the stack once the steps are done."""
    left = dict(standing)
    for step in done:
        if step.action == "remove":
            del left[step.address]
        elif step.action != "keep":
            left[step.address] = step.filed
    return left


@given(FACTS, FACTS, FACTS)
def test_doing_it_twice_changes_nothing_more(
    filed: dict[str, Any], seeded: dict[str, Any], standing: dict[str, Any]
) -> None:
    """After a deployment the next one has only somebody's own to keep, which is as it was."""
    done = steps(filed, seeded, standing)
    left = after(standing, done)
    again = steps(filed, seeded_after(filed, seeded, done), left)
    assert {step.action for step in again} <= {"keep"}
    assert after(left, again) == left


@given(FACTS, FACTS)
def test_what_was_changed_by_others_is_never_touched(seeded: dict[str, Any], filed: dict[str, Any]) -> None:
    """Whatever the file becomes, a fact that differs from what was seeded stays as it stands."""
    standing = dict.fromkeys({*seeded, *filed}, "theirs")
    assert after(standing, steps(filed, seeded, standing)) == standing


def client(**changed: Any) -> Client:
    """Return the client of the right file."""
    return file_with(**changed).to_client(NOW)


def test_a_client_follows_its_file_field_by_field() -> None:
    """A zone that the client moved stays; the name and the recipients that only the file changed follow."""
    seeded_file = file_with(recipients=[{"email": "ana@phare.example"}, {"email": "bo@phare.example"}])
    now_file = file_with(
        name="Le Grand Phare",
        zone="Europe/Brussels",
        recipients=[{"email": "ana@phare.example", "name": "Ana"}, {"email": "cy@phare.example"}],
    )
    own = Recipient("Dee@phare.example")
    standing = client(
        zone="Europe/London", recipients=[{"email": "ana@phare.example"}, {"email": "bo@phare.example"}]
    )
    standing = merged(standing, standing, [])
    standing = Client(
        client_id=standing.client_id,
        name=standing.name,
        created_at=NOW,
        zone=standing.zone,
        recipients=(*standing.recipients, own),
    )
    done = steps(
        client_facts(now_file.to_client(), []),
        client_facts(seeded_file.to_client(), []),
        client_facts(standing, []),
    )
    result = merged(standing, now_file.to_client(), done)
    assert (result.name, result.zone) == ("Le Grand Phare", "Europe/London")
    assert [(each.email, each.name) for each in result.recipients] == [
        ("ana@phare.example", "Ana"),
        ("Dee@phare.example", ""),
        ("cy@phare.example", ""),
    ]
    assert [step.address for step in done if step.action == "keep"] == [
        "recipients[dee@phare.example]",
        "zone",
    ]


def test_what_is_left_open_is_no_fact() -> None:
    """A release that gives recipients another field, off by default, makes nothing look changed by somebody."""
    facts = client_facts(client(), [])
    assert facts["recipients[ana@phare.example]"] == {"email": "ana@phare.example"}
    assert facts["reviewer"] is None


def test_facts_are_values_of_json() -> None:
    """What is remembered as seeded is compared after it was written and read."""
    watch = RIGHT["watches"][0] | {"entity": {"name": "Le Phare", "aliases": ["LP"]}}
    file = file_with(watches=[watch], schedule={"send_at": "06:45"})
    facts = client_facts(file.to_client(), file.to_watches())
    assert facts["schedule"]["send_at"] == "06:45"
    assert facts["watches[marque]"] == {
        "name": "Le Phare",
        "purpose": "brand",
        "query": '"le phare"',
        "entity": {"name": "Le Phare", "aliases": ["LP"]},
    }
