"""Clients' files as they are read: what is wrong is told by file, field and remedy."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from infra.stacks import strict_yaml
from infra.stacks.packs import sources_of
from infra.stacks.parameters import parameters
from infra.stacks.reading import CLIENTS, client_names, convert, read_client_file, schema
from infra.template import Template
from tests.infra.stacks.clients import RIGHT
from vigie.errors import BadField, NotFound


def written(folder: Path, content: object, name: str = "phare") -> Path:
    """Write a client's file and return where."""
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


@pytest.mark.parametrize("name", client_names())
def test_the_examples_describe_stacks(name: str) -> None:
    """Each file of the folder can be deployed, and holds to the schema that editors read."""
    path = CLIENTS / f"{name}.yaml"
    file = read_client_file(path)
    assert parameters(file, Template.read().document["Parameters"])
    assert bool(sources_of(file.source_packs)) is bool(file.source_packs)
    jsonschema.validate(strict_yaml.load(path.read_text("utf-8")), schema())


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"watchs": []}, "watchs: is no field of it. Did you mean watches?"),
        ({"mail": {"sender": "a@b.fr"}}, "mail.identity: is missing. See the schema"),
        ({"client": None}, "client: expected `str`, got `null`. The client's id"),
        ({"locale": "de"}, "locale: invalid enum value 'de'. Language of the client: fr or en."),
        ({"zone": "Europe/Brest"}, "zone: 'Europe/Brest' is unknown. Use an IANA zone: Europe/Paris."),
        ({"schedule": {"send_at": "25:00"}}, "schedule.send_at: '25:00' is no hour of the day"),
        ({"recipients": [{"email": "ana"}]}, "recipients.email: 'ana' is no address. Use name@domain."),
        ({"reviewer": {"email": "ana"}}, "reviewer.email: 'ana' is no address"),
        (
            {"watches": [{"name": "a", "purpose": "brnd", "query": "b"}]},
            "watches[0].purpose: invalid enum value 'brnd'. Use one of brand, competitor",
        ),
        ({"watches": []}, "watches: are none"),
        (
            {"watches": [*RIGHT["watches"], {"name": "b", "purpose": "brand", "query": "a AND ("}]},
            "watches[1].query: ",
        ),
        ({"watches": [RIGHT["watches"][0]] * 2}, "watches[1].watch_id: 'marque' is another watch's"),
        ({"source_packs": ["a b"]}, "source_packs: 'a b' cannot be an id"),
        ({"source_packs": ["a", "a"]}, "source_packs[1]: 'a' is named twice"),
        ({"retention": {"mentions_days": 0}}, "retention.mentions_days: expected `int` >= 1. Give a number"),
        ({"plan": {"monthly_mentions": "many"}}, "plan.monthly_mentions: expected `int`, got `str`"),
        ({"alarms_to": "ana"}, "alarms_to: 'ana' is neither. Give a mail address, or the ARN"),
        ({"client": "x" * 41}, "client: "),
        ({"kind": "booost"}, "kind: is booost beside a client's own fields"),
    ],
)
def test_what_is_wrong_is_told(changed: dict[str, Any], told: str, tmp_path: Path) -> None:
    """Each refusal begins with the file and the path of the field, and ends with the remedy."""
    name = changed.get("client") or "phare"
    with pytest.raises(BadField) as refused:
        read_client_file(written(tmp_path, RIGHT | changed, name))
    assert str(refused.value).startswith(f"{name}.yaml: {told}")
    assert refused.value.remedy


def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    """Somebody who writes a value where a name belongs does not find it again in a log."""
    with pytest.raises(BadField) as refused:
        read_client_file(written(tmp_path, RIGHT | {"secrets": ["sk_live_4eC39HqLyjW"]}))
    assert "sk_live" not in str(refused.value)
    assert "its value belongs into SSM alone" in refused.value.remedy


def test_file_and_client_have_one_name(tmp_path: Path) -> None:
    """A copied file whose client was not renamed would change another's stack."""
    with pytest.raises(BadField, match=r"client: is 'phare', and the file is copie\.yaml"):
        read_client_file(written(tmp_path, RIGHT, "copie"))


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    """The sentence says how to begin."""
    with pytest.raises(NotFound, match="Copy one of its neighbours"):
        read_client_file(tmp_path / "absent.yaml")


def test_a_shared_tier_has_no_client(tmp_path: Path) -> None:
    """The self-serve stack names neither watches nor recipients: its clients bring theirs."""
    bare = {name: RIGHT[name] for name in ("client", "name", "mail", "alarms_to")}
    assert read_client_file(written(tmp_path, bare | {"kind": "booost"})).stack == "vigie-phare"


def test_a_list_is_no_client() -> None:
    """The file as a whole is complained of when it is no mapping."""
    with pytest.raises(BadField, match=r"the file: expected `object`, got `array`"):
        convert([])
