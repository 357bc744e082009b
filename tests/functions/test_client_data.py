"""A client's data on the emulated stack: taken away whole, brought in elsewhere, erased with a receipt."""

import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.builders import CUTOFF, a_client, a_document, a_hit, a_mention, a_watch
from tests.contracts.test_alerts import a_watching, alert_of_day
from tests.functions.conftest import Stack
from vigie import wiring
from vigie.adapters import aws
from vigie.cli import main
from vigie.domain.alerts.settings import AlertSettings, Channel, Person
from vigie.domain.clients import Reviewer
from vigie.domain.cutoffs import Interval
from vigie.domain.mentions import ClientMatch, StoryRef
from vigie.domain.objections import hash_of_name
from vigie.domain.owned import hashed
from vigie.messages import DocumentsGrouped, GroupedDocument, encode, raw

pytestmark = pytest.mark.emulator
OURS, THEIRS, EMAIL = "banque-armelie", "boulangerie", "veille@banque-armelie.example"


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Run a command; return its exit code and its line."""
    out = io.StringIO()
    code = main([*arguments], out, sys.stderr)
    return code, json.loads(out.getvalue() or "{}")


def fill() -> None:
    """Give two clients one thing of every kind that stores keep under a client."""
    for client_id in (OURS, THEIRS):
        client = a_client(client_id=client_id, reviewer=Reviewer(EMAIL, "Ana"))
        wiring.accounts().put_client(client)
        wiring.accounts().put_watch(a_watch(client_id=client_id))
        wiring.appointments().keep(client)
        document = a_document(body="mot " * 400, author="Jean Martin")
        wiring.mentions().record([a_mention(document, client_id=client_id, recorded_at=wiring.now())])
        wiring.key_desk().issue(client_id, ("read",), name="Tableau")
        alert = alert_of_day(0, client_id)
        wiring.alert_store().keep(None, a_watching(1, alert, client_id=client_id), [alert], CUTOFF)
        people = (Person(name="Ana", channels=(Channel("mail", EMAIL), Channel("sms", "+33612345678"))),)
        wiring.alert_store().change_settings(
            client_id, lambda _, id_=client_id, who=people: AlertSettings(client_id=id_, people=who)
        )
        wiring.blobs().put(f"clients/{client_id}/digests/d.json", b"{}", "application/json")
        wiring.blobs().put(f"search/{client_id}/index", b"[]", "application/json")


def everything() -> str:
    """Return all that the stack's tables and bucket hold, as text."""
    names = ("accounts", "mentions", "digests", "ledger")
    tables = [getattr(wiring.settings(), f"{name}_table") for name in names]
    items = [item for table in tables for item in aws.dynamodb().scan(TableName=table)["Items"]]
    told = [item for item in items if not _is_notice(item)]
    return str(told) + str(wiring.blobs().keys(""))


def _is_notice(item: dict[str, Any]) -> bool:
    """Whether an item says that something is gone: a receipt, or a watch that ended."""
    return item["pk"]["S"] == "ERASURES" or (item["pk"]["S"] == "WATCHES" and "data" not in item)


def seen(client_id: str) -> dict[str, Any]:
    """Return what a stack shows of a client."""
    lifetime = Interval(CUTOFF.replace(year=2020), CUTOFF.replace(year=2090))
    return {
        "client": wiring.accounts().client(client_id),
        "watches": wiring.accounts().watches(client_id),
        "mentions": wiring.mentions().recorded_in(client_id, lifetime),
        "alerts": wiring.alert_store().alerts(client_id, 10),
        "settings": wiring.alert_store().settings(client_id),
        "rhythms": [due.rhythm for due in wiring.digests().appointments(client_id)],
        "objects": [wiring.blobs().get(key) for key in wiring.blobs().keys(f"clients/{client_id}/")],
    }


def test_an_export_holds_everything_and_says_it_readably(stack: Stack, tmp_path: Path) -> None:
    """Every item under the client's key is in it, opened; nothing of another client is."""
    fill()
    code, line = run("client", "export", OURS, "--out", str(tmp_path / "a.zip"))
    assert code == 0
    assert line["counts"]["objects"] == 2
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        content = {
            name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".jsonl")
        }
        assert json.loads(archive.read("manifest.json"))["client_id"] == OURS
    lines = [json.loads(text) for text in content["mentions.jsonl"].splitlines()]
    assert "Jean Martin" in json.dumps([line["value"] for line in lines])
    assert THEIRS not in "".join(content.values())


