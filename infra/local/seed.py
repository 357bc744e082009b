"""Fill the local stack: the demo's clients and their watches, one of your own, sources, keys.

Everything can be repeated: what is there stays, what changed is replaced, keys stay the same.
"""

import json
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from infra.local.cloud import Cloud
from vigie.domain.clients import Client
from vigie.domain.sources import Source
from vigie.errors import Forbidden
from vigie.ports import AccountStore, SourceStore
from vigie.requests import ClientRequest, RecipientRequest, WatchRequest
from vigie.steps.desk import Desk

OWN_CLIENT = "ma-veille"
OWN_NAME = "Ma veille"
MAIL_DOMAIN = "vigie.example"


def seed_clients(
    desk: Desk,
    accounts: AccountStore,
    clients: Sequence[Mapping[str, Any]],
    own_watch: str | None,
    keys: MutableMapping[str, str],
) -> list[Client]:
    """Add the demo's clients (as its truth lists them), and one with ``own_watch``; return all there are.

    ``keys`` are API keys by client: those that are not the stack's are replaced by new ones.
    """
    wanted = list(clients)
    if own_watch is not None:
        watch = {"id": OWN_CLIENT, "name": OWN_NAME, "purpose": "brand", "query": own_watch}
        wanted.append({"id": OWN_CLIENT, "name": OWN_NAME, "watches": [watch]})
    for description in wanted:
        client = accounts.client(description["id"])
        if client is None:
            client, keys[description["id"]] = _create(desk, description)
        _put_watches(desk, accounts, client, description["watches"])
    for client in accounts.clients():
        if not _is_known(desk, keys.get(client.client_id)):
            keys[client.client_id] = desk.issue_key(client.client_id)
    return accounts.clients()


def seed_sources(store: SourceStore, sources: Sequence[Source], shard_count: int) -> int:
    """Follow exactly these sources, and the searches there are; return how many were new."""
    wanted = {source.source_id for source in sources}
    for source in store.sources():
        if source.source_id not in wanted and source.connector is None:
            store.remove_source(source.source_id)
    return store.put_sources(sources, shard_count)


def seed_credentials(cloud: Cloud, prefix: str, credentials: Mapping[str, str]) -> None:
    """Keep platforms' credentials where the stack looks for them."""
    for name, value in credentials.items():
        cloud.client("ssm").put_parameter(
            Name=f"{prefix}/{name}", Value=value, Type="SecureString", Overwrite=True
        )


def load_keys(file: Path) -> dict[str, str]:
    """Return the API keys of earlier runs, by client."""
    return dict(json.loads(file.read_text())) if file.exists() else {}


def save_keys(file: Path, keys: Mapping[str, str]) -> None:
    """Keep API keys, readable by their owner only: the stack knows nothing but their hashes."""
    file.touch(mode=0o600)
    file.write_text(json.dumps(dict(keys), indent=1))


def _is_known(desk: Desk, key: str | None) -> bool:
    try:
        desk.caller(f"Bearer {key}" if key else None)
    except Forbidden:
        return False
    return True


def _create(desk: Desk, description: Mapping[str, Any]) -> tuple[Client, str]:
    recipient = RecipientRequest(f"veille@{description['id']}.{MAIL_DOMAIN}", description["name"])
    return desk.create_client(
        ClientRequest(name=description["name"], client_id=description["id"], recipients=(recipient,))
    )


def _put_watches(
    desk: Desk, accounts: AccountStore, client: Client, watches: Sequence[Mapping[str, Any]]
) -> None:
    there = {watch.watch_id: watch for watch in accounts.watches(client.client_id)}
    for watch in watches:
        request = WatchRequest(
            name=watch["name"], purpose=watch["purpose"], query=watch["query"], watch_id=watch["id"]
        )
        standing = there.get(watch["id"])
        if standing is None:
            desk.create_watch(client, request)
        elif (standing.name, standing.purpose, standing.query) != (
            request.name,
            request.purpose,
            request.query,
        ):
            desk.change_watch(client, watch["id"], request)
