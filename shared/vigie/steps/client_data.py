"""A client's data: taken away whole, brought into another stack, erased with a receipt.

An archive is a zip: ``manifest.json``; a file of JSON Lines per table, each line an item with what it says
(``value``) and as it is stored (``stored``), by which it can be brought in; and ``objects/``, the bucket's part.
"""

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any, Protocol

from vigie.domain.clients import Client, Watch
from vigie.domain.owned import OwnedItem, Receipt
from vigie.errors import BadField, Conflict, NotFound
from vigie.messages import decode_value, encode
from vigie.ports import AccountStore, Blobs, Clock
from vigie.steps.appointments import Appointments

FORMAT = "vigie-client/1"
_MADE_ANEW = ("PROFILE", "WATCH#", "UPCOMING", "SEARCHES")
"""Keys that the stack makes itself when it is given the client: what lists and matchers follow."""


class OwnedStore(Protocol):
    """Everything under a client's key."""

    def of(self, client_id: str) -> Iterator[OwnedItem]:
        """Yield every item, by table and key."""
        ...

    def put(self, owned: OwnedItem) -> None:
        """Write an item as it was stored."""
        ...

    def erase(self, client_id: str) -> dict[str, int]:
        """Delete all of it, and what lists say of the client; return how many, by table."""
        ...

    def keep_receipt(self, receipt: Receipt) -> None:
        """Keep a receipt for good."""
        ...


class OwnedBlobs(Blobs, Protocol):
    """The bucket, where things can be removed."""

    def remove(self, key: str) -> None:
        """Delete what the key holds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientData:
    """What is done with all that a client owns."""

    owned: OwnedStore
    accounts: AccountStore
    blobs: OwnedBlobs
    appointments: Appointments
    clock: Clock
    end_subscription: Callable[[str], None] = lambda _client_id: None
    sign_out: Callable[[Client], None] = lambda _client: None

    def export(self, client_id: str, file: IO[bytes]) -> dict[str, int]:
        """Write a client's archive; return how many items and objects. Raises NotFound."""
        client = self.accounts.client(client_id)
        if client is None:
            raise NotFound(f"There is no client {client_id}.")
        counts: dict[str, int] = {}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            lines: dict[str, list[str]] = {}
            for item in self.owned.of(client_id):
                lines.setdefault(item.table, []).append(json.dumps(asdict(item), ensure_ascii=False))
            for table, found in lines.items():
                archive.writestr(f"{table}.jsonl", "\n".join(found) + "\n")
                counts[table] = len(found)
            counts["objects"] = 0
            for key, content in self._objects(client_id):
                archive.writestr(f"objects/{key}", content)
                counts["objects"] += 1
            told = {"format": FORMAT, "client_id": client_id, "name": client.name}
            told |= {"exported_at": self.clock().isoformat(), "counts": counts}  # type: ignore[dict-item]
            archive.writestr("manifest.json", json.dumps(told, ensure_ascii=False, indent=2))
        return counts

    def bring_in(self, file: IO[bytes]) -> dict[str, int]:
        """Bring an archive's client into this stack; return how many items and objects.

        Raises BadField for a file that is no archive, Conflict when the stack has that client. Its digests go on
        from now; a crash leaves a client that is there in part: erase it and bring it in again.
        """
        with zipfile.ZipFile(file) as archive:
            client_id = _manifest(archive)["client_id"]
            if self.accounts.client(client_id) is not None:
                raise Conflict(f"This stack has a client {client_id} already; erase it there first.")
            items = list(_items(archive))
            counts: dict[str, int] = {}
            for item in items:
                if not item.key.startswith(_MADE_ANEW):
                    self.owned.put(item)
                counts[item.table] = counts.get(item.table, 0) + 1
            objects = [name for name in archive.namelist() if name.startswith("objects/")]
            for name in objects:
                self.blobs.put(name.removeprefix("objects/"), archive.read(name), "application/octet-stream")
        self._admit(items)
        return counts | {"objects": len(objects)}

    def erase(self, client_id: str, by: str) -> Receipt:
        """Erase a client; return the receipt, which is kept too. Doing it again erases what came meanwhile."""
        self.end_subscription(client_id)  # first: nobody pays for what is gone
        if client := self.accounts.client(client_id):
            self.sign_out(client)
        for watch in self.accounts.watches(client_id):
            self.accounts.remove_watch(client_id, watch.watch_id)
        erased = self.owned.erase(client_id)
        keys = self._keys(client_id)
        for key in keys:
            self.blobs.remove(key)
        left = sum(1 for _ in self.owned.of(client_id)) + len(self._keys(client_id))
        receipt = Receipt(
            kind="client",
            subject=client_id,
            erased_at=self.clock(),
            by=by,
            erased=erased | {"objects": len(keys)},
            left=left,
        )
        self.owned.keep_receipt(receipt)
        return receipt

    def _admit(self, items: list[OwnedItem]) -> None:
        """Make a client known: what comes after its items, so that nothing is mailed of half a client."""
        values = {item.key: item for item in items if item.table == "accounts"}
        for key, item in values.items():
            if key.startswith("WATCH#"):
                self.accounts.put_watch(decode_value(encode(item.value), Watch))
        client = decode_value(encode(values["PROFILE"].value["data"]), Client)
        self.accounts.put_client(client)
        self.appointments.keep(client)

    def _objects(self, client_id: str) -> Iterator[tuple[str, bytes]]:
        for key in self._keys(client_id):
            content = self.blobs.get(key)
            if content is not None:
                yield key, content

    def _keys(self, client_id: str) -> list[str]:
        return [key for prefix in ("clients", "search") for key in self.blobs.keys(f"{prefix}/{client_id}/")]


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError):
        told = {}
    if told.get("format") != FORMAT:
        raise BadField("FILE", "is no archive of a client", "Give what `vigie client export` wrote.")
    return told


def _items(archive: zipfile.ZipFile) -> Iterator[OwnedItem]:
    for name in archive.namelist():
        if name.endswith(".jsonl") and "/" not in name:
            for line in archive.read(name).decode().splitlines():
                yield OwnedItem(**json.loads(line))
