"""The client area through the site's real handler: pages, forms, and what each role may do."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.mail.digests import busy_day
from tests.builders import a_client, a_document, a_mention, a_source
from tests.functions.conftest import Stack
from tests.functions.member import Member, problem
from tests.functions.test_site import keep, words
from vigie import wiring
from vigie.domain.clients import Recipient, Reviewer
from vigie.domain.digest import Digest
from vigie.domain.packs.pack import packs

pytestmark = pytest.mark.emulator

CLIENT = "banque-armelie"
CHIEF, READER, ANALYST = "chef@armelie.example", "claire@armelie.example", "ana@agence.example"


@pytest.fixture
def client(stack: Stack) -> Stack:
    """Return a stack with a client whom a manager, a reader and a reviewer know."""
    people = (Recipient(CHIEF, "Chef", manager=True), Recipient(READER, "Claire"))
    wiring.accounts().put_client(replace(a_client(), recipients=people, reviewer=Reviewer(ANALYST, "Ana")))
    wiring.make_link_secret()
    return stack


@pytest.fixture
def chief(client: Stack) -> Member:
    """Return the manager, signed in."""
    return Member.of(client, CHIEF, CLIENT)


@pytest.fixture
def reader(client: Stack) -> Member:
    """Return a reader, signed in."""
    return Member.of(client, READER, CLIENT)


def a_digest() -> Digest:
    """Store a digest of the client."""
    return keep(replace(busy_day(), client_id=CLIENT))


def test_every_room_opens_on_an_empty_client(chief: Member) -> None:
    """A client without anything yet has pages that say so, each with its menu."""
    for room in (
        "",
        "envois",
        "recherche",
        "alertes",
        "veilles",
        "sources",
        "destinataires",
        "exports",
        "sessions",
    ):
        reply = chief.get(room)
        assert reply.status == 200, room
        assert reply.text.count("<h1") == 1
        assert 'aria-label="Votre espace"' in reply.text


def test_a_digest_is_read_and_its_list_with_the_week(reader: Member) -> None:
    """Home and list lead to it; its page is that of the mail's link; another id is not there."""
    digest = a_digest()
    assert f"envois/{digest.digest_id}" in reader.get("").text
    assert 'class="chart"' in reader.get("envois").text
    page = reader.get(f"envois/{digest.digest_id}")
    assert page.status == 200
    assert digest.subjects[0].title in words(page.text)
    assert reader.get(f"envois/{digest.digest_id}/ecartees").status == 200
    assert reader.get("envois/2020-01-01T000000Z").status == 404


def test_ones_mentions_are_searched(reader: Member) -> None:
    """By words, whatever their accents; by watch and tone; a watch that is nobody's is refused."""
    document = a_document("La trésorerie gèle à Courbefosse", document_id="d1")
    mention = a_mention(document, recorded_at=datetime.now(UTC) - timedelta(minutes=5))
    wiring.mentions().record([replace(mention, client_id=CLIENT)])
    assert "La trésorerie gèle" in words(reader.get("recherche?q=tresorerie").text)
    assert "Aucune retombée" in words(reader.get("recherche?q=absent").text)
    assert "La trésorerie gèle" not in words(reader.get("recherche?q=tresorerie&ton=positive").text)
    assert reader.get("recherche?q=tresorerie&veille=union").status == 422


def test_a_watch_is_made_of_three_boxes(chief: Member) -> None:
    """Any, all and none become one query, by the same desk as the API's; the form shows them again."""
    form = {
        "name": "Boulangerie Morel",
        "purpose": "brand",
        "any": "Boulangerie Morel\nMaison Morel",
        "all": "Auzelle",
        "none": "",
        "do": "save",
    }
    shown = chief.follow("veilles/nouvelle", chief.post("veilles/nouvelle", form))
    assert "Enregistré" in words(shown.text)
    (watch,) = wiring.accounts().watches(CLIENT)
    assert watch.watch_id == "boulangerie-morel"
    assert watch.query == '("Boulangerie Morel" OR "Maison Morel") AND Auzelle'
    page = chief.get("veilles/boulangerie-morel").text
    assert "Auzelle</textarea>" in page
    chief.post("veilles/boulangerie-morel", {**form, "none": "Robert Morel"})
    assert "Robert Morel" in wiring.accounts().watches(CLIENT)[0].query