def test_a_client_moves_to_another_stack(stack: Stack, tmp_path: Path) -> None:
    """Exported, erased and brought in again, it is as it was: watches match, alerts stand, a digest is to come."""
    fill()
    before = seen(OURS)
    file = str(tmp_path / "a.zip")
    assert run("client", "export", OURS, "--out", file)[0] == 0
    assert run("client", "import", file)[0] == 1  # it is still there
    assert run("client", "erase", OURS, "--confirm", OURS, "--by", "Ops")[0] == 0
    assert wiring.accounts().client(OURS) is None
    version = wiring.accounts().watches_version()
    assert run("client", "import", file)[0] == 0
    assert seen(OURS) == before
    assert wiring.accounts().watches_version() != version


def test_an_erased_client_is_nowhere(stack: Stack) -> None:
    """No table and no key of the bucket names it any more; the other client is as it was; the receipt counts."""
    fill()
    before = seen(THEIRS)
    assert OURS in everything()
    code, receipt = run("client", "erase", OURS, "--confirm", OURS, "--by", "Ops")
    assert (code, receipt["left"], receipt["by"], receipt["erased"]["objects"]) == (0, 0, "Ops", 2)
    changes = {"accounts", "mentions", "digests", "ledger", "objects"}
    assert {*receipt["erased"]} == changes
    assert OURS not in everything().replace(EMAIL, "")  # whom the other client writes to
    assert seen(THEIRS) == before


def test_nobody_is_erased_by_a_slip(stack: Stack) -> None:
    """The client is named twice, or nothing is done; a client that is not there cannot be exported."""
    fill()
    assert run("client", "erase", OURS, "--confirm", THEIRS, "--by", "Ops")[0] == 1
    assert wiring.accounts().client(OURS) is not None
    assert run("client", "export", "nobody")[0] == 1
    assert not Path("nobody.zip").exists()


def test_a_person_is_written_to_no_more(stack: Stack) -> None:
    """Recipient, reviewer, alerted, known: gone for every client; the receipt names nobody."""
    fill()
    code, receipt = run("person", "erase", "--email", EMAIL.upper(), "--by", "Ops")
    assert code == 0
    assert {name: receipt["erased"][name] for name in ("recipient", "reviewer", "alerted")} == {
        "recipient": 2,
        "reviewer": 2,
        "alerted": 2,
    }
    assert EMAIL not in everything()
    assert (receipt["subject"], EMAIL in json.dumps(receipt)) == (hashed(EMAIL), False)
    (person,) = wiring.alert_store().settings(OURS).people
    assert [channel.kind for channel in person.channels] == ["sms"]


def test_an_author_who_objects_is_named_no_more(stack: Stack, sqs_event: Any) -> None:
    """Not in what is there, nor in what comes later; the article stays. The list holds a hash, and no name."""
    fill()
    code, receipt = run("person", "object", "--author", "Par JEAN  Martin", "--by", "Ops")
    assert (code, receipt["erased"]) == (0, {"mentions": 2})
    stack.call("classify", sqs_event(grouped("Marie Louvet et Jean Martin", "later").decode()))
    stack.call("classify", sqs_event(grouped("Marie Louvet", "other").decode()))
    found = [mention.document for mention in seen(OURS)["mentions"]]
    assert [(each.author, each.title != "") for each in found] == [
        ("", True),
        ("", True),
        ("Marie Louvet", True),
    ]
    assert "Jean Martin" not in str(seen(THEIRS)["mentions"])
    assert "jean" not in json.dumps(receipt).casefold()
    assert wiring.objections().objected() == {hash_of_name("Jean Martin")}
    assert run("person", "object", "--author", "Jean Martin", "--by", "Ops")[1]["erased"] == {"mentions": 0}


def grouped(author: str, document_id: str) -> bytes:
    """Return a message of one document that matched, signed."""
    document = a_document("Le pain", document_id=document_id, author=author)
    match = ClientMatch(OURS, (a_hit(document, "pain"),))
    item = GroupedDocument(document=document, matches=(match,), story=StoryRef(document_id, "first"))
    return encode(DocumentsGrouped(batch_id=document_id, items=raw([item])))


def test_an_author_is_blanked_for_every_client(stack: Stack) -> None:
    """What they wrote is shown nowhere; that there was something stays counted."""
    fill()
    code, receipt = run("person", "erase", "--author", "jean martin", "--by", "Ops")
    assert (code, receipt["erased"]) == (0, {"mentions": 2})
    assert "Jean Martin" not in str([seen(id_)["mentions"] for id_ in (OURS, THEIRS)])
    assert [mention.held_reason for mention in seen(OURS)["mentions"]] == ["withdrawn"]
