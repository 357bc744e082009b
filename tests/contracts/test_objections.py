"""Contract of ObjectionStore."""

from dataclasses import replace
from typing import Any

from tests.builders import A_DAY, a_document, a_mention
from vigie.domain.objections import hash_of_name


def test_the_list_grows_and_is_kept(stores: Any) -> None:
    """Twice the same is once."""
    names = {hash_of_name("Jean Martin"), hash_of_name("Marie Louvet")}
    assert stores.objections.objected() == frozenset()
    for name in [*names, *names]:
        stores.objections.add(name)
    assert stores.objections.objected() == names


def test_a_clients_mention_of_a_document_loses_its_author(stores: Any) -> None:
    """Nobody else's does, nor another document's; doing it again changes nothing."""
    one, other = (
        a_document(document_id="one", author="Jean Martin"),
        a_document(document_id="other", author="Ana"),
    )
    some = [a_mention(one, recorded_at=A_DAY.since), a_mention(other, recorded_at=A_DAY.since)]
    theirs = replace(some[0], client_id="union")
    stores.mentions.record([*some, theirs])
    for _ in range(2):
        stores.objections.unsign("banque-armelie", "one")
    found = stores.mentions.recorded_in("banque-armelie", A_DAY)
    assert [mention.document.author for mention in found] == ["", "Ana"]
    assert stores.mentions.recorded_in("union", A_DAY) == [theirs]