def test_a_wrong_box_or_query_is_told_in_french(chief: Member) -> None:
    """The form comes back as it was typed, with what is wrong and the remedy; nothing is kept."""
    empty = {"name": "Rien", "purpose": "brand", "any": "", "all": "", "none": "", "do": "save"}
    reply = chief.post("veilles/nouvelle", empty)
    assert reply.status == 422
    assert problem(reply).startswith("Rien n")
    wrong = {"name": "Parenthèse", "purpose": "brand", "query": '("banque" AND', "do": "save"}
    reply = chief.post("veilles/nouvelle", wrong)
    assert reply.status == 422
    assert "(&#34;banque&#34; AND</textarea>" in reply.text
    assert 'aria-invalid="true"' in reply.text
    assert problem(reply)
    assert wiring.accounts().watches(CLIENT) == []


def test_a_query_is_tried_before_it_is_kept(chief: Member) -> None:
    """An agency's client writes queries by hand, and sees what one would have brought."""
    assert '<textarea id="query"' in chief.get("veilles/nouvelle?requete=1").text
    form = {"name": "Banque", "purpose": "brand", "query": "banque NEAR/3 armélie", "do": "try"}
    reply = chief.post("veilles/nouvelle", form)
    page = chief.follow("veilles/nouvelle", reply)
    assert "commence dans un instant" in words(page.text)
    job_id = reply.headers["Location"].rpartition("/")[2]
    wiring.jobs().run(CLIENT, job_id)
    assert "Sur les trente derniers jours" in words(chief.get(f"essais/{job_id}").text)
    assert wiring.accounts().watches(CLIENT) == []


def test_the_boolean_editor_is_of_the_plans_that_have_it(chief: Member) -> None:
    """On a trial there are boxes only, and a query sent all the same is refused."""
    wiring.trials().start_trial(CLIENT, wiring.now())
    page = chief.get("veilles/nouvelle?requete=1").text
    assert '<textarea id="query"' not in page
    assert "requête booléenne" not in page
    form = {"name": "Banque", "purpose": "brand", "query": "banque", "do": "save"}
    assert chief.post("veilles/nouvelle", form).status == 403


def test_a_watch_is_stopped(chief: Member) -> None:
    """Asked twice, the second finds none."""
    form = {"name": "Morel", "purpose": "brand", "any": "Maison Morel", "do": "save"}
    chief.post("veilles/nouvelle", form)
    assert chief.post("veilles/morel/supprimer").status == 303
    assert chief.post("veilles/morel/supprimer").status == 404


def test_a_reader_reads_and_changes_nothing_of_others(reader: Member) -> None:
    """Pages to manage, and forms behind them, are refused; one's own hours are one's own."""
    for path in ("veilles/nouvelle", "exports", "exports/mentions.csv", "horaires/equipe", "relecture"):
        assert reader.get(path).status == 403, path
    for path in ("veilles/nouvelle", "destinataires", "horaires/equipe"):
        assert reader.post(path, {"email": "x@y.example"}).status == 403, path
    assert "Ajouter" not in words(reader.get("destinataires").text)
    form = {"frequency": "weekdays", "send_at": "06:45", "zone": "Europe/Paris"}
    assert reader.post("horaires", form).status == 303
    own = next(each for each in wiring.accounts().client(CLIENT).recipients if each.email == READER)  # type: ignore[union-attr]
    assert own.schedule is not None
    assert f"{own.schedule.send_at:%H:%M}" == "06:45"


def test_recipients_come_and_go(chief: Member) -> None:
    """Added once, refused twice, removed; nobody removes themselves."""
    form = {"email": "nouveau@armelie.example", "name": "Nouveau", "manager": "1"}
    assert chief.post("destinataires", form).status == 303
    twice = chief.post("destinataires", form)
    assert twice.status == 409
    assert "existe déjà" in problem(twice)
    wrong = chief.post("destinataires", {"email": "personne"})
    assert wrong.status == 422
    found = json.dumps([each.email for each in wiring.accounts().client(CLIENT).recipients])  # type: ignore[union-attr]
    assert "nouveau" in found
    from vigie.adapters.web.view_recipients import recipient_id

    for email, status in (("nouveau@armelie.example", 303), (CHIEF, 409)):
        assert chief.post(f"destinataires/{recipient_id(Recipient(email))}/retirer").status == status
    assert chief.post("destinataires/0123456789abcdef/retirer").status == 404


def test_the_teams_hours_are_the_managers(chief: Member) -> None:
    """What is chosen moves the client's digest; a form without a day changes nothing."""
    form = {"frequency": "weekly", "day": "4", "send_at": "07:00", "zone": "Europe/Paris"}
    assert chief.post("horaires/equipe", form).status == 303
    assert wiring.accounts().client(CLIENT).schedule.days == (4,)  # type: ignore[union-attr]
    assert chief.post("horaires/equipe", {**form, "frequency": "days"}).status == 422


def test_mentions_are_taken_away(chief: Member) -> None:
    """A table with its head, JSON Lines, a press review; wrong days are named."""
    document = a_document("Titre à emporter", document_id="d1")
    wiring.mentions().record([replace(a_mention(document, recorded_at=datetime.now(UTC)), client_id=CLIENT)])
    table = chief.get("exports/mentions.csv")
    assert table.headers["Content-Disposition"] == f'attachment; filename="vigie-{CLIENT}-mentions.csv"'
    assert table.text.startswith("\ufeffPublié le;")
    assert "Titre à emporter" in table.text
    assert json.loads(chief.get("exports/mentions.jsonl").text)["document"]["title"] == "Titre à emporter"
    assert "Titre à emporter" in chief.get("exports/revue-de-presse.html").text
    assert chief.get("exports/mentions.xlsx").status == 404
    assert chief.get("exports/mentions.csv?du=hier").status == 422
    assert chief.get("exports/mentions.csv?du=2026-02-02&au=2026-01-01").status == 422


def test_sources_are_found_by_name(reader: Member) -> None:
    """What is followed, how many do well, and every platform with how it stands."""
    wiring.sources().put_sources([a_source()], 4)
    text = words(reader.get("sources").text)
    assert a_source().name in text
    assert "1 source suivie" in text
    assert "Bluesky" in text
    assert "Aucune source" in words(reader.get("sources?q=introuvable").text)


def test_a_reviewer_finds_what_waits(client: Stack) -> None:
    """A digest that has not left leads to its review; one that has is not there."""
    analyst = Member.of(client, ANALYST, CLIENT)
    digest = replace(busy_day(), client_id=CLIENT)
    assert "Aucun envoi" in words(analyst.get("relecture").text)
    wiring.digests().put(digest, digest.built_at, wiring.now() + timedelta(hours=1))
    page = analyst.get("relecture").text
    link = page.split('class="line"><a href="')[1].split('"')[0]
    assert analyst.get(f"/v1/{link.removeprefix('../')}").status == 200


def test_the_area_speaks_the_readers_language(client: Stack) -> None:
    """One's own language, else the client's."""
    english = replace(a_client(), client_id="bank", name="Bank", locale="en", recipients=(Recipient(READER),))
    wiring.accounts().put_client(english)
    assert "Latest digests" in words(Member.of(client, READER, "bank").get("").text)


def test_whoever_has_several_clients_chooses(client: Stack) -> None:
    """Nothing is shown before; what is chosen stays, and one that no longer knows them is no choice."""
    wiring.accounts().put_client(
        replace(a_client(), client_id="port", name="Le Port", recipients=(Recipient(READER),))
    )
    member = Member.of(client, READER, CLIENT, "port", "parti")
    asked = member.get("")
    assert (asked.status, asked.headers["Location"]) == (303, "./espace/clients")
    page = member.get("clients").text
    assert "Le Port" in page
    assert "parti" not in page
    assert member.post("clients", {"client_id": "port"}).status == 303
    assert "Le Port" in words(member.get("").text)
    assert member.post("clients", {"client_id": "parti"}).status == 404


def test_lists_of_sources_are_followed_and_left(chief: Member, reader: Member) -> None:
    """A list is chosen among those of regions, towns and trades; a reader sees them and changes none."""
    name = next(iter(packs()))
    assert f'value="{name}"' in chief.get("sources").text
    assert chief.post("sources", {"pack": name, "do": "follow"}).status == 303
    assert [each.pack for each in wiring.pack_desk().followings(a_client())] == [name]
    assert packs()[name].title_in("fr") in words(reader.get("sources").text)
    assert reader.post("sources", {"pack": name, "do": "leave"}).status == 403
    assert chief.post("sources", {"pack": name, "do": "leave"}).status == 303
    assert wiring.pack_desk().followings(a_client()) == []
    assert chief.post("sources", {"pack": "nulle-part", "do": "follow"}).status == 404


def test_everything_is_erased_when_it_was_said_twice(chief: Member, reader: Member) -> None:
    """By the client's name, typed; an agency's client is sent to its agency, and a reader erases nothing."""
    assert "agence" in words(chief.get("effacer").text)
    assert chief.post("effacer", {"name": "Banque d'Armélie"}).status == 404
    wiring.trials().start_trial(CLIENT, wiring.now())
    assert reader.post("effacer", {"name": "Banque d'Armélie"}).status == 403
    assert chief.post("effacer", {"name": "Autre"}).status == 422
    assert wiring.billing_store().due(wiring.now()) == []
    assert chief.post("effacer", {"name": " banque  d'armélie "}).status == 303
    assert "dans l'heure" in words(chief.get("effacer?ok=1").text)
    assert wiring.billing_store().due(wiring.now()) == [CLIENT]
